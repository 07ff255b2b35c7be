"""`multiprocessing` locks: Lock, RLock, Semaphore, BoundedSemaphore, and the Condition, Event and Barrier made of them.

A semaphore of the system is a C object. Its Python shell offers `acquire` and `release` as attributes of the instance, which are
replaced by ours: they try without blocking first and record only a wait. Which release ended it can not be known from one
process alone: the first lane that has to wait marks the lock in a page that all processes of the run share, and from then
on its releases and acquires are recorded in each.
"""

import os
import sys
from itertools import count

from . import lanes, patching, shared_page, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_RELEASE = R.HANDOFF_KIND["release-acquire"]
_SET = R.HANDOFF_KIND["set-wait"]
_NOTIFY = R.HANDOFF_KIND["notify-wait"]
_CONDITION = R.WAIT_KIND["condition"]
_EVENT = R.WAIT_KIND["event"]
_BARRIER_WAIT, _BARRIER = R.WAIT_KIND["barrier"], R.OBJECT_KIND["barrier"]
_KINDS = {
    "Lock": ("lock", "lock"),
    "RLock": ("lock", "rlock"),
    "Semaphore": ("semaphore", "semaphore"),
    "BoundedSemaphore": ("semaphore", "semaphore"),
}
_next = count(1).__next__


def patch(module):
    semlock = module.SemLock
    patching.watch(semlock._make_methods, _itself, _methods_made)
    patching.watch(semlock.__init__, _making, _made)
    _replace_with(semlock)
    condition = module.Condition
    patching.watch(condition.__init__, _making, _condition_made)
    patching.watch(condition.wait, _waiting, _waited, _wait_failed)
    patching.watch(condition.wait_for, _waiting_for, _waited, _wait_failed)
    patching.watch(condition.notify, _notifying, _notified, _notified_badly)
    # `__init__` and unpickling both come through it.
    patching.watch(module.Barrier.__setstate__, _barrier_setting, _barrier_set)
    event = module.Event
    patching.watch(event.__init__, _making, _event_made)
    patching.watch(event.wait, _waiting_event, _event_waited, _wait_failed)
    patching.watch(event.set, _setting, _notified, _notified_badly)
    for quiet in (event.is_set, event.clear):
        patching.watch(quiet, lambda self: waits.silence(), _end_silence, waits.drop)


def _itself(self):
    return self


def _end_silence(silence, result):
    waits.drop(silence)
    return result


def _new_key():
    """For what has no name that all processes share: a forked child inherits it with the object."""
    return (1 << 63) | (os.getpid() << 32) | _next()


def _methods_made(self, result):
    try:
        name = self._semlock.name
        if name:
            # `/mp-abcdefgh`: the random part makes it unique in the run.
            self._clens_key = int.from_bytes(name[-7:].encode(), "little")
        elif "_clens_key" not in self.__dict__:
            self._clens_key = _new_key()
        _lend_methods(self)
    except Exception as error:
        writer.problem("a lock", error)
    return result


def _making(self, *_, **__):
    return (self, sites.site_of(_getframe(2)))


def _made(token, result):
    self, site = token
    try:
        state = self.__dict__.get("_clens")
        if state is not None and not state.site:
            state.site = site
    except Exception as error:
        writer.problem("a lock", error)
    return result


def _lend_methods(self):
    kind, object_kind = _KINDS.get(type(self).__name__, ("lock", "lock"))
    wait_kind = R.WAIT_KIND[kind]
    semlock = self._semlock
    take, give = semlock.acquire, semlock.release
    key = self._clens_key
    state = self.__dict__["_clens"] = waits.State(R.OBJECT_KIND[object_kind], key=key)
    marks = shared_page.marks()
    mark = shared_page.index(key)

    def acquire(block=True, timeout=None):
        if take(False):
            if marks[mark]:
                _took(state, _getframe(1))
            return True
        if not block or (timeout is not None and timeout <= 0):
            return False
        frame = _getframe(1)
        # Without a line of the person's it is a thread of the library's own.
        wait = waits.begin(wait_kind, waits.ON_OBJECT, state, timeout, frame=frame) if sites.site_of(frame) else None
        if wait is None:
            waits.blocked()
            return take(True, timeout)
        marks[mark] = 1
        try:
            got = take(True, timeout)
        except BaseException:
            waits.fail(wait)
            raise
        waits.end(wait, waits.DONE if got else waits.TIMED_OUT)
        if got:
            _took(state, _getframe(1), wait)
        return got

    def release():
        if marks[mark]:
            _gives(state, _getframe(1))
        give()

    self.acquire = self._clens_acquire = acquire
    self.release = self._clens_release = release


def unwatch(lock):
    """For a lock inside something that tells of its waits itself."""
    semlock = lock._semlock
    lock.acquire = lock._clens_acquire = semlock.acquire
    lock.release = lock._clens_release = semlock.release


def _took(state, frame, wait=None):
    try:
        site = wait.site if wait is not None else sites.site_of(frame)
        if wait is None and (waits.is_open() or not site):
            return
        lane = wait.lane if wait is not None else lanes.current()
        writer.link_to(lane, _RELEASE, writer.now(), site, state.key, wait.number if wait is not None else 0)
    except Exception as error:
        writer.problem("a lock", error)


def _gives(state, frame):
    if waits.is_open():
        return
    try:
        site = sites.site_of(frame)
        if site:
            writer.link_from(lanes.current(), _RELEASE, writer.now(), site, state.key)
    except Exception as error:
        writer.problem("a lock", error)


def _replace_with(semlock):
    """`with lock:` goes past the instance's attributes to the C object: here to ours."""

    def __enter__(self):
        return self._clens_acquire()

    def __exit__(self, *args):
        return self._clens_release()

    for own, ours in ((semlock.__enter__, __enter__), (semlock.__exit__, __exit__)):
        code = own.__code__
        own.__code__ = ours.__code__.replace(co_filename=code.co_filename, co_firstlineno=code.co_firstlineno)


def _condition_made(token, result):
    self, site = token
    self.__dict__["_clens"] = waits.State(R.OBJECT_KIND["condition"], site, key=_condition_key(self))
    return result


def _event_made(token, result):
    self, site = token
    self.__dict__["_clens"] = waits.State(R.OBJECT_KIND["event"], site, key=_condition_key(self._cond) ^ 1)
    return result


def _condition_key(condition):
    return getattr(getattr(condition, "_wait_semaphore", None), "_clens_key", 0)


def _barrier_setting(self, *_):
    return (self, sites.site_of(_getframe(2)))


def _barrier_set(token, result):
    self, site = token
    try:
        if "_clens" not in self.__dict__:
            self.__dict__["_clens"] = waits.State(_BARRIER, site, key=_condition_key(self._cond) ^ 2)
    except Exception as error:
        writer.problem("a barrier", error)
    return result


def _state(thing, kind):
    state = waits.state_of(thing, R.OBJECT_KIND[kind])
    if not state.key:
        # Unpickled, it has no state or one that knows nothing.
        state.key = _condition_key(thing) if kind == "condition" else _condition_key(thing._cond) ^ 1
    return state


def _open(thing, kind, wait_kind, timeout):
    try:
        frame = _getframe(3)
        # A Barrier waits on a Condition: what it is part of blocks now.
        if waits.blocked() or not sites.site_of(frame):
            return None
        return waits.begin(wait_kind, waits.ON_OBJECT, _state(thing, kind), timeout, frame=frame)
    except Exception as error:
        writer.problem("a condition", error)
        return None


def _waiting(self, timeout):
    return _open(self, "condition", _CONDITION, timeout)


def _waiting_for(self, predicate, timeout):
    return _at_barrier() or _open(self, "condition", _CONDITION, timeout)


class _AtBarrier:
    """The wait for the others at a barrier, told as the barrier's."""

    __slots__ = ("wait",)


def _at_barrier():
    """A lane that came before the last one waits inside `Barrier.wait`."""
    wait = waits.open_wait()
    if wait is None or wait.kind != _BARRIER_WAIT or not getattr(wait.target, "key", 0):
        return None
    waits.blocked()
    token = _AtBarrier()
    token.wait = wait
    return token


def _waited(wait, result):
    if type(wait) is not _AtBarrier:
        _end(wait, result, _NOTIFY)
    elif result:
        wait = wait.wait
        writer.link_to(wait.lane, _NOTIFY, writer.now(), wait.site, wait.target.key, wait.number)
    return result


def _waiting_event(self, timeout):
    return _open(self, "event", _EVENT, timeout)


def _event_waited(wait, result):
    _end(wait, result, _SET)
    return result


# A shorter wait for an event found it set: nobody was noted to have ended it.
_BRIEF_NS = 50000


def _end(wait, result, handoff):
    t = writer.now()
    waits.end(wait, waits.DONE if result else waits.TIMED_OUT)
    try:
        if result and wait.target.key and t - wait.t > _BRIEF_NS:
            writer.link_to(wait.lane, handoff, t, wait.site, wait.target.key, wait.number)
    except Exception as error:
        writer.problem("a condition", error)


def _wait_failed(wait):
    if type(wait) is not _AtBarrier:
        waits.fail(wait)


def _notifying(self, n):
    barrier = _barrier_of(_getframe(2).f_back)
    if barrier is None:
        return _wake(self, n, _state(self, "condition").key, _NOTIFY)
    state = barrier.__dict__.get("_clens")
    if state is not None:
        _tell_sleepers(self, n, state.key, _NOTIFY, sites.site_of(_getframe(2)))
    return None if waits.is_open() else waits.silence()


def _barrier_of(frame):
    """The barrier whose last lane lets the others go, or that is broken. Whoever leaves last notifies too, but ends no wait."""
    if frame is None or frame.f_code.co_name not in ("_release", "_break"):
        return None
    barrier = frame.f_locals.get("self")
    return barrier if hasattr(barrier, "__dict__") and hasattr(barrier, "_cond") else None


def _setting(self):
    return _wake(self._cond, sys.maxsize, _state(self, "event").key, _SET)


def _wake(condition, n, key, handoff):
    """One cause for each sleeper that will wake. Inside, it waits for each to say so: that is no wait of the person's."""
    if waits.is_open():
        return None
    _tell_sleepers(condition, n, key, handoff, sites.site_of(_getframe(3)))
    return waits.silence()


def _tell_sleepers(condition, n, key, handoff, site):
    try:
        count_of = condition._sleeping_count._semlock._get_value
        sleepers = min(n, count_of() - condition._woken_count._semlock._get_value())
        if key and 0 < sleepers < 10000:
            lane, t = lanes.current(), writer.now()
            for _ in range(sleepers):
                writer.link_from(lane, handoff, t, site, key)
    except NotImplementedError:
        # macOS can not tell how many sleep.
        pass
    except Exception as error:
        writer.problem("a condition", error)


def _notified(silence, result):
    waits.drop(silence)
    return result


def _notified_badly(silence):
    waits.drop(silence)
