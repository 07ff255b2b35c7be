"""Sockets: a call that may block (connect, accept, the receiving and sending ones, looking up an address) is a wait of kind `io`.

Sockets that never block (asyncio's) are left alone: their waits are those of the tasks.
"""

import sys

from . import patching, waits
from . import records as R

_IO = R.WAIT_KIND["io"]
_getframe = sys._getframe
# name -> words. `accept` is Python and is watched.
_METHODS = {
    "connect": "connect",
    "recv": "data from a socket",
    "recv_into": "data from a socket",
    "recvfrom": "data from a socket",
    "recvfrom_into": "data from a socket",
    "recvmsg": "data from a socket",
    "sendall": "room in a socket",
}
_patched = set()


def patch(module):
    kind = module.socket
    if kind in _patched:
        return
    _patched.add(kind)
    timeout_error = module.timeout
    for name, words in _METHODS.items():
        original = getattr(kind, name, None)
        if original is not None and name not in vars(kind):
            setattr(kind, name, _blocking(original, kind.gettimeout, words, timeout_error))

    def accept(self):
        return waits.begin(_IO, timeout=self.gettimeout(), label="a connection", frame=_getframe(2)) if self.gettimeout() != 0 else None

    patching.watch(kind.accept, accept, _done, _failed(timeout_error))

    def look_up(host, *_):
        words = "the address of %s" % (host if isinstance(host, str) else "a host")
        return waits.begin(_IO, label=words, frame=_getframe(2))

    patching.watch(module.getaddrinfo, look_up, _done, waits.fail)


def _done(wait, result):
    waits.end(wait)
    return result


def _failed(timeout_error):
    def fail(wait):
        waits.end(wait, waits.TIMED_OUT if isinstance(sys.exc_info()[1], timeout_error) else waits.RAISED)

    return fail


def _blocking(original, gettimeout, words, timeout_error):
    """A method of the C socket, as a method of the Python class above it."""

    def method(self, *args, **kwargs):
        timeout = gettimeout(self)
        if timeout == 0:
            wait = None
        else:
            wait = waits.begin(_IO, timeout=timeout, label=words, frame=_getframe(1))
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            if wait is not None:
                waits.end(wait, waits.TIMED_OUT if isinstance(error, timeout_error) else waits.RAISED)
                wait = None
            patching.hide(error)
            raise
        finally:
            if wait is not None:
                waits.end(wait)

    method.__name__ = original.__name__
    method.__qualname__ = "socket." + original.__name__
    method.__module__ = "socket"
    method.__doc__ = original.__doc__
    return method
