"""Threads that the library runs for itself: the feeder of a queue, the handlers of a pool, the manager of an executor.

Their lanes are helpers, and what they wait for is nobody's business: such a thread is inside one silent operation from its first step
to its last, so that every hook returns at its first look. Where the person's own code runs on one (a callback, the
iterable of an `imap`), it is `heard`.
"""

import _thread

from . import children, lanes, patching, waits, writer
from . import records as R

_get_ident = _thread.get_ident
_HELPER = R.LANE_FLAG["helper"]
# ident -> what silences the thread
_silences = {}


def watch(body):
    """`body` is all that such a thread runs."""
    patching.watch(body, _begin, _end, _fail)


def _begin(*_):
    silence = waits.silence()
    try:
        writer.lane_info(lanes.thread_lane(), writer.now(), flags=_HELPER)
        if silence is not None:
            silence.kind = waits.OF_HELPER
            _silences[silence.ident] = silence
    except Exception as error:
        writer.problem("a helper thread", error)
    return silence


def _fail(silence):
    _silences.pop(silence.ident, None)
    waits.drop(silence)


def _end(silence, result):
    _fail(silence)
    return result


def heard():
    """From here on the person's own code runs on this thread. Returns what `unheard` takes; None on any other thread."""
    silence = _silences.get(_get_ident())
    if silence is not None:
        waits.drop(silence)
    return silence


def unheard(silence):
    if silence is not None:
        waits.reopen(silence)


def hear_callbacks(future):
    """Callbacks of a `concurrent.futures.Future` run on whatever thread finishes it."""
    patching.rewrite(
        future._invoke_callbacks,
        before="_clens_silence = _clens_heard() if self._done_callbacks else None",
        after="_clens_unheard(_clens_silence)",
        failed="_clens_unheard(_clens_silence)",
        names={"_clens_heard": heard, "_clens_unheard": unheard},
    )


children.after_fork_in_child.append(_silences.clear)
