"""What a suspended asyncio task awaits: the line in the person's own code, the kind of wait, its target and its words.

A suspended coroutine tells what it awaits (`cr_await`), down to the future at the end. The deepest own frame of that chain is the
place where the task waits; what that frame awaits (a queue's `get`, a lock, another task, a future) says what for. Own frames
further out await the inner one: theirs are enclosing waits.

No local variables of the person's own frames are read (`f_locals` of CPython below 3.13 would keep copies of them alive); those of
asyncio's own short-lived coroutines are (`await_roles`).
"""

import gc

from . import await_roles, sites, writer
from . import records as R
from .await_words import Coroutine, read_expression
from .awaited import ON_LANE, Awaited, several

_AWAIT, _WAIT = R.WAIT_KIND["await"], R.WAIT_KIND["wait"]
_get_referents = gc.get_referents

# id(code) -> OWN, LIBRARY, or a function (coroutine, future) -> Awaited for a coroutine of asyncio's that says what it waits for.
# Where no code of the person's can be suspended in that coroutine, the function has `is_leaf`.
roles = {}
_codes = []
_MOST_CODES = 20000
OWN = True
LIBRARY = False


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
            role = await_roles.by_name.get(getattr(coroutine, "__qualname__", code.co_name), LIBRARY)
            if role is LIBRARY and code.co_name.startswith("sock_"):
                role = await_roles.io
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
            awaited = state.as_target = Awaited(_AWAIT, ON_LANE, state.lane)
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
        label = read_expression(frame.f_code, frame.f_lasti, frame.f_lineno)
        awaited = places[frame.f_lasti] = Awaited(_AWAIT, label=label)
    return awaited


_by_place = {}


def is_internal(coroutine):
    """Whether a task's coroutine is a helper of asyncio's own, such as `_connect_pipes`."""
    name = getattr(coroutine, "__name__", "")
    if name[:1] != "_":
        return False
    code = getattr(coroutine, "cr_code", None)
    return code is not None and code.co_filename.startswith(_folder)
