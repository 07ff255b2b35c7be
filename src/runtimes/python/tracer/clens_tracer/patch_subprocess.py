"""`subprocess`: each program is a lane, each wait for one is a wait of kind `exit`, and a pipe between two is drawn as a handoff."""

import os
import sys

from . import children, lanes, patching, patch_os, program_output, sites, waits, with_lines, writer
from . import records as R

_getframe = sys._getframe
_EXIT = R.WAIT_KIND["exit"]
_SEND_RECV = R.HANDOFF_KIND["send-recv"]

# inode of a pipe -> (lane, t, site) of the program that writes to it, and the lane of the one that reads from it
_writers = {}
_readers = {}
_MOST_PIPES = 1000


def patch(module):
    popen = module.Popen
    _patch_start(module, popen)
    patching.watch(popen.wait, _waiting(popen), _waited, _wait_failed)
    patching.watch(popen.communicate, _communicating, _waited, _wait_failed)
    patching.watch(popen.poll, _self, _polled)
    patching.watch(popen.send_signal, lambda self, sig: children.told_to_end(self.__dict__.get("_clens"), "send_signal()"))
    for method in (popen.terminate, popen.kill):
        patching.watch(method, _ending(method.__name__))
    if hasattr(popen, "_handle_exitstatus"):
        patching.watch(popen._handle_exitstatus, _self, _polled)
    children.after_fork_in_child.append(_after_fork)


def _patch_start(module, popen):
    names = popen.__init__.__code__.co_varnames
    at = {name: names.index(name) for name in ("args", "executable", "stdin", "stdout", "shell", "env")}

    def enter(*values):
        try:
            site = sites.site_of(_getframe(2))
            command = values[at["args"]]
            if not values[at["shell"]] and isinstance(command, (str, bytes)) and os.name != "nt":
                command = [command]
            elif not isinstance(command, (str, bytes)):
                command = [command] if hasattr(command, "__fspath__") else list(command)
                if values[at["shell"]]:
                    command = command[0] if command else ""
            executable = values[at["executable"]]
            if executable and isinstance(command, list) and command:
                command = [executable] + command[1:]
            child = patch_os.declare_program(command, values[at["env"]], site)
            values[0].__dict__["_clens"] = child
            # Inside, it forks, reads from a pipe and may wait for the child.
            return (values[0], child, waits.silence(), site, values[at["stdin"]], values[at["stdout"]])
        except Exception as error:
            writer.problem("Popen", error)
            return None

    def leave(token, result):
        popen_, child, silence, site, stdin, stdout = token
        if silence is not None:
            waits.drop(silence)
        try:
            children.started(child, popen_.pid)
            for stream in (popen_.stdout, popen_.stderr):
                program_output.belongs_to(stream, child)
            _connect(module, popen_, child, site, stdin, stdout)
        except Exception as error:
            writer.problem("Popen", error)
        return result

    def fail(token):
        if token[2] is not None:
            waits.drop(token[2])
        children.not_started(token[1])

    patching.watch(popen.__init__, enter, leave, fail, {"io": program_output.Io(module.io)})


def _connect(module, popen, child, site, stdin, stdout):
    """`p2 = Popen(..., stdin=p1.stdout)`: what p1 writes, p2 reads."""
    if os.name == "nt":
        return
    t = writer.now()
    reads = _inode(stdin)
    if reads:
        source = _writers.pop(reads, None)
        if source is not None:
            writer.handoff(child.lane, _SEND_RECV, t, site, *source)
        else:
            _remember(_readers, reads, child.lane)
    writes = _inode(popen.stdout if stdout == module.PIPE else stdout)
    if writes:
        reader = _readers.pop(writes, None)
        if reader is not None:
            writer.handoff(reader, _SEND_RECV, t, site, child.lane, t, site)
        else:
            _remember(_writers, writes, (child.lane, t, site))


def _inode(stream):
    """Of a pipe, given as a descriptor or a file; 0 for anything else."""
    try:
        if stream is None or (isinstance(stream, int) and stream < 0):
            return 0
        status = os.fstat(stream if isinstance(stream, int) else stream.fileno())
        # S_ISFIFO, without the module `stat`.
        return status.st_ino if status.st_mode & 0o170000 == 0o010000 else 0
    except (OSError, ValueError, AttributeError):
        return 0


def _remember(pipes, inode, value):
    if len(pipes) >= _MOST_PIPES:
        pipes.clear()
    pipes[inode] = value


def _ending(method):
    def enter(self):
        children.told_to_end(self.__dict__.get("_clens"), method + "()")

    return enter


def _waiting(popen):
    leaving = popen.__exit__.__code__

    def enter(self, timeout):
        frame = _getframe(2)
        if frame.f_code is leaving:
            if self.returncode is not None:
                # `with Popen(...)`: it has been waited for inside the block.
                return None
            frame = with_lines.of_exit(frame.f_back)
        return _open(self, timeout, frame)

    return enter


def _communicating(self, input, timeout):
    return _open(self, timeout, _getframe(2))


def _open(popen, timeout, frame):
    try:
        child = popen.__dict__.get("_clens")
        # What ended long ago does not block.
        opens = waits.begin if popen.returncode is None else waits.start
        if children.is_ours(child):
            wait = opens(_EXIT, waits.ON_LANE, child.lane, timeout, frame=frame)
        else:
            wait = opens(_EXIT, timeout=timeout, label="a program", frame=frame)
        return wait and (wait, popen, child)
    except Exception as error:
        writer.problem("Popen.wait", error)
        return None


def _waited(token, result):
    wait, popen, child = token
    waits.end(wait, waits.DONE, (child.lane, 0, 0) if children.is_ours(child) else None)
    children.exited(child, popen.returncode)
    return result


def _wait_failed(token):
    wait, popen, child = token
    kind = sys.exc_info()[0]
    waits.end(wait, waits.TIMED_OUT if kind is not None and kind.__name__ == "TimeoutExpired" else waits.RAISED)
    children.exited(child, popen.returncode)


def _self(self, *_):
    return self


def _polled(popen, result):
    try:
        if popen.returncode is not None:
            children.exited(popen.__dict__.get("_clens"), popen.returncode)
    except Exception as error:
        writer.problem("Popen.poll", error)
    return result


def _after_fork():
    _writers.clear()
    _readers.clear()
