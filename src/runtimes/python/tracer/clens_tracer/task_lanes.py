"""A lane for each asyncio task: its begin, its steps and its end, and its waits between steps.

Nothing is wrapped: every step of a task goes through its loop as a callback (`BaseEventLoop._call_soon` when the task becomes ready,
`Handle._run` when it is resumed), and both are Python functions that take hooks. So tasks stay C tasks with their own
coroutines, the person's task factories are none of our business, and a wake-up is seen in the stack of who causes it (`task_wakes`).

These hooks run at every step of every task: what is written here in one piece is so because a call costs as much as a record's field.
"""

from . import await_places, await_words, awaiting, enclosing_waits, lanes, task_state, waits, writer
from . import records as R
from .task_state import TaskLane, causes

_now = writer.now
_record = writer.record
_string = writer.string
# A fresh slot is all zeros, so a record names only the fields it has.
# kind|a|b|c, lane, t
_pack_moment = R.Struct("<IIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, -, text
_pack_lane = R.Struct("<IIQ8xII20xI").pack_into
# kind|a|b|c, lane, t, t2, -, id, cause*
_pack_end = R.Struct("<IIQQ8xIIQI").pack_into
# kind|a|b|c, lane, t, t2, site, ref, -, text, x
_pack_done = R.Struct("<IIQQII20xIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
_pack_begin = R.Struct("<IIQ8xIII16xIQ").pack_into

_TASK = R.LANE_KIND["task"]
_TASK_HEAD = _TASK << 8
_HELPER_HEAD = _TASK << 8 | R.LANE_FLAG["helper"] << 16
_RETURNED = R.LANE_ENDS["returned"]
_RETURNED_HEAD = _RETURNED << 8
RAISED_END = R.LANE_ENDS["raised"]
_DONE, _TIMED_OUT, _RAISED, _CANCELLED = waits.DONE, waits.TIMED_OUT, waits.RAISED, waits.CANCELLED
_LANE, _LANE_BEGIN, _LANE_END, _STEP = R.LANE, R.LANE_BEGIN, R.LANE_END, R.STEP
_WAIT_BEGIN, _WAIT_END, _WAIT_DONE = R.WAIT_BEGIN, R.WAIT_END, R.WAIT_DONE
_RUN_RESULT = R.HANDOFF_KIND["run-result"]

# A step that holds the loop for longer is recorded as such.
LONG_STEP_NS = 5_000_000
# The first tasks are named with their arguments; later ones by their function alone, which costs no new string.
_MOST_NAMED_CALLS = 1000
# In place of a wait's number: it is not written yet, because the task can go on at once.
UNWRITTEN = -1


_calls_named = 0


def new_lane(coroutine, name, t, site, parent, loop_state):
    global _calls_named
    places = await_places.of_coroutine(coroutine)
    if name and (name[:5] != "Task-" or not name[5:].isdigit()):
        text = _string(name)
        head = _HELPER_HEAD if name[:1] == "_" and awaiting.is_internal(coroutine) else _TASK_HEAD
    elif places is not None and _calls_named >= _MOST_NAMED_CALLS:
        shown = coroutine.__name__
        text, head = writer._strings.get(shown) or _string(shown), _TASK_HEAD
    else:
        shown = getattr(coroutine, "__name__", None) or "task"
        head = _HELPER_HEAD if shown[:1] == "_" and awaiting.is_internal(coroutine) else _TASK_HEAD
        if _calls_named < _MOST_NAMED_CALLS:
            _calls_named += 1
            shown = await_words.call_name(coroutine)
            if name:
                shown = "%s %s" % (name, shown)
        text = _string(shown)
    lane = writer.next_lane()
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    _pack_lane(chunk, at, head, lane, t, site, parent + 1, text)
    chunk[at] = _LANE
    return TaskLane(lane, name, loop_state, coroutine, places)


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


def enter_nested(state, loop_state):
    """A step begins while another one runs, or on a loop that has not said that it runs."""
    if not loop_state.ident:
        task_state.on_this_thread(loop_state)
    state.before = (loop_state.step, lanes.current())


def leave_nested(state, loop_state):
    loop_state.step, lanes._lanes[loop_state.ident] = state.before
    state.before = None
    # The outer step began before this one.
    loop_state.horizon = 0


def number_waits(state):
    state.number = number = writer.next_wait()
    return number


def end_otherwise(state, task, t, wait):
    """The end of a wait that did not end well, or whose cause is in another process."""
    outcome = _CANCELLED if task._must_cancel else state.outcome or _DONE
    state.outcome = None
    if outcome != _DONE:
        state.last = outcome
        # Its next wait is looked at in full (`suspended`).
        state.places = None
        if outcome == _TIMED_OUT and state.outer is not None:
            outcome = enclosing_waits.timed_out(state, t)
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    if wait > 0:
        ready = state.ready
        _pack_end(
            chunk, at, outcome << 16, state.lane, t, ready if ready < t else t, wait,
            state.cause_lane, state.cause_t, state.cause_site,
        )
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
    state.ready = state.cause_lane = state.cause_t = state.cause_site = 0


def enter_plain(handle):
    """`Handle._run` of any callback while it is known of one who scheduled it."""
    loop_state = state_of_loop(handle)
    args = handle._args
    loop_state.cause = causes.pop(id(args) if args else id(handle._callback), None)
    return loop_state


def state_of_loop(handle):
    """What is known of a handle's loop, which need not be a loop."""
    try:
        return task_state.state_of(handle._loop)
    except Exception as error:
        writer.problem("a callback", error)
        return task_state.LoopState(None)


def interrupted(handle, state):
    """An exception left the step, which is not the task's own affair: SystemExit, KeyboardInterrupt."""
    try:
        loop_state = state.loop
        if state.before is None:
            loop_state.step = None
            lanes._lanes[loop_state.ident] = loop_state.lane
        else:
            leave_nested(state, loop_state)
        state.since = _now()
        left(handle, state, handle.clens_task._fut_waiter, state.since)
    except Exception as error:
        writer.problem("the interruption of a task", error)


def left(handle, state, future, t):
    """The task is suspended at a place that is not known yet, or done."""
    task = handle.clens_task
    if future is not None or task._state == "PENDING":
        suspended(state, state.coroutine, future, t)
    # `exception()` would count as having looked at it.
    elif t > state.loop.horizon or state.outer is not None or task._exception is not None or task._state != "FINISHED":
        ended(state, task, t)
    else:
        state.ended = t
        try:
            chunk, at = writer._next_slot()
        except StopIteration:
            chunk, at = writer._slot()
        _pack_moment(chunk, at, _RETURNED_HEAD, state.lane, t)
        chunk[at] = _LANE_END


def suspended(state, coroutine, future, t):
    """The task waits from here on: for what, and where in the person's own code."""
    awaited = levels = None
    own, places = coroutine, state.root_places
    if places is not None:
        place = places.get(coroutine.cr_frame.f_lasti)
        if place is not None and place.inner is not None:
            own, place, places, levels = enclosing_waits.descend(coroutine, place)
        if place is not None:
            site = place.site
            awaited = await_places.awaited_at(place, own.cr_await, future)
    is_long = t - state.resumed > LONG_STEP_NS
    # Steps that begin from here on and end before that are not long.
    state.loop.horizon = t + LONG_STEP_NS
    if awaited is None or is_long:
        site, awaited = _look(state, coroutine, future, t, is_long)
        # Next time it is looked for from the outermost frame on.
        own, places = coroutine, None if state.outer is not None else state.root_places
    elif levels is not None or state.outer is not None:
        enclosing_waits.move(state, levels or (), t)
    state.places = places
    state.inner = None if own is coroutine else enclosing_waits.reference(own)
    state.last = _DONE
    if future is None or state.ready:
        # It can go on already: told in one record when it does.
        state.wait = UNWRITTEN
        state.awaited = awaited
        state.site = site
        state.cause_lane = 0
        return
    wait = state.wait = state.number or number_waits(state)
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
        writer.wait_on_several(state.lane, wait, awaited.more, t)


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
    if state.root_places is not None:
        await_places.learn(coroutine, state.root_places, outer or (), site, future)
    return site, awaited


def _long_step(state, t, site):
    thread = lanes.thread_lane() + 1
    _record(_STEP, 1, 0, 0, state.lane, state.resumed, 0, 0, thread, 0, 0, 0, 0, 0, 0)
    _record(_STEP, 0, 0, 0, state.lane, t, 0, site, thread, 0, 0, 0, 0, 0, 0)


def ended(state, task, t):
    state.ended = t
    if t - state.resumed > LONG_STEP_NS:
        _long_step(state, t, 0)
    end, detail, outcome = _RETURNED, "", _DONE
    problem = task._exception
    if problem is not None:
        end, detail, outcome = RAISED_END, _words(problem), _RAISED
    elif task._state == "CANCELLED":
        end, detail, outcome = RAISED_END, "CancelledError", _CANCELLED
    if state.outer is not None:
        enclosing_waits.close_at_end(state, outcome)
    writer.lane_end(state.lane, end, t, detail)


def _words(problem):
    try:
        text = str(problem)
    except Exception:
        text = ""
    name = type(problem).__name__
    return ("%s: %s" % (name, text) if text else name)[:200]
