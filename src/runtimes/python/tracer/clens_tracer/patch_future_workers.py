"""The workers of executors: which job runs on which thread or process, and what they do when they have none."""

import sys

from . import call_names, helper_threads, idle_workers, lanes, patching, sites, waits, writer
from . import records as R
from .jobs import Job
from .patching import ORIGINAL
from .patch_executors import pool_of, submission, submit, watch_submission
from .patch_mp_queues import key_of

_GET = R.WAIT_KIND["get"]
_JOB_BEGIN = R.JOB_BEGIN
# kind|a|b|c, lane, t, -, id
_pack_begin = R.Struct("<IIQ16xI").pack_into
_now = writer.now
_get_ident = lanes.get_ident
_lane_of = lanes.of_ident
_getframe = sys._getframe
current_lane = lanes.current
site_of = sites.site_of
name_of = call_names.name_of
next_job, job_submit, problem = writer.next_job, writer.job_submit, writer.problem
# The open wait of a thread that submits.
INSIDE = waits.Wait()
INSIDE.ident = INSIDE.kind = INSIDE.t = 0
INSIDE.number = -1
INSIDE.cause = None


class _NO_FRAME:
    """Stands for "no line": an idle worker is nowhere in the person's code."""

    f_code = lanes.current.__code__
    f_lasti = 0
    f_back = None


def patch_threads(module):
    submit_, item = module.ThreadPoolExecutor.submit, module._WorkItem
    patching.inline(submit_, ("_WorkItem", _submit), ("self._adjust_thread_count", _adjust))
    try:
        patching.inline(item.run, ("self.fn", _run))
    except patching.CannotWatch:
        # From 3.14 on a worker's context calls it.
        patching.inline(item.run, ("ctx.run", _run))
    _lend_queue(module._worker, "work_queue", _IdleQueue)


def _submit(self, fn, args, kwargs, f):
    """`ThreadPoolExecutor.submit`, in front of making the work item."""
    try:
        ident = _get_ident()
        if ident not in waits._open:
            lane = _lane_of(ident)
            if lane is None:
                lane = current_lane()
            number = next_job()
            f.__dict__["_clens"] = Job(number)
            job_submit(number, lane, _now(), site_of(_getframe(1)), name_of(fn, args, kwargs), pool_of(self))
    except Exception as error:
        problem("submit", error)
    ORIGINAL


def _adjust(self):
    """`ThreadPoolExecutor.submit`, in place of starting a worker: what that does inside is no wait of the person's."""
    ident = _get_ident()
    if ident in waits._open:
        ORIGINAL
    else:
        waits._open[ident] = INSIDE
        try:
            ORIGINAL
        finally:
            waits._open.pop(ident, None)


def _run(self):
    """`_WorkItem.run`, in front of the call."""
    try:
        job = self.future.__dict__.get("_clens")
        if job is not None and not job.is_over and job.generation == writer.generation:
            lane = _lane_of(_get_ident())
            if lane is None:
                lane = current_lane()
            try:
                chunk, at = writer._next_slot()
            except StopIteration:
                chunk, at = writer._slot()
            _pack_begin(chunk, at, 0, lane, _now(), job.number)
            chunk[at] = _JOB_BEGIN
    except Exception as error:
        problem("a worker", error)
    ORIGINAL


def _lend_queue(worker, parameter, stand_in):
    code = worker.__code__
    if parameter not in code.co_varnames[: code.co_argcount]:
        raise patching.CannotWatch("%s has no %s" % (code.co_name, parameter))
    patching.rewrite(worker, before="%s = _clens_queue(%s)" % (parameter, parameter), names={"_clens_queue": stand_in})


# A worker that is idle for less is not worth telling.
_BRIEF = 0.001


class _IdleQueue:
    """The queue of a thread pool as its workers see it: a get is a wait for the next task."""

    __slots__ = ("queue", "get", "get_nowait")

    def __init__(self, queue):
        self.queue = queue
        # Asked for at each task: not by way of `__getattr__`.
        self.get_nowait = queue.get_nowait
        take = queue.get
        empty = sys.modules["queue"].Empty

        def get(block=True, timeout=None):
            if not block or timeout is not None:
                return take(block, timeout)
            t = writer.now()
            try:
                return take(True, _BRIEF)
            except empty:
                pass
            wait = waits.begin(_GET, label="the next task", frame=_NO_FRAME, t=t)
            try:
                return take()
            finally:
                if wait is not None:
                    waits.end(wait)

        self.get = get

    def __getattr__(self, name):
        return getattr(self.queue, name)


def patch_processes(module):
    watch_submission(module.ProcessPoolExecutor)

    def made(self, future, fn, args, kwargs):
        try:
            one = submission()
            if one is None:
                return
            # Called by `submit`, under its lock: the number this job will have is the executor's next.
            number = getattr(one.executor, "_queue_count", None)
            call_queue = getattr(one.executor, "_call_queue", None)
            key = 0 if number is None or call_queue is None else _job_key(key_of(call_queue), number)
            submit(one, future, _name(fn, args, kwargs), key)
        except Exception as error:
            writer.problem("submit", error)

    patching.watch(module._WorkItem.__init__, made)
    manager = getattr(module, "_ExecutorManagerThread", None)
    helper_threads.watch(manager.run if manager is not None else module._queue_management_worker)
    helper_threads.hear_callbacks(module._base.Future)
    _patch_worker(module)


def _job_key(queue_key, work_id):
    """The same in the executor's process and in its workers: the queue between them, and the number of the work item."""
    return (queue_key * 0x9E3779B97F4A7C15 + work_id * 0xC2B2AE3D27D4EB4F) & 0xFFFFFFFFFFFFFFFF or 1


def _name(fn, args, kwargs):
    """`executor.map` with a chunk size sends several calls as one."""
    inner = getattr(fn, "func", None)
    if getattr(inner, "__name__", "") == "_process_chunk" and args:
        chunk = args[0]
        name = call_names.name_of(fn.args[0], tuple(chunk[0]) if len(chunk) else ())
        return name if len(chunk) < 2 else "%s and %d more" % (name, len(chunk) - 1)
    return call_names.name_of(fn, args, kwargs)


def _patch_worker(module):
    worker = module._process_worker
    if worker.__code__.co_varnames[:2] != ("call_queue", "result_queue"):
        raise patching.CannotWatch("_process_worker has other parameters")

    def queues(call_queue, result_queue):
        calls = _Calls(call_queue)
        return calls, _Results(result_queue, calls)

    patching.rewrite(
        worker, before="call_queue, result_queue = _clens_queues(call_queue, result_queue)", names={"_clens_queues": queues}
    )


class _Calls:
    def __init__(self, queue):
        self.queue = queue
        self.queue_key = key_of(queue)
        self.key = 0

    def __getattr__(self, name):
        return getattr(self.queue, name)

    def get(self, block=True, timeout=None):
        item = idle_workers.take(self.queue.get, block, timeout)
        try:
            if item is not None:
                self.key = _job_key(self.queue_key, item.work_id)
                idle_workers.begin(self.key)
        except Exception as error:
            writer.problem("a worker", error)
        return item


class _Results:
    def __init__(self, queue, calls):
        self.queue = queue
        self.calls = calls

    def __getattr__(self, name):
        return getattr(self.queue, name)

    def put(self, item):
        key, self.calls.key = self.calls.key, 0
        exception = getattr(item, "exception", None)
        raised = "" if exception is None else type(getattr(exception, "exc", exception)).__name__
        idle_workers.give(self.queue.put, item, key, raised)
