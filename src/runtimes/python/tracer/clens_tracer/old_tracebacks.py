"""Before 3.11 a plain `raise` adds the frame again that `patching.hide` took off: there the tracer's frames are taken off as a traceback is printed.

The interpreter prints by `sys.excepthook` and by `threading.excepthook`, everything else by the `traceback` module.
"""

import os
import sys

from . import imports, patching

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def install():
    if patching.RAISE_KEEPS_TRACEBACK:
        return
    hook = sys.excepthook

    def __call__(self, kind, value, traceback):
        clean(value)
        return hook(kind, value, traceback)

    stand_in = patching.stand_in(hook, __call__)
    if sys.__excepthook__ is hook:
        sys.__excepthook__ = stand_in
    sys.excepthook = stand_in
    imports.when_imported("traceback", _patch_traceback)


def _patch_traceback(module):
    patching.rewrite(module.walk_tb, before="tb = _clens_without(tb)", names={"_clens_without": without})


def clean(error):
    """Takes our frames off the traceback of an exception and of those it came from."""
    seen = set()
    while isinstance(error, BaseException) and id(error) not in seen:
        seen.add(id(error))
        if error.__traceback__ is not None:
            error.__traceback__ = without(error.__traceback__)
        error = error.__cause__ or error.__context__


def without(traceback):
    """A traceback without our frames; its own links are changed."""
    while traceback is not None and _is_ours(traceback):
        traceback = traceback.tb_next
    one = traceback
    while one is not None:
        while one.tb_next is not None and _is_ours(one.tb_next):
            one.tb_next = one.tb_next.tb_next
        one = one.tb_next
    return traceback


def _is_ours(traceback):
    return traceback.tb_frame.f_code.co_filename.startswith(_HERE)
