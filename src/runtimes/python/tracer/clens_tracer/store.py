"""Keeps compiled code from one run to the next: the tracer's own modules, and the functions that it rewrote (`code_cache`).

Python keeps compiled modules too, but not where it was told to write none (PYTHONDONTWRITEBYTECODE) and not in a folder that may not
be written; compiling everything anew takes 30 ms and more at each start. This is one file per interpreter, which is read at
once: beside the tracer, or in the person's folder for caches where the tracer's may not be written.
"""

import _thread
import marshal
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = __name__.rpartition(".")[0] + "."
_FILE = "clens-%s-%08x.cache" % (
    sys.implementation.cache_tag,
    # Builds of the same version do not share compiled code.
    int.from_bytes(sys.version.encode(), "little") % 4294967291,
)

_entries = None
_new = {}


def find(key):
    """The code that `keep` was given under that key, by this process or an earlier one; None when there is none."""
    global _entries
    try:
        if _entries is None:
            _entries = _load()
        data = _entries.get(key)
        return None if data is None else marshal.loads(data)
    except Exception:
        return None


def keep(key, code):
    """A key is a tuple that begins with the path, time and size of a source file (`stamp`)."""
    try:
        _new[key] = marshal.dumps(code)
    except Exception:
        pass


def stamp(file):
    status = os.stat(file)
    return (file, status.st_mtime_ns, status.st_size)


def save():
    """Writes what is new, so that the next start finds it."""
    if not _new:
        return
    try:
        path = _path()
        new = dict(_new)
        entries = _load()
        entries.update(new)
        _entries.update(new)
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        part = "%s.%d-%d" % (path, os.getpid(), _thread.get_ident())
        _write(part, marshal.dumps((_maker(), entries)))
        os.replace(part, path)
    except Exception:
        pass
    _new.clear()


def _write(path, data):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if os.write(file, data) < len(data):
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def _load():
    try:
        with open(_path(), "rb", 0) as file:
            maker, entries = marshal.loads(file.read())
        return entries if maker == _maker() else {}
    except Exception:
        return {}


def _maker():
    """What made the entries: another tracer may rewrite in another way."""
    return stamp(os.path.join(_HERE, "rewriting.py"))


def _path():
    return os.path.join(_folder(), _FILE)


def _folder():
    if os.access(_HERE, os.W_OK):
        return os.path.join(_HERE, "__pycache__")
    if os.name == "nt":
        return os.path.join(os.environ["LOCALAPPDATA"], "concurrency-lens")
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    person_own = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], caches)
    return os.path.join(person_own, "concurrency-lens")


class _Finder:
    """Finds the tracer's own modules, here where their compiled code is. Nobody else's name is looked at twice."""

    def find_spec(self, name, path=None, target=None):
        if not name.startswith(_PACKAGE):
            return None
        file = os.path.join(_HERE, name[len(_PACKAGE) :] + ".py")
        spec = type(__spec__)(name, self, origin=file)
        spec.has_location = True
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        key = stamp(module.__file__)
        code = find(key)
        if code is None:
            with open(module.__file__, "rb") as source:
                code = compile(source.read(), module.__file__, "exec", dont_inherit=True)
            keep(key, code)
        exec(code, module.__dict__)


def install():
    sys.meta_path.insert(0, _Finder())
