"""The waits of a task's enclosing own frames: `await helper()` lasts while `helper` awaits one thing after another.

A task keeps them as a list of (reference to what is awaited, instruction, site, wait number), outermost first.
"""

from _weakref import ref as _reference

from . import awaiting, sites, waits, writer
from . import records as R

_next_wait = writer.next_wait
_Coroutine = awaiting.Coroutine
_DONE, _RAISED = waits.DONE, waits.RAISED
_WAIT_BEGIN, _WAIT_END = R.WAIT_BEGIN, R.WAIT_END
# kind|a|b|c, lane, t, -, site, ref, id, -, text, x
_pack_begin = R.Struct("<IIQ8xIII16xIQ").pack_into
# kind|a|b|c, lane, t, -, id
_pack_end = R.Struct("<IIQ16xI").pack_into


def descend(coroutine, place):
    """(own, place, levels): the innermost own coroutine, where it is, and the awaits that lead to it as (awaited, instruction, place).

    `place` is None when it is not where anything was seen to wait before.
    """
    levels = []
    while place is not None and place.inner is not None:
        below = coroutine.cr_await
        if type(below) is not _Coroutine or below.cr_code is not place.code:
            return coroutine, None, levels
        levels.append((below, coroutine.cr_frame.f_lasti, place))
        coroutine = below
        place = place.inner.get(coroutine.cr_frame.f_lasti)
    return coroutine, place, levels


def move(state, levels, t):
    """The enclosing waits are now those of `levels`: a wait goes on while the same is awaited at the same place."""
    old = state.outer or ()
    kept = 0
    for below, instruction, _ in levels:
        if kept == len(old) or old[kept][0]() is not below or old[kept][1] != instruction:
            break
        kept += 1
    if kept == len(levels) == len(old):
        return
    _close_ended(state, old[kept:])
    new = list(old[:kept])
    for below, instruction, place in levels[kept:]:
        new.append((_reference(below), instruction, place.site, _begin(state, place.site, place.words, t)))
    state.outer = new or None


def update(state, outer, t):
    """As `move`, for frames of any kind: `outer` are the enclosing own ones as (coroutine, awaited)."""
    old = state.outer or ()
    kept = 0
    while kept < len(old) and kept < len(outer):
        own, below = outer[kept]
        reference, _, site, _ = old[kept]
        if reference() is not below or sites.site_of(awaiting.frame_of(own)) != site:
            break
        kept += 1
    _close_ended(state, old[kept:])
    new = list(old[:kept])
    for own, below in outer[kept:]:
        frame = awaiting.frame_of(own)
        site = sites.site_of(frame)
        try:
            reference = _reference(below)
        except TypeError:
            reference = _nothing
        new.append((reference, frame.f_lasti, site, _begin(state, site, awaiting.describe(below, None, own), t)))
    state.outer = new or None


def _nothing():
    """In place of a reference to what takes none."""


def _begin(state, site, awaited, t):
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
    return wait


def _close_ended(state, entries):
    # A time-out or a cancellation that ended the inner wait has, as far as can be seen, ended these.
    close(state, entries, _DONE if state.last == _RAISED else state.last)


def close(state, entries, outcome):
    for entry in reversed(entries):
        # The last moment known at which it still waited.
        try:
            chunk, at = writer._next_slot()
        except StopIteration:
            chunk, at = writer._slot()
        _pack_end(chunk, at, outcome << 16, state.lane, state.resumed, entry[3])
        chunk[at] = _WAIT_END
