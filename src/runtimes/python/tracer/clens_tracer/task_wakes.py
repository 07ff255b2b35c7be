"""Who ends the wait of a task: seen in the stack of whoever schedules the task's next step, or a callback that will do so.

`scheduled` runs at every wake-up of every task.
"""

import _thread
import sys

from . import lanes, sites, task_lanes, task_state, waits, writer
from .task_state import TaskLane, causes, step_callbacks

_get_ident = _thread.get_ident
_getframe = sys._getframe
_now = writer.now
# A search ends at `Handle._run` (`task_state.on_this_thread`).
_site_of = sites.site_of
_DONE, _TIMED_OUT, _RAISED, _CANCELLED = waits.DONE, waits.TIMED_OUT, waits.RAISED, waits.CANCELLED
_ON_LANE = waits.ON_LANE
_lane_of_thread = lanes._lanes

_wake_sleeper = _plain_future = None


def install(asyncio):
    global _wake_sleeper, _plain_future
    _wake_sleeper = asyncio.futures._set_result_unless_cancelled
    _plain_future = asyncio.futures.Future


def scheduled(loop, callback, args, task):
    """`_call_soon` of what may be a callback of a task's: what the task waited for has happened, in the stack of who makes it happen.

    Returns the state of the task when the callback is its next step.
    """
    try:
        try:
            state = task._clens
        except AttributeError:
            state = None
        if type(state) is not TaskLane:
            if state is None and task_state.is_step(callback):
                return created(loop, task, callback)
            plain_scheduled(loop, callback, args)
            return None
        if not args:
            if not task_state.is_step(callback):
                # `call_soon(task.cancel)`
                return None
            # A bare yield of a task written in Python, or one that is to be told of an error.
            running = state.loop.step
            if running is not None and running.clens_state is state:
                state.wait = task_lanes.UNWRITTEN
            return state
        source = args[0]
        loop_state = state.loop
        running = loop_state.step
        if running is None:
            handle = loop_state.timer
            if handle is not None and handle._callback is _wake_sleeper and handle._args[0] is source:
                # A sleep is over.
                if not state.ready:
                    due = int(handle._when * 1e9) if not loop_state.has_own_clock else _now()
                    state.ready = due if due > state.since else state.since or _now()
                return state
        other = None
        if type(source) is not _plain_future:
            other = getattr(source, "_clens", None)
            if not hasattr(source, "_asyncio_future_blocking"):
                # A call of another method of the task (`call_soon(task.cancel, "why")`), or a task written in Python that yielded
                # what cannot be awaited, and is told so in its next step.
                return state if task_state.is_step(callback) else None
        if state.ready:
            return state
        t = state.ready = _now()
        how = source._state
        if how == "CANCELLED":
            state.outcome = _CANCELLED
        elif source._exception is not None:
            state.outcome = _RAISED
        running_state = running.clens_state if running is not None else None
        if other is not None and (running is None or running_state is other):
            # It waited for a task, whose last step this is.
            state.cause_lane, state.cause_t, state.cause_site = other.lane + 1, other.ended or t, 0
        elif loop_state.ident != _get_ident():
            if not state.link:
                state.cause_lane, state.cause_t, state.cause_site = lanes.current() + 1, t, sites.site_of(_getframe(1))
            elif state.outcome is None:
                # Whom to link to is written at its end (`task_lanes.end_otherwise`).
                state.outcome = _DONE
        elif running is not None:
            state.cause_lane, state.cause_t, state.cause_site = running_state.lane + 1, t, _site_of(_getframe(3))
        else:
            cause = _callback_cause(state, loop_state, t)
            if cause[0] != state.lane + 1:
                state.cause_lane, state.cause_t, state.cause_site = cause
        return state
    except Exception as error:
        writer.problem("the wake-up of a task", error)
        return None


def _due(handle, state, loop_state, t):
    """The moment a timer was due: what came after is a loop that was busy with something else."""
    if loop_state.has_own_clock:
        return t
    due = int(handle._when * 1e9)
    if due >= t:
        return t
    return due if due > state.since else state.since or t


_NO_CAUSE = (0, 0, 0)
_TIMEOUTS = ("_on_timeout", "_release_waiter", "_handle_timeout")


def _callback_cause(state, loop_state, t):
    """Who is behind the plain callback that ends a task's wait: a timer, a finished task, another thread, the person's own code."""
    if loop_state.cause is not None:
        return loop_state.cause
    handle = loop_state.timer
    if handle is not None:
        state.ready = _due(handle, state, loop_state, t)
        callback = handle._callback
        if callback is _wake_sleeper:
            return _NO_CAUSE
        callback = getattr(callback, "func", callback)
        if getattr(callback, "__name__", "") in _TIMEOUTS:
            state.outcome = _TIMED_OUT
            return _NO_CAUSE
    site = 0
    frame = _getframe(3)
    while frame is not None:
        code = frame.f_code
        if code is task_state.run_code:
            break
        if not site and sites.is_own(code):
            site = sites.site_of(frame)
        frame = frame.f_back
    other = _finished_task(frame.f_locals.get("self")) if frame is not None else None
    if other is not None:
        return other.lane + 1, other.ended or t, 0
    return (lanes.current() + 1, t, site) if site else _NO_CAUSE


def _finished_task(handle):
    """The task whose done-callback a handle is."""
    args = handle._args if handle is not None else None
    if args:
        state = getattr(args[0], "_clens", None)
        if type(state) is TaskLane:
            return state
    return None


def plain_scheduled(loop, callback, args):
    """`_call_soon` of a plain callback: remembers who scheduled it, if that is another thread, or a task by its own hand."""
    try:
        loop_state = getattr(loop, "_clens", None)
        if loop_state is None or not loop_state.ident:
            return
        if loop_state.ident != _get_ident():
            cause = (lanes.current() + 1, _now(), sites.site_of(_getframe(1)))
        elif loop_state.step is None or (args and getattr(args[0], "_clens", None) is not None):
            return
        else:
            site = _site_of(_getframe(1))
            if not site:
                return
            cause = (loop_state.step.clens_state.lane + 1, _now(), site)
        if len(causes) > 10000:
            causes.clear()
        causes[id(args) if args else id(callback)] = cause
    except Exception as error:
        writer.problem("a callback", error)


def created(loop, task, callback):
    """The first callback of a task nobody has heard of: it is being made, in the stack of who makes it. Returns its state."""
    try:
        try:
            loop_state = loop._clens
        except AttributeError:
            loop_state = task_state.state_of(loop)
        if loop_state.is_ignoring:
            return None
        t = _now()
        coroutine = task._coro
        eager = loop_state.eager
        if eager is not None and coroutine is eager[1]:
            state = task._clens = eager[0]
            return state
        parent = _lane_of_thread.get(_get_ident())
        if parent is None:
            parent = lanes.current()
        # Behind this, `_call_soon` and `call_soon`.
        site = _site_of(_getframe(3))
        if not site and loop_state.step is None and loop_state.cause is not None:
            # run_coroutine_threadsafe: the other thread asked for it.
            parent, site = loop_state.cause[0] - 1, loop_state.cause[2]
        state = task._clens = task_lanes.new_lane(coroutine, task.get_name(), t, site, parent, loop_state)
        if loop_state.root_wait is not None:
            lane, wait = loop_state.root_wait
            loop_state.root_wait = None
            writer.wait_on(lane, wait, _ON_LANE, state.lane, t)
        if type(callback) not in step_callbacks and not getattr(callback, "__name__", "").endswith("__step"):
            # It took its first step unseen (an eager start by a factory of the person's own).
            task_lanes.begin(state, task, t)
        return state
    except Exception as error:
        writer.problem("a new task", error)
        return None
