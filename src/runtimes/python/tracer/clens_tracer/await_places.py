"""The awaits in the person's own coroutines as they were seen before, so that the next time costs little.

An instruction of a coroutine mostly awaits the same again: the same coroutine of asyncio's, or a future. What was found by walking the
chain of awaits (`awaiting.look`) is kept per instruction, with what has to be the same for it to hold.
"""

from . import awaiting, sites

_Coroutine = awaiting.Coroutine
_roles = awaiting.roles


class Place:
    """An await instruction: its site, the code of the coroutine it awaits, and how to know what that waits for.

    A coroutine of asyncio's tells (`tell`), for a bare yield of its `bare` does. A coroutine of the person's own has places itself
    (`inner`). For a future and for a coroutine of their own there are the `words` of the await.
    """

    __slots__ = ("site", "code", "tell", "bare", "inner", "words")

    def __init__(self, site, code=None, tell=None, bare=None, inner=None, words=None):
        self.site = site
        self.code = code
        self.tell = tell
        self.bare = bare
        self.inner = inner
        self.words = words


# id(code) -> {instruction: Place}
_by_code = {}
# Keeps what `_by_code` names by identity.
_codes = []
_MOST_CODES = 20000
# The type of what `await future` iterates over; None where that is a generator.
future_iterator = None


def of_coroutine(coroutine):
    """The places of a task's or an awaited coroutine; None when it is not of the person's own."""
    if type(coroutine) is not _Coroutine:
        return None
    code = coroutine.cr_code
    places = _by_code.get(id(code))
    if places is None:
        if not sites.is_own(code):
            return None
        if len(_by_code) > _MOST_CODES:
            _by_code.clear()
            del _codes[:]
        _codes.append(code)
        places = _by_code[id(code)] = {}
    return places


def learn(coroutine, places, outer, site, future):
    """`coroutine` is suspended, `outer` are its enclosing own frames, the innermost one is at `site`."""
    own = coroutine
    for own, below in outer:
        if type(own) is not _Coroutine or own.cr_await is not below:
            return
        inner = of_coroutine(below)
        if inner is None:
            return
        frame = own.cr_frame
        if frame.f_lasti not in places or places[frame.f_lasti].code is not below.cr_code:
            places[frame.f_lasti] = Place(sites.site_of(frame), below.cr_code, inner=inner, words=awaiting.at_place(own))
        own, places = below, inner
    below = own.cr_await
    if type(below) is _Coroutine:
        code = below.cr_code
        role = _roles.get(id(code))
        if getattr(role, "is_leaf", False):
            bare = role(below, None) if future is None and not role.has_target else None
            places[own.cr_frame.f_lasti] = Place(site, code, role, bare)
    elif type(below) is future_iterator and future is not None:
        places[own.cr_frame.f_lasti] = Place(site, words=awaiting.at_place(own))
