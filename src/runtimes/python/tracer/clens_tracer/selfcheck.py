"""Checks at the start of a run that the hooks of this interpreter fire, and says in the notes when one does not."""

import sys

from . import patching, writer


def run():
    if sys.version_info < (3, 11):
        writer.note("python %d.%d has no columns" % sys.version_info[:2])
    try:
        _check_watch()
    except Exception as error:
        writer.note("the hooks of this interpreter do not work, waits may be missing: %s" % error, warning=True)


def _sample(value, *rest):
    if rest:
        raise ValueError(value)
    return value + 1


def _check_watch():
    seen = []

    def leave(token, result):
        seen.append((token, result))
        return result

    patching.watch(_sample, lambda value, rest: value, leave, seen.append)
    if _sample(1) != 2 or seen != [(1, 2)]:
        raise RuntimeError("a watched function does not call its hooks")
