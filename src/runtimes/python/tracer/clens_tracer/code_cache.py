"""Remembers rewritten functions from one run to the next.

Parsing and compiling a function of the library anew takes half a millisecond, and a program with pools needs eighty. An entry
holds for one source file as it is now (its time and size), one function of it, and one way of rewriting it.
"""

from . import store

_stamps = {}


def find(function, recipe):
    """The code that `keep` was given for the same function and recipe; None when there is none."""
    try:
        return store.find(_key(function, recipe))
    except Exception:
        return None


def keep(function, recipe, code):
    try:
        store.keep(_key(function, recipe), code)
    except Exception:
        pass


def _key(function, recipe):
    file = function.__globals__.get("__file__")
    stamp = _stamps.get(file)
    if stamp is None:
        stamp = _stamps[file] = store.stamp(file)
    return stamp + (function.__qualname__, function.__code__.co_firstlineno) + recipe
