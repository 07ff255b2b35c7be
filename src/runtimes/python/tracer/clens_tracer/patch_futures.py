"""`concurrent.futures`: a call that is submitted is a job, `result` waits for it (`wait` and `as_completed`: `patch_future_waits`).

A future knows its job by the work item that its executor makes for it (`patch_executors`); who finished it, and when, is noted as it is set.
"""

import sys

from . import imports, lanes, patch_future_waits, patching, sites, waits, writer
from . import records as R
from .jobs import end_job, finish, job_of

_getframe = sys._getframe
_RESULT = R.WAIT_KIND["result"]
_FOUND = writer.done_head(_RESULT, waits.DONE, waits.ON_JOB)
_FOUND_RAISED = writer.done_head(_RESULT, waits.RAISED, waits.ON_JOB)
# kind|a|b|c, lane, t, t2, site, ref, -, cause*
_pack_done = R.Struct("<IIQQII4xIQI").pack_into
_WAIT_DONE = R.WAIT_DONE
# In place of a lane, a moment and a site.
_UNKNOWN = (-1, 0, 0)
_ENDED_WELL = waits.DONE << 16
_JOB_END = R.JOB_END
_pack_job_end = R.Struct("<IIQ16xI").pack_into
now = writer.now
problem = writer.problem
current_lane = lanes.current
_site_of = sites.site_of
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_open = waits._open


def patch(module):
    base = sys.modules[module.__name__ + "._base"]
    future = base.Future
    over = (base.CANCELLED, base.CANCELLED_AND_NOTIFIED, base.FINISHED)

    finished = base.FINISHED

    def enter(self, timeout):
        try:
            job = self.__dict__.get("_clens")
            known = job is not None and job.number and job.generation == writer.generation
            if known and job.done is not None and self._state == finished:
                # A result that is there costs one record.
                ident = _get_ident()
                if ident in _open:
                    return None
                lane = _lane_of(ident)
                if lane is None:
                    lane = lanes.current()
                site = _site_of(_getframe(2))
                t = now()
                cause_lane, cause_t, cause_site = job.done if not job.key else _UNKNOWN
                try:
                    chunk, at = writer._next_slot()
                except StopIteration:
                    chunk, at = writer._slot()
                _pack_done(
                    chunk, at, _FOUND if self._exception is None else _FOUND_RAISED, lane, t, t, site, job.number,
                    cause_lane + 1, cause_t, cause_site,
                )
                chunk[at] = _WAIT_DONE
                return None
            opens = waits.start if self._state in over else waits.begin
            if known:
                wait = opens(_RESULT, waits.ON_JOB, job.number, timeout, frame=_getframe(2))
            else:
                wait = opens(_RESULT, timeout=timeout, label="a future", frame=_getframe(2))
            return wait and (wait, self)
        except Exception as error:
            writer.problem("Future.result", error)
            return None

    def leave(token, result):
        finish(token[0], token[1].__dict__.get("_clens"), waits.DONE)
        return result

    def fail(token):
        wait, self = token
        kind = sys.exc_info()[0]
        cancelled = self._state in over[:2]
        timed_out = not cancelled and self._state not in over and kind is base.TimeoutError
        outcome = waits.CANCELLED if cancelled else waits.TIMED_OUT if timed_out else waits.RAISED
        finish(wait, self.__dict__.get("_clens"), outcome)

    patching.watch(future.result, enter, leave, fail)
    patching.watch(future.exception, enter, leave, fail)
    patching.inline(future.set_result, ("", _set_result))
    patching.watch(future.set_exception, _setting_exception)
    patching.watch(future.cancel, _itself, _cancelled)
    patch_future_waits.patch(base, over)
    imports.when_imported(module.__name__ + ".thread", _patch_threads)
    imports.when_imported(module.__name__ + ".process", _patch_processes)


def _set_result(self):
    """First in `Future.set_result`."""
    try:
        job = self.__dict__.get("_clens")
        if job is None:
            _set_by_hand(self)
        else:
            lane = _lane_of(_get_ident())
            if lane is None:
                lane = current_lane()
            t = now()
            job.done = (lane, t, 0)
            if job.number and not job.key and not job.is_over and job.generation == writer.generation:
                job.is_over = True
                try:
                    chunk, at = writer._next_slot()
                except StopIteration:
                    chunk, at = writer._slot()
                _pack_job_end(chunk, at, _ENDED_WELL, lane, t, job.number)
                chunk[at] = _JOB_END
    except Exception as error:
        problem("Future.set_result", error)


def _set_by_hand(future):
    """The line that does it is the one that matters."""
    job_of(future).done = (lanes.current(), now(), sites.site_of(_getframe(2)))


def _setting_exception(self, exception):
    try:
        job = self.__dict__.get("_clens")
        if job is None:
            _set_by_hand(self)
            return
        job.done = (lanes.current(), now(), 0)
        # A call in another process ended itself, unless that process died or never got it.
        if not job.key or type(exception).__name__ == "BrokenProcessPool" or not _is_remote(exception):
            end_job(job, waits.RAISED, type(exception).__name__)
            job.key = 0
    except Exception as error:
        writer.problem("Future.set_exception", error)


def _is_remote(exception):
    """An exception that came from a worker carries the worker's traceback as its cause; one that failed to get there, the feeder's."""
    cause = getattr(exception, "__cause__", None)
    return type(cause).__name__ == "_RemoteTraceback" and "_feed" not in str(getattr(cause, "tb", ""))[:2000]


def _itself(self):
    return self


def _cancelled(self, result):
    try:
        job = self.__dict__.get("_clens")
        if result and job is not None:
            job.done = (lanes.current(), now(), sites.site_of(_getframe(2)))
            end_job(job, waits.CANCELLED)
    except Exception as error:
        writer.problem("Future.cancel", error)
    return result


def _patch_threads(module):
    from . import patch_executors, patch_future_workers

    patch_executors.patch(module.ThreadPoolExecutor)
    patch_future_workers.patch_threads(module)


def _patch_processes(module):
    from . import patch_executors, patch_future_workers

    patch_executors.patch(module.ProcessPoolExecutor)
    patch_future_workers.patch_processes(module)
