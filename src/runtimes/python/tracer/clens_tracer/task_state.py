"""What is known of asyncio's tasks and loops, and which of a loop's callbacks belong to tasks."""

import _thread

from . import lanes, sites, waits

_get_ident = _thread.get_ident
_own_places = sites._by_code
_DONE = waits.DONE


class TaskLane:
    """What is known of a task; kept in the task's `__dict__`, so that it lives as long as the task does.

    Slots, all set at once: the interpreter reads a slot in place, but looks up an attribute that has a default in its class.
    """

    __slots__ = (
        "lane", "name", "loop", "begun",
        # Its coroutine, and what that was seen to await (`await_places`); None when it is not of the person's own.
        "coroutine", "root_places",
        # The same of the innermost own coroutine it was last suspended in, a reference (None when that is the outermost). No
        # places: where it is suspended next is looked for from the outermost frame on.
        "inner", "places",
        # Moments of the latest step's begin and of the end.
        "resumed", "ended",
        # The wait it is in: number, begin, place and what for; and the number that all its waits get, one after the other.
        "wait", "since", "site", "awaited", "number",
        # The first eight bytes of a record that ends a wait well.
        "done_head",
        # When, how (None: well) and by whom its wait was ended.
        "ready", "outcome", "cause_lane", "cause_t", "cause_site",
        # How the latest wait ended, when it was not `done` and no other has begun since.
        "last",
        # What a task that awaits this one waits for; made once.
        "as_target",
        # Key of the job it waits for, when that runs in another process.
        "link",
        # The waits of enclosing own frames, outermost first (`enclosing_waits`).
        "outer",
        # What the loop was busy with when this one's step began inside another's: (step, lane).
        "before",
    )

    def __init__(self, lane, name, loop, coroutine, places):
        self.lane = lane
        self.name = name
        self.loop = loop
        self.begun = False
        self.coroutine = coroutine
        self.root_places = self.places = places
        self.done_head = lane << 32 | _DONE << 16
        self.resumed = self.ended = self.wait = self.since = self.site = self.number = self.ready = self.link = 0
        self.cause_lane = self.cause_t = self.cause_site = 0
        self.last = _DONE
        self.outcome = self.awaited = self.as_target = self.outer = self.before = self.inner = None


class LoopState:
    """What is known of an event loop; kept in the loop's `__dict__`."""

    __slots__ = ("ident", "lane", "step", "cause", "timer", "has_own_clock", "root_wait", "is_ignoring", "eager", "horizon")

    def __init__(self, loop):
        # The thread it runs on and the lane that runs it; the step that runs now (`step_hooks`).
        self.ident = 0
        self.lane = None
        self.step = None
        # Who scheduled the plain callback that runs now, where that is known; the handle of it, if it is a timer.
        self.cause = None
        self.timer = None
        self.has_own_clock = getattr(type(loop), "time", None) is not _loop_time
        # The wait of run_until_complete while its task is not known; what asyncio runs for itself is not shown.
        self.root_wait = None
        self.is_ignoring = False
        # A step that ends before then is not a long one (`task_lanes.suspended`).
        self.horizon = 0
        # The task that takes its first step while it is being made: (TaskLane, coroutine).
        self.eager = None


class EagerStep:
    """In place of a handle: the first step of a task that is being made (`eager_tasks`)."""

    __slots__ = ("clens_state", "clens_task")

    def __init__(self, state):
        self.clens_state = state
        self.clens_task = None


_loop_time = None
# The code of `Handle._run`: nothing above it in a stack belongs to what the loop runs.
run_code = None
# Types of callbacks that are a task's step or wake-up, or may be; and those that are a step for sure.
task_callbacks = set()
step_callbacks = set()
# Who scheduled a plain callback that may set a future: id of its arguments (or of itself) -> (lane + 1, t, site).
causes = {}


def install(asyncio, code):
    global _loop_time, run_code
    _loop_time = asyncio.base_events.BaseEventLoop.time
    run_code = code


class _Nowhere(dict):
    """In place of the sites of a piece of code: a search for a site that comes here ends without one."""

    def get(self, instruction, default=None):
        return 0


_STEPS = ("_PyTask__step", "_Task__step", "_PyTask__wakeup", "_Task__wakeup", "__step", "__wakeup", "task_wakeup")


def is_step(callback):
    """Whether a callback is a step or a wake-up of its task, and not `task.cancel`, say."""
    if type(callback) in step_callbacks:
        return True
    name = getattr(callback, "__name__", None)
    # The wake-up of the C task had a type of its own before it was a builtin method.
    return (name is None or name in _STEPS) and hasattr(callback.__self__, "_fut_waiter")


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
    _own_places[id(run_code)] = _Nowhere()
