"""`multiprocessing.Process`: a child process is a lane of its parent, its end a cause of the joins.

The other modules of the package are watched as they are imported: most programs use few of them.
"""

import sys

from . import children, imports, lanes, patching, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_JOIN = R.WAIT_KIND["join"]
_PARTS = {
    "multiprocessing.popen_fork": "patch_mp_popen",
    "multiprocessing.popen_forkserver": "patch_mp_popen",
    "multiprocessing.popen_spawn_win32": "patch_mp_popen",
    "multiprocessing.util": "patch_mp_popen",
    "multiprocessing.connection": "patch_mp_connection",
    "multiprocessing.spawn": "patch_mp_connection",
    "multiprocessing.queues": "patch_mp_queues",
    "multiprocessing.synchronize": "patch_mp_locks",
    "multiprocessing.pool": "patch_mp_pool",
    "multiprocessing.managers": "patch_mp_managers",
}


def patch(module):
    process = module.BaseProcess
    _patch_start(process)
    patching.watch(process.join, _join, _joined, _join_failed)
    _patch_bootstrap(module, process)
    for name, part in _PARTS.items():
        imports.when_imported(name, imports.patcher(part))


def child_of(process):
    """The lane of a Process object of this process, None when it has not been started by us."""
    child = getattr(getattr(process, "_popen", None), "_clens", None)
    return child if children.is_ours(child) else None


def _patch_start(process):
    def enter(self):
        if getattr(self, "_popen", None) is not None:
            return None
        try:
            config = getattr(self, "_config", {})
            site = sites.site_of(_getframe(2))
            child = children.declare("process", self._name, site, daemon=bool(config.get("daemon")))
            # It forks inside, or waits for a server that does.
            return (self, child, waits.silence())
        except Exception as error:
            writer.problem("Process.start", error)
            return None

    def leave(token, result):
        self, child, silence = token
        if silence is not None:
            waits.drop(silence)
        try:
            self._popen._clens = child
            children.started(child, self._popen.pid)
        except Exception as error:
            writer.problem("Process.start", error)
        return result

    def fail(token):
        if token[2] is not None:
            waits.drop(token[2])
        children.not_started(token[1])

    patching.watch(process.start, enter, leave, fail)


def _join(self, timeout):
    try:
        popen = getattr(self, "_popen", None)
        if popen is None:
            return None
        child = child_of(self)
        opens = waits.begin if popen.returncode is None else waits.start
        if child is None:
            wait = opens(_JOIN, timeout=timeout, label=self._name, frame=_getframe(2))
        else:
            wait = opens(_JOIN, waits.ON_LANE, child.lane, timeout, frame=_getframe(2))
        return wait and (wait, popen, child)
    except Exception as error:
        writer.problem("Process.join", error)
        return None


def _joined(token, result):
    wait, popen, child = token
    if popen.returncode is None:
        waits.end(wait, waits.TIMED_OUT)
    else:
        waits.end(wait, waits.DONE, None if child is None else (child.lane, 0, 0))
        children.exited(child, popen.returncode)
    return result


def _join_failed(token):
    waits.fail(token[0])


def _patch_bootstrap(module, process):
    """What a child runs, from its first step to its exit status."""
    bootstrap = process._bootstrap.__code__

    def enter(self, *_):
        _raised.clear()
        return self

    def leave(self, exitcode):
        try:
            detail = _raised[0] if _raised else ""
            if exitcode and detail:
                children.end_main("raised", exitcode, detail)
            elif exitcode:
                children.end_main("exited", exitcode)
            else:
                children.end_main("returned")
        except Exception as error:
            writer.problem("the end of a process", error)
        return exitcode

    def named(self):
        # `_bootstrap` asks for the name only to print it above the traceback of an exception.
        caller = _getframe(2)
        if caller.f_code.co_name == "_bootstrap" and caller.f_code.co_filename == bootstrap.co_filename:
            if sys.exc_info()[0] is not None and not _raised:
                _raised.append(lanes.exception_text())

    patching.watch(process._bootstrap, enter, leave)
    patching.watch(process.name.fget, named)
    # In a forked child the frames of its parent still stand below: what it does is not done on the parent's line.
    _stop_at(process._bootstrap.__code__)


# The text of the exception that ends this process.
_raised = []


class _Nowhere(dict):
    """Stands among the sites of a code object: every instruction of it has none, and nothing below is looked at."""

    def get(self, instruction, default=None):
        return 0


def _stop_at(code):
    sites._codes.append(code)
    sites._by_code[id(code)] = _Nowhere()
