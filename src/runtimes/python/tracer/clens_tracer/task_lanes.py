"""A lane for each asyncio task: when it is created, is ready, steps and ends, and its waits between steps.

Nothing is wrapped: every step of a task goes through its loop as a callback (`BaseEventLoop._call_soon` when the task becomes ready,
`Handle._run` when it is resumed), and both are Python functions that take hooks. So tasks stay C tasks with their own
coroutines, the person's task factories are none of our business, and a wake-up is seen in the stack of who causes it.

These hooks run at every step of every task: what is written here in one piece is so because a call costs as much as a record's field.
"""

import _thread
import sys
from _weakref import ref as _reference
from struct import Struct

from . import awaiting, lanes, sites, waits, writer
from . import records as R

_get_ident = _thread.get_ident
_getframe = sys._getframe
_now = writer.now
_record = writer.record
_next_wait = writer.next_wait
_string = writer.string
_lane_of_thread = lanes._lanes
_own_places = sites._by_code
_leaves = awaiting.leaves
_of_future = awaiting.of_future
_at_place = awaiting.at_place
_Coroutine = awaiting.Coroutine
# A fresh slot is all zeros, so a record names only the fields it has.
# kind|a|b|c, lane, t
_pack_moment = Struct("<IIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, -, text
_pack_lane = Struct("<IIQ8xII20xI").pack_into
# kind|a|b|c, lane, t, t2, -, id, cause*
_pack_end = Struct("<IIQQ8xIIQI").pack_into
# kind|a|b|c, lane, t, t2, site, ref, id, -, text, x
_pack_done = Struct("<IIQQIII16xIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
_pack_begin = Struct("<IIQ8xIII16xIQ").pack_into

_TASK = R.LANE_KIND["task"]
_TASK_HEAD = _TASK << 8
_HELPER_HEAD = _TASK << 8 | R.LANE_FLAG["helper"] << 16
_RETURNED = R.LANE_ENDS["returned"]
RAISED_END = R.LANE_ENDS["raised"]
_DONE, _TIMED_OUT, _RAISED, _CANCELLED = waits.DONE, waits.TIMED_OUT, waits.RAISED, waits.CANCELLED
_LANE, _LANE_BEGIN, _LANE_END, _STEP = R.LANE, R.LANE_BEGIN, R.LANE_END, R.STEP
_WAIT_BEGIN, _WAIT_END, _WAIT_DONE = R.WAIT_BEGIN, R.WAIT_END, R.WAIT_DONE
_ON_LANE = R.TARGET["lane"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]

# A step that holds the loop for longer is recorded as such.
_LONG_STEP_NS = 5_000_000
# The first tasks are named with their arguments; later ones by their function alone, which costs no new string.
_MOST_NAMED_CALLS = 1000
# In place of a wait's number: it is not written yet, because the task can go on at once.
_UNWRITTEN = -1


class TaskLane:
    """What is known of a task; kept in the task's `__dict__`, so that it lives as long as the task does."""

    begun = False
    # Moments of the latest step's begin and of the end.
    resumed = ended = 0
    # The wait it is in: number, begin, place and what for.
    wait = since = site = 0
    awaited = None
    # When and by whom its wait was ended.
    ready = 0
    outcome = _DONE
    # How the latest wait ended, when it was not `done` and no other has begun since.
    last = _DONE
    cause_lane = cause_t = cause_site = 0
    # What a task that awaits this one waits for; made once.
    as_target = None
    # Key of the job it waits for, when that runs in another process.
    link = 0
    # Waits of enclosing own frames: (reference to the awaited coroutine, site, wait number), outermost first.
    outer = None
    # What the loop was busy with when this one's step began inside another's: (TaskLane, lane).
    before = None

    def __init__(self, lane, name, loop):
        self.lane = lane
        self.name = name
        self.loop = loop


class LoopState:
    """What is known of an event loop; kept in the loop's `__dict__`."""

    def __init__(self, loop):
        # The thread it runs on and the lane that runs it; the task whose step runs now.
        self.ident = 0
        self.lane = None
        self.task = None
        # Who scheduled the plain callback that runs now, where that is known; the handle of it, if it is a timer.
        self.cause = None
        self.timer = None
        self.has_own_clock = type(loop).time is not _loop_time
        # The wait of run_until_complete while its task is not known; what asyncio runs for itself is not shown.
        self.root_wait = None
        self.is_ignoring = False
        # The task that takes its first step while it is being made: (TaskLane, coroutine).
        self.eager = None


_loop_time = _run_code = _wake_sleeper = None
_calls_named = 0
# Types of callbacks that are a task's step or wake-up, or may be; and those that are a step for sure.
task_callbacks = set()
step_callbacks = set()
# The type of what `await future` iterates over.
future_iterator = None
# Who scheduled a plain callback that may set a future: id of its arguments (or of itself) -> (lane + 1, t, site).
causes = {}


def install(asyncio):
    global _loop_time, _wake_sleeper
    _wake_sleeper = asyncio.futures._set_result_unless_cancelled
    _loop_time = asyncio.base_events.BaseEventLoop.time


def set_run_code(code):
    """The code of `Handle._run`: nothing above it in a stack belongs to what the loop runs."""
    global _run_code
    _run_code = code


class _Nowhere(dict):
    """In place of the sites of a piece of code: a search for a site that comes here ends without one."""

    def get(self, instruction, default=None):
        return 0


def state_of(loop):
    try:
        return loop._clens
    except AttributeError:
        state = loop._clens = LoopState(loop)
        return state


def on_this_thread(loop_state):
    """The loop begins to run here."""
    loop_state.ident = _get_ident()
    loop_state.lane = lanes.current()
    _own_places[id(_run_code)] = _Nowhere()


def scheduled(loop, callback, args):
    """`_call_soon` of what may be a task's callback: what the task waited for has happened, in the stack of who makes it happen."""
    try:
        task = callback.__self__
        state = getattr(task, "_clens", None)
        if type(state) is not TaskLane:
            if state is None and (type(callback) in step_callbacks or _is_step(callback)):
                _created(loop, task, callback)
            else:
                plain_scheduled(loop, callback, args)
            return
        if state.ready or not args or not hasattr(args[0], "_state"):
            # No arguments: a bare yield, which `leave` knows by the missing future. No future: another method of the task, or a
            # task written in Python that yielded what cannot be awaited, and is told so in its next step.
            return
        t = state.ready = _now()
        loop_state = state.loop
        running = loop_state.task
        source = args[0]
        if source._state == "CANCELLED":
            state.outcome = _CANCELLED
        elif source._exception is not None:
            state.outcome = _RAISED
        other = getattr(source, "_clens", None)
        if other is not None and (running is other or running is None):
            # It waited for a task, whose last step this is.
            state.cause_lane, state.cause_t, state.cause_site = other.lane + 1, other.ended or t, 0
        elif loop_state.ident != _get_ident():
            if not state.link:
                state.cause_lane, state.cause_t, state.cause_site = lanes.current() + 1, t, sites.site_of(_getframe(1))
        elif running is not None:
            state.cause_lane, state.cause_t, state.cause_site = running.lane + 1, t, _site_within(_getframe(3))
        else:
            cause = _callback_cause(state, loop_state, t)
            if cause[0] != state.lane + 1:
                state.cause_lane, state.cause_t, state.cause_site = cause
    except Exception as error:
        writer.problem("the wake-up of a task", error)


_STEPS = ("_PyTask__step", "_Task__step", "_PyTask__wakeup", "_Task__wakeup", "__step", "__wakeup", "task_wakeup")


def _is_step(callback):
    return getattr(callback, "__name__", "") in _STEPS and hasattr(callback.__self__, "_fut_waiter")


_NO_CAUSE = (0, 0, 0)
_TIMEOUTS = ("_on_timeout", "_release_waiter", "_handle_timeout")


def _callback_cause(state, loop_state, t):
    """Who is behind the plain callback that ends a task's wait: a timer, a finished task, another thread, the person's own code."""
    if loop_state.cause is not None:
        return loop_state.cause
    handle = loop_state.timer
    if handle is not None:
        if not loop_state.has_own_clock:
            # The moment it was due: what came after is a loop that was busy with something else.
            due = int(handle._when * 1e9)
            if due < t:
                state.ready = due if due > state.since else state.since or t
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
        if code is _run_code:
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


def _site_within(frame):
    """The nearest own site above `frame`, below the loop that runs it all."""
    while frame is not None:
        code = frame.f_code
        places = _own_places.get(id(code))
        if places:
            site = places.get(frame.f_lasti)
            return sites.site_of(frame) if site is None else site
        if code is _run_code:
            return 0
        if places is not False and sites.is_own(code):
            return sites.site_of(frame)
        frame = frame.f_back
    return 0


def plain_scheduled(loop, callback, args):
    """`_call_soon` of a plain callback: remembers who scheduled it, if that is another thread, or a task by its own hand."""
    try:
        loop_state = getattr(loop, "_clens", None)
        if loop_state is None or not loop_state.ident:
            return
        if loop_state.ident != _get_ident():
            cause = (lanes.current() + 1, _now(), sites.site_of(_getframe(1)))
        elif loop_state.task is None or (args and getattr(args[0], "_clens", None) is not None):
            return
        else:
            site = _site_within(_getframe(1))
            if not site:
                return
            cause = (loop_state.task.lane + 1, _now(), site)
        if len(causes) > 10000:
            causes.clear()
        causes[id(args) if args else id(callback)] = cause
    except Exception as error:
        writer.problem("a callback", error)


def _created(loop, task, callback):
    """The first callback of a task nobody has heard of: it is being made, in the stack of who makes it."""
    loop_state = state_of(loop)
    if loop_state.is_ignoring:
        return
    t = _now()
    eager = loop_state.eager
    if eager is not None and task._coro is eager[1]:
        task._clens = eager[0]
        return
    parent = _lane_of_thread.get(_get_ident())
    if parent is None:
        parent = lanes.current()
    site = _site_within(_getframe(4))
    if not site and loop_state.task is None and loop_state.cause is not None:
        # run_coroutine_threadsafe: the other thread asked for it.
        parent, site = loop_state.cause[0] - 1, loop_state.cause[2]
    state = task._clens = new_lane(task._coro, task.get_name(), t, site, parent, loop_state)
    if loop_state.root_wait is not None:
        lane, wait = loop_state.root_wait
        loop_state.root_wait = None
        writer.wait_on(lane, wait, _ON_LANE, state.lane, t)
    if type(callback) not in step_callbacks and not getattr(callback, "__name__", "").endswith("__step"):
        # It took its first step unseen (an eager start by a factory of the person's own).
        begin(state, task, t)


def new_lane(coroutine, name, t, site, parent, loop_state):
    global _calls_named
    shown = name
    if not name or (name[:5] == "Task-" and name[5:].isdigit()):
        if _calls_named < _MOST_NAMED_CALLS:
            _calls_named += 1
            call = awaiting.call_name(coroutine)
            shown = "%s %s" % (name, call) if name else call
        else:
            shown = getattr(coroutine, "__name__", None) or "task"
    lane = writer.next_lane()
    head = _TASK_HEAD
    if shown[:1] == "_" or shown[:5] == "Task-":
        if awaiting.is_internal(coroutine):
            head = _HELPER_HEAD
    text = _string(shown)
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_lane(chunk, at, head, lane, t, site, parent + 1, text)
    chunk[at] = _LANE
    return TaskLane(lane, name, loop_state)


def begin(state, task, t):
    state.begun = True
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_moment(chunk, at, 0, state.lane, t)
    chunk[at] = _LANE_BEGIN
    name = task.get_name() if task is not None else state.name
    if name != state.name:
        # Named right after it was made, as TaskGroup.create_task does.
        state.name = name
        writer.lane_info(state.lane, t, name)


def enter(handle):
    """`Handle._run` of what may be a task's callback: the task is resumed. It is returned, to be handed to `leave`."""
    try:
        task = handle._callback.__self__
        state = getattr(task, "_clens", None)
        if type(state) is not TaskLane:
            return enter_plain(handle) if causes or hasattr(handle, "_when") else None
        t = state.resumed = _now()
        wait = state.wait
        if wait:
            try:
                chunk, at = writer._next_slot()
            except StopIteration:
                chunk, at = writer._slot()
            outcome = _CANCELLED if task._must_cancel else state.outcome
            if outcome != _DONE:
                state.last = outcome
            if wait > 0:
                _pack_end(
                    chunk, at, outcome << 16, state.lane, t, state.ready, wait,
                    state.cause_lane, state.cause_t, state.cause_site,
                )
                chunk[at] = _WAIT_END
                if state.link:
                    writer.link_to(state.lane, _RUN_RESULT, t, state.site, state.link, wait)
                    state.link = 0
                state.outcome = _DONE
                state.cause_lane = state.ready = 0
            else:
                awaited = state.awaited
                _pack_done(
                    chunk, at, awaited.head | outcome << 16, state.lane, state.since, t, state.site,
                    awaited.target, _next_wait(), awaited.text, state.since,
                )
                chunk[at] = _WAIT_DONE
            state.wait = 0
        elif not state.begun:
            begin(state, task, t)
        loop_state = state.loop
        if loop_state.task is not None or not loop_state.ident:
            if not loop_state.ident:
                on_this_thread(loop_state)
            state.before = (loop_state.task, lanes.current())
        loop_state.task = state
        _lane_of_thread[loop_state.ident] = state.lane
        return task
    except Exception as error:
        writer.problem("the step of a task", error)
        return None


def enter_plain(handle):
    """`Handle._run` of a timer's callback, or of any while it is known of one who scheduled it."""
    try:
        loop_state = state_of(handle._loop)
        if hasattr(handle, "_when"):
            loop_state.timer = handle
        elif causes:
            args = handle._args
            loop_state.cause = causes.pop(id(args) if args else id(handle._callback), None)
        return loop_state
    except Exception as error:
        writer.problem("a callback", error)
    return None


def leave(task):
    """`Handle._run` ends: the task is suspended again, or done. For a plain callback `task` is its loop's state."""
    try:
        if type(task) is LoopState:
            task.cause = task.timer = None
            return
        state = task._clens
        loop_state = state.loop
        if state.before is None:
            loop_state.task = None
            _lane_of_thread[loop_state.ident] = loop_state.lane
        else:
            loop_state.task, _lane_of_thread[loop_state.ident] = state.before
            state.before = None
        future = task._fut_waiter
        if future is None and task.done():
            ended(state, task)
        else:
            suspended(state, task._coro, future)
    except Exception as error:
        writer.problem("the suspension of a task", error)


def suspended(state, coroutine, future):
    """The task waits from here on: for what, and where in the person's own code."""
    awaited = outer = None
    if type(coroutine) is _Coroutine:
        # The usual case: a task's own coroutine that awaits asyncio itself, at a place seen before.
        places = _own_places.get(id(coroutine.cr_code))
        if places:
            below = coroutine.cr_await
            if type(below) is _Coroutine:
                leaf = _leaves.get(id(below.cr_code))
                if leaf is not None:
                    site = places.get(coroutine.cr_frame.f_lasti)
                    if site is not None:
                        awaited = leaf(below, future)
            elif type(below) is future_iterator and future is not None:
                site = places.get(coroutine.cr_frame.f_lasti)
                if site is not None:
                    awaited = _of_future(future)
                    if awaited is None:
                        awaited = _at_place(coroutine)
    if awaited is None:
        site, awaited, outer = awaiting.look(coroutine, future)
    t = state.since = _now()
    if t - state.resumed > _LONG_STEP_NS:
        _long_step(state, t, site)
        if state.outer is not None:
            # It ran for long in between: it has not been waiting all along.
            _close_enclosing(state, state.outer, _DONE)
            state.outer = None
    if outer is not None or state.outer is not None:
        _enclosing(state, outer or (), t)
    state.last = _DONE
    if future is None or state.ready:
        # It can go on already: told in one record when it does.
        state.wait = _UNWRITTEN
        state.awaited = awaited
        state.site = site
        return
    state.wait = wait = _next_wait()
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_begin(
        chunk, at, awaited.head, state.lane, t, site, awaited.target, wait,
        awaited.text, awaited.timeout_ns,
    )
    chunk[at] = _WAIT_BEGIN
    if awaited.more is not None:
        if awaited.key:
            state.link, state.site = awaited.key, site
        for lane in awaited.more:
            writer.wait_on(state.lane, wait, _ON_LANE, lane, t)


def _enclosing(state, outer, t):
    """Keeps the waits of enclosing own frames: one lasts as long as the same coroutine is awaited at the same place."""
    old = state.outer or []
    kept = 0
    while kept < len(old) and kept < len(outer):
        own, below = outer[kept]
        reference, site, wait = old[kept]
        if reference is None or reference() is not below or sites.site_of(awaiting.frame_of(own)) != site:
            break
        kept += 1
    # A time-out or a cancellation that ended the inner wait has, as far as can be seen, ended these.
    _close_enclosing(state, old[kept:], _DONE if state.last == _RAISED else state.last)
    new = old[:kept]
    for own, below in outer[kept:]:
        site = sites.site_of(awaiting.frame_of(own))
        awaited = awaiting.describe(below, None, own)
        wait = _next_wait()
        try:
            chunk, at = writer._next_slot()
        except StopIteration:
            chunk, at = writer._slot()
        # b=1: it encloses other waits of its lane, between which the lane may run.
        _pack_begin(
            chunk, at, awaited.head | 1 << 16, state.lane, t, site, awaited.target, wait,
            awaited.text, awaited.timeout_ns,
        )
        chunk[at] = _WAIT_BEGIN
        try:
            reference = _reference(below)
        except TypeError:
            reference = None
        new.append((reference, site, wait))
    state.outer = new or None


def _close_enclosing(state, entries, outcome):
    for _, _, wait in reversed(entries):
        # The last moment known at which it still waited.
        try:
            chunk, at = writer._next_slot()
        except StopIteration:
            chunk, at = writer._slot()
        _pack_end(chunk, at, outcome << 16, state.lane, state.resumed, 0, wait, 0, 0, 0)
        chunk[at] = _WAIT_END


def _long_step(state, t, site):
    thread = lanes.thread_lane() + 1
    _record(_STEP, 1, 0, 0, state.lane, state.resumed, 0, 0, thread, 0, 0, 0, 0, 0, 0)
    _record(_STEP, 0, 0, 0, state.lane, t, 0, site, thread, 0, 0, 0, 0, 0, 0)


def ended(state, task):
    t = state.ended = _now()
    if t - state.resumed > _LONG_STEP_NS:
        _long_step(state, t, 0)
    end, detail, outcome = _RETURNED, None, _DONE
    # `exception()` would count as having looked at it.
    problem = task._exception
    if problem is not None:
        end, detail, outcome = RAISED_END, _words(problem), _RAISED
    elif task._state == "CANCELLED":
        end, detail, outcome = RAISED_END, "CancelledError", _CANCELLED
    if state.outer is not None:
        _close_enclosing(state, state.outer, outcome)
        state.outer = None
    if detail is not None:
        writer.lane_end(state.lane, end, t, detail)
        return
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_moment(chunk, at, end << 8, state.lane, t)
    chunk[at] = _LANE_END


def _words(problem):
    try:
        text = str(problem)
    except Exception:
        text = ""
    name = type(problem).__name__
    return ("%s: %s" % (name, text) if text else name)[:200]


def after_fork():
    causes.clear()
