"""The coroutines of asyncio's that say what they wait for: a queue's `get`, a lock, a sleep. Each has a role, (coroutine, future) -> Awaited.

They are read from the local variables of the suspended coroutine, which takes long (`docs/traps.md`): an instruction that
awaits the same kind of thing again asks a `telling` of its own, which remembers what it found.
"""

from _weakref import ref

from . import call_names, waits
from . import records as R
from .awaited import ON_LANE, ON_OBJECT, Awaited, lane_of, of_job, several

_KIND = R.WAIT_KIND
_AWAIT, _SLEEP, _WAIT, _RESULT = _KIND["await"], _KIND["sleep"], _KIND["wait"], _KIND["result"]


def _locals(coroutine):
    return coroutine.cr_frame.f_locals


def _leaf(role):
    """A coroutine of asyncio's in which no code of the person's can be suspended."""
    role.is_leaf = True
    role.has_target = False
    # (words of the await) -> Awaited where these tell everything.
    role.fixed = None
    # () -> a function like the role itself.
    role.telling = lambda: role
    return role


def _open(role):
    role.is_leaf = False
    return role


_sleep_labels = {}


_sleeps_zero = []


@_leaf
def _sleep(coroutine, future):
    if future is None:
        return _sleep_zero(coroutine, future)
    return _sleep_for(_locals(coroutine).get("delay"))


def _sleep_for(delay):
    awaited = _sleep_labels.get(delay)
    if awaited is None:
        awaited = Awaited(_SLEEP, label="sleep %s s" % _plain(delay), timeout=delay)
        if len(_sleep_labels) < 1000:
            _sleep_labels[delay] = awaited
    return awaited


def _sleep_as_said(words):
    """`asyncio.sleep(0.5)` is for as long as it says."""
    before, found, inside = words.partition("sleep(")
    if not found or inside[-1:] != ")" or not (before + "x").replace(".", "").isidentifier():
        return None
    delay = inside[:-1].partition(",")[0].strip()
    if not delay[:1].isdigit():
        return None
    try:
        delay = float(delay)
    except ValueError:
        return None
    return _sleep_for(delay) if delay > 0 else _sleep_zero(None, None)


_sleep.fixed = _sleep_as_said


@_leaf
def _sleep_zero(coroutine, future):
    try:
        return _sleeps_zero[0]
    except IndexError:
        _sleeps_zero.append(Awaited(_SLEEP, label="sleep 0 s"))
        return _sleeps_zero[0]


def _plain(value):
    return "%g" % value if isinstance(value, (int, float)) else "?"


def _object_wait(kind, object_kind, waiters=""):
    """`waiters` is the object's attribute for the futures of those who wait, where the latest is the last one."""
    kind, object_kind = _KIND[kind], R.OBJECT_KIND[object_kind]

    def awaited_of(thing):
        state = waits.state_of(thing, object_kind)
        known = state.awaited
        if known is None:
            known = state.awaited = {}
        awaited = known.get(kind)
        if awaited is None:
            awaited = known[kind] = Awaited(kind, ON_OBJECT, waits.number_of(state))
        return awaited

    @_leaf
    def role(coroutine, future):
        return awaited_of(coroutine.cr_frame.f_locals["self"])

    def telling():
        last = awaited = None

        def tell(coroutine, future):
            nonlocal last, awaited
            thing = last() if last is not None else None
            if thing is not None:
                waiting = getattr(thing, waiters, None)
                if waiting and waiting[-1] is future:
                    return awaited
            thing = coroutine.cr_frame.f_locals["self"]
            awaited = awaited_of(thing)
            last = ref(thing)
            return awaited

        return tell

    role.has_target = True
    if waiters:
        role.telling = telling
    return role


_lock = _object_wait("lock", "lock", "_waiters")
_semaphore = _object_wait("semaphore", "semaphore", "_waiters")
_condition_lock = _object_wait("lock", "condition")


@_leaf
def _enter(coroutine, future):
    """`async with` on a lock, a semaphore or a condition."""
    thing = _locals(coroutine)["self"]
    names = [base.__name__ for base in type(thing).__mro__]
    if "Semaphore" in names:
        return _semaphore(coroutine, future)
    return _condition_lock(coroutine, future) if "Condition" in names else _lock(coroutine, future)


@_open
def _condition_wait_for(coroutine, future):
    return _condition(coroutine, future)


_condition = _object_wait("condition", "condition", "_waiters")


@_leaf
def _wait(coroutine, future):
    names = _locals(coroutine)
    return several(_WAIT, names.get("fs", ()), names.get("timeout"))


@_open
def _wait_for(coroutine, future):
    names = _locals(coroutine)
    awaited = names.get("fut")
    lane = lane_of(awaited)
    timeout = names.get("timeout")
    return Awaited(_AWAIT, timeout=timeout) if lane is None else Awaited(_AWAIT, ON_LANE, lane, "", timeout)


@_leaf
def _next_completed(coroutine, future):
    names = _locals(coroutine)
    todo = getattr(names.get("self"), "_todo", ())
    return several(_WAIT, list(todo), label="the next to complete")


@_open
def _group(coroutine, future):
    tasks = set(_locals(coroutine)["self"]._tasks)
    return several(_WAIT, tasks) if tasks else None


@_leaf
def _thread(coroutine, future):
    names = _locals(coroutine)
    label = call_names.name_of(names["func"], names.get("args", ()), names.get("kwargs"))
    noted = getattr(future, "_clens_awaited", None)
    if noted is None or not noted.target:
        return Awaited(_RESULT, label=label)
    return of_job((noted.target, noted.key), label)


@_leaf
def io(coroutine, future):
    return Awaited(_KIND["io"], label=coroutine.__qualname__.rpartition(".")[2])


@_leaf
def _exit(coroutine, future):
    process = _locals(coroutine)["self"]
    child = getattr(getattr(getattr(process, "_transport", None), "_proc", None), "_clens", None)
    if child is not None:
        return Awaited(_KIND["exit"], ON_LANE, child.lane)
    return Awaited(_KIND["exit"], label="process %s" % getattr(process, "pid", ""))


by_name = {
    "sleep": _sleep,
    "__sleep0": _sleep_zero,
    "Queue.get": _object_wait("get", "queue", "_getters"),
    "Queue.put": _object_wait("put", "queue", "_putters"),
    "Queue.join": _object_wait("drain", "queue"),
    "Lock.acquire": _lock,
    "Semaphore.acquire": _semaphore,
    "_ContextManagerMixin.__aenter__": _enter,
    "Event.wait": _object_wait("event", "event", "_waiters"),
    "Condition.wait": _condition,
    "Condition.wait_for": _condition_wait_for,
    "Barrier.wait": _object_wait("barrier", "barrier"),
    "Barrier.__aenter__": _object_wait("barrier", "barrier"),
    "wait": _wait,
    "wait_for": _wait_for,
    "as_completed.<locals>._wait_for_one": _next_completed,
    "_AsCompletedIterator._wait_for_one": _next_completed,
    "_AsCompletedIterator.__anext__": _next_completed,
    "TaskGroup.__aexit__": _group,
    "to_thread": _thread,
    "Process.wait": _exit,
    "Process.communicate": _exit,
}
for _name in (
    "StreamReader.read", "StreamReader.readline", "StreamReader.readuntil", "StreamReader.readexactly",
    "StreamReader.__anext__", "StreamWriter.drain", "StreamWriter.wait_closed", "StreamWriter.start_tls",
    "open_connection", "start_server", "open_unix_connection", "start_unix_server", "Server.serve_forever",
    "Server.wait_closed", "Server.start_serving", "BaseEventLoop.create_connection", "BaseEventLoop.create_server",
    "BaseEventLoop.getaddrinfo", "BaseEventLoop.getnameinfo", "BaseEventLoop.sock_sendfile",
):
    by_name[_name] = io
