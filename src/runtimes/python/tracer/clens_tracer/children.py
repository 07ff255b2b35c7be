"""Child processes as lanes of their parent: declared when they are started, ended when their parent learns how.

A child that is traced has a file of its own with its own main lane; the model joins the two by the process id. What only the parent
can know, that a child was killed and by which signal, is recorded here.
"""

import os
import sys

from . import lanes, writer
from . import records as R

_HELPER = R.LANE_FLAG["helper"]
_UNTRACED = R.LANE_FLAG["untraced"]
_DAEMON = R.LANE_FLAG["daemon"]
_EXITED = R.LANE_ENDS["exited"]
_KILLED = R.LANE_ENDS["killed"]

# pid -> Child, until its end is known
_by_pid = {}


class Child:
    """A process that this process started. It is not this process's any more in a forked child."""

    __slots__ = ("lane", "pid", "generation", "has_ended", "told_by")

    def __init__(self, lane):
        self.lane = lane
        self.pid = 0
        self.generation = writer.generation
        self.has_ended = False
        # How this process itself told it to end: "terminate()".
        self.told_by = ""

    def __reduce__(self):
        return (Child, (0,))


def declare(kind, name, site, helper=False, daemon=False, traced=True, t=0):
    """A child is about to be started."""
    flags = (_HELPER if helper else 0) | (_DAEMON if daemon else 0) | (0 if traced else _UNTRACED)
    number = writer.next_lane()
    writer.lane(number, R.LANE_KIND[kind], flags, t or writer.now(), site, name, lanes.current())
    return Child(number)


def started(child, pid):
    if not isinstance(pid, int):
        return
    child.pid = pid
    _by_pid[pid] = child
    writer.lane_info(child.lane, writer.now(), pid=pid)


def not_started(child):
    """The exception that is being handled says why."""
    child.has_ended = True
    writer.lane_end(child.lane, R.LANE_ENDS["raised"], writer.now(), "could not be started: " + lanes.exception_text())


def of_pid(pid):
    """The child with that process id, if it is one of ours that has not ended."""
    child = _by_pid.get(pid)
    return child if is_ours(child) else None


def is_ours(child):
    return child is not None and child.generation == writer.generation


def exited(child, code):
    """The end of a child as `subprocess` and `multiprocessing` tell it: an exit status, or a signal as a negative number."""
    if not is_ours(child) or child.has_ended or code is None:
        return
    child.has_ended = True
    _by_pid.pop(child.pid, None)
    if code < 0:
        name = _signal_name(-code)
        writer.lane_end(child.lane, _KILLED, writer.now(), "%s by %s" % (name, child.told_by) if child.told_by else name, -code)
    else:
        writer.lane_end(child.lane, _EXITED, writer.now(), "", code)


def told_to_end(child, how):
    """The signal that ends it is no accident."""
    if is_ours(child) and not child.has_ended and not child.told_by:
        child.told_by = how


def exit_code(status):
    """What `os.waitstatus_to_exitcode` says; None for a child that is only stopped."""
    if os.name == "nt":
        return status >> 8
    if os.WIFSIGNALED(status):
        return -os.WTERMSIG(status)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else None


def _signal_name(number):
    signal = sys.modules.get("signal")
    try:
        return signal.Signals(number).name if signal is not None else "signal %d" % number
    except ValueError:
        return "signal %d" % number


def after_fork():
    _by_pid.clear()


# Functions to be called in a forked child, once its trace file is there; other modules add theirs.
after_fork_in_child = [after_fork]


def end_main(end, status=0, detail=""):
    """The main lane of this process ends, for one that leaves by `os._exit`; said once."""
    global _main_ended
    if _main_ended != writer.generation:
        _main_ended = writer.generation
        writer.lane_end(0, R.LANE_ENDS[end], writer.now(), detail, status)


_main_ended = -1
