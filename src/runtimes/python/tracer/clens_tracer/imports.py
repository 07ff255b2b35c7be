"""Patches a module when it is imported, never before: start-up pays only for what the snippet uses.

A finder in front of the others lets them find the module, then lends it a loader for the one moment of execution. After the
import the module's spec and loader are what they would have been.
"""

import sys

from . import store, writer

_patches = {}


def when_imported(name, patch):
    """Calls `patch(module)` after each execution of module `name`; at once when it is already there."""
    _patches.setdefault(name, []).append(patch)
    module = sys.modules.get(name)
    if module is not None:
        _apply(patch, module)


def patcher(name):
    """The function `patch` of the tracer's module `name`, which is imported only when that is called."""

    def apply(module):
        full = "%s.%s" % (__name__.rpartition(".")[0], name)
        __import__(full)
        sys.modules[full].patch(module)

    return apply


def _apply(patch, module):
    try:
        patch(module)
        store.save()
    except Exception as error:
        writer.problem("patching %s" % module.__name__, error)


class _Finder:
    """Only `find_spec`: found modules are executed by their own loader."""

    busy = set()

    def find_spec(self, name, path=None, target=None):
        if name not in _patches or name in self.busy:
            return None
        self.busy.add(name)
        try:
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                if finder is self or find is None:
                    continue
                spec = find(name, path, target)
                if spec is not None:
                    if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                        spec.loader = _LentLoader(spec.loader)
                    return spec
            return None
        finally:
            self.busy.discard(name)


class _LentLoader:
    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        for patch in _patches.get(module.__name__, ()):
            _apply(patch, module)

    def __getattr__(self, name):
        return getattr(self.loader, name)


def install():
    sys.meta_path.insert(0, _Finder())
