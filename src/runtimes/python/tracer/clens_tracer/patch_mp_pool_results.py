"""The results of a pool: `get`, `wait` and the next of an `imap` wait for the jobs behind them."""

import os
import sys

from . import helper_threads, lanes, patching, sites, waits, writer
from . import records as R
from .pool_pieces import Jobs, key_of

_getframe = sys._getframe
_RESULT = R.WAIT_KIND["result"]
_RUN_RESULT = R.HANDOFF_KIND["run-result"]


def patch(module):
    result = module.ApplyResult
    for one in (result, module.IMapIterator):
        patching.watch(one.__init__, _result_made)
    for one in (result, module.MapResult, module.IMapIterator, module.IMapUnorderedIterator):
        if "_set" in one.__dict__:
            patching.watch(one._set, _setting, _set, helper_threads.unheard)
    patching.watch(result.get, _getting, _got, _get_failed)
    patching.watch(result.wait, _waiting, _waited, _wait_failed)
    patching.watch(module.IMapIterator.next, _next, _next_got, _next_failed)


def _result_made(self, *_):
    """On the caller's own thread."""
    try:
        self.__dict__["_clens"] = Jobs(lanes.current(), sites.site_of(_getframe(2)))
    except Exception as error:
        writer.problem("a pool's result", error)


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
            for number in list(jobs.numbers.values())[1:waits.MOST_TARGETS]:
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
