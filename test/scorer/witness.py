"""Runs a program and tells which of its lines ran and at which of its call sites a blocking operation was called.

    python witness.py OUT PROGRAM [ARGS...]

Independent of the tracer: plain wrappers that may be slow and visible, but are simple enough to be believed. OUT is a folder; each
process appends lines of `op file line` and, at its end, the lines that ran. Children of any kind are watched through sitecustomize.
"""

import os
import sys
import threading

OUT = os.environ.get("WITNESS_OUT", "")
HERE = os.path.dirname(os.path.abspath(__file__))
STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_seen = set()
_lines = set()
_own = {}


def is_own(name):
    known = _own.get(name)
    if known is None:
        path = os.path.abspath(name)
        outside = name.startswith("<") or path.startswith((STDLIB, HERE + os.sep)) or "-packages" in path
        if os.environ.get("WITNESS_ONLY"):
            outside = path != os.environ["WITNESS_ONLY"]
        known = _own[name] = not outside
    return known


def _write(text):
    with_file = os.open(os.path.join(OUT, "%d.txt" % os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(with_file, text.encode())
    os.close(with_file)


_forking = False


def note(op, frame):
    name = frame.f_code.co_filename
    if _forking or not is_own(name):
        return
    column = 0
    if hasattr(frame.f_code, "co_positions"):
        import itertools
        place = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), None)
        column = (place[2] or 0) + 1 if place else 0
    key = (op, os.path.abspath(name), frame.f_lineno, column)
    if key not in _seen:
        _seen.add(key)
        _write("%s\t%s\t%d\t%d\n" % key)


def _on_line(code, line):
    if is_own(code.co_filename):
        _write("line\t%s\t%d\t0\n" % (os.path.abspath(code.co_filename), line))
    return sys.monitoring.DISABLE


def watch_lines():
    if hasattr(sys, "monitoring"):
        tool = sys.monitoring.COVERAGE_ID
        sys.monitoring.use_tool_id(tool, "witness")
        sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
        sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, _on_line)
        return

    def tracer(frame, event, arg):
        if not is_own(frame.f_code.co_filename):
            return None
        key = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and key not in _lines:
            _lines.add(key)
            _write("line\t%s\t%d\t0\n" % (os.path.abspath(key[0]), key[1]))
        return tracer

    sys.settrace(tracer)
    threading.settrace(tracer)


def wrap(owner, name, op, blocks=None):
    original = getattr(owner, name, None)
    if original is None:
        return
    import functools

    @functools.wraps(original)
    def watched(*args, **kwargs):
        if blocks is None or blocks(*args, **kwargs):
            note(op, sys._getframe(1))
        return original(*args, **kwargs)

    try:
        setattr(owner, name, watched)
    except TypeError:
        pass


class Iterated:
    """An iterator whose turns are noted where the person's code takes them."""

    def __init__(self, op, inner):
        self._op, self._inner = op, inner

    def __iter__(self):
        return self

    def __next__(self, *args, **kwargs):
        note(self._op, sys._getframe(1))
        return self._inner.__next__(*args, **kwargs)

    def next(self, *args, **kwargs):
        note(self._op, sys._getframe(1))
        return self._inner.next(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._inner, name)


def wrap_iterator(owner, name, op):
    original = getattr(owner, name, None)
    if original is None:
        return
    import functools

    @functools.wraps(original)
    def watched(*args, **kwargs):
        return Iterated(op, original(*args, **kwargs))

    setattr(owner, name, watched)


class WatchedPipe:
    """Stands for what a program or the other end of a socket writes, so that reading it is seen."""

    def __init__(self, inner, op="recv"):
        self._inner, self._op = inner, op

    def __getattr__(self, name):
        value = getattr(self._inner, name)
        if name in ("read", "read1", "readline", "readlines"):
            note(self._op, sys._getframe(1))
        return value

    def __iter__(self):
        return self

    def __next__(self):
        note(self._op, sys._getframe(1))
        return next(self._inner)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._inner.close()


def noted_read(name):
    def read(self, *args):
        note("io", sys._getframe(1))
        return getattr(self._stream, name)(*args)

    return read


def watch_pipes(cls):
    made = cls.__init__

    def init(self, *args, **kwargs):
        made(self, *args, **kwargs)
        for name in ("stdout", "stderr"):
            inner = getattr(self, name)
            if inner is not None:
                setattr(self, name, WatchedPipe(inner))

    cls.__init__ = init


class WatchedPoll:
    """Stands for a `select.poll` or `select.epoll` object, whose methods cannot be wrapped."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._inner.close()

    def poll(self, timeout=None, *more):
        if timeout != 0:
            note("io", sys._getframe(1))
        return self._inner.poll(timeout, *more)


def watch_poll(select, name):
    make = getattr(select, name, None)
    if make is not None:
        setattr(select, name, lambda *args, **kwargs: WatchedPoll(make(*args, **kwargs)))


def watch_files_of_sockets(socket, socketserver):
    """Files made of sockets read in C, where no wrapper sees who asked."""
    makefile, setup = socket.socket.makefile, socketserver.StreamRequestHandler.setup

    def watched(self, *args, **kwargs):
        made = makefile(self, *args, **kwargs)
        return made if not is_own(sys._getframe(1).f_code.co_filename) else WatchedPipe(made, "io")

    def watched_setup(self):
        setup(self)
        self.rfile = WatchedPipe(self.rfile, "io")

    socket.socket.makefile = watched
    socketserver.StreamRequestHandler.setup = watched_setup
    wrap(socketserver._SocketWriter, "write", "io")


def watch_http():
    import http.client
    import urllib.request

    wrap(urllib.request, "urlopen", "io")
    for name in ("connect", "request", "getresponse"):
        wrap(http.client.HTTPConnection, name, "io")
    wrap(http.client.HTTPResponse, "read", "io")


def blocking(self, blocking=True, timeout=-1):
    return bool(blocking)


def mp_blocking(self, block=True, timeout=None):
    return bool(block)


def get_blocks(self, block=True, timeout=None):
    return bool(block)


def put_blocks(self, item, block=True, timeout=None):
    return bool(block) and self.maxsize > 0


class WatchedLock:
    """Stands for a lock, so that `with` is seen."""

    def __init__(self):
        self._lock = _allocate()

    def acquire(self, blocking=True, timeout=-1):
        if blocking:
            note("lock", sys._getframe(1))
        return self._lock.acquire(blocking, timeout)

    def release(self):
        self._lock.release()

    def locked(self):
        return self._lock.locked()

    def __enter__(self):
        note("lock", sys._getframe(1))
        return self._lock.__enter__()

    def __exit__(self, *args):
        self._lock.release()

    def _at_fork_reinit(self):
        self._lock._at_fork_reinit()


import _thread  # noqa: E402

_allocate = _thread.allocate_lock


def watch_operations():
    import queue
    import select
    import sched
    import selectors
    import socket
    import socketserver
    import subprocess
    import time

    wrap(threading.Thread, "join", "join")
    if not os.environ.get("WITNESS_PLAIN_LOCKS"):
        threading.Lock = WatchedLock
        threading.RLock = threading._PyRLock
        wrap(threading._PyRLock, "acquire", "lock", blocking)
        wrap(threading._PyRLock, "__enter__", "lock")
    wrap(threading.Condition, "__enter__", "lock")
    wrap(threading.Condition, "wait", "condition")
    wrap(threading.Condition, "wait_for", "condition")
    wrap(threading.Event, "wait", "event")
    wrap(threading.Semaphore, "acquire", "semaphore", lambda self, blocking=True, timeout=None: bool(blocking))
    wrap(threading.Semaphore, "__enter__", "semaphore")
    wrap(threading.Barrier, "wait", "barrier")
    wrap(queue.Queue, "get", "get", get_blocks)
    wrap(queue.Queue, "put", "put", put_blocks)
    wrap(queue.Queue, "join", "drain")

    class SimpleQueue(queue.SimpleQueue):
        def get(self, block=True, timeout=None):
            if block:
                note("get", sys._getframe(1))
            return super().get(block, timeout)

    queue.SimpleQueue = SimpleQueue
    wrap(time, "sleep", "sleep")
    watch_pipes(subprocess.Popen)
    wrap(subprocess.Popen, "wait", "exit")
    wrap(subprocess.Popen, "communicate", "exit")
    wrap(subprocess.Popen, "__exit__", "exit")
    for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput"):
        wrap(subprocess, name, "exit")
    for name in ("system", "wait", "wait3", "wait4", "waitid"):
        wrap(os, name, "exit")
    wrap(os, "waitpid", "exit", lambda pid, options: not options & os.WNOHANG)
    wrap(select, "select", "io", lambda r, w, x, timeout=None: timeout != 0)
    wrap(socket, "create_connection", "io")
    wrap(socket, "getaddrinfo", "io")
    for name in ("accept", "connect", "recv", "recv_into", "recvfrom", "sendall", "send", "sendto"):
        wrap_socket(socket, name)
    watch_files_of_sockets(socket, socketserver)
    watch_http()
    watch_poll(select, "poll")
    watch_poll(select, "epoll")
    import signal

    for name in ("pause", "sigwait", "sigwaitinfo", "sigtimedwait"):
        wrap(signal, name, "io")
    import logging.handlers

    wrap(logging.handlers.QueueListener, "stop", "join")
    if not os.environ.get("WITNESS_PLAIN_LOCKS"):
        _thread.allocate_lock = _thread.allocate = WatchedLock
    for name, op in (("serve_forever", "io"), ("handle_request", "io"), ("shutdown", "event")):
        wrap(socketserver.BaseServer, name, op)
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector"):
        wrap(getattr(selectors, name, None), "select", "io", lambda self, timeout=None: timeout != 0)
    for name in ("read", "readline", "readlines"):
        setattr(os._wrap_close, name, noted_read(name))
    wrap_iterator(os._wrap_close, "__iter__", "io")
    wrap(sched.scheduler, "run", "sleep", lambda self, blocking=True: bool(blocking))
    import builtins

    wrap(builtins, "input", "io")


def wrap_socket(socket, name):
    wrap(socket.socket, name, "io", lambda self, *args, **kwargs: self.gettimeout() != 0)


def watch_pools():
    import concurrent.futures as futures
    import multiprocessing
    import multiprocessing.connection
    import multiprocessing.pool
    import multiprocessing.process
    import multiprocessing.queues
    import multiprocessing.synchronize
    from concurrent.futures import _base

    wrap(_base.Future, "result", "result")
    wrap(_base.Future, "exception", "result")
    wrap(_base, "wait", "wait")
    wrap_iterator(_base, "as_completed", "wait")
    futures.wait, futures.as_completed = _base.wait, _base.as_completed
    for cls in (futures.ThreadPoolExecutor, futures.ProcessPoolExecutor):
        wrap_iterator(cls, "map", "result")
        wrap(cls, "shutdown", "shutdown", lambda self, wait=True, **kwargs: bool(wait))
    wrap(_base.Executor, "__exit__", "shutdown")
    wrap(multiprocessing.process.BaseProcess, "join", "join")
    pool = multiprocessing.pool.Pool
    for name, op in (("map", "result"), ("starmap", "result"), ("apply", "result"), ("join", "join")):
        wrap(pool, name, op)
    wrap_iterator(pool, "imap", "result")
    wrap_iterator(pool, "imap_unordered", "result")
    wrap(multiprocessing.pool.ApplyResult, "get", "result")
    wrap(multiprocessing.pool.ApplyResult, "wait", "result")
    queues = multiprocessing.queues
    wrap(queues.Queue, "get", "get", get_blocks)
    wrap(queues.Queue, "put", "put", lambda self, obj, block=True, timeout=None: bool(block))
    wrap(queues.JoinableQueue, "join", "drain")
    wrap(queues.JoinableQueue, "put", "put", lambda self, obj, block=True, timeout=None: bool(block))
    wrap(queues.SimpleQueue, "get", "get")
    wrap(queues.SimpleQueue, "put", "put")
    connection = multiprocessing.connection
    wrap(connection._ConnectionBase, "recv", "recv")
    wrap(connection._ConnectionBase, "recv_bytes", "recv")
    wrap(connection._ConnectionBase, "send", "send")
    wrap(connection._ConnectionBase, "send_bytes", "send")
    wrap(connection._ConnectionBase, "poll", "recv", lambda self, timeout=0: timeout != 0)
    wrap(connection, "wait", "wait")
    wrap(connection, "Client", "io")
    wrap(connection.Listener, "accept", "io")
    sync = multiprocessing.synchronize
    wrap(sync.SemLock, "__enter__", "lock")
    wrap(sync.Condition, "__enter__", "lock")
    wrap(sync.Condition, "wait", "condition")
    wrap(sync.Condition, "wait_for", "condition")
    wrap(sync.Event, "wait", "event")

    made = sync.SemLock._make_methods

    def make_methods(self):
        made(self)
        inner = self.acquire

        def acquire(block=True, timeout=None):
            if block:
                note("lock", sys._getframe(1))
            return inner(block, timeout)

        self.acquire = acquire

    sync.SemLock._make_methods = make_methods


def watch_proxies():
    from multiprocessing import managers

    wrap(managers.AcquirerProxy, "acquire", "lock", mp_blocking)
    wrap(managers.AcquirerProxy, "__enter__", "lock")
    wrap(managers.EventProxy, "wait", "event")
    wrap(managers.BarrierProxy, "wait", "barrier")

    ask = managers.BaseProxy._callmethod

    others = (managers.AcquirerProxy, managers.EventProxy, managers.BarrierProxy)

    def asked(self, *args, **kwargs):
        frame = None if isinstance(self, others) else sys._getframe(1)
        while frame and not is_own(frame.f_code.co_filename):
            frame = frame.f_back
        if frame:
            note("recv", frame)
        return ask(self, *args, **kwargs)

    managers.BaseProxy._callmethod = asked
    wrap(managers.Server, "serve_forever", "event")
    wrap(managers.BaseManager, "join", "join")

    made = managers.MakeProxyType

    def make(name, exposed, _cache={}):
        proxy = made(name, exposed, _cache)
        if "task_done" in exposed:
            wrap(proxy, "get", "get", lambda self, block=True, timeout=None: bool(block))
            wrap(proxy, "put", "put")
            wrap(proxy, "join", "drain")
        return proxy

    managers.MakeProxyType = make


def watch_fork():
    """What modules do around a fork is not what the program does."""
    fork = os.fork

    def quiet():
        global _forking
        _forking = True
        try:
            return fork()
        finally:
            _forking = False

    os.fork = quiet


def watch_asyncio():
    import asyncio

    wrap(asyncio, "run", "await")
    wrap(asyncio.base_events.BaseEventLoop, "run_until_complete", "await")
    wrap(asyncio.base_events.BaseEventLoop, "run_forever", "await")
    if hasattr(asyncio, "Runner"):
        wrap(asyncio.Runner, "run", "await")


def begin():
    # Modules are imported before the wrappers exist, so that their own use of locks stays plain.
    import asyncio  # noqa: F401
    import concurrent.futures  # noqa: F401
    import concurrent.futures.process  # noqa: F401
    import logging  # noqa: F401
    import multiprocessing.managers  # noqa: F401

    watch_operations()
    watch_pools()
    watch_asyncio()
    watch_proxies()
    watch_fork()
    watch_lines()


def main():
    global OUT
    OUT = os.environ["WITNESS_OUT"] = os.path.abspath(sys.argv[1])
    program = sys.argv[2]
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [os.path.join(HERE, "witness_site"), os.environ.get("PYTHONPATH")])
    )
    os.execv(sys.executable, [sys.executable, program] + sys.argv[3:])


if __name__ == "__main__":
    main()
