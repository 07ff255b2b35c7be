"""An executor: where it is made, what it is given to do, and the wait for its workers at its end."""

import sys

from . import lanes, patching, sites, waits, with_lines, writer
from . import records as R
from .jobs import Job

_getframe = sys._getframe
_SHUTDOWN = R.WAIT_KIND["shutdown"]
_POOL = R.OBJECT_KIND["pool"]
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_open = waits._open
now = writer.now


def patch(executor):

    def made(self, *_):
        self.__dict__["_clens"] = waits.State(_POOL, sites.site_of(_getframe(2)))

    names = executor.shutdown.__code__.co_varnames
    at = names.index("wait")
    leaving = executor.__exit__.__code__

    def enter(*values):
        try:
            self = values[0]
            if not values[at]:
                return None
            frame = _getframe(2)
            if frame.f_code is leaving:
                frame = with_lines.of_exit(frame.f_back)
            wait = waits.begin(_SHUTDOWN, waits.ON_OBJECT, waits.state_of(self, _POOL), frame=frame)
            if wait is None:
                return None
            for lane in _worker_lanes(self):
                waits.on(wait, waits.ON_LANE, lane)
            return wait
        except Exception as error:
            writer.problem("shutdown", error)
            return None

    def leave(wait, result):
        waits.end(wait)
        return result

    patching.watch(executor.__init__, made)
    patching.watch(executor.shutdown, enter, leave, waits.fail)


def _worker_lanes(executor):
    threads = list(getattr(executor, "_threads", None) or ())
    found = [getattr(thread.__dict__.get("_clens"), "lane", None) for thread in threads]
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        child = getattr(getattr(process, "_popen", None), "_clens", None)
        found.append(None if child is None or child.has_ended else child.lane)
    return [lane for lane in found if lane is not None][:waits.MOST_TARGETS]


def pool_of(executor):
    """The number of an executor; 0 when the person did not make it."""
    state = executor.__dict__.get("_clens")
    return state.number or waits.number_of(state) if type(state) is waits.State else 0


def watch_submission(executor):
    """For executors whose `submit` does much besides: it is looked at as a whole (`submission`)."""
    patching.watch(executor.submit, _submitting, _submitted, _not_submitted)


class _Submission:
    """Stands for the open wait of a thread that submits: what it does inside, taking locks and starting workers, is no wait."""

    __slots__ = ("executor", "ident", "lane", "site", "t", "kind", "number", "cause")

    def __init__(self, executor, ident, lane, site, t):
        self.executor = executor
        self.ident = ident
        self.lane = lane
        self.site = site
        self.t = t
        self.kind = 0
        self.number = -1
        self.cause = None


def _submitting(self, *_):
    try:
        ident = _get_ident()
        if ident in _open:
            return None
        lane = _lane_of(ident)
        if lane is None:
            lane = lanes.current()
        # 3.8 declares `submit(*args, **kwargs)`.
        executor = self[0] if type(self) is tuple else self
        one = _open[ident] = _Submission(executor, ident, lane, sites.site_of(_getframe(2)), now())
        return one
    except Exception as error:
        writer.problem("submit", error)
        return None


def _submitted(one, result):
    _open.pop(one.ident, None)
    return result


def _not_submitted(one):
    _open.pop(one.ident, None)


def submission():
    """The call of `submit` that this thread is in."""
    one = _open.get(_get_ident())
    return one if type(one) is _Submission else None


def submit(one, future, name, key=0):
    """The job of a future, as its work item is made inside `submit`."""
    number = writer.next_job()
    future.__dict__["_clens"] = Job(number, key)
    writer.job_submit(number, one.lane, one.t, one.site, name, pool_of(one.executor), key)
