"""How `multiprocessing` starts processes and learns of their end; and the helpers it starts for itself."""

import sys

from . import children, patching, sites, writer

_getframe = sys._getframe


def patch(module):
    name = module.__name__.rpartition(".")[2]
    if name == "util":
        if hasattr(module, "spawnv_passfds"):
            patching.watch(module.spawnv_passfds, _spawning, _spawned)
    elif name == "popen_spawn_win32":
        patching.watch(module.Popen.wait, _self, _polled)
    else:
        patching.watch(module.Popen.poll, _self, _polled)
        if name == "popen_fork":
            # The others inherit them.
            for method in (module.Popen.terminate, module.Popen.kill):
                patching.watch(method, _ending(method.__name__))


def _self(self, *_):
    # Most polls are of a process whose end is known, or are repeated: those are not looked at.
    return self if self.returncode is None else None


def _polled(popen, result):
    try:
        if popen.returncode is not None:
            children.exited(popen.__dict__.get("_clens"), popen.returncode)
    except Exception as error:
        writer.problem("Process.poll", error)
    return result


def _ending(method):
    def enter(self):
        children.told_to_end(self.__dict__.get("_clens"), method + "()")

    return enter


_HELPERS = {"multiprocessing.resource_tracker": "resource tracker", "multiprocessing.forkserver": "fork server"}


def _spawning(path, args, passfds):
    """Only the helpers are declared here; a Process is declared by its start()."""
    try:
        command = str(args[-1])
        for module, title in _HELPERS.items():
            if "from %s import" % module in command:
                return children.declare("process", title, sites.site_of(_getframe(2)), helper=True)
    except Exception as error:
        writer.problem("a helper process", error)
    return None


def _spawned(child, pid):
    try:
        children.started(child, pid)
    except Exception as error:
        writer.problem("a helper process", error)
    return pid
