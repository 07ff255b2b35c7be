"""`threading`: threads as lanes, and the waits of Thread, Condition, Event, Semaphore and Barrier.

Everything here but the locks is Python code of the library that is watched in place. All of it waits through `Condition.wait` and is
woken through `Condition.notify`: those two know who blocked and who ended it, the others only say what the whole is called.
"""

import _thread
import sys

from . import lanes, locks, old_tracebacks, patching, sites, waits, with_lines, writer
from . import records as R

_getframe = sys._getframe
_get_ident = _thread.get_ident
_JOIN = R.WAIT_KIND["join"]
_DAEMON = R.LANE_FLAG["daemon"]


class _ThreadState:
    """What the tracer knows of a Thread, in its `__dict__`."""

    __slots__ = ("lane", "ended", "raised")

    def __init__(self, lane=None):
        self.lane = lane
        # (lane, t, site) once it ended: the cause of every join.
        self.ended = None
        self.raised = ""

    def __reduce__(self):
        return (_ThreadState, ())


def patch(module):
    _patch_thread(module)
    _patch_condition(module)
    _patch_shutdown(module)
    _watch_wait(module.Event.wait, "event")
    _watch_semaphore(module)
    _watch_wait(module.Barrier.wait, "barrier")
    _watch_condition_init(module)
    for name in ("Event", "Semaphore", "Barrier"):
        _watch_init(getattr(module, name), name.lower())
    locks.patch(module)


def _watch_init(cls, kind):
    code = R.OBJECT_KIND[kind]

    def enter(self, *_):
        waits.made(self, code, 3)

    patching.rewrite(cls.__init__, before="_clens_made(%s)" % _self(cls.__init__), names={"_clens_made": enter})


def _watch_condition_init(module):
    """The library makes many for itself, one in each future: those get their lock without a detour."""
    code = R.OBJECT_KIND["condition"]
    make_lock = module._CRLock
    by_code = sites._by_code

    def enter(self, lock):
        if lock is None and make_lock is not None and by_code.get(id(_getframe(2).f_code)) is False:
            return make_lock()
        waits.made(self, code, 3)
        return lock

    init = module.Condition.__init__
    patching.rewrite(init, before="lock = _clens_made(self, lock)", names={"_clens_made": enter})


def _self(function):
    return function.__code__.co_varnames[0]


def _watch_wait(function, kind):
    """wait(self, timeout) of an Event or a Barrier."""
    wait_kind, object_kind = R.WAIT_KIND[kind], R.OBJECT_KIND[kind]

    def enter(self, timeout):
        state = waits.state_of(self, object_kind)
        return waits.start(wait_kind, waits.ON_OBJECT, state, timeout, waits.label_of(state))

    def leave(wait, result):
        waits.end(wait, waits.TIMED_OUT if result is False else waits.DONE)
        return result

    patching.watch(function, enter, leave, waits.fail)


def _watch_semaphore(module):
    """A permit that is there costs one record and no look at anything else, as an item in a queue does."""
    wait_kind, object_kind = R.WAIT_KIND["semaphore"], R.OBJECT_KIND["semaphore"]
    head = writer.done_head(wait_kind, waits.DONE)
    open_waits, all_lanes = waits._open, lanes._lanes

    def acquired(self, t, blocking, result):
        try:
            ident = _get_ident()
            wait = open_waits.get(ident)
            if wait is not None:
                if wait.kind == wait_kind and wait.t == t:
                    waits.end(wait, waits.DONE if result else waits.TIMED_OUT)
            elif blocking and result:
                state = waits.state_of(self, object_kind)
                number = state.number or waits.number_of(state)
                lane = all_lanes.get(ident)
                if lane is None:
                    lane = lanes.current()
                writer.done(head, lane, t, writer.now(), sites.site_of(_getframe(2)), number)
        except Exception as error:
            writer.problem("Semaphore.acquire", error)

    def failed(self, t):
        wait = waits.open_wait()
        if wait is not None and wait.kind == wait_kind and wait.t == t:
            waits.fail(wait)

    def opens(frame):
        fields = frame.f_locals
        state = waits.state_of(fields["self"], object_kind)
        return waits.start(
            wait_kind, waits.ON_OBJECT, state, fields.get("timeout"), frame=frame.f_back, t=fields["_clens_t"]
        )

    acquire = module.Semaphore.acquire
    patching.rewrite(
        acquire,
        before="_clens_t = _clens_now()",
        after="_clens_acquired(self, _clens_t, blocking, _clens_result)",
        failed="_clens_failed(self, _clens_t)",
        names={"_clens_now": writer.now, "_clens_acquired": acquired, "_clens_failed": failed},
    )
    waits.blocks_in(acquire, opens)


def _patch_condition(module):
    open_waits = waits._open
    wait_kind, object_kind = R.WAIT_KIND["condition"], R.OBJECT_KIND["condition"]


    def enter(self, timeout):
        whole = open_waits.get(_get_ident())
        if whole is not None and whole.number < 0:
            # Inside what is not told.
            return None
        state = waits.state_of(self, object_kind)
        if waits.blocked(_getframe(2)):
            return (state, None)
        if timeout is not None and timeout <= 0:
            return (state, waits.start(wait_kind, waits.ON_OBJECT, state, timeout))
        return (state, waits.begin(wait_kind, waits.ON_OBJECT, state, timeout, waits.label_of(state)))

    def leave(token, result):
        """Behind the `finally` of wait(), where it has its lock again."""
        if token is None:
            return
        state, wait = token
        cause = None
        grants = state.more
        whole = wait or waits.open_wait()
        if result and grants and whole is not None:
            # Whoever was notified takes the oldest notification that is not older than its own wait.
            try:
                cause = grants.pop(0)
                while whole.number > 0 and cause[1] < whole.t and grants:
                    cause = grants.pop(0)
            except IndexError:
                pass
        if wait is not None:
            waits.end(wait, waits.DONE if result else waits.TIMED_OUT, cause)
        elif whole is not None and cause is not None:
            whole.cause = cause

    def fail(token):
        if token is not None and token[1] is not None:
            waits.fail(token[1])

    def enter_for(self, predicate, timeout):
        return waits.start(wait_kind, waits.ON_OBJECT, waits.state_of(self, object_kind), timeout)

    def leave_for(wait, result):
        waits.end(wait, waits.DONE if result else waits.TIMED_OUT)
        return result

    def notified(self, n):
        try:
            silence = open_waits.get(_get_ident())
            if silence is not None and silence.kind == waits.OF_HELPER:
                # It is a messenger: what it brings knows its own cause.
                return
            state = waits.state_of(self, object_kind)
            cause = (lanes.current(), writer.now(), sites.site_of(_notifier(_getframe(2))))
            count = min(n, len(self._waiters))
            if state.more is None:
                state.more = []
            if len(state.more) > 10000:
                del state.more[:]
            state.more.extend([cause] * count)
        except Exception as error:
            writer.problem("notify", error)

    condition = module.Condition
    patching.rewrite(
        condition.wait,
        before="gotit = _clens_raised = False; _clens_token = _clens_enter(self, timeout)",
        failed="_clens_raised = True; _clens_fail(_clens_token)",
        lastly="_clens_raised or _clens_leave(_clens_token, gotit)",
        names={"_clens_enter": enter, "_clens_leave": leave, "_clens_fail": fail},
    )
    patching.watch(condition.wait_for, enter_for, leave_for, waits.fail)
    # Most notifications find nobody: those cost one look at the waiters.
    patching.rewrite(condition.notify, before="if self._waiters: _clens_notified(self, n)", names={"_clens_notified": notified})


def _notifier(frame):
    """The person's line; before 3.10 the end of a `with` says the last line of its body (`with semaphore`)."""
    leaves = False
    while frame.f_back is not None and not sites.is_own(frame.f_code):
        leaves = frame.f_code.co_name == "__exit__"
        frame = frame.f_back
    return with_lines.of_exit(frame) if leaves else frame


def _patch_thread(module):
    thread = module.Thread

    def start(self):
        started = getattr(self, "_started", None)
        if started is None or started.is_set():
            return None
        try:
            flags = _DAEMON if self._daemonic else 0
            lane = lanes.new("thread", self._name, sites.site_of(_getframe(2)), flags=flags)
            self.__dict__["_clens"] = _ThreadState(lane)
        except Exception as error:
            writer.problem("Thread.start", error)
            return None
        # start() waits for the first step of the thread: that is no wait of the person's.
        return (lane, waits.silence())

    def started(token, result):
        if token[1] is not None:
            waits.drop(token[1])
        return result

    def not_started(token):
        started(token, None)
        lanes_end(token[0])

    def lanes_end(lane):
        try:
            writer.lane_end(lane, R.LANE_ENDS["exited"], writer.now(), "could not be started")
        except Exception as error:
            writer.problem("Thread.start", error)

    def bootstrap(self):
        state = self.__dict__.get("_clens")
        if state is None:
            return
        try:
            lanes.begin_thread(state.lane)
        except Exception as error:
            writer.problem("the first step of a thread", error)

    def caught(self):
        state = self.__dict__.get("_clens")
        if state is not None and not state.raised:
            state.raised = lanes.exception_text()
            if not patching.RAISE_KEEPS_TRACEBACK:
                old_tracebacks.clean(sys.exc_info()[1])

    def ended(self):
        state = self.__dict__.get("_clens")
        if state is None:
            return
        try:
            raised = state.raised
            exited = raised.startswith("SystemExit")
            t = lanes.end_thread(state.lane, "exited" if exited else "raised" if raised else "returned", raised)
            state.ended = (state.lane, t, 0)
        except Exception as error:
            writer.problem("the end of a thread", error)

    def join(self, timeout):
        try:
            state = self.__dict__.get("_clens")
            started = getattr(self, "_started", None)
            if started is None or not started.is_set() or self._ident == module.get_ident():
                return None
            lane = lanes.of_ident(self._ident) if state is None else state.lane
            open_one = waits.start if state is not None and state.ended else waits.begin
            frame = _getframe(2)
            if lane is None:
                wait = open_one(_JOIN, timeout=timeout, label=self._name, frame=frame)
            else:
                wait = open_one(_JOIN, waits.ON_LANE, lane, timeout, frame=frame)
            return wait and (wait, self, state, timeout)
        except Exception as error:
            writer.problem("join", error)
            return None

    def joined(token, result):
        wait, thread_, state, timeout = token
        if state is not None:
            if state.ended is not None:
                waits.end(wait, waits.DONE, state.ended)
                return result
            over = timeout is None
        else:
            over = timeout is None or not thread_.is_alive()
        waits.end(wait, waits.DONE if over else waits.TIMED_OUT)
        return result

    def join_failed(token):
        waits.fail(token[0])

    def renamed(self, name):
        state = self.__dict__.get("_clens")
        if state is not None and state.lane is not None and state.ended is None:
            try:
                writer.lane_info(state.lane, writer.now(), str(name))
            except Exception as error:
                writer.problem("a thread's name", error)

    patching.watch(thread.start, start, started, not_started)
    hooks = {"_clens_begin": bootstrap, "_clens_caught": caught, "_clens_end": ended}
    patching.rewrite(
        thread._bootstrap_inner, before="_clens_begin(self)", after="_clens_end(self)", caught="_clens_caught(self)", names=hooks
    )
    patching.watch(thread.join, join, joined, join_failed)
    patching.watch(thread.name.fset, renamed)


def _patch_shutdown(module):
    """At its end the main thread waits for the threads that are no daemons: a join without a line of source."""

    def enter():
        try:
            me = module.get_ident()
            alive = []
            for ident, thread in list(module._active.items()):
                state = thread.__dict__.get("_clens")
                if ident != me and not thread._daemonic and state is not None and state.ended is None:
                    alive.append(state)
            if not alive:
                return None
            wait = waits.begin(_JOIN, waits.ON_LANE, alive[0].lane, frame=_NO_FRAME)
            if wait is None:
                return None
            for state in alive[1:]:
                waits.on(wait, waits.ON_LANE, state.lane)
            return (wait, alive)
        except Exception as error:
            writer.problem("shutdown", error)
            return None

    def leave(token, result):
        wait, alive = token
        ends = [state.ended for state in alive if state.ended is not None]
        waits.end(wait, waits.DONE, max(ends, key=lambda end: end[1]) if ends else None)
        return result

    patching.watch(module._shutdown, enter, leave, lambda token: waits.fail(token[0]))


class _NO_FRAME:
    """Stands for "no line": as a frame of the tracer's own without a caller."""

    f_code = patch.__code__
    f_lasti = 0
    f_back = None
