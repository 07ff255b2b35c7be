"""A page that all processes of a run share: one byte for each lock, set for good by the first lane that has to wait for it.

Setting a byte needs no lock, and reading one costs a releaser less than a record.
"""

import os

from . import writer

_BYTES = 1 << 18
_page = None


def marks():
    """The bytes; private ones where the page can not be made."""
    global _page
    if _page is None:
        try:
            _page = _open(os.path.join(writer._folder, "contended"))
        except Exception as error:
            writer.problem("the shared page", error)
            _page = bytearray(_BYTES)
    return _page


def _open(path):
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if os.fstat(file).st_size < _BYTES:
            os.truncate(path, _BYTES)
        return writer.map_file(file, 0, _BYTES)
    finally:
        os.close(file)


def index(key):
    return (key ^ (key >> 17) ^ (key >> 34)) % _BYTES
