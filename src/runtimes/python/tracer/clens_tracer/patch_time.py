"""`time.sleep`: a wait of kind `sleep`. The stand-in is an object, since a Python function would become a method as a class attribute."""

from . import patching, waits
from . import records as R

_SLEEP = R.WAIT_KIND["sleep"]


def patch(module):
    sleep = module.sleep
    if patching.is_stand_in(sleep):
        return

    def __call__(self, *args, **kwargs):
        wait = waits.begin(_SLEEP, timeout=args[0] if args else None)
        try:
            return sleep(*args, **kwargs)
        except BaseException as error:
            if wait is not None:
                waits.fail(wait)
                wait = None
            patching.hide(error)
            raise
        finally:
            if wait is not None:
                waits.end(wait)

    module.sleep = patching.stand_in(sleep, __call__)
