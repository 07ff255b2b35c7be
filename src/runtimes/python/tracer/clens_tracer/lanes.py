"""Which lane runs now: thread ident -> lane number.

Lane 0 is the main thread of the process. `threading` lanes are numbered by their parent at start(); a thread that was
started some other way gets its lane when it first does something that is recorded. Whoever multiplexes lanes on one
thread (asyncio tasks) sets the entry of the thread at each step with `enter`, and back with `enter` again.
"""

import _thread
import os
import sys

from . import records as R
from . import writer

get_ident = _thread.get_ident
_native_id = getattr(_thread, "get_native_id", lambda: 0)

_lanes = {}
# The lane of the thread itself, whatever task it runs.
_threads = {}


def start_main():
    """Lane 0; in a child that is not the run's first process the model joins it with the lane its parent declared."""
    ident = get_ident()
    _lanes.clear()
    _threads.clear()
    _lanes[ident] = _threads[ident] = 0
    t = writer.now()
    writer.lane(0, R.LANE_KIND["main"], 0, t, 0, "MainThread", None, os.getpid())
    writer.lane_begin(0, t, _native_id())


def current():
    """The lane that runs now."""
    lane = _lanes.get(get_ident())
    return _unknown_thread() if lane is None else lane


def thread_lane():
    """The lane of the thread that runs now, whatever task it is busy with."""
    lane = _threads.get(get_ident())
    return _unknown_thread() if lane is None else lane


def enter(lane):
    """From here on this thread runs `lane` (a task). Returns the lane it ran before, to be given back."""
    ident = get_ident()
    before = _lanes.get(ident)
    if before is None:
        before = _unknown_thread()
    _lanes[ident] = lane
    return before


def new(kind, name, site=0, parent=None, flags=0, pid=0):
    """Declares a lane that is about to start; returns its number. `kind` is a word of LANE_KIND."""
    number = writer.next_lane()
    writer.lane(number, R.LANE_KIND[kind], flags, writer.now(), site, name, current() if parent is None else parent, pid)
    return number


def begin_thread(lane):
    """Called on the new thread itself, as its first step."""
    ident = get_ident()
    _lanes[ident] = _threads[ident] = lane
    writer.lane_begin(lane, writer.now(), _native_id())


def end_thread(lane, end="returned", detail=""):
    """Called on the thread itself, as its last step. Returns the moment, as joiners name it as their cause."""
    ident = get_ident()
    t = writer.now()
    writer.lane_end(lane, R.LANE_ENDS[end], t, detail)
    if _threads.get(ident) == lane:
        _lanes.pop(ident, None)
        _threads.pop(ident, None)
    return t


def _unknown_thread():
    """A thread that neither `threading` nor `_thread` started under our eyes: a C library's, say."""
    ident = get_ident()
    threading = sys.modules.get("threading")
    known = getattr(threading, "_active", {}).get(ident)
    name = known.name if known is not None else "Thread %d" % ident
    number = writer.next_lane()
    t = writer.now()
    _lanes[ident] = _threads[ident] = number
    writer.lane(number, R.LANE_KIND["thread"], 0, t, 0, name, None)
    writer.lane_begin(number, t, _native_id())
    return number


# The lane of a thread by its ident, None when it has none (yet).
of_ident = _lanes.get


def exception_text():
    """The exception that is being handled, as its traceback's last line; without running code of the person's."""
    try:
        kind, value = sys.exc_info()[:2]
        if kind is None:
            return ""
        name = kind.__name__
        if type(kind.__str__) is type(BaseException.__str__):
            text = str(value)
            return "%s: %s" % (name, text[:300]) if text else name
        return name
    except Exception:
        return "an exception"
