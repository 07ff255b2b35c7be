"""`select.select`: a wait of kind `io` for one of several files."""

import sys

from . import patching, waits
from . import records as R

_IO = R.WAIT_KIND["io"]


def patch(module):
    select = module.select
    if patching.is_stand_in(select):
        return

    def __call__(self, *args):
        timeout = args[3] if len(args) > 3 else None
        wait = None
        if timeout is None or timeout > 0:
            wait = waits.begin(_IO, timeout=timeout, label="one of several files", frame=sys._getframe(1))
        try:
            result = select(*args)
        except BaseException as error:
            if wait is not None:
                waits.fail(wait)
            patching.hide(error)
            raise
        if wait is not None:
            waits.end(wait, waits.DONE if any(result) else waits.TIMED_OUT)
        return result

    module.select = patching.stand_in(select, __call__)
