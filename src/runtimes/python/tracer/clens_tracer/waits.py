"""Waits as they happen on a thread: begun, blocked or not, ended, by whom; and the objects they are on.

One operation of the person's may block inside through several of the library's own (a `Queue.get` waits on a `Condition`, which
waits on a lock). The outermost one is what is reported: it is the *open* wait of its thread, and whatever starts
inside it is part of it (`start` and `begin` return None there).

A wait that only blocks now and then is `start`ed: nothing is written until something inside it says `blocked()`; `end` then writes
one `waitDone` record when nothing did. A wait that blocks for sure is `begin`ned: it is in the trace at once.

Waits of asyncio tasks overlap on one thread: they are written with `writer.wait_begin` and `wait_end` directly.
"""

import _thread
import sys

from . import lanes, patching, sites, writer
from . import records as R

_get_ident = _thread.get_ident
_lane_of = lanes.of_ident
_record = writer.record
_getframe = sys._getframe
now = writer.now

DONE = R.OUTCOME["done"]
TIMED_OUT = R.OUTCOME["timed-out"]
RAISED = R.OUTCOME["raised"]
CANCELLED = R.OUTCOME["cancelled"]

NO_TARGET = R.TARGET["none"]
ON_LANE = R.TARGET["lane"]
ON_OBJECT = R.TARGET["object"]
ON_JOB = R.TARGET["job"]

# As many targets of one wait are told.
MOST_TARGETS = 256

# thread ident -> its open wait
_open = {}


class Wait:
    """The open wait of a thread. `number` is 0 until it is written."""

    __slots__ = ("ident", "lane", "kind", "target_kind", "target", "site", "t", "label", "timeout", "number", "cause")


def start(kind, target_kind=NO_TARGET, target=0, timeout=None, label="", frame=None, t=0):
    """Opens a wait that may turn out not to block. None inside another one: the outermost operation is reported.

    What notifies an inner condition leaves its mark in `wait.cause`. `kind` is a code of records.WAIT_KIND; `target` a number, or an object with a `State` that is numbered when the wait is written.
    `frame` is where to look for the site from; the caller of the caller (the watched function's frame) when not given.
    """
    ident = _get_ident()
    if ident in _open:
        return None
    try:
        wait = Wait()
        wait.ident = ident
        wait.lane = lanes.current()
        wait.kind = kind
        wait.target_kind = target_kind
        wait.target = target
        wait.site = sites.site_of(_getframe(2) if frame is None else frame)
        wait.label = label
        wait.timeout = timeout
        wait.number = 0
        wait.cause = None
        _open[ident] = wait
        wait.t = t or now()
        return wait
    except Exception as error:
        writer.problem("a wait", error)
        return None


def begin(kind, target_kind=NO_TARGET, target=0, timeout=None, label="", frame=None, t=0):
    """Opens a wait that blocks: it is in the trace before the lane is held up."""
    wait = start(kind, target_kind, target, timeout, label, _getframe(2) if frame is None else frame, t)
    if wait is not None:
        _write_begin(wait)
    return wait


def begin_at(site, kind, target_kind=NO_TARGET, target=None, number=0, label=0, timeout=None):
    """`begin` for what happens often: the caller knows the site, the target's number and that of the label, and that none is open."""
    wait = Wait()
    wait.ident = ident = _get_ident()
    lane = _lane_of(ident)
    if lane is None:
        lane = lanes.current()
    wait.lane = lane
    wait.kind = kind
    wait.target_kind = target_kind
    wait.target = target
    wait.site = site
    wait.label = label
    wait.timeout = timeout
    wait.cause = None
    wait.number = of_wait = writer.next_wait()
    wait.t = t = now()
    _open[ident] = wait
    _record(
        R.WAIT_BEGIN, kind, 0, target_kind, lane, t, 0, site, number, of_wait, 0, 0, 0, label,
        0 if timeout is None else nanoseconds(timeout),
    )
    return wait


def blocked(frame=None):
    """Something inside blocks now: the open wait of this thread is written if it is not yet. False when there is none.

    `frame` is the caller of what blocks: it may be an operation that opens its wait only now (`blocks_in`).
    """
    wait = _open.get(_get_ident())
    if wait is None and frame is not None:
        opens = _openers.get(frame.f_code)
        if opens is not None:
            wait = opens(frame)
    if wait is None:
        return False
    if not wait.number:
        _write_begin(wait)
    return True


def blocks_in(function, opens):
    """For operations that rarely block and must be cheap: when a condition blocks inside `function`, `opens(frame)` starts its wait."""
    _openers[function.__code__] = opens


# code of a library function -> what opens its wait
_openers = {}


def is_open():
    """Whether this thread is inside an operation that is reported as a whole."""
    return _get_ident() in _open


def open_wait():
    """The open wait of this thread, None when there is none."""
    return _open.get(_get_ident())


# The kind of the silence that a thread of the library's own is in (`helper_threads`).
OF_HELPER = -1


def silence():
    """Opens a wait that is never written: what starts inside is nobody's business. Close it with `drop`."""
    ident = _get_ident()
    if ident in _open:
        return None
    wait = Wait()
    wait.ident = ident
    wait.kind = wait.t = 0
    wait.number = -1
    wait.cause = None
    _open[ident] = wait
    return wait


def drop(wait):
    """Closes a wait without a word."""
    _open.pop(wait.ident, None)


def reopen(wait):
    """After `drop`: what was done in between was no part of it."""
    _open[wait.ident] = wait


def _write_begin(wait):
    try:
        wait.number = number = writer.next_wait()
        writer.wait_begin(
            wait.lane, number, wait.kind, wait.target_kind, _number_of(wait.target), wait.t, wait.site,
            writer.string(wait.label) if wait.label else 0, nanoseconds(wait.timeout),
        )
    except Exception as error:
        writer.problem("the begin of a wait", error)


def on(wait, target_kind, target):
    """One more target of a wait that is for several."""
    if not wait.number:
        _write_begin(wait)
    try:
        number = target if type(target) is int else number_of(target)
        _record(R.WAIT_ON, 0, 0, target_kind, wait.lane, now(), 0, 0, number, wait.number, 0, 0, 0, 0, 0)
    except Exception as error:
        writer.problem("a wait for several", error)


def around(plain, opened, closed=lambda wait, *arguments: end(wait)):
    """A function that calls `plain` within a wait: `opened(*arguments)` begins it, or gives None; `closed(wait, *arguments)` ends it.

    One frame, which an exception does not show (`patching.hide`).
    """

    def call(*arguments):
        wait = opened(*arguments)
        try:
            result = plain(*arguments)
        except BaseException as error:
            if wait is not None:
                fail(wait)
            patching.hide(error)
            raise
        if wait is not None:
            closed(wait, *arguments)
        return result

    return call


def end(wait, outcome=DONE, cause=None, ready=0):
    """Closes a wait. `cause` is (lane, t, site) of what ended it; its `t` is the ready moment unless `ready` says better."""
    t = now()
    _open.pop(wait.ident, None)
    try:
        lane, cause_t, site = cause or wait.cause or (None, 0, 0)
        if not ready and cause_t > wait.t:
            ready = cause_t
        if wait.number:
            _record(
                R.WAIT_END, 0, outcome, 0, wait.lane, t, ready, 0, 0, wait.number,
                0 if lane is None else lane + 1, cause_t, site, 0, 0,
            )
        else:
            writer.wait_done(
                wait.lane, 0, wait.kind, outcome, wait.target_kind, _number_of(wait.target), wait.t, t,
                wait.site, lane, cause_t, site, writer.string(wait.label) if wait.label else 0, ready,
            )
    except Exception as error:
        writer.problem("the end of a wait", error)


def fail(wait):
    """Closes a wait that an exception ended."""
    end(wait, RAISED)


def nanoseconds(timeout):
    """A timeout in seconds as the format wants it; 0 for none."""
    try:
        return max(1, min(int(timeout * 1e9), 1 << 62)) if timeout is not None and timeout >= 0 else 0
    except (TypeError, ValueError, OverflowError):
        return 0


_NOWHERE = (None, 0, 0)


class State:
    """What the tracer knows of an object that lanes wait on; kept in the object's `__dict__` or in the stand-in itself."""

    __slots__ = ("kind", "number", "site", "t", "name", "key", "cause", "more", "awaited", "put", "got")

    def __init__(self, kind, site=0, name="", key=0):
        self.kind = kind
        # 0 until it is declared; a forked child begins with what its parent declared (`writer.after_fork`).
        self.number = 0
        self.site = site
        self.t = now()
        self.name = name
        self.key = key
        # (lane, t, site) of the last operation that could have ended a wait on it.
        self.cause = None
        self.more = None
        # What a task that waits on it awaits: {kind of wait: Awaited}.
        self.awaited = None
        # Where a queue was last used, as (code, instruction, site): mostly at the same places.
        self.put = self.got = _NOWHERE

    def __reduce__(self):
        # An object that pickles its __dict__ takes no state of this process along.
        return (State, (self.kind,))


def _number_of(target):
    return target if type(target) is int else number_of(target)


def number_of(state):
    """The number of an object, declared in the trace when first needed."""
    if not state.number:
        number = writer.next_object()
        # One without a name is called by its place, by whoever knows which document that is.
        name = state.name or sites.assigned_name(state.site)
        writer.object_made(number, state.kind, state.t, state.site, name, state.key)
        state.number = number
    return state.number


def state_of(thing, kind):
    """The state of an object of the library, made when first asked for."""
    fields = thing.__dict__
    state = fields.get("_clens")
    if state is None:
        state = fields.setdefault("_clens", State(kind))
    return state


def label_of(state):
    """What a wait is for on an object that the library made for itself, which has no name: the call of the person's that led there."""
    if state.site or state.name or _get_ident() in _open:
        return ""
    try:
        return sites.library_call(_getframe(3))
    except Exception as error:
        writer.problem("the name of a wait", error)
        return ""


def made(thing, kind, depth=2):
    """Called as `thing` is initialised by the person's own code, to know where: the line that calls the class."""
    try:
        frame = _getframe(depth)
        # A subclass of theirs calls super().__init__: the line that matters is the one that makes the object.
        while frame is not None and frame.f_code.co_name == "__init__" and sites.is_own(frame.f_code):
            names = frame.f_code.co_varnames
            if not names or frame.f_locals.get(names[0]) is not thing:
                break
            frame = frame.f_back
        if frame is not None and sites.is_own(frame.f_code):
            thing.__dict__["_clens"] = State(kind, sites.site_of(frame))
    except Exception as error:
        writer.problem("a new object", error)


def after_fork():
    """In the child: only the forking thread lives on, and it is in no operation of ours."""
    _open.clear()
