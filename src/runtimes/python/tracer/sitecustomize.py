"""Starts the tracer when a run asks for it, then hands over to the person's own sitecustomize.

The interpreter imports the first `sitecustomize` on its path by itself. Nothing here may be visible to the snippet: no
output, no exception, no changed path. A failure to start becomes a file in the run folder.
"""

import os
import sys


def _boot():
    folder = os.environ.get("CLENS_RUN")
    if not folder or getattr(sys, "_clens", None) is not None:
        return
    try:
        from clens_tracer import store

        store.install()
        from clens_tracer import tracing

        tracing.start(folder)
    except Exception as problem:
        _note_failure(folder, problem)


def _note_failure(folder, problem):
    """A tracer that can not start says so in `<pid>-failed.note`, one line of text."""
    try:
        text = "the tracer could not start: %s: %s" % (type(problem).__name__, problem)
        file = os.open(
            os.path.join(folder, "%d-failed.note" % os.getpid()),
            os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
            0o600,
        )
        try:
            os.write(file, text.encode("utf-8", "replace"))
        finally:
            os.close(file)
    except Exception:
        pass


def _person_own(name):
    """Imports the `sitecustomize` that would have been found without ours, as if ours had not been there."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = sys.path[:]
    ours = sys.modules.pop(name, None)
    try:
        sys.path[:] = [entry for entry in path if os.path.abspath(entry or ".") != here]
        without = sys.path[:]
        __import__(name)
    except ImportError as problem:
        if getattr(problem, "name", None) != name:
            raise
        if ours is not None:
            sys.modules[name] = ours
    finally:
        # What their sitecustomize did to the path stays; our folder keeps its place for children started by hand.
        if sys.path == without:
            sys.path[:] = path


_boot()
_person_own(__name__)
