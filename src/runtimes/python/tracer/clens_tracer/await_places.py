"""The awaits in the person's own coroutines as they were seen before, so that the next time costs little.

An instruction of a coroutine mostly awaits the same again: the same coroutine of asyncio's, or a future. What was found by walking the
chain of awaits (`awaiting.look`) is kept per instruction, with what has to be the same for it to hold.
"""

from . import awaiting, sites
from .await_words import read_expression, words_are_its_own

_Coroutine = awaiting.Coroutine
_roles = awaiting.roles


class Place:
    """An await instruction: its site, the type of what it awaits, and how to know what that waits for.

    A coroutine of asyncio's, of this `code`, tells (`tell`); for a bare yield of its `bare` does, and `fixed` where the words of the
    await say it all. For a future and for a coroutine of their own there are the `words`; that has places itself (`inner`).
    """

    __slots__ = ("site", "awaits", "code", "fixed", "bare", "tell", "inner", "words")

    def __init__(self, site, awaits=None, code=None, tell=None, bare=None, fixed=None, inner=None, words=None):
        self.site = site
        # None where that is a coroutine of their own.
        self.awaits = awaits
        self.code = code
        self.fixed = fixed
        self.bare = bare
        self.tell = tell
        self.inner = inner
        self.words = words


def awaited_at(place, below, future):
    """The `Awaited` of one who waits there for `below`, None when that is not what was seen before. (Also in `step_hooks.run`.)"""
    if type(below) is not place.awaits:
        return None
    if place.code is None:
        return None if future is None else awaiting.of_future(future) or place.words
    if below.cr_code is not place.code:
        return None
    if place.fixed is not None:
        return place.fixed
    return place.bare if future is None else place.tell(below, future)


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
            places[frame.f_lasti] = Place(sites.site_of(frame), None, below.cr_code, inner=inner, words=awaiting.at_place(own))
        own, places = below, inner
    below = own.cr_await
    if type(below) is _Coroutine:
        code = below.cr_code
        role = _roles.get(id(code))
        if getattr(role, "is_leaf", False):
            frame = own.cr_frame
            instruction = frame.f_lasti
            known = places.get(instruction)
            if known is not None and known.code is code:
                # Its bare yield, or its other one.
                known.bare = known.bare or _bare(role, below, future)
                return
            fixed = None
            if role.fixed is not None and words_are_its_own(frame.f_code, frame.f_lineno):
                fixed = role.fixed(read_expression(frame.f_code, instruction, frame.f_lineno))
            places[instruction] = Place(site, _Coroutine, code, role.telling(), _bare(role, below, future), fixed)
    elif type(below) is future_iterator and future is not None:
        places[own.cr_frame.f_lasti] = Place(site, future_iterator, words=awaiting.at_place(own))


def _bare(role, below, future):
    return role(below, None) if future is None and not role.has_target else None
