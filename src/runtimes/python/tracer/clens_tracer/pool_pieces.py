"""The pieces of work that a pool sends to its workers: each is a job, the same in every process by a key.

The key is made of the owner's process id, the number of the result and the piece's index in it: all three are in what the pool sends
anyway.
"""

import os

from . import call_names, waits, writer
from . import records as R

_record = writer.record


def key_of(owner, job, index):
    return ((owner & 0x3FFFFF) << 42) | ((job & 0xFFFFF) << 22) | ((index + 1) & 0x3FFFFF)


class Jobs:
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


def submit(pool, result_job, jobs, index, name, t):
    number = jobs.numbers.get(index)
    if number is None:
        number = jobs.numbers[index] = writer.next_job()
    state = pool.__dict__.get("_clens")
    made_in = 0 if state is None else state.number or waits.number_of(state)
    key = key_of(os.getpid(), result_job, index)
    _record(R.JOB_SUBMIT, 0, 0, 0, jobs.lane, t, 0, jobs.site, made_in, number, 0, 0, 0, writer.string(name), key)
    return number


def piece_name(func, args, stars, kwds=None):
    """`nijou(3)`, or `nijou(0) and 3 more` for a chunk."""
    if func not in stars:
        return call_names.name_of(func, tuple(args), kwds)
    function, batch = args[0]
    first = batch[0] if batch else ()
    name = call_names.name_of(function, tuple(first) if func is stars[1] else (first,))
    return name if len(batch) < 2 else "%s and %d more" % (name, len(batch) - 1)
