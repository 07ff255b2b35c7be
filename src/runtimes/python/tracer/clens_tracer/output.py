"""Attributes what is written to stdout and stderr to lanes, and shows a read of standard input as a wait.

`sys.stdout` stays a TextIOWrapper over a BufferedWriter over a FileIO; only the FileIO is a subclass that writes an `output` record
before each raw write, so that the reader of the pipe can match bytes to lanes.
"""

import io
import sys
from _functools import partial, reduce
from _operator import or_
from zlib import crc32

from . import lanes, sites, waits, writer
from . import records as R

_IO = R.WAIT_KIND["io"]
_getframe = sys._getframe


class _Written(io.FileIO):
    """The raw end of stdout or stderr.

    Its `write` is a C callable that first calls ours and then the plain one, as `data | note | write`. In a method of ours an interrupt
    would be raised between the write and its return: the buffer above would think that nothing was written, and write it again.
    """

    def __init__(self, file, mode, stream):
        io.FileIO.__init__(self, file, mode, closefd=False)
        fields = {"__slots__": (), "__array_ufunc__": None}
        note = type("Note", (), dict(fields, __ror__=_noting(stream)))()
        write = type("Write", (), dict(fields, __ror__=staticmethod(partial(_write, self))))()
        self.write = partial(reduce, or_, (note, write))


def _noting(stream):
    def __ror__(self, data):
        try:
            with memoryview(data) as view:
                writer.output(lanes.current(), stream, writer.now(), view.nbytes, crc32(view), sites.site_of(_getframe().f_back))
        except TypeError:
            # No bytes: the plain write says so.
            pass
        except Exception as error:
            writer.problem("output", error)
        return data

    return __ror__


def _begin_read(*_):
    return waits.begin(_IO, label="standard input", frame=_getframe(2))


class _Read(io.FileIO):
    """The raw end of stdin."""

    readinto = waits.around(io.FileIO.readinto, _begin_read)
    readall = waits.around(io.FileIO.readall, _begin_read)


# What the interpreter calls them when it has to, in a `repr` or an error.
_Written.__name__ = _Read.__name__ = "_io.FileIO"

_write = io.FileIO.write


def install():
    """Re-makes the standard streams as they are, over a raw end that records."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        text = getattr(sys, name)
        raw = _raw_end(text, io.BufferedWriter)
        if raw is not None:
            _replace(name, text, raw, _Written(raw.fileno(), raw.mode, number))
    raw = _raw_end(sys.stdin, io.BufferedReader)
    if raw is not None:
        _replace("stdin", sys.stdin, raw, _Read(raw.fileno(), raw.mode, closefd=False))


def _raw_end(text, buffered):
    """The FileIO below a standard stream, None when the stream is not as the interpreter makes it."""
    if type(text) is not io.TextIOWrapper:
        return None
    raw = text.buffer.raw if type(text.buffer) is buffered else text.buffer
    return raw if type(raw) is io.FileIO else None


def _replace(name, text, raw, new):
    """With PYTHONUNBUFFERED the raw end carries the text itself."""
    new.name = raw.name
    below = new if text.buffer is raw else type(text.buffer)(new)
    # A person who watches a run sees each line when it is printed, as in a terminal.
    stream = io.TextIOWrapper(
        below, encoding=text.encoding, errors=text.errors, newline=None if name == "stdin" else "\n",
        line_buffering=name != "stdin", write_through=text.write_through,
    )
    stream.mode = text.mode
    if getattr(sys, "__%s__" % name) is text:
        setattr(sys, "__%s__" % name, stream)
    setattr(sys, name, stream)
