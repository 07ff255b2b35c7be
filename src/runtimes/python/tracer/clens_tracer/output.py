"""Attributes what is written to stdout and stderr to lanes, and shows a read of standard input as a wait.

`sys.stdout` stays a TextIOWrapper over a BufferedWriter over a FileIO; only the FileIO is a subclass that writes an `output` record
before each raw write, so that the reader of the pipe can match bytes to lanes.
"""

import io
import sys
from zlib import crc32

from . import lanes, sites, waits, writer
from . import records as R

_IO = R.WAIT_KIND["io"]
_getframe = sys._getframe


class _Written(io.FileIO):
    """The raw end of stdout or stderr."""

    def write(self, data):
        try:
            with memoryview(data) as view:
                writer.output(
                    lanes.current(), self._clens_stream, writer.now(), view.nbytes, crc32(view), sites.site_of(_getframe(1))
                )
        except Exception as error:
            writer.problem("output", error)
        return _write(self, data)


class _Read(io.FileIO):
    """The raw end of stdin."""

    def readinto(self, buffer):
        wait = waits.begin(_IO, label="standard input", frame=_getframe(1))
        try:
            return _readinto(self, buffer)
        finally:
            if wait is not None:
                waits.end(wait)

    def readall(self):
        wait = waits.begin(_IO, label="standard input", frame=_getframe(1))
        try:
            return _readall(self)
        finally:
            if wait is not None:
                waits.end(wait)


_write = io.FileIO.write
_readinto = io.FileIO.readinto
_readall = io.FileIO.readall


def install():
    """Re-makes the standard streams as they are, over a raw end that records."""
    for name, stream in (("stdout", 1), ("stderr", 2)):
        text = getattr(sys, name)
        if _is_plain(text):
            raw = _Written(text.fileno(), "wb" if "+" not in text.buffer.raw.mode else "rb+", closefd=False)
            raw._clens_stream = stream
            _replace(name, text, raw, io.BufferedWriter)
    text = sys.stdin
    if _is_plain(text) and not text.isatty():
        _replace("stdin", text, _Read(text.fileno(), "rb", closefd=False), io.BufferedReader)


def _is_plain(text):
    return (
        type(text) is io.TextIOWrapper
        and type(text.buffer) in (io.BufferedWriter, io.BufferedReader)
        and type(text.buffer.raw) is io.FileIO
    )


def _replace(name, text, raw, buffered):
    raw.name = text.buffer.raw.name
    writes = buffered is io.BufferedWriter
    # A person who watches a run sees each line when it is printed, as in a terminal.
    stream = io.TextIOWrapper(
        buffered(raw), encoding=text.encoding, errors=text.errors, newline="\n" if name != "stdin" else None,
        line_buffering=writes, write_through=getattr(text, "write_through", False),
    )
    stream.mode = text.mode
    old = getattr(sys, name)
    setattr(sys, name, stream)
    if getattr(sys, "__%s__" % name) is old:
        setattr(sys, "__%s__" % name, stream)
