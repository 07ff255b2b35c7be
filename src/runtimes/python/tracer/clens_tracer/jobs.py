"""The jobs of `concurrent.futures`: what is known of a future's, and how a wait for it ends."""

from . import lanes, waits, writer
from . import records as R

_RUN_RESULT = R.HANDOFF_KIND["run-result"]
now = writer.now


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


def finish(wait, job, outcome):
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


def job_of(future):
    job = future.__dict__.get("_clens")
    if job is None:
        job = future.__dict__["_clens"] = Job()
    return job


def end_job(job, outcome, detail=""):
    if job.is_over or not job.number or job.generation != writer.generation:
        return
    job.is_over = True
    writer.job_end(job.number, lanes.current(), now(), outcome, 0, detail)


def numbers(futures):
    jobs = [future.__dict__.get("_clens") for future in futures]
    return [job.number for job in jobs if job is not None and job.number and job.generation == writer.generation]
