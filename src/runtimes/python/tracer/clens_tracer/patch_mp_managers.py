"""`multiprocessing.managers`: a call of a proxy's method waits for the manager's process.

Queues, locks and the like are told by their own kinds, anything else only when it took long. An object is the same in every process
by its number in the manager and the manager's address.
"""

import sys
from zlib import crc32

from . import lanes, patching, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_OWN_THREAD = R.LANE_FLAG["helper"]
# Kind of the wait, by type and method.
_METHODS = {
    ("Queue", "get"): "get",
    ("Queue", "put"): "put",
    ("Queue", "join"): "drain",
    ("Lock", "acquire"): "lock",
    ("RLock", "acquire"): "lock",
    ("Semaphore", "acquire"): "semaphore",
    ("Event", "wait"): "event",
    ("Condition", "wait"): "condition",
    ("Barrier", "wait"): "barrier",
}
_LIKE = {"JoinableQueue": "Queue", "BoundedSemaphore": "Semaphore"}
_OBJECTS = {
    "Queue": "queue",
    "Lock": "lock",
    "RLock": "rlock",
    "Semaphore": "semaphore",
    "Event": "event",
    "Condition": "condition",
    "Barrier": "barrier",
}
# Each has one effect for one cause, so that first in, first out holds.
_CAUSES = {("Queue", "put"): "put-get", ("Lock", "release"): "release-acquire"}
_EFFECTS = {("Queue", "get"): "put-get", ("Lock", "acquire"): "release-acquire"}
# A shorter call of any other method is no wait worth telling.
_BRIEF_NS = 1000000


def patch(module):
    manager, proxy = module.BaseManager, module.BaseProxy
    quiet = [manager.start, manager.connect, manager._create, proxy.__init__, proxy._incref, module.dispatch]
    for function in quiet:
        patching.watch(function, _silence, _end_silence, waits.drop)
    # Class methods and static ones.
    for function in (manager._finalize_manager, proxy._decref):
        patching.watch(function, _silence, _end_silence, waits.drop)
    patching.watch(proxy._callmethod, _calling, _called, _call_failed)
    for function in (module.Server.accepter, module.Server.handle_request):
        patching.watch(function, _serving)


def _silence(*_):
    return waits.silence()


def _end_silence(silence, result):
    waits.drop(silence)
    return result


def _serving(*_):
    """The threads of the manager's process are the library's own."""
    try:
        lane = lanes.thread_lane()
        if lane:
            writer.lane_info(lane, writer.now(), flags=_OWN_THREAD)
    except Exception as error:
        writer.problem("a manager", error)


def _state(proxy, kind):
    fields = proxy.__dict__
    state = fields.get("_clens")
    if state is None:
        token = proxy._token
        address = token.address if isinstance(token.address, str) else repr(token.address)
        key = (int(token.id, 16) ^ (crc32(address.encode()) << 29)) & ((1 << 60) - 1) | (1 << 60)
        state = fields["_clens"] = waits.State(R.OBJECT_KIND[kind], key=key, name="%s of a manager" % kind)
    return state


def _calling(self, methodname, args, kwds):
    if waits.is_open():
        return None
    try:
        frame = _getframe(2)
        if not sites.site_of(frame):
            return None
        typeid = _LIKE.get(self._token.typeid, self._token.typeid)
        method = (typeid, methodname)
        kind = _METHODS.get(method)
        if kind is None:
            cause = _CAUSES.get(method)
            if cause is not None:
                _link_from(self, cause, typeid, lanes.current(), writer.now(), sites.site_of(frame))
            wait = waits.start(R.WAIT_KIND["recv"], label="%s of a manager" % typeid, frame=frame)
            return wait and (wait, self, method, True)
        state = _state(self, _OBJECTS[typeid])
        wait = waits.begin(R.WAIT_KIND[kind], waits.ON_OBJECT, state, _timeout(args, kwds), frame=frame)
        if wait is not None and method in _CAUSES:
            _link_from(self, _CAUSES[method], typeid, wait.lane, wait.t, wait.site)
        return wait and (wait, self, method, False)
    except Exception as error:
        writer.problem("a manager's proxy", error)
        return None


def _link_from(proxy, handoff, typeid, lane, t, site):
    writer.link_from(lane, R.HANDOFF_KIND[handoff], t, site, _state(proxy, _OBJECTS[typeid]).key)


def _timeout(args, kwds):
    timeout = kwds.get("timeout", args[-1] if args else None)
    return timeout if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) else None


def _called(token, result):
    wait, proxy, method, may_be_brief = token
    if may_be_brief:
        if writer.now() - wait.t < _BRIEF_NS:
            waits.drop(wait)
        else:
            waits.end(wait)
        return result
    failed = result is False and method[1] in ("acquire", "wait")
    waits.end(wait, waits.TIMED_OUT if failed else waits.DONE)
    handoff = _EFFECTS.get(method)
    if handoff is not None and not failed:
        try:
            writer.link_to(wait.lane, R.HANDOFF_KIND[handoff], writer.now(), wait.site, wait.target.key, wait.number)
        except Exception as error:
            writer.problem("a manager's proxy", error)
    return result


def _call_failed(token):
    wait, _, _, may_be_brief = token
    if may_be_brief:
        waits.drop(wait)
        return
    kind = sys.exc_info()[0]
    over = kind is not None and kind.__name__ in ("Empty", "Full")
    waits.end(wait, waits.TIMED_OUT if over else waits.RAISED)
