"""A worker process of a pool or an executor: it waits for its next job, begins it, and hands over what came of it.

These run for every job, which may be a small one: each is one Python call and as few records as will do.
"""

from . import lanes, waits, writer
from . import records as R

_GET = R.WAIT_KIND["get"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_open = waits._open
_record = writer.record
now = writer.now


def take(get, *args):
    """What the queue's own `get` returns. A worker that is idle is nowhere in the person's code."""
    wait = None
    try:
        if _get_ident() not in _open:
            wait = waits.begin_at(0, _GET, label=writer.string("the next task"))
    except Exception as error:
        writer.problem("an idle worker", error)
    try:
        return get(*args)
    finally:
        if wait is not None:
            waits.end(wait)


def begin(key, name=""):
    lane = _lane_of(_get_ident())
    if lane is None:
        lane = lanes.current()
    _record(R.JOB_BEGIN, 0, 0, 0, lane, now(), 0, 0, 0, 0, 0, 0, 0, writer.string(name) if name else 0, key)


def give(put, result, key, raised):
    """`raised` names the exception of a job that failed. What `put` waits for inside is no wait of the person's."""
    silence = None
    try:
        ident = _get_ident()
        if ident not in _open:
            silence = waits.silence()
        if key:
            lane = _lane_of(ident)
            if lane is None:
                lane = lanes.current()
            t = now()
            outcome, detail = (waits.RAISED, writer.string(raised)) if raised else (waits.DONE, 0)
            _record(R.JOB_END, 0, outcome, 0, lane, t, 0, 0, 0, 0, 0, 0, 0, detail, key)
            _record(R.LINK_FROM, _RUN_RESULT, 0, 0, lane, t, 0, 0, 0, 0, 0, 0, 0, 0, key)
    except Exception as error:
        writer.problem("the result of a worker", error)
    try:
        put(result)
    finally:
        if silence is not None:
            waits.drop(silence)
