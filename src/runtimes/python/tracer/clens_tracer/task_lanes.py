"""A lane for each asyncio task: its begin, its steps and its end, and its waits between steps.

Nothing is wrapped: every step of a task goes through its loop as a callback (`BaseEventLoop._call_soon` when the task becomes ready,
`Handle._run` when it is resumed), and both are Python functions that take hooks. So tasks stay C tasks with their own
coroutines, the person's task factories are none of our business, and a wake-up is seen in the stack of who causes it (`task_wakes`).

These hooks run at every step of every task: what is written here in one piece is so because a call costs as much as a record's field.
"""

from . import await_places, awaiting, enclosing_waits, lanes, task_state, waits, writer
from . import records as R
from .task_state import LoopState, TaskLane, causes

_now = writer.now
_record = writer.record
_next_wait = writer.next_wait
_string = writer.string
_lane_of_thread = lanes._lanes
_of_future = awaiting.of_future
_Coroutine = awaiting.Coroutine
# A fresh slot is all zeros, so a record names only the fields it has.
# kind|a|b|c, lane, t
_pack_moment = R.Struct("<IIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, -, text
_pack_lane = R.Struct("<IIQ8xII20xI").pack_into
# kind|a|b|c, lane, t, t2, -, id, cause*
_pack_end = R.Struct("<IIQQ8xIIQI").pack_into
# The same with the first two in one, and nobody as its cause.
_pack_end_alone = R.Struct("<QQQ8xI").pack_into
# kind|a|b|c, lane, t, t2, site, ref, -, text, x
_pack_done = R.Struct("<IIQQII20xIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, id
_pack_begin_bare = R.Struct("<IIQ8xIII").pack_into
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
_pack_begin = R.Struct("<IIQ8xIII16xIQ").pack_into

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


_calls_named = 0


def new_lane(coroutine, name, t, site, parent, loop_state):
    global _calls_named
    head = _TASK_HEAD
    shown = name
    if not name or (name[:5] == "Task-" and name[5:].isdigit()):
        word = getattr(coroutine, "__name__", None) or "task"
        if _calls_named < _MOST_NAMED_CALLS:
            _calls_named += 1
            call = awaiting.call_name(coroutine)
            shown = "%s %s" % (name, call) if name else call
        else:
            shown = word
        if word[:1] == "_" and awaiting.is_internal(coroutine):
            head = _HELPER_HEAD
    elif name[:1] == "_" and awaiting.is_internal(coroutine):
        head = _HELPER_HEAD
    lane = writer.next_lane()
    text = _string(shown)
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_lane(chunk, at, head, lane, t, site, parent + 1, text)
    chunk[at] = _LANE
    return TaskLane(lane, name, loop_state, coroutine, await_places.of_coroutine(coroutine))


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


def enter(task, handle):
    """`Handle._run` of what may be a task's callback: the task is resumed. Its state is returned, to be handed to `leave`."""
    try:
        state = getattr(task, "_clens", None)
        if type(state) is not TaskLane:
            return enter_plain(handle) if causes or hasattr(handle, "_when") else None
        wait = state.wait
        if (wait > 0 and not state.ready or not state.begun) and not task_state.is_step(handle._callback):
            # `call_later(1, task.cancel)`: its method is called, but it does not step.
            return None
        t = state.resumed = _now()
        if wait:
            state.wait = 0
            outcome = _CANCELLED if task._must_cancel else state.outcome
            if outcome != _DONE:
                state.last = outcome
                state.outcome = _DONE
                if outcome == _TIMED_OUT and state.outer is not None:
                    outcome = enclosing_waits.timed_out(state, t)
            try:
                chunk, at = writer._next_slot()
            except StopIteration:
                chunk, at = writer._slot()
            if wait > 0:
                if state.cause_lane or outcome != _DONE:
                    _pack_end(
                        chunk, at, outcome << 16, state.lane, t, state.ready, wait,
                        state.cause_lane, state.cause_t, state.cause_site,
                    )
                    state.cause_lane = state.cause_t = state.cause_site = 0
                else:
                    _pack_end_alone(chunk, at, state.done_head, t, state.ready, wait)
                chunk[at] = _WAIT_END
                if state.link:
                    writer.link_to(state.lane, _RUN_RESULT, t, state.site, state.link, wait)
                    state.link = 0
            else:
                awaited = state.awaited
                _pack_done(
                    chunk, at, awaited.head | outcome << 16, state.lane, state.since, t, state.site,
                    awaited.target, awaited.text, state.since,
                )
                chunk[at] = _WAIT_DONE
                state.cause_lane = 0
            state.ready = 0
        elif not state.begun:
            begin(state, task, t)
        loop_state = state.loop
        if loop_state.task is not None or not loop_state.ident:
            if not loop_state.ident:
                task_state.on_this_thread(loop_state)
            state.before = (loop_state.task, lanes.current())
        loop_state.task = state
        _lane_of_thread[loop_state.ident] = state.lane
        return state
    except Exception as error:
        writer.problem("the step of a task", error)
        return None


def enter_plain(handle):
    """`Handle._run` of any callback while it is known of one who scheduled it."""
    try:
        loop_state = task_state.state_of(handle._loop)
        if hasattr(handle, "_when"):
            loop_state.timer = handle
        else:
            args = handle._args
            loop_state.cause = causes.pop(id(args) if args else id(handle._callback), None)
        return loop_state
    except Exception as error:
        writer.problem("a callback", error)
    return None


def enter_timer(handle):
    """`Handle._run` of a timer's callback."""
    try:
        loop_state = handle._loop._clens
        loop_state.timer = handle
        return loop_state
    except AttributeError:
        return enter_plain(handle)


def leave(task, state):
    """`Handle._run` ends: the task is suspended again, or done. For a plain callback `state` is its loop's."""
    try:
        if type(state) is LoopState:
            state.cause = state.timer = None
            return
        loop_state = state.loop
        if state.before is None:
            loop_state.task = None
            _lane_of_thread[loop_state.ident] = loop_state.lane
        else:
            loop_state.task, _lane_of_thread[loop_state.ident] = state.before
            state.before = None
        future = task._fut_waiter
        if future is None and task._state != "PENDING":
            ended(state, task)
        else:
            suspended(state, state.coroutine, future)
    except Exception as error:
        writer.problem("the suspension of a task", error)


def suspended(state, coroutine, future):
    """The task waits from here on: for what, and where in the person's own code."""
    awaited = levels = None
    if state.places is not None:
        place = state.places.get(coroutine.cr_frame.f_lasti)
        own = coroutine
        if place is not None and place.inner is not None:
            own, place, levels = enclosing_waits.descend(coroutine, place)
        if place is not None:
            # It was here before; if it awaits the same again, nothing needs to be looked up.
            site = place.site
            below = own.cr_await
            if place.words is not None:
                if future is not None and type(below) is await_places.future_iterator:
                    awaited = _of_future(future) or place.words
            elif type(below) is _Coroutine and below.cr_code is place.code:
                awaited = place.bare if future is None else place.tell(below, future)
    t = state.since = _now()
    is_long = t - state.resumed > _LONG_STEP_NS
    if awaited is None or is_long:
        site, awaited = _look(state, coroutine, future, t, is_long)
    elif levels is not None or state.outer is not None:
        enclosing_waits.move(state, levels or (), t)
    state.last = _DONE
    if future is None or state.ready:
        # It can go on already: told in one record when it does.
        state.wait = _UNWRITTEN
        state.awaited = awaited
        state.site = site
        return
    # A task is in one wait at a time, not counting enclosing ones: they share a number.
    wait = state.number
    if not wait:
        wait = state.number = _next_wait()
    state.wait = wait
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    if awaited.text or awaited.timeout_ns:
        _pack_begin(
            chunk, at, awaited.head, state.lane, t, site, awaited.target, wait,
            awaited.text, awaited.timeout_ns,
        )
    else:
        _pack_begin_bare(chunk, at, awaited.head, state.lane, t, site, awaited.target, wait)
    chunk[at] = _WAIT_BEGIN
    if awaited.more is not None:
        if awaited.key:
            state.link, state.site = awaited.key, site
        for lane in awaited.more:
            writer.wait_on(state.lane, wait, _ON_LANE, lane, t)


def _look(state, coroutine, future, t, is_long):
    """(site, Awaited, enclosing own frames) by the whole chain of what it awaits; the next time here is quicker."""
    site, awaited, outer = awaiting.look(coroutine, future)
    if is_long:
        _long_step(state, t, site)
        if state.outer is not None:
            # It ran for long in between: it has not been waiting all along.
            enclosing_waits.close(state, state.outer, _DONE)
            state.outer = None
    if outer is not None or state.outer is not None:
        enclosing_waits.update(state, outer or (), t)
    if state.places is not None:
        await_places.learn(coroutine, state.places, outer or (), site, future)
    return site, awaited


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
        enclosing_waits.close_at_end(state, outcome)
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
