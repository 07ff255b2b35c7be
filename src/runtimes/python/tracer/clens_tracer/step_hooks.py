"""What runs at every step of every task: bodies that `patching.inline` puts into `BaseEventLoop._call_soon` and `Handle._run`.

A step goes through its loop as a handle of its own kind, which knows the task and its state. Here is what happens most often, in one
piece: a call would cost as much as three fields of a record. Everything else is in `task_lanes` and `task_wakes`.
"""

from . import awaiting, lanes, task_lanes, task_state, task_wakes, writer
from . import records as R
from .patching import ORIGINAL

now = writer.now
problem = writer.problem
scheduled = task_wakes.scheduled
created = task_wakes.created
plain_scheduled = task_wakes.plain_scheduled
begin = task_lanes.begin
end_otherwise = task_lanes.end_otherwise
enter_nested = task_lanes.enter_nested
leave_nested = task_lanes.leave_nested
enter_plain = task_lanes.enter_plain
left = task_lanes.left
interrupted = task_lanes.interrupted
state_of_loop = task_lanes.state_of_loop
number_waits = task_lanes.number_waits
of_future = awaiting.of_future
UNWRITTEN = task_lanes.UNWRITTEN
WAIT_BEGIN, WAIT_END, WAIT_DONE = R.WAIT_BEGIN, R.WAIT_END, R.WAIT_DONE
# A fresh slot is all zeros, so a record names only the fields it has.
# kind|a|b|c and lane in one, t, t2, -, id
pack_end = R.Struct("<QQQ8xI").pack_into
# The same, cause*
pack_end_by = R.Struct("<QQQ8xIIQI").pack_into
# kind|a|b|c, lane, t, t2, site, ref, -, text, x
pack_done = R.Struct("<IIQQII20xIQ").pack_into
# kind|a|b|c, lane, t, -, site, ref, id
pack_begin_bare = R.Struct("<IIQ8xIII").pack_into
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
pack_begin = R.Struct("<IIQ8xIII16xIQ").pack_into

# Set by `install`: asyncio's classes, the type of the callback that is a C task's step, and those that may be one of some task.
StepHandle = TimerHandle = Task = step_type = None
task_callbacks = frozenset()


def install(module, c_step):
    global StepHandle, TimerHandle, Task, step_type, task_callbacks
    plain = module.events.Handle
    fields = {"__slots__": ("clens_state", "clens_task"), "__module__": plain.__module__, "__qualname__": plain.__qualname__}
    StepHandle = type(plain)(plain.__name__, (plain,), fields)
    TimerHandle, Task, step_type = module.events.TimerHandle, module.tasks.Task, c_step
    task_callbacks = frozenset(task_state.task_callbacks)


def schedule(self, callback, args, context, handle):
    """`BaseEventLoop._call_soon`, in place of making the handle: whether it is a task's step, and who makes it happen."""
    state = None
    kind = type(callback)
    if kind is step_type:
        task = callback.__self__
        try:
            step = self._clens.step
        except AttributeError:
            step = None
        if step is not None and step.clens_task is task:
            # A bare yield: no future will wake it up.
            state = step.clens_state
            state.wait = UNWRITTEN
        else:
            # It is being made; otherwise it is to be told of an error.
            state = getattr(task, "_clens", None) or created(self, task, callback)
    elif kind in task_callbacks:
        task = callback.__self__
        state = scheduled(self, callback, args, task)
    elif not args or type(args[0]) is not Task:
        plain_scheduled(self, callback, args)
    if state is None:
        ORIGINAL
    else:
        handle = StepHandle(callback, args, self, context)
        handle.clens_state = state
        handle.clens_task = task


def run(self):
    """`Handle._run`, in place of running the callback: the task is resumed, and later suspended again or done."""
    kind = type(self)
    if kind is StepHandle:
        state = self.clens_state
        try:
            t = now()
            loop_state = state.loop
            if loop_state.step is not None or not loop_state.ident:
                enter_nested(state, loop_state)
            loop_state.step = self
            lanes._lanes[loop_state.ident] = state.lane
            wait = state.wait
            state.wait = 0
            if not wait:
                if not state.begun:
                    begin(state, self.clens_task, t)
            elif state.outcome is not None or self.clens_task._must_cancel:
                end_otherwise(state, self.clens_task, t, wait)
            elif wait > 0:
                ready = state.ready
                if ready > t:
                    # Timers may be early by the resolution of their clock.
                    ready = t
                cause = state.cause_lane
                try:
                    chunk, at = writer._next_slot()
                except StopIteration:
                    chunk, at = writer._slot()
                if cause:
                    pack_end_by(chunk, at, state.done_head, t, ready, wait, cause, state.cause_t, state.cause_site)
                    state.cause_lane = 0
                else:
                    pack_end(chunk, at, state.done_head, t, ready, wait)
                chunk[at] = WAIT_END
                state.ready = 0
            else:
                awaited = state.awaited
                since = state.since
                try:
                    chunk, at = writer._next_slot()
                except StopIteration:
                    chunk, at = writer._slot()
                pack_done(chunk, at, awaited.done_head, state.lane, since, t, state.site, awaited.target, awaited.text, since)
                chunk[at] = WAIT_DONE
            state.resumed = t
        except Exception as error:
            problem("the step of a task", error)
        try:
            ORIGINAL
        except BaseException:
            interrupted(self, state)
            state = loop_state = None
            raise
        try:
            if state.before is None:
                loop_state.step = None
                lanes._lanes[loop_state.ident] = loop_state.lane
            else:
                leave_nested(state, loop_state)
            future = None if state.wait else self.clens_task._fut_waiter
            awaited = None
            places = state.places
            if places is not None:
                # It is in the same own coroutine as before; if it waits where it was seen to, nothing needs to be looked up.
                own = state.coroutine if state.inner is None else state.inner()
                if own is not None:
                    frame = own.cr_frame
                    if frame is not None:
                        place = places.get(frame.f_lasti)
                        if place is not None:
                            awaited = place.fixed
                            if awaited is None:
                                below = own.cr_await
                                if type(below) is place.awaits:
                                    if place.code is None:
                                        if future is not None:
                                            awaited = of_future(future) or place.words
                                    elif below.cr_code is place.code:
                                        awaited = place.bare if future is None else place.tell(below, future)
            t = state.since = now()
            if awaited is None or t > loop_state.horizon:
                left(self, state, future, t)
                state = own = frame = None
            elif future is None:
                # It can go on already: told in one record when it does.
                state.awaited = awaited
                state.site = place.site
            elif state.ready or awaited.more is not None:
                left(self, state, future, t)
            else:
                # A task is in one wait at a time, not counting enclosing ones: they share a number.
                wait = state.wait = state.number or number_waits(state)
                try:
                    chunk, at = writer._next_slot()
                except StopIteration:
                    chunk, at = writer._slot()
                if awaited.text or awaited.timeout_ns:
                    pack_begin(
                        chunk, at, awaited.head, state.lane, t, place.site, awaited.target, wait, awaited.text, awaited.timeout_ns
                    )
                else:
                    pack_begin_bare(chunk, at, awaited.head, state.lane, t, place.site, awaited.target, wait)
                chunk[at] = WAIT_BEGIN
        except Exception as error:
            problem("the suspension of a task", error)
            state = own = frame = None
    elif kind is TimerHandle:
        try:
            loop_state = self._loop._clens
        except AttributeError:
            loop_state = state_of_loop(self)
        loop_state.timer = self
        try:
            ORIGINAL
        finally:
            loop_state.timer = None
    elif task_state.causes:
        loop_state = enter_plain(self)
        try:
            ORIGINAL
        finally:
            loop_state.cause = None
    else:
        ORIGINAL
