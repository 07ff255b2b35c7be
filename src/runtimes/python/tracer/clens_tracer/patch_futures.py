"""`concurrent.futures`: a call that is submitted is a job, `result`, `wait` and `as_completed` wait for jobs.

A future knows its job by the work item that its executor makes for it; who finished it, and when, is noted as it is set.
"""

import sys
from _weakref import ref

from . import imports, lanes, patching, sites, waits, with_lines, writer
from . import records as R

_getframe = sys._getframe
_RESULT, _WAIT, _SHUTDOWN = R.WAIT_KIND["result"], R.WAIT_KIND["wait"], R.WAIT_KIND["shutdown"]
_FUTURE, _POOL = R.OBJECT_KIND["future"], R.OBJECT_KIND["pool"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]
_MOST_TARGETS = 256
_JOB_END = R.JOB_END
_FOUND = writer.done_head(_RESULT, waits.DONE, waits.ON_JOB)
_FOUND_RAISED = writer.done_head(_RESULT, waits.RAISED, waits.ON_JOB)
_ENDED_WELL = waits.DONE << 16
now = writer.now
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_open = waits._open


class Job:
    """The job of a future. `done` is (lane, t, site) of what finished it; `key` is set when it ran in another process."""

    __slots__ = ("number", "generation", "done", "key", "is_over")

    def __init__(self, number=0, key=0):
        self.number = number
        self.generation = writer.generation
        self.done = None
        self.key = key
        self.is_over = False

    def __reduce__(self):
        return (Job, ())


def patch(module):
    base = sys.modules[module.__name__ + "._base"]
    future = base.Future
    over = (base.CANCELLED, base.CANCELLED_AND_NOTIFIED, base.FINISHED)

    finished = base.FINISHED

    def enter(self, timeout):
        try:
            job = self.__dict__.get("_clens")
            known = job is not None and job.number and job.generation == writer.generation
            if known and self._state == finished and job.done is not None:
                _found(job, self._exception, _getframe(2))
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
        _finish(token[0], token[1].__dict__.get("_clens"), waits.DONE)
        return result

    def fail(token):
        wait, self = token
        kind = sys.exc_info()[0]
        cancelled = self._state in over[:2]
        timed_out = not cancelled and self._state not in over and kind is base.TimeoutError
        outcome = waits.CANCELLED if cancelled else waits.TIMED_OUT if timed_out else waits.RAISED
        _finish(wait, self.__dict__.get("_clens"), outcome)

    patching.watch(future.result, enter, leave, fail)
    patching.watch(future.exception, enter, leave, fail)
    patching.watch(future.set_result, _setting)
    patching.watch(future.set_exception, _setting_exception)
    patching.watch(future.cancel, _itself, _cancelled)
    _patch_waits(base, over)
    imports.when_imported(module.__name__ + ".thread", _patch_threads)
    imports.when_imported(module.__name__ + ".process", _patch_processes)


def _found(job, exception, frame):
    """A result that is there costs one record."""
    ident = _get_ident()
    if ident in _open:
        return
    lane = _lane_of(ident)
    if lane is None:
        lane = lanes.current()
    t = now()
    head = _FOUND if exception is None else _FOUND_RAISED
    if job.key:
        writer.done(head, lane, t, t, sites.site_of(frame), job.number)
    else:
        cause_lane, cause_t, cause_site = job.done
        writer.done_by(head, lane, t, t, sites.site_of(frame), job.number, cause_lane, cause_t, cause_site)


def _finish(wait, job, outcome):
    """Whoever finished the future ended the wait."""
    done = job.done if job is not None and job.generation == writer.generation else None
    number = wait.number
    wait.cause = None
    if done is None or outcome == waits.TIMED_OUT:
        waits.end(wait, outcome)
    elif job.key:
        # It ran in another process: who it was is joined by the key; this process only knows when it heard of it.
        waits.end(wait, outcome, None, done[1] if done[1] > wait.t else 0)
        _link(wait, number, job)
    else:
        waits.end(wait, outcome, done)


def _link(wait, number, job):
    try:
        if number:
            writer.link_to(wait.lane, _RUN_RESULT, now(), wait.site, job.key, number)
    except Exception as error:
        writer.problem("a future", error)


def _job_of(future):
    job = future.__dict__.get("_clens")
    if job is None:
        job = future.__dict__["_clens"] = Job()
    return job


def _setting(self, result):
    try:
        job = self.__dict__.get("_clens")
        if job is None:
            # Set by hand: the line that does it is the one that matters.
            job = _job_of(self)
            job.done = (lanes.current(), now(), sites.site_of(_getframe(2)))
            return
        lane = _lane_of(_get_ident())
        if lane is None:
            lane = lanes.current()
        t = now()
        job.done = (lane, t, 0)
        if not job.key and not job.is_over and job.number and job.generation == writer.generation:
            job.is_over = True
            writer.numbered(_JOB_END, _ENDED_WELL, lane, t, job.number)
    except Exception as error:
        writer.problem("Future.set_result", error)


def _setting_exception(self, exception):
    try:
        job = self.__dict__.get("_clens")
        if job is None:
            job = _job_of(self)
            job.done = (lanes.current(), now(), sites.site_of(_getframe(2)))
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


def end_job(job, outcome, detail=""):
    if job.is_over or not job.number or job.generation != writer.generation:
        return
    job.is_over = True
    writer.job_end(job.number, lanes.current(), now(), outcome, 0, detail)


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


def _numbers(futures):
    jobs = [future.__dict__.get("_clens") for future in futures]
    return [job.number for job in jobs if job is not None and job.number and job.generation == writer.generation]


def _open_for(futures, timeout, frame, over):
    """A wait for several: each that is not done yet is a target."""
    pending = [future for future in futures if future._state not in over]
    numbers = _numbers(pending)[:_MOST_TARGETS]
    opens = waits.begin if pending else waits.start
    if not numbers:
        return opens(_WAIT, timeout=timeout, label="%d futures" % len(futures), frame=frame)
    wait = opens(_WAIT, waits.ON_JOB, numbers[0], timeout, frame=frame)
    if wait is not None:
        for number in numbers[1:]:
            waits.on(wait, waits.ON_JOB, number)
    return wait


def _close_for(wait, futures, outcome):
    """The one that was done last ended it."""
    last = None
    for future in futures:
        job = future.__dict__.get("_clens")
        if job is not None and job.done is not None and job.done[1] >= wait.t:
            if last is None or job.done[1] > last.done[1]:
                last = job
    _finish(wait, last, outcome)


def _patch_waits(base, over):
    def enter(fs, timeout, return_when):
        try:
            # It may be an iterator: what it holds is known inside only.
            futures = list(fs) if isinstance(fs, (list, tuple, set, frozenset, dict)) else []
            wait = _open_for(futures, timeout, _getframe(2), over)
            return wait and (wait, futures)
        except Exception as error:
            writer.problem("futures.wait", error)
            return None

    def leave(token, result):
        wait, futures = token
        done, not_done = result
        timed_out = wait.timeout is not None and not_done and now() - wait.t >= wait.timeout * 1e9
        _close_for(wait, futures or done, waits.TIMED_OUT if timed_out else waits.DONE)
        return result

    def installing(fs, return_when):
        return (fs, return_when)

    def installed(token, waiter):
        """`as_completed` waits on the event of this waiter, as often as it has to."""
        fs, return_when = token
        if return_when == base._AS_COMPLETED:
            try:
                _lend_wait(waiter, fs, over)
            except Exception as error:
                writer.problem("as_completed", error)
        return waiter

    patching.watch(base.wait, enter, leave, lambda token: waits.fail(token[0]))
    patching.watch(base._create_and_install_waiters, installing, installed)


def _lend_wait(waiter, fs, over):
    event = waiter.event
    plain = type(event).wait
    # The event is to have what it calls: what that knows of the event must not keep it, nor with it the futures.
    event_ref, waiter_ref = ref(event), ref(waiter)
    if all(future._state in over for future in fs):
        wait = waits.start(_WAIT, label="%d futures" % len(fs), frame=_getframe(3))
        if wait is not None:
            waits.end(wait)
        return
    is_first = [True]

    def wait_for_next(timeout=None):
        wait = None
        try:
            # Which ones it waits for is told once: they only get fewer.
            pending = fs if is_first[0] or len(fs) < 8 else ()
            is_first[0] = False
            frame = _getframe(1)
            wait = _open_for(pending, timeout, frame, over) if pending else waits.begin(
                _WAIT, timeout=timeout, label="%d futures" % len(fs), frame=frame
            )
        except Exception as error:
            writer.problem("as_completed", error)
        try:
            return plain(event_ref(), timeout)
        finally:
            if wait is not None:
                finished = waiter_ref().finished_futures
                _close_for(wait, finished[:1], waits.DONE if finished else waits.TIMED_OUT)

    event.wait = wait_for_next


def _patch_executor(executor):
    """Where it is made, and the wait for its workers at its end."""

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
    patching.watch(executor.submit, _submitting, _submitted, _not_submitted)
    patching.watch(executor.shutdown, enter, leave, waits.fail)


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


def _worker_lanes(executor):
    threads = list(getattr(executor, "_threads", None) or ())
    found = [getattr(thread.__dict__.get("_clens"), "lane", None) for thread in threads]
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        child = getattr(getattr(process, "_popen", None), "_clens", None)
        found.append(None if child is None or child.has_ended else child.lane)
    return [lane for lane in found if lane is not None][:_MOST_TARGETS]


def submission():
    """The call of `submit` that this thread is in."""
    one = _open.get(_get_ident())
    return one if type(one) is _Submission else None


def submit(one, future, name, key=0):
    """The job of a future, as its work item is made inside `submit`."""
    number = writer.next_job()
    future.__dict__["_clens"] = Job(number, key)
    state = one.executor.__dict__.get("_clens")
    pool = state.number or waits.number_of(state) if type(state) is waits.State else 0
    writer.job_submit(number, one.lane, one.t, one.site, name, pool, key)


def _patch_threads(module):
    from . import patch_future_workers

    _patch_executor(module.ThreadPoolExecutor)
    patch_future_workers.patch_threads(module)


def _patch_processes(module):
    from . import patch_future_workers

    _patch_executor(module.ProcessPoolExecutor)
    patch_future_workers.patch_processes(module)
