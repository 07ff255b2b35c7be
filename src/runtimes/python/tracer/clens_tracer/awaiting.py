"""What a suspended asyncio task awaits: the line in the person's own code, the kind of wait, its target and its words.

A suspended coroutine tells what it awaits (`cr_await`), down to the future at the end. The deepest own frame of that chain is the
place where the task waits; what that frame awaits (a queue's `get`, a lock, another task, a future) says what for. Own frames
further out await the inner one: theirs are enclosing waits.

No local variables of the person's own frames are read (`f_locals` of CPython below 3.13 would keep copies of them alive); those of
asyncio's own short-lived coroutines are.
"""

import gc
import sys

from . import records as R
from . import call_names, sites, waits, writer

_KIND = R.WAIT_KIND
_NO_TARGET = R.TARGET["none"]
_ON_LANE = R.TARGET["lane"]
_ON_OBJECT = R.TARGET["object"]
_ON_JOB = R.TARGET["job"]
# As many targets of one wait are told; the others are tasks all the same.
_MOST_TARGETS = 256
_AWAIT = _KIND["await"]
_SLEEP = _KIND["sleep"]
_WAIT = _KIND["wait"]
_RESULT = _KIND["result"]

_get_referents = gc.get_referents

# id(code) -> OWN, LIBRARY, or a function (coroutine, future) -> Awaited for a coroutine of asyncio's that says what it waits for.
# Where no code of the person's can be suspended in that coroutine, the function has `is_leaf`.
roles = {}
_codes = []
_MOST_CODES = 20000
OWN = True
LIBRARY = False


async def _sample():
    pass


_coroutine = _sample()
Coroutine = type(_coroutine)
_coroutine.close()
del _coroutine, _sample


class Awaited:
    """What a frame awaits. `more` are the lanes of further targets, `key` that of a job in another process; None when there is neither."""

    __slots__ = ("kind", "head", "target", "text", "timeout_ns", "more", "key")

    def __init__(self, kind, target_kind=_NO_TARGET, target=0, label="", timeout=None, more=None, key=0):
        self.kind = kind
        # The first four bytes of a record of it.
        self.head = kind << 8 | target_kind << 24
        self.target = target
        self.text = writer.string(label) if label else 0
        self.timeout_ns = waits.nanoseconds(timeout) if timeout is not None else 0
        self.more = more
        self.key = key


def look(coroutine, future):
    """(site, Awaited, outer) of a suspended task: `outer` are the enclosing own frames as (coroutine, awaited), outermost first."""
    own, below, outer = _chain(coroutine, future)
    if own is None:
        return 0, describe(below, future, None), None
    return sites.site_of(frame_of(own)), describe(below, future, own), outer


def frame_of(coroutine):
    """The frame of a suspended coroutine or generator of any kind."""
    try:
        return coroutine.cr_frame
    except AttributeError:
        return getattr(coroutine, "ag_frame", None) or coroutine.gi_frame


def _chain(coroutine, future):
    """(own, below, outer): the deepest own coroutine and what it awaits, and enclosing own ones as pairs, outermost first.

    `own` is None when nobody's code is in the chain; `below` is then what the outermost coroutine is.
    """
    own = below = outer = None
    first = coroutine
    while coroutine is not None:
        if type(coroutine) is Coroutine:
            code = coroutine.cr_code
            inner = coroutine.cr_await
        else:
            code, inner = _unusual(coroutine)
            if code is None:
                if inner is None:
                    break
                coroutine = inner
                continue
        role = roles.get(id(code))
        if role is None:
            role = _classify(code, coroutine)
        if role is OWN:
            if own is not None and code.co_name not in _COMPREHENSIONS:
                if outer is None:
                    outer = []
                outer.append((own, below))
            own = coroutine
            below = inner
        elif role is not LIBRARY and role.is_leaf:
            break
        coroutine = inner
    if own is None:
        below = first
    return own, below, outer


def _unusual(thing):
    """(code, inner) of what is awaited and no native coroutine; (None, inner) for wrappers, (None, None) for a future's iterator."""
    kind = type(thing).__name__
    if kind == "generator":
        return thing.gi_code, thing.gi_yieldfrom
    if kind == "async_generator":
        return thing.ag_code, thing.ag_await
    if kind in _WRAPPERS:
        # They have no attribute for what they wrap; the collector is told.
        for inner in _get_referents(thing):
            if type(inner) is Coroutine or type(inner).__name__ in _SUSPENDABLE:
                return None, inner
        return None, None
    if hasattr(thing, "cr_await"):
        # A coroutine of another make (Cython).
        return getattr(thing, "cr_code", None), thing.cr_await
    return None, None


# Before 3.12 a comprehension is a function of its own, on the line that awaits it.
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_WRAPPERS = ("async_generator_asend", "async_generator_athrow", "coroutine_wrapper", "anext_awaitable")
_SUSPENDABLE = _WRAPPERS + ("async_generator", "generator", "FutureIter")


def _classify(code, coroutine):
    if len(_codes) > _MOST_CODES:
        roles.clear()
        _by_place.clear()
        del _codes[:]
    _codes.append(code)
    if sites.is_own(code):
        role = OWN
    else:
        role = LIBRARY
        if code.co_filename.startswith(_folder):
            role = _by_name.get(getattr(coroutine, "__qualname__", code.co_name), LIBRARY)
            if role is LIBRARY and code.co_name.startswith("sock_"):
                role = _io
    roles[id(code)] = role
    return role


_folder = ""
_gathering = None


def install(asyncio):
    """Learns where asyncio's own code is."""
    global _folder, _gathering
    _folder = asyncio.__file__.rpartition("__init__")[0]
    _gathering = getattr(asyncio.tasks, "_GatheringFuture", None)


def describe(below, future, own):
    """The `Awaited` of an own coroutine that awaits `below`; its source tells the words where nothing better does."""
    try:
        role = None
        if type(below) is Coroutine:
            role = roles.get(id(below.cr_code))
            if role is None:
                role = _classify(below.cr_code, below)
        elif type(below).__name__ == "generator":
            # `sleep(0)` is a bare yield.
            role = _classify(below.gi_code, below)
        if role is not None and role is not OWN and role is not LIBRARY:
            awaited = role(below, future)
            if awaited is not None:
                if not awaited.text and not awaited.head >> 24 and own is not None:
                    awaited.text = at_place(own).text
                return awaited
        elif role is None and future is not None:
            awaited = of_future(future)
            if awaited is not None:
                return awaited
    except Exception as error:
        writer.problem("what a task awaits", error)
    return Awaited(_AWAIT) if own is None else at_place(own)


def of_future(future):
    """The `Awaited` of a future: a task, a gathering, an executor's; None of any other."""
    state = getattr(future, "_clens", None)
    if state is not None:
        awaited = state.as_target
        if awaited is None:
            awaited = state.as_target = Awaited(_AWAIT, _ON_LANE, state.lane)
        return awaited
    if type(future) is _gathering:
        return several(_WAIT, future._children)
    # What patch_asyncio noted when it was made.
    return getattr(future, "_clens_awaited", None)


def at_place(own):
    """The `Awaited` of an await that only the person's own words tell: the same each time."""
    frame = frame_of(own)
    places = _by_place.get(id(frame.f_code))
    if places is None:
        places = _by_place[id(frame.f_code)] = {}
        _codes.append(frame.f_code)
    awaited = places.get(frame.f_lasti)
    if awaited is None:
        label = _read_expression(frame.f_code, frame.f_lasti, frame.f_lineno)
        awaited = places[frame.f_lasti] = Awaited(_AWAIT, label=label)
    return awaited


_by_place = {}


def of_job(job, label=""):
    """A future of an executor's; `job` is what `patch_asyncio` noted of it."""
    number, key = job
    if number:
        return Awaited(_RESULT, _ON_JOB, number, label, None, () if key else None, key)
    return Awaited(_RESULT, label=label or "a thread's result")


def lane_of(future):
    """The lane of a task, None of any other future."""
    return getattr(getattr(future, "_clens", None), "lane", None)


def several(kind, futures, timeout=None, label=""):
    lanes = [lane for lane in map(lane_of, futures) if lane is not None]
    if type(futures) is not list:
        lanes.sort()
    if not lanes:
        return Awaited(kind, label=label or "%d futures" % len(futures), timeout=timeout)
    if len(lanes) > _MOST_TARGETS:
        label = label or "%d tasks" % len(lanes)
    return Awaited(kind, _ON_LANE, lanes[0], label, timeout, lanes[1:_MOST_TARGETS])


def _locals(coroutine):
    return coroutine.cr_frame.f_locals


def _leaf(function):
    """A coroutine of asyncio's in which no code of the person's can be suspended."""
    function.is_leaf = True
    function.has_target = False
    return function


def _open(function):
    function.is_leaf = False
    return function


_sleep_labels = {}


_sleeps_zero = []


@_leaf
def _sleep(coroutine, future):
    if future is None:
        return _sleep_zero(coroutine, future)
    delay = _locals(coroutine).get("delay")
    awaited = _sleep_labels.get(delay)
    if awaited is None:
        awaited = Awaited(_SLEEP, label="sleep %s s" % _plain(delay), timeout=delay)
        if len(_sleep_labels) < 1000:
            _sleep_labels[delay] = awaited
    return awaited


@_leaf
def _sleep_zero(coroutine, future):
    try:
        return _sleeps_zero[0]
    except IndexError:
        _sleeps_zero.append(Awaited(_SLEEP, label="sleep 0 s"))
        return _sleeps_zero[0]


def _plain(value):
    return "%g" % value if isinstance(value, (int, float)) else "?"


def _object_wait(kind, object_kind):
    kind, object_kind = _KIND[kind], R.OBJECT_KIND[object_kind]

    @_leaf
    def role(coroutine, future):
        state = waits.state_of(coroutine.cr_frame.f_locals["self"], object_kind)
        known = state.awaited
        if known is None:
            known = state.awaited = {}
        awaited = known.get(kind)
        if awaited is None:
            awaited = known[kind] = Awaited(kind, _ON_OBJECT, waits.number_of(state))
        return awaited

    role.has_target = True
    return role


_lock = _object_wait("lock", "lock")
_semaphore = _object_wait("semaphore", "semaphore")
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


_condition = _object_wait("condition", "condition")


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
    return Awaited(_AWAIT, timeout=timeout) if lane is None else Awaited(_AWAIT, _ON_LANE, lane, "", timeout)


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
def _io(coroutine, future):
    return Awaited(_KIND["io"], label=coroutine.__qualname__.rpartition(".")[2])


@_leaf
def _exit(coroutine, future):
    process = _locals(coroutine)["self"]
    child = getattr(getattr(getattr(process, "_transport", None), "_proc", None), "_clens", None)
    if child is not None:
        return Awaited(_KIND["exit"], _ON_LANE, child.lane)
    return Awaited(_KIND["exit"], label="process %s" % getattr(process, "pid", ""))


_by_name = {
    "sleep": _sleep,
    "__sleep0": _sleep_zero,
    "Queue.get": _object_wait("get", "queue"),
    "Queue.put": _object_wait("put", "queue"),
    "Queue.join": _object_wait("drain", "queue"),
    "Lock.acquire": _lock,
    "Semaphore.acquire": _semaphore,
    "_ContextManagerMixin.__aenter__": _enter,
    "Event.wait": _object_wait("event", "event"),
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
    _by_name[_name] = _io


def _read_expression(code, instruction, line):
    line, column, end = sites.position(code, instruction, line)
    text = sites.source_line(code.co_filename, line)
    if text is None:
        return ""
    if column:
        text = text[column - 1 : end - 1] if end else text[column - 1 :]
    else:
        text = text.strip()
        _, found, after = text.partition("await ")
        text = _balanced(after) if found else text
    text = text.strip()
    if text.startswith("await "):
        text = text[6:].strip()
    elif "async for " in text:
        text = _balanced(text.partition("async for ")[2].partition(" in ")[2]).strip()
    return text if len(text) <= 60 else text[:57] + "..."


def _balanced(text):
    """Up to the end of the call that the text begins with."""
    depth = 0
    for index, letter in enumerate(text):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth < 0:
                return text[:index]
        elif depth == 0 and letter in ",:#;":
            return text[:index]
    return text


def is_internal(coroutine):
    """Whether a task's coroutine is a helper of asyncio's own, such as `_connect_pipes`."""
    name = getattr(coroutine, "__name__", "")
    if name[:1] != "_":
        return False
    code = getattr(coroutine, "cr_code", None)
    return code is not None and code.co_filename.startswith(_folder)


def call_name(coroutine):
    """`fetch(3)`: the coroutine as a call, with the arguments where they are plain and short. Of one that has not started."""
    name = getattr(coroutine, "__qualname__", None) or getattr(coroutine, "__name__", None) or type(coroutine).__name__
    name = name.rpartition(".")[2]
    try:
        if type(coroutine) is not Coroutine:
            return name
        code = coroutine.cr_code
        count = code.co_argcount + code.co_kwonlyargcount
        if not count:
            return name + "()"
        arguments = code.co_varnames[:count]
        cells = [cell for cell in code.co_cellvars if cell not in code.co_varnames[: count + 2]]
        slots = count + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        # In the order of the frame's variables; what is not assigned yet is left out, arguments always are.
        source = coroutine if sys.version_info >= (3, 11) else coroutine.cr_frame
        values = _get_referents(source)[-(slots + len(cells) + len(code.co_freevars)) :]
        words = []
        for argument, value in zip(arguments, values):
            if type(value).__name__ == "cell":
                value = value.cell_contents
            if argument == "self":
                continue
            words.append(call_names.short(value))
        return "%s(%s)" % (name, ", ".join(words))
    except Exception:
        return name
