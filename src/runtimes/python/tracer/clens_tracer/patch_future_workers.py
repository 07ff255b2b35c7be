"""The workers of executors: which job runs on which thread or process, and what they do when they have none."""

import sys

from . import call_names, lanes, patching, waits, writer
from . import records as R
from .patch_futures import submission, submit
from .patch_mp_queues import helper_thread, key_of

_GET = R.WAIT_KIND["get"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]


class _NO_FRAME:
    """Stands for "no line": an idle worker is nowhere in the person's code."""

    f_code = helper_thread.__code__
    f_lasti = 0
    f_back = None


def patch_threads(module):
    item = module._WorkItem

    def made(*values):
        try:
            one = submission()
            if one is None:
                return
            # (self, future, fn, args, kwargs); from 3.14 on (self, future, (fn, args, kwargs)).
            fn, args, kwargs = values[2:] if len(values) == 5 else values[2]
            submit(one, values[1], call_names.name_of(fn, args, kwargs))
        except Exception as error:
            writer.problem("submit", error)

    def running(self, *_):
        try:
            job = self.future.__dict__.get("_clens")
            if job is not None and not job.is_over and job.generation == writer.generation:
                lane = lanes.of_ident(lanes.get_ident())
                writer.record(
                    R.JOB_BEGIN, 0, 0, 0, lanes.current() if lane is None else lane, writer.now(), 0, 0, 0, job.number, 0, 0, 0, 0, 0
                )
        except Exception as error:
            writer.problem("a worker", error)

    patching.watch(item.__init__, made)
    patching.watch(item.run, running)
    _lend_queue(module._worker, "work_queue", _IdleQueue)


def _lend_queue(worker, parameter, stand_in):
    code = worker.__code__
    if parameter not in code.co_varnames[: code.co_argcount]:
        raise patching.CannotWatch("%s has no %s" % (code.co_name, parameter))
    patching.rewrite(worker, before="%s = _clens_queue(%s)" % (parameter, parameter), names={"_clens_queue": stand_in})


# A worker that is idle for less is not worth telling.
_BRIEF = 0.001


class _IdleQueue:
    """The queue of a thread pool as its workers see it: a get is a wait for the next task."""

    __slots__ = ("queue", "get")

    def __init__(self, queue):
        self.queue = queue
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
    def made(self, future, fn, args, kwargs):
        try:
            one = submission()
            if one is None:
                return
            # Called by `submit`, under its lock: the number this job will have is the executor's next.
            number = getattr(one.executor, "_queue_count", None)
            call_queue = getattr(one.executor, "_call_queue", None)
            key = 0 if number is None or call_queue is None else job_key(call_queue, number)
            submit(one, future, _name(fn, args, kwargs), key)
        except Exception as error:
            writer.problem("submit", error)

    patching.watch(module._WorkItem.__init__, made)
    for name in ("_start_executor_manager_thread", "_start_queue_management_thread"):
        start = getattr(module.ProcessPoolExecutor, name, None)
        if start is not None:
            patching.watch(start, lambda self: self, _manager_started)
    _patch_worker(module)


def job_key(call_queue, work_id):
    """The same in the executor's process and in its workers: the queue between them, and the number of the work item."""
    return (key_of(call_queue) * 0x9E3779B97F4A7C15 + work_id * 0xC2B2AE3D27D4EB4F) & 0xFFFFFFFFFFFFFFFF or 1


def _manager_started(self, result):
    for name in ("_executor_manager_thread", "_queue_management_thread"):
        helper_thread(getattr(self, name, None))
    return result


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
        self.key = 0

    def __getattr__(self, name):
        return getattr(self.queue, name)

    def get(self, block=True, timeout=None):
        wait = waits.begin(_GET, timeout=timeout, label="the next task", frame=_NO_FRAME)
        try:
            item = self.queue.get(block, timeout)
        finally:
            if wait is not None:
                waits.end(wait)
        try:
            if item is not None:
                self.key = job_key(self.queue, item.work_id)
                writer.job_begin(0, lanes.current(), writer.now(), self.key)
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
        silence = waits.silence()
        try:
            key, self.calls.key = self.calls.key, 0
            if key:
                t, lane = writer.now(), lanes.current()
                exception = getattr(item, "exception", None)
                detail = "" if exception is None else type(getattr(exception, "exc", exception)).__name__
                writer.job_end(0, lane, t, waits.DONE if exception is None else waits.RAISED, key, detail)
                writer.link_from(lane, _RUN_RESULT, t, 0, key)
        except Exception as error:
            writer.problem("a worker", error)
        try:
            self.queue.put(item)
        finally:
            if silence is not None:
                waits.drop(silence)
