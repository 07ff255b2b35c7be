"""The tracer that rides along in the traced interpreter: standard library only, CPython 3.8 and newer.

How its parts fit, for whoever adds a module that watches another part of the standard library:

    records   codes of the trace format, the mirror of src/trace/format.ts
    writer    the trace file: one function per record kind, `string(text)`, `now()`, numbers (`next_wait()` ...), `problem()`
    sites     `site_of(frame)`, `here(depth)`: where in the person's own files an operation came from
    lanes     `current()`, `new(kind, name, site, parent, flags, pid)`, `begin_thread`, `end_thread`, `enter(lane)`
    waits     begin and end of a wait, and inner waits that belong to an outer one
    patching  `watch(function, enter, leave, fail)`: hooks inside a Python function, without a frame of our own
    imports   `when_imported(name, patch)`: patches are applied after the module was executed, or at once if it already is

A module for the library `x` is `patch_x.py` with one function `patch(module)`, which may run more than once (fresh copies of a
module); it is named in `_PATCHES` below and imported only when `x` is. It imports no other part of the standard library than
`x` (given as `module`) and what is always loaded (`sys`, `os`, `time`, `_thread`).

Rules: a hook never raises into the snippet (`except Exception as error: writer.problem(place, error)`), never takes a lock,
never starts a thread, never records while the snippet's lock is held if it can be helped, and keeps no object of the
snippet alive.

A wait, from inside a hook of a watched function (`waits` has the details):

    def enter(self, timeout):                 # the person calls thing.wait(timeout)
        return waits.begin(WAIT, target_kind, target, timeout)   # written at once: it blocks for sure
    def leave(token, result):
        waits.end(token, DONE if result else TIMED_OUT, ready, cause_lane, cause_t, cause_site)
        return result

`waits.start(...)` instead of `begin` writes nothing until something inside blocks (`waits.blocked()`), and `end` then writes a single
`waitDone` record when nothing did.
"""

import os
import sys

_PATCHES = {
    "time": "patch_time",
    "_thread": "patch_thread",
    "threading": "patch_threading",
    "queue": "patch_queue",
    "multiprocessing.process": "patch_multiprocessing",
    "concurrent.futures": "patch_futures",
    "subprocess": "patch_subprocess",
    "os": "patch_os",
    "asyncio": "patch_asyncio",
    "socket": "patch_socket",
    "select": "patch_select",
    "selectors": "patch_selectors",
}


def start(folder):
    """Starts tracing this process into a new file of `folder`."""
    from . import imports, lanes, old_tracebacks, output, selfcheck, writer

    sys._clens = writer.keep
    writer.open_file(os.path.abspath(folder))
    lanes.start_main()
    imports.install()
    for name, patch in _PATCHES.items():
        if _exists(patch):
            imports.when_imported(name, _patcher(patch))
    output.install()
    old_tracebacks.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)
    selfcheck.run()


def _after_fork():
    from . import lanes, waits, writer

    try:
        writer.after_fork()
        lanes.start_main()
        waits.after_fork()
        for renew in after_fork_in_child:
            renew()
    except Exception as error:
        writer.problem("fork", error)


# Functions that other modules add to be called in a forked child, once its trace file is there.
after_fork_in_child = []


def _exists(patch):
    return os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), patch + ".py"))


def _patcher(patch):
    def apply(module):
        name = __name__ + "." + patch
        __import__(name)
        sys.modules[name].patch(module)

    return apply
