"""Remembers rewritten functions from one run to the next, as Python does with compiled modules and in the same folder.

Parsing and compiling a function of the library anew takes half a millisecond, and a program with pools needs eighty. An entry
holds for one source file as it is now (its time and size), one function of it, and one way of rewriting it. Where Python may not
write compiled files, neither does this.
"""

import marshal
import os
import sys
from zlib import crc32

_entries = None
_new = {}
_stamps = {}


def find(function, recipe):
    """The code that `keep` was given for the same function and recipe; None when there is none."""
    global _entries
    try:
        if _entries is None:
            _entries = _load()
        data = _entries.get(_key(function, recipe))
        return None if data is None else marshal.loads(data)
    except Exception:
        return None


def keep(function, recipe, code):
    try:
        key = _key(function, recipe)
        if key is not None:
            _new[key] = marshal.dumps(code)
    except Exception:
        pass


def save():
    """Writes what is new; called when a module has been patched."""
    if not _new or sys.dont_write_bytecode:
        return
    try:
        path = _path()
        entries = _load()
        entries.update(_new)
        _new.clear()
        part = "%s.%d" % (path, os.getpid())
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
        try:
            os.write(file, marshal.dumps(entries))
        finally:
            os.close(file)
        os.replace(part, path)
    except Exception:
        _new.clear()


def _key(function, recipe):
    code = function.__code__
    file = function.__globals__.get("__file__")
    stamp = _stamps.get(file)
    if stamp is None:
        status = os.stat(file)
        stamp = _stamps[file] = (file, status.st_mtime_ns, status.st_size)
    return stamp + (function.__qualname__, code.co_firstlineno) + recipe


def _load():
    try:
        with open(_path(), "rb") as file:
            entries = marshal.load(file)
        return entries if type(entries) is dict else {}
    except Exception:
        return {}


def _path():
    folder = os.path.dirname(__cached__)
    return os.path.join(folder, "watched.%s-%08x.cache" % (sys.implementation.cache_tag, crc32(sys.version.encode())))
