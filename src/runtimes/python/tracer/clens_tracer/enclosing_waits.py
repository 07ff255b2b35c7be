"""The waits of a task's enclosing own frames: `await helper()` lasts while `helper` awaits one thing after another.

A task keeps them as a list of `Enclosing`, outermost first.
"""

from _weakref import ref as reference

from . import awaiting, sites, waits, writer
from . import records as R
from .catching import may_catch

_next_wait = writer.next_wait
_Coroutine = awaiting.Coroutine
_DONE, _RAISED, _TIMED_OUT, _CANCELLED = waits.DONE, waits.RAISED, waits.TIMED_OUT, waits.CANCELLED
# A loop's timer may be early by the resolution of its clock (`BaseEventLoop._clock_resolution`, 15 ms on Windows).
_EARLY_NS = 20_000_000
_WAIT_BEGIN, _WAIT_END = R.WAIT_BEGIN, R.WAIT_END
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
_pack_begin = R.Struct("<IIQ8xIII16xIQ").pack_into
# kind|a|b|c, lane, t, -, id
_pack_end = R.Struct("<IIQ16xI").pack_into


class Enclosing:
    __slots__ = ("awaited", "instruction", "site", "wait", "since", "timeout_ns", "outcome")

    def __init__(self, awaited, instruction, site, wait, since, timeout_ns):
        # A reference: what is awaited must not be kept.
        self.awaited = awaited
        self.instruction = instruction
        self.site = site
        self.wait = wait
        self.since = since
        self.timeout_ns = timeout_ns
        # Where it is known before the wait is over.
        self.outcome = None


def descend(coroutine, place):
    """(own, place, places, levels): the innermost own coroutine, where it is, and the awaits that lead to it as (awaited, instruction, place).

    `place` is None when it is not where anything was seen to wait before.
    """
    levels = []
    places = None
    while place is not None and place.inner is not None:
        below = coroutine.cr_await
        if type(below) is not _Coroutine or below.cr_code is not place.code:
            return coroutine, None, None, levels
        frame = coroutine.cr_frame
        levels.append((below, frame.f_lasti, place))
        coroutine = below
        places = place.inner
        place = places.get(coroutine.cr_frame.f_lasti)
    return coroutine, place, places, levels


def move(state, levels, t):
    """The enclosing waits are now those of `levels`: a wait goes on while the same is awaited at the same place."""
    old = state.outer or ()
    kept = 0
    for below, instruction, _ in levels:
        if kept == len(old) or old[kept].awaited() is not below or old[kept].instruction != instruction:
            break
        kept += 1
    if kept == len(levels) == len(old):
        return
    _close_ended(state, old[kept:])
    new = list(old[:kept])
    for below, instruction, place in levels[kept:]:
        new.append(_begin(state, reference(below), instruction, place.site, place.words, t))
    state.outer = new or None


def update(state, outer, t):
    """As `move`, for frames of any kind: `outer` are the enclosing own ones as (coroutine, awaited)."""
    old = state.outer or ()
    kept = 0
    while kept < len(old) and kept < len(outer):
        own, below = outer[kept]
        if old[kept].awaited() is not below or sites.site_of(awaiting.frame_of(own)) != old[kept].site:
            break
        kept += 1
    _close_ended(state, old[kept:])
    new = list(old[:kept])
    for own, below in outer[kept:]:
        frame = awaiting.frame_of(own)
        site = sites.site_of(frame)
        try:
            known = reference(below)
        except TypeError:
            known = _nothing
        new.append(_begin(state, known, frame.f_lasti, site, awaiting.describe(below, None, own), t))
    state.outer = new or None


def _nothing():
    """In place of a reference to what takes none."""


def _begin(state, known, instruction, site, awaited, t):
    wait = _next_wait()
    try:
        chunk, at = writer._next_slot()
    except StopIteration:
        chunk, at = writer._slot()
    # b=1: it encloses other waits of its lane, between which the lane may run.
    _pack_begin(
        chunk, at, awaited.head | 1 << 16, state.lane, t, site, awaited.target, wait,
        awaited.text, awaited.timeout_ns,
    )
    chunk[at] = _WAIT_BEGIN
    return Enclosing(known, instruction, site, wait, t, awaited.timeout_ns)


def timed_out(state, t):
    """The outcome of the innermost wait that a time-out ended: where an enclosing one waited with a limit that is over, as
    `wait_for(helper(), 1)` does, it is that which timed out, and the inner ones were cancelled for it."""
    entries = state.outer
    for at in range(len(entries) - 1, -1, -1):
        entry = entries[at]
        if entry.timeout_ns and t - entry.since >= entry.timeout_ns - _EARLY_NS:
            entry.outcome = _TIMED_OUT
            for inner in entries[at + 1 :]:
                inner.outcome = _CANCELLED
            # It goes no further out than that, unless it is raised, which cannot be seen.
            state.last = _DONE
            return _CANCELLED
    return _TIMED_OUT


def close_at_end(state, outcome):
    """The task has ended."""
    if outcome == _DONE:
        _close_ended(state, state.outer)
    else:
        close(state, state.outer, outcome)
    state.outer = None


def _close_ended(state, entries):
    """The frame of the first of `entries` goes on behind its await, or has returned."""
    outcome = _DONE if state.last == _RAISED else state.last
    if outcome != _DONE:
        # A time-out or a cancellation that ended the inner wait has, as far as can be seen, ended these; but it got to no frame that
        # could not have caught it.
        for entry in entries or ():
            if may_catch(entry.site):
                break
            entry.outcome = entry.outcome or _DONE
    close(state, entries, outcome)


def close(state, entries, outcome):
    for entry in reversed(entries):
        # The last moment known at which it still waited.
        try:
            chunk, at = writer._next_slot()
        except StopIteration:
            chunk, at = writer._slot()
        own = outcome if entry.outcome is None else entry.outcome
        _pack_end(chunk, at, own << 16, state.lane, state.resumed, entry.wait)
        chunk[at] = _WAIT_END
