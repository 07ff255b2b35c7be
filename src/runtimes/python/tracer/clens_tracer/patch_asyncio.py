"""asyncio: hooks where a loop schedules and runs callbacks, and around what runs a loop. `task_lanes` does the work."""

import sys

from . import (
    await_places, await_words, awaited, awaiting, children, eager_tasks, helper_threads, lanes, patching, sites, step_hooks, task_state,
    task_wakes, waits, writer,
)
from . import records as R

_getframe = sys._getframe
_AWAIT = R.WAIT_KIND["await"]
_OBJECTS = {
    "Queue": "queue", "Lock": "lock", "Event": "event", "Condition": "condition",
    "Semaphore": "semaphore", "Barrier": "barrier",
}
_patched = set()


def patch(module):
    events, base_events, tasks = module.events, module.base_events, module.tasks
    handle = events.Handle
    if handle in _patched:
        return
    _patched.add(handle)
    awaiting.install(module)
    task_wakes.install(module)
    children.after_fork_in_child.append(task_state.causes.clear)
    step_hooks.install(module, _learn_callbacks(tasks))
    loop = base_events.BaseEventLoop
    patching.inline(loop._call_soon, ("events.Handle", step_hooks.schedule))
    patching.inline(handle._run, ("self._context.run", step_hooks.run))
    task_state.install(module, handle._run.__code__)
    if hasattr(loop, "_do_shutdown"):
        # The thread that waits for the default executor's.
        helper_threads.watch(loop._do_shutdown)
    for function, enter, leave, fail in (
        (loop.run_until_complete, _run_enter, _run_leave, _run_fail),
        (loop.run_forever, _forever_enter, _forever_leave, _forever_leave_on_error),
        (module.futures.wrap_future, _wrap_enter, _wrap_leave, _ignore),
        (module.futures._copy_future_state, _silence, _unsilence, waits.drop),
        (events.new_event_loop, _anything, _look_at_loop, _ignore),
        (events.set_event_loop, _look_at_loop_given, None, None),
        (tasks.shield, _shield_enter, _shield_leave, _ignore),
    ):
        _watch(function, enter, leave, fail)
    _silence_watchers(module)
    _watch_objects(module)
    try:
        eager_tasks.patch(tasks)
    except Exception as error:
        writer.problem("watching eager tasks", error)


def _watch(function, enter, leave=None, fail=None):
    try:
        patching.watch(function, enter, leave, fail)
    except Exception as error:
        writer.problem("watching %s" % getattr(function, "__qualname__", function), error)


def _anything():
    return True


def _look_at_loop(token, loop):
    _look_at_loop_given(loop)
    return loop


def _look_at_loop_given(loop):
    """A loop that is not built on asyncio's own schedules its callbacks out of our sight: the run says so."""
    try:
        base = sys.modules["asyncio.base_events"].BaseEventLoop
        kind = type(loop)
        if loop is not None and not isinstance(loop, base) and kind not in _patched:
            _patched.add(kind)
            writer.note(
                "the tasks of a %s.%s are not shown: this event loop is not built on asyncio's own" % (kind.__module__, kind.__qualname__),
                warning=True,
            )
    except Exception as error:
        writer.problem("a new event loop", error)


def _silence_watchers(module):
    """What a loop does by itself to learn of a child's end waits for nobody."""
    watcher = getattr(getattr(module, "unix_events", None), "_PidfdChildWatcher", None)
    watcher = watcher or getattr(getattr(module, "unix_events", None), "PidfdChildWatcher", None)
    if watcher is not None and "_do_wait" in vars(watcher):
        _watch(watcher._do_wait, _silence, _unsilence, waits.drop)


def _silence(*_):
    return waits.silence()


def _unsilence(token, result):
    waits.drop(token)
    return result


def _learn_callbacks(tasks):
    """The types of callbacks that are steps or wake-ups of tasks: own types for the C task, bound methods for the Python one.

    Returns that of the C task's step, None where there is no such task.
    """
    c_step = None

    class Loop:
        callback = None

        def get_debug(self):
            return False

        def call_soon(self, callback, *args, context=None):
            Loop.callback = callback

    async def wait(future):
        await future

    method = type(Loop().get_debug)
    for kind in {tasks.Task, tasks._PyTask}:
        future = tasks.futures.Future(loop=Loop())
        coroutine = wait(future)
        # A name of its own, so that the person's first task is still Task-1.
        task = kind(coroutine, loop=future._loop, name="clens")
        step = Loop.callback
        step()
        wakeup = future._callbacks[0]
        wakeup = wakeup[0] if type(wakeup) is tuple else wakeup
        task_state.task_callbacks.update((type(step), type(wakeup)))
        if type(step) is not method:
            c_step = type(step)
            task_state.step_callbacks.add(c_step)
            await_places.future_iterator = type(future.__await__())
        task._log_destroy_pending = False
        tasks._unregister_task(task)
        future.remove_done_callback(wakeup)
        coroutine.close()
    return c_step


def _watch_objects(module):
    for name, kind in _OBJECTS.items():
        made = getattr(module, name, None)
        if made is not None:
            _watch(made.__init__, _maker(R.OBJECT_KIND[kind]))


def _maker(kind):
    def enter(self, *_):
        waits.made(self, kind, 3)

    return enter


def _run_enter(self, future):
    """`run_until_complete`: the thread is busy with the loop until that one task is done."""
    try:
        state = task_state.state_of(self)
        if _is_internal(future, _getframe(2)):
            state.is_ignoring = True
            return (state, 0, 0)
        lane = lanes.current()
        site = sites.site_of(_getframe(2))
        wait = writer.next_wait()
        target = awaited.lane_of(future)
        label = "" if target is not None else await_words.call_name(future)
        writer.wait_begin(
            lane, wait, _AWAIT, R.TARGET["none"] if target is None else R.TARGET["lane"], target or 0, writer.now(), site,
            writer.string(label) if label else 0,
        )
        if target is None:
            state.root_wait = (lane, wait)
        return (state, lane, wait)
    except Exception as error:
        writer.problem("run_until_complete", error)
        return None


def _is_internal(future, frame):
    """What asyncio runs by itself at the end: the person knows nothing of it."""
    name = getattr(future, "__name__", "")
    return name in ("shutdown_asyncgens", "shutdown_default_executor") or frame.f_code.co_name == "_cancel_all_tasks"


def _run_leave(token, result):
    _end_run(token, waits.DONE)
    return result


def _run_fail(token):
    _end_run(token, waits.RAISED)


def _end_run(token, outcome):
    try:
        state, lane, wait = token
        state.is_ignoring = False
        state.root_wait = None
        if wait:
            writer.wait_end(lane, wait, outcome, writer.now())
    except Exception as error:
        writer.problem("run_until_complete", error)


def _forever_enter(self):
    """`run_forever`: tells which thread the loop is on; a wait of its own when the person calls it."""
    try:
        state = task_state.state_of(self)
        task_state.on_this_thread(state)
        frame = _getframe(2)
        if not sites.is_own(frame.f_code):
            return (state, 0, 0)
        lane = lanes.current()
        wait = writer.next_wait()
        writer.wait_begin(lane, wait, _AWAIT, R.TARGET["none"], 0, writer.now(), sites.site_of(frame), writer.string("event loop"))
        return (state, lane, wait)
    except Exception as error:
        writer.problem("run_forever", error)
        return None


def _forever_leave(token, result):
    token[0].ident = 0
    if token[2]:
        writer.wait_end(token[1], token[2], waits.DONE, writer.now())
    return result


def _forever_leave_on_error(token):
    _forever_leave(token, None)


def _wrap_enter(future, loop):
    return future


def _wrap_leave(token, result):
    """A future of an executor's: its job goes over to the future that is awaited."""
    try:
        if result is not token:
            job = token.__dict__.get("_clens")
            known = job is not None and job.number and job.generation == writer.generation
            result._clens_awaited = awaited.of_job((job.number, job.key) if known else (0, 0))
    except Exception as error:
        writer.problem("wrap_future", error)
    return result


def _shield_enter(arg, *_):
    return (arg,)


def _shield_leave(token, result):
    try:
        lane = awaited.lane_of(token[0])
        if lane is not None and result is not token[0]:
            result._clens_awaited = awaited.Awaited(_AWAIT, R.TARGET["lane"], lane)
    except Exception as error:
        writer.problem("shield", error)
    return result


def _ignore(token):
    pass
