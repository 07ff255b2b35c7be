"""What a program writes into a pipe, as its parent reads it by hand: `Popen.stdout.read()`, `readline()`, a loop over its lines.

The file objects are written in C and stay what they are; only the raw one at the bottom is a subclass, which shows each read of the
descriptor as a wait for the program.
"""

import io
import os
import sys

from . import children, patching, waits, writer
from . import records as R

_RECV = R.WAIT_KIND["recv"]
_getframe = sys._getframe
_readinto = io.FileIO.readinto
_readall = io.FileIO.readall
_read = io.FileIO.read


class _Raw(io.FileIO):
    _clens = None

    def readinto(self, buffer):
        return _watched(self, _readinto, (self, buffer), _getframe(1))

    def readall(self):
        return _watched(self, _readall, (self,), _getframe(1))

    def read(self, size=-1):
        return _watched(self, _read, (self, size), _getframe(1))


# What the interpreter calls it when it has to, in a `repr` or an error.
_Raw.__name__ = "_io.FileIO"


def _watched(raw, read, arguments, frame):
    wait = child = None
    try:
        child = raw._clens
        if children.is_ours(child):
            wait = waits.begin(_RECV, waits.ON_LANE, child.lane, frame=frame)
    except Exception as error:
        writer.problem("the output of a program", error)
    try:
        result = read(*arguments)
    except BaseException as error:
        if wait is not None:
            waits.fail(wait)
        patching.hide(error)
        raise
    if wait is not None:
        waits.end(wait, waits.DONE, (child.lane, writer.now(), 0))
    return result


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
