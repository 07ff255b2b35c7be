"""`queue`: get, put and join of Queue, LifoQueue and PriorityQueue, watched in place; SimpleQueue by a subclass, being written in C.

Which put an item came from is remembered by the item's identity for as long as it is in the queue, so that the get that takes it can
name the lane and the line. A queue that has an item (or room) costs one record and no look at anything else; one that
blocks is noticed where it does, in `Condition.wait`.
"""

import _thread
import sys

from . import lanes, patching, sites, waits, writer
from . import records as R

_get_ident = _thread.get_ident
_getframe = sys._getframe
_lanes = lanes._lanes
_site_of = sites.site_of
_open = waits._open
now = writer.now

_GET, _PUT, _DRAIN = R.WAIT_KIND["get"], R.WAIT_KIND["put"], R.WAIT_KIND["drain"]
_QUEUE = R.OBJECT_KIND["queue"]
_PUT_GET = R.HANDOFF_KIND["put-get"]
_ON_OBJECT, _DONE = waits.ON_OBJECT, waits.DONE
_PUT_DONE, _GET_DONE = writer.done_head(_PUT, _DONE), writer.done_head(_GET, _DONE)
_done, _done_by = writer.done, writer.done_by


def patch(module):
    queue = module.Queue

    def get_failed(self, block):
        _get_failed(self, block, module.Empty)

    def put_failed(self, cause, item, block):
        _put_failed(self, cause, item, block, module.Full)

    _watch_made(queue)
    names = {"_clens_now": now, "_clens_got": _got, "_clens_failed": get_failed}
    patching.rewrite(
        queue.get,
        before="_clens_t = _clens_now()",
        after="_clens_got(self, _clens_t, block, _clens_result)",
        failed="_clens_failed(self, block)",
        names=names,
    )
    names = {"_clens_putting": _putting, "_clens_put": _put, "_clens_failed": put_failed}
    patching.rewrite(
        queue.put,
        before="_clens_cause = _clens_putting(self, item)",
        after="if self.maxsize > 0: _clens_put(self, _clens_cause, block)",
        failed="_clens_failed(self, _clens_cause, item, block)",
        names=names,
    )
    patching.watch(queue.join, _join, _joined, waits.fail)
    waits.blocks_in(queue.get, _open_get)
    waits.blocks_in(queue.put, _open_put)
    _patch_simple(module)


def _watch_made(queue):
    def made(self):
        waits.made(self, _QUEUE, 3)
        # What is in a queue of ours: id(item) -> cause, or a list of causes for an item that is in it several times.
        waits.state_of(self, _QUEUE).more = {}

    patching.rewrite(queue.__init__, before="_clens_made(self)", names={"_clens_made": made})


def _state(queue):
    state = queue.__dict__.get("_clens")
    if state is None:
        state = waits.state_of(queue, _QUEUE)
        state.more = {}
    return state


def _origin(state, item):
    """Takes the put of an item out of the books."""
    origins = state.more
    cause = origins.pop(id(item), None)
    if type(cause) is list:
        first = cause.pop(0)
        if cause:
            origins.setdefault(id(item), cause)
        return first
    return cause


def _putting(self, item):
    """Before an item can be seen by others: who puts it, when and where. The token of a put is this cause.

    A put into a queue without a limit can not wait: the get that takes the item tells of it.
    """
    try:
        try:
            state = self._clens
        except AttributeError:
            state = _state(self)
        frame = _getframe(2)
        code, instruction, site = state.put
        if code is not frame.f_code or instruction != frame.f_lasti:
            site = _site_of(frame)
            state.put = (frame.f_code, frame.f_lasti, site)
        lane = _lanes.get(_get_ident())
        if lane is None:
            lane = lanes.current()
        cause = (lane, now(), site)
        before = state.more.setdefault(id(item), cause)
        if before is not cause:
            if type(before) is list:
                before.append(cause)
            else:
                state.more[id(item)] = [before, cause]
        return cause
    except Exception as error:
        writer.problem("Queue.put", error)
        return (0, 0, 0)


def _put(self, cause, block):
    try:
        wait = _open.get(_get_ident())
        if wait is not None:
            if wait.kind == _PUT and wait.t == cause[1]:
                waits.end(wait)
        elif block:
            lane, t, site = cause
            _done(_PUT_DONE, lane, t, now(), site, waits.number_of(_state(self)))
    except Exception as error:
        writer.problem("Queue.put", error)


def _put_failed(self, cause, item, block, full):
    try:
        state = _state(self)
        origins = state.more
        mine = origins.get(id(item))
        if type(mine) is list:
            mine.remove(cause)
        else:
            origins.pop(id(item), None)
        outcome = waits.TIMED_OUT if isinstance(sys.exc_info()[1], full) else waits.RAISED
        wait = _open.get(_get_ident())
        if wait is not None:
            if wait.kind == _PUT and wait.t == cause[1]:
                waits.end(wait, outcome)
        elif block and self.maxsize > 0:
            lane, t, site = cause
            _done(writer.done_head(_PUT, outcome), lane, t, now(), site, waits.number_of(state))
    except Exception as error:
        writer.problem("Queue.put", error)


def _got(self, t, block, item):
    try:
        try:
            state = self._clens
        except AttributeError:
            state = _state(self)
        cause = state.more.pop(id(item), None)
        if type(cause) is list:
            state.more[id(item)] = cause
            cause = _origin(state, item)
        ident = _get_ident()
        wait = _open.get(ident)
        if wait is not None:
            if wait.kind == _GET and wait.t == t:
                waits.end(wait, _DONE, cause)
            return
        lane = _lanes.get(ident)
        if lane is None:
            lane = lanes.current()
        frame = _getframe(2)
        code, instruction, site = state.got
        if code is not frame.f_code or instruction != frame.f_lasti:
            site = _site_of(frame)
            state.got = (frame.f_code, frame.f_lasti, site)
        if not block:
            if cause is not None:
                writer.handoff(lane, _PUT_GET, now(), site, *cause)
            return
        number = state.number or waits.number_of(state)
        if cause is None:
            _done(_GET_DONE, lane, t, now(), site, number)
        else:
            cause_lane, cause_t, cause_site = cause
            _done_by(_GET_DONE, lane, t, now(), site, number, cause_lane, cause_t, cause_site)
    except Exception as error:
        writer.problem("Queue.get", error)


def _get_failed(self, block, empty):
    try:
        outcome = waits.TIMED_OUT if isinstance(sys.exc_info()[1], empty) else waits.RAISED
        wait = _open.get(_get_ident())
        if wait is not None and wait.kind == _GET and wait.target is self.__dict__.get("_clens"):
            waits.end(wait, outcome)
    except Exception as error:
        writer.problem("Queue.get", error)


def _open_get(frame):
    """Called when a condition blocks inside `get`: `frame` is that of `get`."""
    fields = frame.f_locals
    return waits.start(
        _GET, _ON_OBJECT, _state(fields["self"]), fields.get("timeout"), frame=frame.f_back, t=fields["_clens_t"]
    )


def _open_put(frame):
    fields = frame.f_locals
    return waits.start(
        _PUT, _ON_OBJECT, _state(fields["self"]), fields.get("timeout"), frame=frame.f_back, t=fields["_clens_cause"][1]
    )


def _join(self):
    return waits.start(_DRAIN, _ON_OBJECT, _state(self))


def _joined(wait, result):
    waits.end(wait)
    return result


def _patch_simple(module):
    """`queue.SimpleQueue` made by the person's own code, where it is the one written in C."""
    base = module.SimpleQueue
    if "__init__" in base.__dict__ or base.__module__ != "_queue" or hasattr(base, "_clens"):
        return
    base_put, base_get, is_empty = base.put, base.get, base.empty

    def __new__(cls, *args, **kwargs):
        frame = _getframe(1)
        if cls is simple and not sites.is_own(frame.f_code):
            return base()
        self = base.__new__(cls, *args, **kwargs)
        state = self._clens = waits.State(_QUEUE, _site_of(frame))
        state.more = {}
        return self

    def put(self, item, block=True, timeout=None):
        try:
            lane = _lanes.get(_get_ident())
            if lane is None:
                lane = lanes.current()
            state = self._clens
            cause = (lane, now(), _site_of(_getframe(1)))
            before = state.more.setdefault(id(item), cause)
            if before is not cause:
                state.more[id(item)] = (before if type(before) is list else [before]) + [cause]
        except Exception as error:
            writer.problem("SimpleQueue.put", error)
        return base_put(self, item, block, timeout)

    def get(self, block=True, timeout=None):
        t = now()
        wait = None
        # Items are there: what comes of it is told in one record by `_got`.
        if block and is_empty(self):
            wait = waits.begin(_GET, _ON_OBJECT, self._clens, timeout, frame=_getframe(1), t=t)
        try:
            item = base_get(self, block, timeout)
        except BaseException as error:
            if wait is not None:
                waits.end(wait, waits.TIMED_OUT if isinstance(error, module.Empty) else waits.RAISED)
            patching.hide(error)
            raise
        _got(self, t, block, item)
        return item

    def put_nowait(self, item):
        return put(self, item, False)

    def get_nowait(self):
        return get(self, False)

    fields = {"__slots__": ("_clens",), "__new__": __new__, "__module__": base.__module__, "__doc__": base.__doc__}
    for function, plain in ((put, base.put), (get, base.get), (put_nowait, base.put_nowait), (get_nowait, base.get_nowait)):
        function.__qualname__ = "SimpleQueue." + function.__name__
        function.__module__ = None
        function.__doc__ = plain.__doc__
        fields[function.__name__] = function
    simple = type("SimpleQueue", (base,), fields)
    # It is pickled by its name, which is that of the real one.
    sys.modules["_queue"].SimpleQueue = simple
    module.SimpleQueue = simple
