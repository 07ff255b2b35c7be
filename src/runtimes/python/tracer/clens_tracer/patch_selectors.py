"""`selectors`: waiting for one of several files is a wait of kind `io`; not so for an event loop, whose tasks tell what they wait for."""

import sys

from . import patching, waits, writer
from . import records as R

_IO = R.WAIT_KIND["io"]
_getframe = sys._getframe


def patch(module):
    for name in ("SelectSelector", "_PollLikeSelector", "EpollSelector", "DevpollSelector", "KqueueSelector"):
        function = vars(getattr(module, name, object)).get("select")
        if function is None or hasattr(function, "__wrapped__"):
            continue
        try:
            patching.watch(function, _enter, _leave, _fail)
        except Exception as error:
            writer.problem("watching %s.select" % name, error)


def _enter(self, timeout):
    if waits.is_open():
        return None
    frame = _getframe(2)
    if (timeout is not None and timeout <= 0) or frame.f_code.co_name == "_run_once":
        return None
    count = len(self.get_map() or ())
    wait = waits.begin(_IO, timeout=timeout, label="one of %d files" % count if count != 1 else "a file", frame=frame)
    return None if wait is None else (wait, timeout)


def _leave(token, result):
    wait, timeout = token
    waits.end(wait, waits.TIMED_OUT if timeout is not None and not result else waits.DONE)
    return result


def _fail(token):
    waits.fail(token[0])
