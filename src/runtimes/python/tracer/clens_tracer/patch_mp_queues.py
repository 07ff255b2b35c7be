"""`multiprocessing.Queue`, `JoinableQueue` and `SimpleQueue`: their waits, and the handoffs from a put to a get in another process.

A queue is the same in every process by the key of its reader's lock (`patch_mp_locks`).
"""

import sys

from . import helper_threads, lanes, patch_mp_locks, patching, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_site_of = sites.site_of
_by_code = sites._by_code
_opened = waits._open
_record = writer.record
now = writer.now
_GET, _PUT, _DRAIN = R.WAIT_KIND["get"], R.WAIT_KIND["put"], R.WAIT_KIND["drain"]
_QUEUE = R.OBJECT_KIND["queue"]
_ON_OBJECT = waits.ON_OBJECT
_PUT_GET = R.HANDOFF_KIND["put-get"]
_NOTIFY = R.HANDOFF_KIND["notify-wait"]


def patch(module):
    for queue in (module.Queue, module.JoinableQueue, module.SimpleQueue):
        patching.watch(queue.__init__, _making, _made)
        patching.watch(queue.__setstate__, _itself, _brought)
    helper_threads.watch(module.Queue._feed)
    for queue in (module.Queue, module.JoinableQueue):
        patching.watch(queue.put, _putting, _put, _put_failed)
    patching.watch(module.Queue.get, _getting, _got, _get_failed)
    patching.watch(module.SimpleQueue.put, _putting_simple, _put, _put_failed)
    patching.watch(module.SimpleQueue.get, _getting_simple, _got, _get_failed)
    patching.watch(module.JoinableQueue.join, _joining, _joined, waits.fail)
    patching.watch(module.JoinableQueue.task_done, _done, _was_done)
    patching.watch(module.Queue._start_thread, _muted, _feeder_started, _unmute)
    patching.watch(module.Queue._finalize_join, lambda twr: waits.silence(), _end_silence, waits.drop)


def _making(self, *_, **__):
    return (self, sites.site_of(_getframe(2)))


def _made(token, result):
    self, site = token
    try:
        if "_clens" not in self.__dict__:
            self.__dict__["_clens"] = waits.State(_QUEUE, site, key=key_of(self))
        _free_locks(self)
    except Exception as error:
        writer.problem("a queue", error)
    return result


def _itself(self, *_):
    return self


def _brought(self, result):
    """To another process."""
    try:
        _free_locks(self)
    except Exception as error:
        writer.problem("a queue", error)
    return result


def _free_locks(queue):
    """What is locked inside a queue is told by the queue."""
    condition = getattr(queue, "_cond", None)
    locks = [getattr(queue, name, None) for name in ("_rlock", "_wlock", "_sem", "_unfinished_tasks")]
    for lock in locks + [getattr(condition, "_lock", None)]:
        if lock is not None:
            patch_mp_locks.unwatch(lock)


def key_of(queue):
    return getattr(getattr(queue, "_rlock", None), "_clens_key", 0)


def _state(queue):
    state = queue.__dict__.get("_clens")
    if state is None:
        state = waits.state_of(queue, _QUEUE)
        state.key = key_of(queue)
    return state


def _open(queue, kind, timeout, blocks):
    """None inside another operation, and for what the library does for itself."""
    if _get_ident() in _opened:
        return None
    try:
        frame = _getframe(3)
        site = _site_of(frame)
        if not site:
            return None
        state = queue.__dict__.get("_clens") or _state(queue)
        if blocks:
            return (waits.begin_at(site, kind, _ON_OBJECT, state, state.number or waits.number_of(state), 0, timeout), queue)
        wait = waits.start(kind, _ON_OBJECT, state, timeout, frame=frame)
        return wait and (wait, queue)
    except Exception as error:
        writer.problem("a queue", error)
        return None


def _putting(self, obj, block, timeout):
    """A put that does not block is told at once, before a getter could see the item."""
    try:
        ident = _get_ident()
        if ident in _opened or self._closed:
            return None
        frame = _getframe(2)
        entry = _by_code.get(id(frame.f_code))
        site = entry.get(frame.f_lasti) if entry else None
        if site is None:
            site = _site_of(frame)
        if not site:
            return None
        state = self.__dict__.get("_clens") or _state(self)
        if not block or not state.key or _is_full(self):
            return _open(self, _PUT, timeout, block)
        lane = _lane_of(ident)
        if lane is None:
            lane = lanes.current()
        number = state.number or waits.number_of(state)
        t = now()
        _record(R.LINK_FROM, _PUT_GET, 0, 0, lane, t, 0, site, number, 0, 0, 0, 0, 0, state.key)
        _record(R.WAIT_DONE, _PUT, waits.DONE, waits.ON_OBJECT, lane, t, t, site, number, writer.next_wait(), 0, 0, 0, 0, 0)
    except Exception as error:
        writer.problem("a queue", error)
    return None


def _is_full(queue):
    try:
        return queue._sem._semlock._is_zero()
    except NotImplementedError:
        # macOS can not tell.
        return False


def _putting_simple(self, obj):
    return _open(self, _PUT, None, True)


def _put(token, result):
    wait, queue = token
    try:
        # A put that blocked was done just now; any other before a getter could see it.
        key = _state(queue).key
        if key:
            t = writer.now() if wait.number and hasattr(queue, "_sem") else wait.t
            writer.link_from(wait.lane, _PUT_GET, t, wait.site, key, waits.number_of(queue.__dict__["_clens"]))
    except Exception as error:
        writer.problem("a queue", error)
    waits.end(wait)
    return result


def _put_failed(token):
    _failed(token[0], "Full")


def _getting(self, block, timeout):
    return _open(self, _GET, timeout if block else 0, True)


def _getting_simple(self):
    return _open(self, _GET, None, True)


def _got(token, result):
    wait, queue = token
    waits.end(wait)
    try:
        key = wait.target.key
        if key:
            _record(R.LINK_TO, _PUT_GET, 0, 0, wait.lane, now(), 0, wait.site, 0, wait.number, 0, 0, 0, 0, key)
    except Exception as error:
        writer.problem("a queue", error)
    return result


def _get_failed(token):
    _failed(token[0], "Empty")


def _failed(wait, over):
    kind = sys.exc_info()[0]
    waits.end(wait, waits.TIMED_OUT if kind is not None and kind.__name__ == over else waits.RAISED)


def _joining(self):
    token = _open(self, _DRAIN, None, True)
    return token and token[0]


def _joined(wait, result):
    state = wait.target
    waits.end(wait)
    try:
        if state.key:
            writer.link_to(wait.lane, _NOTIFY, writer.now(), wait.site, state.key, wait.number)
    except Exception as error:
        writer.problem("a queue", error)
    return result


def _done(self):
    # Its locks are held for a moment only.
    silence = waits.silence()
    return silence and (self, silence, sites.site_of(_getframe(2)), writer.now())


def _was_done(token, result):
    self, silence, site, t = token
    waits.drop(silence)
    try:
        state = _state(self)
        if state.key and self._unfinished_tasks._semlock._is_zero():
            writer.link_from(lanes.current(), _NOTIFY, t, site, state.key)
    except Exception as error:
        writer.problem("a queue", error)
    return result


def _muted(self):
    """The first put waits for the first step of the thread that feeds the pipe: it is not the put that blocks."""
    outer = waits.open_wait()
    if outer is not None:
        waits.drop(outer)
    return (self, outer, waits.silence())


def _unmute(token):
    self, outer, silence = token
    waits.drop(silence)
    if outer is not None:
        waits._open[outer.ident] = outer


def _feeder_started(token, result):
    _unmute(token)
    return result


def _end_silence(silence, result):
    waits.drop(silence)
    return result
