"""What a program writes into a pipe, as its parent reads it by hand: `Popen.stdout.read()`, `readline()`, a loop over its lines.

The file objects are written in C and stay what they are; only the raw one at the bottom is a subclass, which shows each read of the
descriptor as a wait for the program.
"""

import io
import os
import sys

from . import children, waits, writer
from . import records as R

_RECV = R.WAIT_KIND["recv"]
_getframe = sys._getframe


def _begin(raw, *_):
    try:
        child = raw._clens
        if children.is_ours(child):
            return waits.begin(_RECV, waits.ON_LANE, child.lane, frame=_getframe(2))
    except Exception as error:
        writer.problem("the output of a program", error)
    return None


def _end(wait, raw, *_):
    waits.end(wait, waits.DONE, (raw._clens.lane, writer.now(), 0))


class _Raw(io.FileIO):
    _clens = None
    readinto = waits.around(io.FileIO.readinto, _begin, _end)
    readall = waits.around(io.FileIO.readall, _begin, _end)
    read = waits.around(io.FileIO.read, _begin, _end)


# What the interpreter calls it when it has to, in a `repr` or an error.
_Raw.__name__ = "_io.FileIO"


class Io:
    """Stands for the module `io` inside `Popen.__init__`."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)

    def open(self, file, mode, buffering=-1):
        if mode != "rb" or type(file) is not int or buffering == 1:
            return self._module.open(file, mode, buffering)
        raw = _Raw(file, mode)
        if buffering == 0:
            return raw
        if buffering < 0:
            buffering = max(os.fstat(file).st_blksize if hasattr(os.stat_result, "st_blksize") else 0, io.DEFAULT_BUFFER_SIZE)
        return io.BufferedReader(raw, buffering)


def belongs_to(stream, child):
    """`stream` is `Popen.stdout` or `stderr`: text, bytes or unbuffered."""
    buffered = getattr(stream, "buffer", stream)
    raw = getattr(buffered, "raw", buffered)
    if type(raw) is _Raw:
        raw._clens = child
