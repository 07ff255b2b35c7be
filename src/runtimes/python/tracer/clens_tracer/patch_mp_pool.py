"""`multiprocessing.pool`: Pool and ThreadPool. Each piece of work that is sent to a worker is a job; results wait for jobs.

A job is the same in every process by a key made of the owner's process id, the number of the result and the piece's index in it:
all three are in what the pool sends anyway.
"""

import os
import sys

from . import call_names, helper_threads, idle_workers, lanes, patching, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_RESULT, _JOIN = R.WAIT_KIND["result"], R.WAIT_KIND["join"]
_POOL = R.OBJECT_KIND["pool"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]
_MOST_TARGETS = 256
_record = writer.record


def patch(module):
    pool = module.Pool
    stars = (module.mapstar, module.starmapstar)
    patching.watch(pool.__init__, _making, _made, waits_drop)
    for name in ("_handle_workers", "_handle_tasks", "_handle_results"):
        helper_threads.watch(pool.__dict__[name].__func__)
    patching.watch(pool.apply_async, _applying, _applied)
    patching.watch(pool._map_async, _mapping, _mapped)
    _watch_tasks(pool._guarded_task_generation, stars)
    patching.watch(pool._repopulate_pool_static, _silence, _end_silence, waits.drop)
    patching.watch(pool.join, _joining, _joined, waits.fail)
    for quiet in (pool.close, pool.terminate):
        patching.watch(quiet, _silence_self, _end_silence, waits.drop)
    _watch_worker(module, stars)
    result = module.ApplyResult
    for one in (result, module.IMapIterator):
        patching.watch(one.__init__, _result_made)
    for one in (result, module.MapResult, module.IMapIterator, module.IMapUnorderedIterator):
        if "_set" in one.__dict__:
            patching.watch(one._set, _setting, _set, helper_threads.unheard)
    patching.watch(result.get, _getting, _got, _get_failed)
    patching.watch(result.wait, _waiting, _waited, _wait_failed)
    patching.watch(module.IMapIterator.next, _next, _next_got, _next_failed)


def key_of(owner, job, index):
    return ((owner & 0x3FFFFF) << 42) | ((job & 0xFFFFF) << 22) | ((index + 1) & 0x3FFFFF)


def _making(self, *_, **__):
    frame = _getframe(2)
    self.__dict__["_clens"] = waits.State(_POOL, sites.site_of(frame))
    return (self, waits.silence())


def waits_drop(token):
    if token[1] is not None:
        waits.drop(token[1])


def _made(token, result):
    waits_drop(token)
    return result


def _silence(*_):
    return waits.silence()


def _silence_self(self):
    return waits.silence()


def _end_silence(silence, result):
    waits.drop(silence)
    return result


class _Jobs:
    """The jobs of one result: their numbers in this process's file, and which have come back."""

    __slots__ = ("generation", "numbers", "done", "lane", "site", "taken")

    def __init__(self, lane, site):
        self.generation = writer.generation
        # index -> job number
        self.numbers = {}
        # (index, t) in the order in which they came back.
        self.done = []
        self.lane = lane
        self.site = site
        self.taken = 0


def _submit(pool, result_job, jobs, index, name, t):
    number = jobs.numbers.get(index)
    if number is None:
        number = jobs.numbers[index] = writer.next_job()
    state = pool.__dict__.get("_clens")
    made_in = 0 if state is None else state.number or waits.number_of(state)
    key = key_of(os.getpid(), result_job, index)
    _record(R.JOB_SUBMIT, 0, 0, 0, jobs.lane, t, 0, jobs.site, made_in, number, 0, 0, 0, writer.string(name), key)
    return number


def _result_made(self, *_):
    """On the caller's own thread."""
    try:
        self.__dict__["_clens"] = _Jobs(lanes.current(), sites.site_of(_getframe(2)))
    except Exception as error:
        writer.problem("a pool's result", error)


def _applying(self, func, args, kwds, *_):
    return (self, func, args, kwds, writer.now())


def _applied(token, result):
    pool, func, args, kwds, t = token
    try:
        _submit(pool, result._job, result.__dict__["_clens"], 0, call_names.name_of(func, tuple(args), kwds), t)
    except Exception as error:
        writer.problem("apply_async", error)
    return result


def _mapping(self, func, *_):
    return (self, func, writer.now())


def _mapped(token, result):
    """The pieces of a map are known at once; each is named by the worker that runs it."""
    pool, func, t = token
    try:
        jobs = result.__dict__["_clens"]
        size, length = result._chunksize, len(result._value) if isinstance(result._value, list) else 0
        name = call_names.function_name(func)
        for index in range(-(-length // size) if size > 0 else 0):
            if index not in jobs.numbers:
                _submit(pool, result._job, jobs, index, name, t)
    except Exception as error:
        writer.problem("Pool.map", error)
    return result


def _watch_tasks(generate, stars):
    """The pieces of an imap are made one by one, by a thread of the pool, from a generator that the caller's thread makes."""

    def watched(self, result_job, func, iterable):
        try:
            # Runs at the first step of the generator, on the pool's own thread.
            result = self._cache.get(result_job)
            jobs = None if result is None else result.__dict__.get("_clens")
            if jobs is None:
                return iterable
            # A map has a list, an imap whatever the person made.
            pieces = iterable if hasattr(result, "_chunksize") else _heard(iterable)
            return _submitting(self, result_job, jobs, func, pieces, stars)
        except Exception as error:
            writer.problem("imap", error)
            return iterable

    patching.rewrite(
        generate,
        before="iterable = _clens_pieces(self, result_job, func, iterable)",
        names={"_clens_pieces": watched},
    )


def _submitting(pool, result_job, jobs, func, iterable, stars):
    for index, piece in enumerate(iterable):
        if index not in jobs.numbers:
            try:
                _submit(pool, result_job, jobs, index, piece_name(func, (piece,), stars), writer.now())
            except Exception as error:
                writer.problem("imap", error)
        yield piece


def _heard(iterable):
    """The person's own code makes each piece."""
    iterator = iter(iterable)
    while True:
        silence = helper_threads.heard()
        try:
            piece = next(iterator)
        except StopIteration:
            return
        finally:
            helper_threads.unheard(silence)
        yield piece


def piece_name(func, args, stars, kwds=None):
    """`nijou(3)`, or `nijou(0) and 3 more` for a chunk."""
    if func not in stars:
        return call_names.name_of(func, tuple(args), kwds)
    function, batch = args[0]
    first = batch[0] if batch else ()
    name = call_names.name_of(function, tuple(first) if func is stars[1] else (first,))
    return name if len(batch) < 2 else "%s and %d more" % (name, len(batch) - 1)


def _watch_worker(module, stars):
    worker = module.worker
    if worker.__code__.co_varnames[:2] != ("inqueue", "outqueue"):
        raise patching.CannotWatch("multiprocessing.pool.worker has other parameters")

    def queues(inqueue, outqueue):
        try:
            process = sys.modules["multiprocessing.process"]
            # A ThreadPool's queues are those of this process.
            is_thread = not hasattr(inqueue, "_reader")
            owner = os.getpid() if is_thread else process.current_process()._parent_pid
            tasks = _Tasks(inqueue, owner, stars)
            return tasks, _Results(outqueue, tasks)
        except Exception as error:
            writer.problem("a pool's worker", error)
            return inqueue, outqueue

    patching.rewrite(worker, before="inqueue, outqueue = _clens_queues(inqueue, outqueue)", names={"_clens_queues": queues})


class _Tasks:
    """What a worker takes its tasks from: notes which it got. The rest is the pool's queue."""

    def __init__(self, queue, owner, stars):
        self.queue = queue
        self.owner = owner
        self.stars = stars
        self.key = 0

    def __getattr__(self, name):
        return getattr(self.queue, name)

    def get(self):
        task = idle_workers.take(self.queue.get)
        try:
            if task is not None:
                job, index, func, args, kwds = task
                self.key = key_of(self.owner, job, index)
                idle_workers.begin(self.key, piece_name(func, args, self.stars, kwds))
        except Exception as error:
            writer.problem("a pool's task", error)
        return task


class _Results:
    def __init__(self, queue, tasks):
        self.queue = queue
        self.tasks = tasks

    def __getattr__(self, name):
        return getattr(self.queue, name)

    def put(self, result):
        raised = ""
        try:
            success, value = result[2]
            raised = "" if success else _text_of(value)
        except Exception as error:
            writer.problem("a pool's result", error)
        key, self.tasks.key = self.tasks.key, 0
        idle_workers.give(self.queue.put, result, key, raised)


def _text_of(value):
    error = getattr(value, "exc", value)
    return type(error).__name__


def _setting(self, index, *result):
    """A piece has come back; called by a thread of the pool."""
    try:
        jobs = self.__dict__.get("_clens")
        if jobs is not None:
            jobs.done.append((index, writer.now()))
        if jobs is not None and _getframe(2).f_code.co_name == "_handle_tasks" and index in jobs.numbers:
            # It never got to a worker, since it could not be pickled.
            writer.job_end(jobs.numbers[index], lanes.current(), writer.now(), waits.RAISED, 0, type(result[0][1]).__name__)
    except Exception as error:
        writer.problem("a pool's result", error)
    fields = self.__dict__
    return helper_threads.heard() if fields.get("_callback") or fields.get("_error_callback") else None


def _set(silence, result):
    helper_threads.unheard(silence)
    return result


def _wait_for(result, timeout, frame):
    try:
        jobs = result.__dict__.get("_clens")
        is_ready = result._event.is_set()
        if jobs is None or jobs.generation != writer.generation or not jobs.numbers:
            wait = (waits.start if is_ready else waits.begin)(_RESULT, timeout=timeout, label="a result", frame=frame)
            return wait and (wait, result, jobs)
        first = jobs.numbers[min(jobs.numbers)]
        wait = (waits.start if is_ready else waits.begin)(_RESULT, waits.ON_JOB, first, timeout, frame=frame)
        if wait is not None and not is_ready:
            for number in list(jobs.numbers.values())[1:_MOST_TARGETS]:
                waits.on(wait, waits.ON_JOB, number)
        return wait and (wait, result, jobs)
    except Exception as error:
        writer.problem("AsyncResult.get", error)
        return None


def _getting(self, timeout):
    return _wait_for(self, timeout, _getframe(2))


def _waiting(self, timeout):
    return _wait_for(self, timeout, _getframe(2))


def _finish(wait, result, jobs, outcome):
    """The piece that came back last ended the wait."""
    last = jobs.done[-1] if jobs is not None and jobs.done else None
    ready = last[1] if last is not None and last[1] > wait.t else 0
    blocked = wait.number
    # The pool's thread that handed it over is only the messenger.
    wait.cause = None
    waits.end(wait, outcome, None, ready)
    if last is not None and blocked and outcome != waits.TIMED_OUT:
        try:
            key = key_of(os.getpid(), result._job, last[0])
            writer.link_to(wait.lane, _RUN_RESULT, writer.now(), wait.site, key, blocked)
        except Exception as error:
            writer.problem("AsyncResult.get", error)


def _got(token, value):
    _finish(*token, waits.DONE)
    return value


def _get_failed(token):
    _finish(*token, waits.RAISED if token[1]._event.is_set() else waits.TIMED_OUT)


def _waited(token, value):
    _finish(*token, waits.DONE if token[1]._event.is_set() else waits.TIMED_OUT)
    return value


def _wait_failed(token):
    _finish(*token, waits.RAISED)


def _next(self, timeout):
    try:
        jobs = self.__dict__.get("_clens")
        is_ready = len(self._items) > 0
        if not is_ready and self._index == self._length:
            return None
        wait = (waits.start if is_ready else waits.begin)(_RESULT, timeout=timeout, label="the next result", frame=_getframe(2))
        return wait and (wait, self, jobs)
    except Exception as error:
        writer.problem("imap", error)
        return None


def _next_end(token, outcome):
    wait, result, jobs = token
    try:
        done = None
        if jobs is not None and outcome != waits.TIMED_OUT:
            index = jobs.taken
            jobs.taken += 1
            if type(result).__name__ == "IMapUnorderedIterator":
                done = jobs.done[index] if index < len(jobs.done) else None
            else:
                done = next((one for one in reversed(jobs.done) if one[0] == index), None)
            if done is not None and done[0] in jobs.numbers:
                waits.on(wait, waits.ON_JOB, jobs.numbers[done[0]])
        ready = done[1] if done is not None and done[1] > wait.t else 0
        number = wait.number
        wait.cause = None
        waits.end(wait, outcome, None, ready)
        if done is not None and number:
            key = key_of(os.getpid(), result._job, done[0])
            writer.link_to(wait.lane, _RUN_RESULT, writer.now(), wait.site, key, number)
    except Exception as error:
        waits.drop(wait)
        writer.problem("imap", error)


def _next_got(token, value):
    _next_end(token, waits.DONE)
    return value


def _next_failed(token):
    kind = sys.exc_info()[0]
    name = kind.__name__ if kind is not None else ""
    if name == "StopIteration":
        waits.drop(token[0]) if not token[0].number else waits.end(token[0])
        return
    _next_end(token, waits.TIMED_OUT if name == "TimeoutError" else waits.RAISED)


def _joining(self):
    try:
        wait = waits.begin(_JOIN, waits.ON_OBJECT, self.__dict__.get("_clens") or 0, label="", frame=_getframe(2))
        if wait is not None:
            for worker in getattr(self, "_pool", ()):
                child = getattr(getattr(worker, "_popen", None), "_clens", None)
                state = worker.__dict__.get("_clens")
                if child is not None:
                    waits.on(wait, waits.ON_LANE, child.lane)
                elif state is not None and getattr(state, "lane", None) is not None:
                    waits.on(wait, waits.ON_LANE, state.lane)
        return wait
    except Exception as error:
        writer.problem("Pool.join", error)
        return None


def _joined(wait, result):
    waits.end(wait)
    return result
