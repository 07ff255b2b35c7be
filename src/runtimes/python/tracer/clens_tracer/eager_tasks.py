"""Eager tasks (3.12): their first step runs inside the task factory, before any loop is asked; so the factory is watched."""

import sys

from . import lanes, patching, sites, task_lanes, task_state, writer

_getframe = sys._getframe


def patch(tasks):
    if not hasattr(tasks, "create_eager_task_factory"):
        return
    patching.watch(tasks.eager_task_factory, _enter, _leave, _fail)
    patching.watch(tasks.create_eager_task_factory, _make, _made)


def _make(custom_task_constructor):
    return True


def _made(token, factory):
    """A factory over a constructor of the person's own."""
    try:
        patching.watch(factory, _enter, _leave, _fail)
    except Exception as error:
        writer.problem("an eager task factory", error)
    return factory


def _enter(loop, coro, name=None, context=None, *_):
    try:
        loop_state = task_state.state_of(loop)
        ident = lanes.get_ident()
        if loop_state.ident != ident or loop_state.is_ignoring:
            # Not running here: the task starts later, as any other.
            return None
        caller = _getframe(2)
        frame = caller
        while name is None and frame is not None and frame.f_code.co_name == "create_task" and not sites.is_own(frame.f_code):
            # Before 3.14 it names the task when it has it: the loop's create_task, asyncio's, or a TaskGroup's.
            name = frame.f_locals.get("name")
            frame = frame.f_back
        t = writer.now()
        before = lanes.current()
        state = task_lanes.new_lane(coro, name, t, sites.site_of(caller), before, loop_state)
        task_lanes.begin(state, None, t)
        state.resumed = t
        outer = (loop_state.step, loop_state.eager)
        loop_state.step, loop_state.eager = task_state.EagerStep(state), (state, coro)
        lanes._lanes[ident] = state.lane
        return (loop_state, state, ident, before, outer)
    except Exception as error:
        writer.problem("an eager task", error)
        return None


def _leave(token, task):
    try:
        loop_state, state = _restore(token)
        if task.done():
            task_lanes.ended(state, task, writer.now())
        else:
            task._clens = state
            t = state.since = writer.now()
            task_lanes.suspended(state, task._coro, task._fut_waiter, t)
    except Exception as error:
        writer.problem("an eager task", error)
    return task


def _fail(token):
    """The factory itself failed: there is no task."""
    try:
        _, state = _restore(token)
        writer.lane_end(state.lane, task_lanes.RAISED_END, writer.now(), lanes.exception_text())
    except Exception as error:
        writer.problem("an eager task", error)


def _restore(token):
    loop_state, state, ident, before, (step, eager) = token
    loop_state.step, loop_state.eager = step, eager
    loop_state.horizon = 0
    lanes._lanes[ident] = before
    return loop_state, state
