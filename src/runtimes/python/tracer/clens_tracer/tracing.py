"""Starts the tracer in this process: its trace file, its first lane, and the patches of what is imported from now on."""

import os
import sys

from . import children, imports, lanes, old_tracebacks, output, selfcheck, store, waits, writer

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
    sys._clens = writer.keep
    writer.open_file(os.path.abspath(folder))
    lanes.start_main()
    imports.install()
    for name, patch in _PATCHES.items():
        imports.when_imported(name, imports.patcher(patch))
    output.install()
    old_tracebacks.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)
    selfcheck.run()
    store.save()


def _after_fork():
    try:
        writer.after_fork()
        lanes.start_main()
        waits.after_fork()
        for renew in children.after_fork_in_child:
            renew()
    except Exception as error:
        writer.problem("fork", error)
