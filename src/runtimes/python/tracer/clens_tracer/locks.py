"""Lock and RLock of the person's own code: stand-ins that cost nearly nothing until two lanes want the same one.

A lock is written in C and can not be watched. The stand-in's `__enter__` and `__exit__` are C callables kept in slots: entering
tries the real lock without blocking (`any` asks an object whose truth is that attempt) and only when that fails comes to
Python code. While somebody waits, the leaving side is swapped for one that notes who released it and where. Measured on
CPython 3.12, `with lock` in a loop: 187 ns untraced, 238 ns so, 476 ns with methods in Python that note owner and line.

Who holds a lock that somebody has to wait for is looked up at that moment (`holders`), not noted at each acquire.

Locks that the library makes for itself stay as they are.
"""

import _thread
import sys

# What `functools.partial` is; `functools` itself takes longer to import than the tracer does.
from _functools import partial

from . import imports, lanes, patching, sites, waits, with_lines, writer
from . import records as R

_getframe = sys._getframe
_get_ident = _thread.get_ident
_LOCK = R.WAIT_KIND["lock"]
# A shorter wait is told in one record and nobody asks who held the lock.
_BRIEF = 0.001
_TIMEOUT_MAX = _thread.TIMEOUT_MAX


class _Core:
    """What the stand-in's C callables and its Python side share. It does not know the stand-in, so that there is no cycle."""

    __slots__ = ("raw", "state", "waiting", "owner", "told", "leaves", "restore")

    def __init__(self, raw, kind, site):
        self.raw = raw
        self.state = waits.State(kind, site)
        # Idents of the threads that wait for it.
        self.waiting = {}
        # Ident of the thread that took it by acquire(); `with` leaves no trace, see `holders`.
        self.owner = 0
        # Whether the trace knows the present owner, and has to hear of its release.
        self.told = False
        # partial objects that release, with what they do when nobody waits.
        self.leaves = ()

    def contended(self):
        """`with lock` when the lock is taken. Called from C: the caller is the frame with the `with`."""
        try:
            return self.wait(-1, _getframe(1))
        except BaseException as error:
            patching.hide(error)
            raise

    def wait(self, timeout, frame):
        raw = self.raw
        if waits.blocked():
            # Inside an operation that is reported as a whole (a Condition takes its lock back).
            return raw.acquire(True, timeout)
        ident = _get_ident()
        wait = waits.start(_LOCK, waits.ON_OBJECT, self.state, None if timeout < 0 else timeout, frame=frame)
        self.waiting[ident] = frame
        self.swap(True)
        got = False
        try:
            brief = _BRIEF if timeout < 0 or timeout > _BRIEF else timeout
            got = raw.acquire(True, brief)
            if not got and brief is _BRIEF:
                self.tell_owner(wait)
                waits.blocked()
                got = raw.acquire(True, timeout if timeout < 0 else timeout - _BRIEF)
            return got
        except BaseException as error:
            patching.hide(error)
            if wait is not None:
                waits.fail(wait)
                wait = None
            raise
        finally:
            self.waiting.pop(ident, None)
            if wait is not None:
                self.end(wait, got)
            if got:
                self.owner = ident
            if not self.waiting and not self.told:
                self.swap(False)

    def end(self, wait, got):
        begun = wait.number
        cause = self.state.cause
        if not got or cause is None or cause[1] < wait.t:
            cause = None
        waits.end(wait, waits.DONE if got else waits.TIMED_OUT, cause)
        if got and begun:
            self.tell(wait.lane, 1, writer.now(), wait.site)

    def tell(self, lane, acquired, t, site):
        try:
            self.told = bool(acquired)
            writer.owner(lane, waits.number_of(self.state), acquired, t, site)
        except Exception as error:
            writer.problem("a lock's owner", error)

    def tell_owner(self, wait):
        """Says who holds the lock that this lane is about to wait for, before it waits."""
        if self.told or wait is None:
            return
        try:
            # Most programs never get here.
            from . import holders

            ident, site = holders.holder(self)
            lane = lanes.of_ident(ident)
            if lane is not None:
                self.tell(lane, 1, wait.t, site)
        except Exception as error:
            writer.problem("a lock's owner", error)

    def swap(self, noting):
        """While somebody waits, a release is noted; what is pushed on another frame's stack is the same partial object."""
        for leave, plain, noted in self.leaves:
            leave.__setstate__((noted if noting else plain, (), {}, None))

    def note_release(self, frame, ends_with=False):
        """Before the real release, which may let the other side run: who, when, where."""
        try:
            frame = with_lines.of_exit(frame) if ends_with else frame
            self.state.cause = (lanes.current(), writer.now(), sites.site_of(frame))
        except Exception as error:
            writer.problem("a release", error)

    def after_release(self):
        if self.told and not (hasattr(self.raw, "_is_owned") and self.raw._is_owned()):
            lane, t, site = self.state.cause
            self.tell(lane, 0, t, site)
        if not self.waiting and not self.told:
            self.swap(False)

    def noted_exit(self, kind, value, traceback):
        self.note_release(_getframe(1), ends_with=True)
        self.raw.release()
        self.after_release()

    def noted_release(self):
        self.note_release(_getframe(1))
        try:
            self.raw.release()
        except BaseException as error:
            patching.hide(error)
            raise
        self.after_release()

    def noted_release_save(self):
        self.note_release(_getframe(1))
        saved = self.raw._release_save()
        self.after_release()
        return saved


class _Truth:
    """Its truth is the answer of a C callable."""

    __slots__ = ("__bool__",)


class _Base:
    __slots__ = ("_clens", "__enter__", "__exit__", "release", "locked", "_at_fork_reinit", "_try", "__weakref__")
    _clens_lock = True

    def acquire(self, blocking=True, timeout=-1):
        core = self._clens
        try:
            if blocking is True and timeout == -1:
                got = self._try(False) or core.wait(-1, _getframe(1))
            elif blocking and type(timeout) in (int, float) and 0 < timeout <= _TIMEOUT_MAX:
                got = self._try(False) or core.wait(timeout, _getframe(1))
            else:
                # What is wrong with the arguments, the real lock says.
                got = self._try(blocking, timeout)
        except BaseException as error:
            patching.hide(error)
            raise
        if got:
            core.owner = _get_ident()
        return got

    def __repr__(self):
        return repr(self._clens.raw)

    def __reduce_ex__(self, protocol):
        return self._clens.raw.__reduce_ex__(protocol)


def _equip(self, raw, kind, frame):
    core = _Core(raw, kind, sites.site_of(frame))
    attempt, fallback = _Truth(), _Truth()
    attempt.__bool__ = partial(raw.acquire, False)
    fallback.__bool__ = core.contended
    leave, release = partial(raw.__exit__), partial(raw.release)
    core.leaves = ((leave, raw.__exit__, core.noted_exit), (release, raw.release, core.noted_release))
    self._clens = core
    self._try = raw.acquire
    setattr(self, "__enter__", partial(any, (attempt, fallback)))
    setattr(self, "__exit__", leave)
    self.release = release
    if hasattr(raw, "locked"):
        self.locked = raw.locked
    if hasattr(raw, "_at_fork_reinit"):
        self._at_fork_reinit = raw._at_fork_reinit
    return core


class _Meta(type):
    """The type of a stand-in: called by the person, it makes a lock; for `isinstance` it is the real type."""

    def __new__(meta, name, bases, fields, real=None, make=None):
        if real is None:
            # A subclass of the person's is one of the real type, which may not allow any.
            return type(name, tuple(_reals.get(base, base) for base in bases), fields)
        return type.__new__(meta, name, bases, fields)

    def __init__(cls, name, bases, fields, real=None, make=None):
        type.__init__(cls, name, bases, fields)
        _makes[cls] = make
        _reals[cls] = real

    def __call__(cls, *args, **kwargs):
        return _makes[cls](cls, *args, **kwargs)

    def __instancecheck__(cls, thing):
        return type(thing) is cls or isinstance(thing, _reals[cls])


_makes = {}
_reals = {}


def _stand_in_type(real, slots, make):
    fields = {
        "__slots__": slots,
        "__module__": real.__module__,
        "__doc__": real.__doc__,
        "__class__": property(lambda self: real),
    }
    return _Meta(real.__name__, (_Base,), fields, real=real, make=make)


def patch(module):
    """threading.Lock and threading.RLock, as the person's own code makes them."""
    if module._CRLock is None:
        return
    rlock_type = module._CRLock
    # RLock is a Python function and Condition makes its own lock: who calls those is who makes the lock.
    passed = (module.RLock.__code__, module.Condition.__init__.__code__)

    def make_rlock(_, *args, **kwargs):
        frame = _getframe(1)
        while frame is not None and (frame.f_code in passed or frame.f_code is _META_CALL):
            frame = frame.f_back
        if args or kwargs or frame is None or not _is_persons(frame):
            return rlock_type(*args, **kwargs)
        raw = rlock_type()
        self = object.__new__(rlock)
        core = _equip(self, raw, R.OBJECT_KIND["rlock"], frame)
        save = partial(raw._release_save)
        core.leaves += ((save, raw._release_save, core.noted_release_save),)
        self._release_save = save
        for name in ("_is_owned", "_acquire_restore", "_recursion_count"):
            if hasattr(raw, name):
                setattr(self, name, getattr(raw, name))
        return self

    slots = ("_is_owned", "_release_save", "_acquire_restore", "_recursion_count")
    rlock = _stand_in_type(rlock_type, slots, make_rlock)
    module.Lock = _person_lock(module.Lock)
    # By this name a condition makes a lock each time it waits, which is the library's own.
    module._allocate_lock = _real_lock
    module._CRLock = rlock
    imports.when_imported("copyreg", _pickle_by_name)


def _pickle_by_name(copyreg):
    """A manager sends `threading.Lock` to its process: it is the real type that is meant there."""
    copyreg.pickle(_Meta, lambda cls: (getattr, (patching.Module("_thread"), _reals[cls].__name__)))


def patch_raw(module):
    """_thread.allocate_lock, which the library takes from there as well: it gets the real one."""
    for name in ("allocate_lock", "allocate"):
        if hasattr(module, name):
            setattr(module, name, _person_lock(getattr(module, name)))


def _person_lock(plain):
    """What stands in for `threading.Lock`: the type itself from 3.13 on, a builtin function before."""
    if patching.is_stand_in(plain) or plain in _makes:
        return plain

    def make(_, *args, **kwargs):
        frame = _getframe(1)
        if frame.f_code is _META_CALL:
            frame = frame.f_back
        if args or kwargs or not _is_persons(frame):
            return plain(*args, **kwargs)
        self = object.__new__(_lock_type)
        _equip(self, _real_lock(), R.OBJECT_KIND["lock"], frame)
        return self

    if isinstance(plain, type):
        _makes[_lock_type] = make
        return _lock_type
    return patching.stand_in(plain, make)


def _is_persons(frame):
    """Generated code (a dataclass's `__init__`) counts as its caller; the import system's own locks are its own."""
    while frame.f_code.co_filename[:1] == "<" and frame.f_back is not None:
        if frame.f_code.co_filename.startswith("<frozen "):
            return False
        frame = frame.f_back
    return sites.is_own(frame.f_code)


_real_lock = getattr(_thread.allocate_lock, "_clens_plain", _thread.allocate_lock)
_real_type = type(_real_lock())
# Before 3.13 the type itself can not be called, and says so.
_lock_type = _stand_in_type(_real_type, (), lambda _, *args, **kwargs: _real_type(*args, **kwargs))
_META_CALL = _Meta.__call__.__code__
