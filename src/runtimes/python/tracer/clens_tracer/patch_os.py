"""`os.fork`, `os.wait*`, `os.system`, `os.posix_spawn` and `os._exit` where the person's own code calls them.

`subprocess` and `multiprocessing` use them too: what they start and wait for is reported as theirs, so inside one of their
operations these only note how a child ended.
"""

import sys

from . import children, patching, programs, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_EXIT = R.WAIT_KIND["exit"]


def patch(module):
    for name, make in _STAND_INS.items():
        builtin = getattr(module, name, None)
        if builtin is not None and not patching.is_stand_in(builtin):
            setattr(module, name, patching.stand_in(builtin, make(builtin, module)))


def _forking(fork, module):
    def __call__(self):
        site = sites.site_of(_getframe(1))
        if waits.is_open() or not site:
            return fork()
        t = writer.now()
        # forkpty answers (pid, descriptor).
        result = fork()
        try:
            pid = result if isinstance(result, int) else result[0]
            if pid:
                child = children.declare("process", "fork %d" % pid, site, t=t)
                children.started(child, pid)
        except Exception as error:
            writer.problem("os.fork", error)
        return result

    return __call__


def _waiting(wait_function, module):
    """wait() -> (pid, status), waitpid(pid, options), wait3(options), wait4(pid, options)."""
    name = wait_function.__name__
    no_hang = getattr(module, "WNOHANG", 0)

    def __call__(self, *args, **kwargs):
        if waits.is_open():
            # Inside what is told as a whole, and a pool polls its workers all the time.
            result = wait_function(*args, **kwargs)
            if result[0]:
                _note(None, result[0], children.exit_code(result[1]))
            return result
        numbers = [value for value in args + tuple(kwargs.values()) if isinstance(value, int)]
        options = 0 if name == "wait" or not numbers else numbers[-1]
        wait = None
        if not options & no_hang:
            child = children.of_pid(numbers[0]) if name in ("waitpid", "wait4") and numbers else None
            wait = _begin(child)
        try:
            result = wait_function(*args, **kwargs)
        except BaseException:
            if wait is not None:
                waits.fail(wait)
            raise
        _note(wait, result[0], children.exit_code(result[1]) if result[0] else None)
        return result

    return __call__


def _waiting_for_id(waitid, module):
    no_hang = getattr(module, "WNOHANG", 0)

    def __call__(self, *args):
        wait = None
        if len(args) == 3 and isinstance(args[2], int) and not args[2] & no_hang:
            wait = _begin(children.of_pid(args[1]) if args[0] == getattr(module, "P_PID", None) else None)
        try:
            result = waitid(*args)
        except BaseException:
            if wait is not None:
                waits.fail(wait)
            raise
        if result is None:
            _note(wait, 0, None)
        else:
            killed = result.si_code in (module.CLD_KILLED, module.CLD_DUMPED)
            code = -result.si_status if killed else result.si_status if result.si_code == module.CLD_EXITED else None
            _note(wait, result.si_pid, code)
        return result

    return __call__


def _begin(child):
    frame = _getframe(2)
    if waits.is_open() or not sites.site_of(frame):
        return None
    if child is None:
        return waits.begin(_EXIT, label="a child process", frame=frame)
    return waits.begin(_EXIT, waits.ON_LANE, child.lane, frame=frame)


def _note(wait, pid, code):
    """A wait for any child learns here which one it was."""
    try:
        child = children.of_pid(pid) if pid else None
        if wait is not None:
            if child is not None and wait.target_kind == waits.NO_TARGET:
                waits.on(wait, waits.ON_LANE, child.lane)
            waits.end(wait, waits.DONE, None if child is None else (child.lane, 0, 0))
        if child is not None and code is not None:
            children.exited(child, code)
    except Exception as error:
        writer.problem("os.wait", error)


def _system(system, module):
    def __call__(self, command):
        if waits.is_open():
            return system(command)
        child = wait = None
        try:
            site = sites.site_of(_getframe(1))
            child = children.declare("subprocess", programs.describe(command)[0], site, traced=False)
            wait = waits.begin(_EXIT, waits.ON_LANE, child.lane, frame=_getframe(1))
        except Exception as error:
            writer.problem("os.system", error)
        try:
            status = system(command)
        except BaseException:
            if wait is not None:
                waits.fail(wait)
                children.not_started(child)
            raise
        if wait is not None:
            waits.end(wait, waits.DONE, (child.lane, 0, 0))
            children.exited(child, children.exit_code(status) if module.name != "nt" else status)
        return status

    return __call__


def _spawning(spawn, module):
    def __call__(self, path, argv, env, *args, **kwargs):
        if waits.is_open():
            return spawn(path, argv, env, *args, **kwargs)
        child = None
        try:
            child = declare_program(list(argv), env, sites.site_of(_getframe(1)))
        except Exception as error:
            writer.problem("os.posix_spawn", error)
        try:
            pid = spawn(path, argv, env, *args, **kwargs)
        except BaseException:
            if child is not None:
                children.not_started(child)
            raise
        if child is not None:
            children.started(child, pid)
        return pid

    return __call__


def declare_program(command, env, site):
    """The lane of a program: a traced process where it is a Python that lets the tracer in."""
    name, traced, reason = programs.describe(command, env)
    if reason:
        programs.note_untraced(name, reason)
    return children.declare("process" if traced else "subprocess", name, site, traced=traced)


def _exiting(exit_now, module):
    def __call__(self, *args, **kwargs):
        try:
            status = kwargs.get("status", args[0] if args else 0)
            children.end_main("exited", status if isinstance(status, int) else 1)
        except Exception as error:
            writer.problem("os._exit", error)
        exit_now(*args, **kwargs)

    return __call__


_STAND_INS = {
    "fork": _forking,
    "forkpty": _forking,
    "wait": _waiting,
    "waitpid": _waiting,
    "wait3": _waiting,
    "wait4": _waiting,
    "waitid": _waiting_for_id,
    "system": _system,
    "posix_spawn": _spawning,
    "posix_spawnp": _spawning,
    "_exit": _exiting,
}
