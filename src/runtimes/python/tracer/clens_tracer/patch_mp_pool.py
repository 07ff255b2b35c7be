"""`multiprocessing.pool`: Pool and ThreadPool. What is sent to the workers, and the wait for them (`pool_pieces`, `patch_mp_pool_results`)."""

import sys

from . import call_names, helper_threads, patch_mp_pool_results, patch_mp_pool_workers, patching, sites, waits, writer
from . import records as R
from .pool_pieces import piece_name, submit

_getframe = sys._getframe
_JOIN = R.WAIT_KIND["join"]
_POOL = R.OBJECT_KIND["pool"]


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
    patch_mp_pool_workers.patch(module, stars)
    patch_mp_pool_results.patch(module)


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


def _applying(self, func, args, kwds, *_):
    return (self, func, args, kwds, writer.now())


def _applied(token, result):
    pool, func, args, kwds, t = token
    try:
        submit(pool, result._job, result.__dict__["_clens"], 0, call_names.name_of(func, tuple(args), kwds), t)
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
                submit(pool, result._job, jobs, index, name, t)
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
                submit(pool, result_job, jobs, index, piece_name(func, (piece,), stars), writer.now())
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
