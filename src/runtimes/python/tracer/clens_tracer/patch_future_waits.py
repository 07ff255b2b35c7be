"""`futures.wait` and `as_completed`: waits for several jobs."""

import sys
from _weakref import ref

from . import patching, waits, writer
from . import records as R
from .jobs import finish, numbers

_getframe = sys._getframe
_WAIT = R.WAIT_KIND["wait"]
now = writer.now


def patch(base, over):
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


def _open_for(futures, timeout, frame, over):
    """A wait for several: each that is not done yet is a target."""
    pending = [future for future in futures if future._state not in over]
    jobs = numbers(pending)[:waits.MOST_TARGETS]
    opens = waits.begin if pending else waits.start
    if not jobs:
        return opens(_WAIT, timeout=timeout, label="%d futures" % len(futures), frame=frame)
    wait = opens(_WAIT, waits.ON_JOB, jobs[0], timeout, frame=frame)
    if wait is not None:
        for number in jobs[1:]:
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
    finish(wait, last, outcome)
