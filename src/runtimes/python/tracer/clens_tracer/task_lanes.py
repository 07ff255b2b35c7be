"""A lane for each asyncio task: when it is created, steps, is ready and ends, and its waits between steps.

Nothing is wrapped: every step of a task goes through its loop as a callback (`BaseEventLoop._call_soon` when it becomes ready,
`Handle._run` when it is resumed), and both are Python functions that take hooks. So tasks stay C tasks with their own
coroutines, the person's task factories are none of our business, and a wake-up is seen in the stack of who causes it.
"""

import _thread
import sys

from . import awaiting, lanes, sites, waits, writer
from . import records as R

_get_ident = _thread.get_ident
_getframe = sys._getframe
_now = writer.now
_record = writer.record
_lane_of_thread = lanes._lanes

_TASK = R.LANE_KIND["task"]
_RETURNED = R.LANE_ENDS["returned"]
_RAISED_END = R.LANE_ENDS["raised"]
_DONE, _TIMED_OUT, _RAISED, _CANCELLED = waits.DONE, waits.TIMED_OUT, waits.RAISED, waits.CANCELLED
_WAIT_BEGIN, _WAIT_END, _WAIT_DONE, _STEP = R.WAIT_BEGIN, R.WAIT_END, R.WAIT_DONE, R.STEP
_AWAIT = R.WAIT_KIND["await"]
_ON_LANE = R.TARGET["lane"]

# A step that holds the loop for longer is recorded as such.
_LONG_STEP_NS = 2_000_000
# The first tasks are named with their arguments; later ones by their function alone, which costs no new string.
_MOST_NAMED_CALLS = 1000
# Marks a wait in `wait` that is not written yet, because the task can go on at once.
_UNWRITTEN = -1

# What a plain callback was scheduled by: id of its arguments (or of itself) -> (lane, t, site). Only where it can matter.
_causes = {}
_calls_named = 0


class TaskLane:
    """What is known of a task; kept in the task's `__dict__`, so that it lives as long as the task does."""

    __slots__ = (
        "lane", "name", "begun", "task", "loop", "resumed", "ended",
        "wait", "kind", "target_kind", "target", "label", "site", "since",
        "ready", "outcome", "cause_lane", "cause_t", "cause_site", "outer", "before",
    )

    def __init__(self, lane, name):
        self.lane = lane
        self.name = name
        self.begun = False
        self.task = self.loop = self.outer = None
        self.resumed = self.ended = self.wait = self.ready = 0
        self.outcome = _DONE
        self.cause_lane = self.cause_t = self.cause_site = 0
        self.before = None


class LoopState:
    """What is known of a running loop; kept in the loop's `__dict__`. `task` or `handle` is what it runs right now."""

    __slots__ = ("ident", "task", "handle", "own_clock", "root_wait", "is_ignoring", "eager")

    def __init__(self, own_clock):
        self.ident = 0
        self.task = self.handle = self.root_wait = self.eager = None
        self.own_clock = own_clock
        self.is_ignoring = False


_TimerHandle = None
_run_code = None
_loop_time = None
# Types of callbacks that are a task's step or wake-up, or may be.
task_callbacks = set()


def install(asyncio):
    global _TimerHandle, _loop_time
    _TimerHandle = asyncio.events.TimerHandle
    _loop_time = asyncio.base_events.BaseEventLoop.time


def set_run_code(code):
    """The code of `Handle._run`: nothing above it in a stack belongs to what the loop runs."""
    global _run_code
    _run_code = code


def state_of(loop):
    try:
        return loop._clens
    except AttributeError:
        state = loop._clens = LoopState(type(loop).time is not _loop_time)
        return state


def scheduled(loop, callback, args):
    """`_call_soon`: a task's step or wake-up is on its way, or a plain callback is."""
    try:
        task = callback.__self__
        state = task._clens
        if state.ready == 0:
            _ready(state, loop, args)
        return
    except AttributeError:
        pass
    except Exception as error:
        writer.problem("the wake-up of a task", error)
        return
    try:
        if _is_step(callback):
            _created(loop, callback.__self__, callback)
        else:
            _plain_scheduled(loop, callback, args)
    except Exception as error:
        writer.problem("a new task", error)


def _is_step(callback):
    name = type(callback).__name__
    if name == "TaskStepMethWrapper" or name == "TaskWakeupMethWrapper":
        return True
    name = getattr(callback, "__name__", "")
    return name in ("task_wakeup", "_PyTask__step", "_Task__step", "_PyTask__wakeup", "_Task__wakeup", "__step", "__wakeup") and (
        hasattr(callback.__self__, "_fut_waiter")
    )


def _ready(state, loop, args):
    """What the task waited for has happened, in the stack of who made it happen."""
    t = state.ready = _now()
    state.outcome = _DONE
    state.cause_lane = 0
    source = args[0] if args else None
    if source is not None:
        other = getattr(source, "_clens", None)
        if other is not None:
            # It waited for a task, whose last step runs right now.
            state.cause_lane, state.cause_t, state.cause_site = other.lane + 1, other.ended or t, 0
        if source._state == "CANCELLED":
            state.outcome = _CANCELLED
        elif source._exception is not None:
            state.outcome = _RAISED
        if other is not None and state.outcome != _CANCELLED:
            return
    loop_state = state_of(loop)
    running = loop_state.task
    if loop_state.ident != _get_ident():
        state.cause_lane, state.cause_t, state.cause_site = lanes.current() + 1, t, sites.site_of(_getframe(2))
    elif running is not None:
        if running is not state:
            state.cause_lane, state.cause_t, state.cause_site = running.lane + 1, t, _site_within(_getframe(2))
    elif loop_state.handle is not None:
        _ready_by_callback(state, loop_state, t)


def _ready_by_callback(state, loop_state, t):
    handle = loop_state.handle
    if type(handle) is _TimerHandle:
        if not loop_state.own_clock:
            # The moment it was due: the rest is a loop that was busy with something else.
            state.ready = max(state.since, min(t, int(handle._when * 1e9))) or t
        callback = handle._callback
        callback = getattr(callback, "func", callback)
        if getattr(callback, "__name__", "") in ("_on_timeout", "_release_waiter", "_handle_timeout"):
            state.outcome = _TIMED_OUT
            return
    cause = _cause_of(handle)
    if cause is not None:
        state.cause_lane, state.cause_t, state.cause_site = cause
        return
    site = _site_within(_getframe(3))
    if site:
        state.cause_lane, state.cause_t, state.cause_site = lanes.current() + 1, t, site


def _cause_of(handle):
    args = handle._args
    if args:
        other = getattr(args[0], "_clens", None)
        if other is not None and type(other) is TaskLane:
            return other.lane + 1, other.ended or _now(), 0
    if _causes:
        return _causes.get(id(args) if args else id(handle._callback))
    return None


def _site_within(frame):
    """The nearest own site above `frame`, below the loop that runs it all."""
    while frame is not None:
        code = frame.f_code
        if code is _run_code:
            return 0
        if sites.is_own(code):
            return sites.site_of(frame)
        frame = frame.f_back
    return 0


def _plain_scheduled(loop, callback, args):
    """Remembers who scheduled a callback that may set a future: another thread, or a task by its own hand."""
    loop_state = state_of(loop)
    if loop_state.ident and loop_state.ident != _get_ident():
        cause = (lanes.current() + 1, _now(), sites.site_of(_getframe(2)))
    elif loop_state.task is not None:
        if args and getattr(args[0], "_clens", None) is not None:
            return
        site = _site_within(_getframe(2))
        if not site:
            return
        cause = (loop_state.task.lane + 1, _now(), site)
    else:
        return
    if len(_causes) > 10000:
        _causes.clear()
    _causes[id(args) if args else id(callback)] = cause


def _created(loop, task, callback):
    """The first callback of a task nobody has heard of: it is being made, in the stack of who makes it."""
    loop_state = state_of(loop)
    if loop_state.is_ignoring:
        return
    eager = loop_state.eager
    if eager is not None and task._coro is eager[1]:
        task._clens = eager[0]
        _ready(eager[0], loop, ())
        return
    parent, site = lanes.current(), _site_within(_getframe(3))
    if not site and loop_state.handle is not None and loop_state.task is None:
        cause = _cause_of(loop_state.handle)
        if cause is not None:
            parent, site = cause[0] - 1, cause[2]
    state = new_lane(task._coro, task.get_name(), site, parent)
    state.ready = state.since = _now()
    task._clens = state
    if loop_state.root_wait is not None:
        _root_target(loop_state, state)
    if type(callback).__name__ != "TaskStepMethWrapper" and not getattr(callback, "__name__", "").endswith("__step"):
        # It took its first step unseen (an eager start by a factory of the person's own).
        _begin(state, task, _now())


def new_lane(coroutine, name, site, parent):
    global _calls_named
    if not name or name.startswith("Task-") and name[5:].isdigit():
        if _calls_named < _MOST_NAMED_CALLS:
            _calls_named += 1
            call = awaiting.call_name(coroutine)
            shown = "%s %s" % (name, call) if name else call
        else:
            shown = getattr(coroutine, "__name__", None) or "task"
    else:
        shown = name
    state = TaskLane(writer.next_lane(), name)
    writer.lane(state.lane, _TASK, 0, _now(), site, shown, parent)
    return state


def _begin(state, task, t):
    state.begun = True
    writer.lane_begin(state.lane, t)
    name = task.get_name() if task is not None else None
    if name and name != state.name:
        state.name = name
        writer.lane_info(state.lane, t, name)


def enter(handle):
    """`Handle._run` begins: a task is resumed, or a plain callback runs. What is returned is handed to `leave`."""
    try:
        loop_state = handle._loop._clens
    except AttributeError:
        try:
            loop_state = state_of(handle._loop)
        except Exception:
            return None
    try:
        callback = handle._callback
        if type(callback) in task_callbacks:
            task = callback.__self__
            state = getattr(task, "_clens", None)
            if type(state) is TaskLane:
                ident = loop_state.ident
                if not ident:
                    ident = loop_state.ident = _get_ident()
                t = _now()
                state.resumed = t
                wait = state.wait
                if wait:
                    outcome = _CANCELLED if task._must_cancel else state.outcome
                    if wait > 0:
                        _record(
                            _WAIT_END, 0, outcome, 0, state.lane, t, state.ready, 0, 0, wait,
                            state.cause_lane, state.cause_t, state.cause_site, 0, 0,
                        )
                    else:
                        _record(
                            _WAIT_DONE, state.kind, outcome, state.target_kind, state.lane, state.since, t, state.site,
                            state.target, writer.next_wait(), state.cause_lane, state.cause_t, state.cause_site,
                            state.label, state.ready,
                        )
                    state.wait = 0
                elif not state.begun:
                    _begin(state, task, t)
                    _record(_STEP, 1, 0, 0, state.lane, t, 0, 0, lanes.thread_lane() + 1, 0, 0, 0, 0, 0, 0)
                state.ready = 0
                state.task = task
                state.before = (loop_state.task, loop_state.handle, _lane_of_thread.get(ident))
                state.loop = loop_state
                loop_state.task = state
                loop_state.handle = None
                _lane_of_thread[ident] = state.lane
                return state
    except Exception as error:
        writer.problem("the step of a task", error)
        return None
    loop_state.handle = handle
    return loop_state


def leave(token):
    """`Handle._run` ends: the task is suspended again, or done."""
    if token is None:
        return
    if type(token) is LoopState:
        if _causes:
            handle = token.handle
            if handle is not None and handle._args is not None:
                _causes.pop(id(handle._args) if handle._args else id(handle._callback), None)
        token.handle = None
        return
    try:
        loop_state, task = token.loop, token.task
        token.task = token.loop = None
        loop_state.task, loop_state.handle, lane = token.before
        token.before = None
        ident = loop_state.ident
        if lane is None:
            _lane_of_thread.pop(ident, None)
        else:
            _lane_of_thread[ident] = lane
        if task.done():
            _ended(token, task)
        else:
            _suspended(token, task)
    except Exception as error:
        writer.problem("the suspension of a task", error)


def _suspended(state, task):
    t = _now()
    future = task._fut_waiter
    coroutine = task._coro
    own, below, outer = awaiting.chain(coroutine, future)
    if own is None:
        code, instruction, site = None, 0, 0
    else:
        code, instruction, site = _place(own)
    awaited = awaiting.describe(below, future, code, instruction)
    if t - state.resumed > _LONG_STEP_NS:
        _long_step(state, t, site)
    if outer is not None or state.outer:
        _enclosing(state, outer or (), t)
    state.since = t
    label = awaited.label
    if label:
        label = writer.string(label)
    else:
        label = 0
    if state.ready:
        # It can go on already (a bare yield): told in one record when it does.
        if state.ready < t:
            state.ready = t
        state.wait = _UNWRITTEN
        state.kind = awaited.kind
        state.target_kind = awaited.target_kind
        state.target = awaited.target
        state.label = label
        state.site = site
        return
    state.wait = wait = writer.next_wait()
    timeout = awaited.timeout
    _record(
        _WAIT_BEGIN, awaited.kind, 0, awaited.target_kind, state.lane, t, 0, site, awaited.target, wait,
        0, 0, 0, label, waits.nanoseconds(timeout) if timeout is not None else 0,
    )
    for lane in awaited.more:
        writer.wait_on(state.lane, wait, _ON_LANE, lane, t)


def _place(coroutine):
    """(code, instruction, site) where an own coroutine (or generator) is suspended."""
    try:
        frame = coroutine.cr_frame
    except AttributeError:
        frame = getattr(coroutine, "ag_frame", None) or coroutine.gi_frame
    code = frame.f_code
    instruction = frame.f_lasti
    return code, instruction, sites.site_of(frame)


def _enclosing(state, outer, t):
    """Keeps the waits of enclosing own frames: one lasts as long as the same coroutine is awaited at the same place."""
    old = state.outer or []
    kept = 0
    for reference, awaited_place, wait in old:
        if kept >= len(outer):
            break
        own, below = outer[kept]
        if reference is None or reference() is not below or awaited_place != _place(own)[2]:
            break
        kept += 1
    _close_enclosing(state, old[kept:], _DONE)
    new = list(old[:kept])
    for own, below in outer[kept:]:
        code, instruction, site = _place(own)
        awaited = awaiting.describe(below, None, code, instruction)
        wait = writer.next_wait()
        # b=1: it encloses other waits of its lane, between which the lane may run.
        _record(
            _WAIT_BEGIN, awaited.kind, 1, awaited.target_kind, state.lane, t, 0, site, awaited.target, wait,
            0, 0, 0, writer.string(awaited.label) if awaited.label else 0,
            waits.nanoseconds(awaited.timeout) if awaited.timeout is not None else 0,
        )
        new.append((_weakly(below), site, wait))
    state.outer = new or None


def _weakly(thing):
    try:
        return _reference(thing)
    except TypeError:
        return None


def _close_enclosing(state, entries, outcome):
    for _, _, wait in reversed(entries):
        # The last moment known at which it still waited.
        writer.wait_end(state.lane, wait, outcome, state.resumed)


def _long_step(state, t, site):
    thread = lanes.thread_lane() + 1
    _record(_STEP, 1, 0, 0, state.lane, state.resumed, 0, 0, thread, 0, 0, 0, 0, 0, 0)
    _record(_STEP, 0, 0, 0, state.lane, t, 0, site, thread, 0, 0, 0, 0, 0, 0)


def _ended(state, task):
    t = state.ended = _now()
    if t - state.resumed > _LONG_STEP_NS:
        _long_step(state, t, 0)
    end, detail, outcome = _RETURNED, "", _DONE
    if task._state == "CANCELLED":
        end, detail, outcome = _RAISED_END, "CancelledError", _CANCELLED
    else:
        # `exception()` would count as having looked at it.
        problem = task._exception
        if problem is not None:
            end, detail, outcome = _RAISED_END, _words(problem), _RAISED
    if state.outer:
        _close_enclosing(state, state.outer, outcome)
        state.outer = None
    writer.lane_end(state.lane, end, t, detail)


def _words(problem):
    try:
        text = str(problem)
    except Exception:
        text = ""
    name = type(problem).__name__
    return ("%s: %s" % (name, text) if text else name)[:200]


def _root_target(loop_state, state):
    lane, wait = loop_state.root_wait
    loop_state.root_wait = None
    writer.wait_on(lane, wait, _ON_LANE, state.lane, _now())


try:
    from _weakref import ref as _reference
except ImportError:  # pragma: no cover
    _reference = None


def after_fork():
    _causes.clear()
