"""`_thread.start_new_thread`: lanes for threads that are started without `threading`, and locks made by `allocate_lock`."""

import sys

from . import lanes, locks, patching, sites, writer

_getframe = sys._getframe


def patch(module):
    for name in ("start_new_thread", "start_new"):
        plain = getattr(module, name, None)
        if plain is not None and not patching.is_stand_in(plain):
            setattr(module, name, patching.stand_in(plain, _starter(plain)))
    locks.patch_raw(module)


def _starter(plain):
    def __call__(self, function, args=(), *rest):
        frame = _getframe(1)
        # `threading` has its own way to name its threads.
        if not callable(function) or frame.f_globals.get("__name__") == "threading":
            return plain(function, args, *rest)
        lane = None
        try:
            name = getattr(function, "__name__", type(function).__name__)
            lane = lanes.new("thread", name, sites.site_of(frame))
        except Exception as error:
            writer.problem("start_new_thread", error)
        try:
            return plain(_Body(function, lane), args, *rest)
        except BaseException as error:
            if lane is not None:
                writer.lane_end(lane, lanes.R.LANE_ENDS["exited"], writer.now(), "could not be started")
            patching.hide(error)
            raise

    return __call__


class _Body:
    """What the new thread runs: the person's function, between the first and the last step of its lane."""

    __slots__ = ("function", "lane")

    def __init__(self, function, lane):
        self.function = function
        self.lane = lane

    def __repr__(self):
        # The interpreter names the function when it raises.
        return repr(self.function)

    def __call__(self, *args, **kwargs):
        lane = self.lane
        try:
            lanes.begin_thread(lane)
        except Exception as error:
            writer.problem("the first step of a thread", error)
        end, detail = "returned", ""
        try:
            return self.function(*args, **kwargs)
        except BaseException as error:
            detail = lanes.exception_text()
            end = "exited" if isinstance(error, SystemExit) else "raised"
            patching.hide(error)
            raise
        finally:
            try:
                lanes.end_thread(lane, end, detail)
            except Exception as error:
                writer.problem("the end of a thread", error)
