"""The workers of a pool: which task they got, and what came of it."""

import os
import sys

from . import idle_workers, patching, writer
from .pool_pieces import key_of, piece_name


def patch(module, stars):
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
