"""What a frame awaits: the kind of wait, its target and its words, in the form in which a record has them."""

from itertools import islice

from . import records as R
from . import waits, writer

NO_TARGET = R.TARGET["none"]
ON_LANE = R.TARGET["lane"]
ON_OBJECT = R.TARGET["object"]
ON_JOB = R.TARGET["job"]
_RESULT = R.WAIT_KIND["result"]
# How a wait that went well ended, as a record has it.
_DONE_BITS = waits.DONE << 16


class Awaited:
    """What a frame awaits. `more` are the lanes of further targets, `key` that of a job in another process; None when there is neither."""

    __slots__ = ("kind", "head", "done_head", "target", "text", "timeout_ns", "more", "key")

    def __init__(self, kind, target_kind=NO_TARGET, target=0, label="", timeout=None, more=None, key=0):
        self.kind = kind
        # The first four bytes of a record of its begin, and of one that tells it whole.
        self.head = head = kind << 8 | target_kind << 24
        self.done_head = head | _DONE_BITS
        self.target = target
        self.text = writer.string(label) if label else 0
        self.timeout_ns = waits.nanoseconds(timeout) if timeout is not None else 0
        self.more = more
        self.key = key


def of_job(job, label=""):
    """A future of an executor's; `job` is what `patch_asyncio` noted of it."""
    number, key = job
    if number:
        return Awaited(_RESULT, ON_JOB, number, label, None, () if key else None, key)
    return Awaited(_RESULT, label=label or "a thread's result")


def lane_of(future):
    """The lane of a task, None of any other future."""
    return getattr(getattr(future, "_clens", None), "lane", None)


def several(kind, futures, timeout=None, label=""):
    """What waits for all of these; those beyond `waits.MOST_TARGETS` are tasks all the same."""
    is_ordered = type(futures) is list
    try:
        # Mostly all of them are tasks.
        lanes = [future._clens.lane for future in (islice(futures, waits.MOST_TARGETS + 1) if is_ordered else futures)]
    except AttributeError:
        lanes = [lane for lane in map(lane_of, futures) if lane is not None]
    if not is_ordered:
        lanes.sort()
    if not lanes:
        return Awaited(kind, label=label or "%d futures" % len(futures), timeout=timeout)
    if len(lanes) > waits.MOST_TARGETS:
        label = label or "%d tasks" % len(futures)
    return Awaited(kind, ON_LANE, lanes[0], label, timeout, lanes[1:waits.MOST_TARGETS])
