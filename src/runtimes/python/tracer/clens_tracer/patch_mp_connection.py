"""`multiprocessing.connection`: waits for a message or for room, across processes.

The two ends of a pipe are known in every process by the inode of the end that receives: a child that got an end by inheritance
or by pickling finds the same number with `fstat`. The other end of a two-way pipe is known to whoever made it, and to
children that are told with the preparation data of `spawn` (an entry that an untraced child ignores).
"""

import os
import sys

from . import children, lanes, patching, sites, waits, writer
from . import records as R

_getframe = sys._getframe
_get_ident = lanes.get_ident
_opened = waits._open
_site_of = sites.site_of
_SEND = R.WAIT_KIND["send"]
_RECV = R.WAIT_KIND["recv"]
_WAIT = R.WAIT_KIND["wait"]
_PIPE = R.OBJECT_KIND["pipe"]
_SEND_RECV = R.HANDOFF_KIND["send-recv"]
# inode of one end of a two-way pipe -> inode of the other
_peers = {}
_MOST_PEERS = 4096


def patch(module):
    if module.__name__.endswith("spawn"):
        _patch_spawn(module)
        return
    connection = module._ConnectionBase
    for name in ("send", "send_bytes"):
        patching.watch(getattr(connection, name), _sending, _sent, waits.fail)
    for name in ("recv", "recv_bytes", "recv_bytes_into"):
        patching.watch(getattr(connection, name), _receiving, _received, _not_received)
    patching.watch(connection.poll, _polling, _polled, waits.fail)
    patching.watch(module.wait, _waiting, _waited, _wait_failed)
    patching.watch(module.Pipe, _piping, _piped)
    # Both ends of a new connection greet each other.
    patching.watch(module.Client, _greeting, _greeted, waits.drop)
    patching.watch(module.Listener.accept, _accepting, _accepted, _not_accepted)


def _greeting(*_):
    return waits.silence()


def _greeted(silence, result):
    waits.drop(silence)
    return result


def _accepting(self):
    frame = _getframe(2)
    if waits.is_open() or not sites.site_of(frame):
        return waits.silence()
    return waits.begin(_RECV, label="a connection", frame=frame)


def _accepted(wait, result):
    if wait.number > 0:
        waits.end(wait)
    else:
        waits.drop(wait)
    return result


def _not_accepted(wait):
    if wait.number > 0:
        waits.fail(wait)
    else:
        waits.drop(wait)


def _patch_spawn(module):
    def prepared(token, data):
        if _peers and isinstance(data, dict):
            data["clens_peers"] = dict(_peers)
        return data

    def preparing(data):
        if isinstance(data, dict):
            _peers.update(data.get("clens_peers", ()))

    patching.watch(module.get_preparation_data, lambda name: True, prepared)
    patching.watch(module.prepare, preparing)


def _piping(duplex):
    return (duplex, sites.site_of(_getframe(2)))


def _piped(token, ends):
    try:
        duplex, site = token
        one, other = ends
        inode, other_inode = _inode(one), _inode(other)
        key = _key(min(inode, other_inode)) if inode else 0
        for end in ends:
            end.__dict__["_clens"] = waits.State(_PIPE, site, key=key)
        if inode and other_inode and inode != other_inode:
            if len(_peers) > _MOST_PEERS:
                _peers.clear()
            _peers[inode] = other_inode
            _peers[other_inode] = inode
            one.__dict__["_clens"].more = (_key(other_inode), _key(inode))
            other.__dict__["_clens"].more = (_key(inode), _key(other_inode))
        else:
            for end in ends:
                end.__dict__["_clens"].more = (key, key)
    except Exception as error:
        writer.problem("Pipe", error)
    return ends


def _state(connection):
    state = waits.state_of(connection, _PIPE)
    if state.more is None:
        inode = _inode(connection)
        peer = _peers.get(inode, inode if _is_one_way(connection) else 0)
        state.key = _key(min(inode, peer) if peer else inode)
        state.more = (_key(peer), _key(inode))
    return state


def _is_one_way(connection):
    return not (connection.readable and connection.writable)


def _key(inode):
    """Keys of pipes are apart from those of other objects."""
    return inode | (1 << 62) if inode else 0


def _inode(connection):
    try:
        return os.fstat(connection.fileno()).st_ino if os.name != "nt" else 0
    except (OSError, ValueError):
        return 0


def _open(connection, kind, timeout=None):
    """None for what the library does for itself, without a line of the person's."""
    try:
        site = _site_of(_getframe(3))
        if not site:
            return None
        state = connection.__dict__.get("_clens")
        if state is None or state.more is None:
            state = _state(connection)
        return waits.begin_at(site, kind, waits.ON_OBJECT, state, state.number or waits.number_of(state), 0, timeout)
    except Exception as error:
        writer.problem("a connection", error)
        return None


def _sending(self, *_):
    if _get_ident() in _opened:
        return None
    wait = _open(self, _SEND)
    if wait is not None:
        try:
            # Sent before it can be received: the receiver may be faster than our return.
            key = _state(self).more[0]
            if key:
                writer.link_from(wait.lane, _SEND_RECV, wait.t, wait.site, key)
        except Exception as error:
            writer.problem("a connection", error)
    return wait


def _sent(wait, result):
    waits.end(wait)
    return result


def _receiving(self, *_):
    if _get_ident() in _opened:
        return None
    wait = _open(self, _RECV)
    return wait and (wait, self)


def _received(token, result):
    wait, connection = token
    waits.end(wait)
    try:
        key = _state(connection).more[1]
        if key:
            writer.link_to(wait.lane, _SEND_RECV, writer.now(), wait.site, key, wait.number)
    except Exception as error:
        writer.problem("a connection", error)
    return result


def _not_received(token):
    waits.fail(token[0])


def _polling(self, timeout):
    return None if _get_ident() in _opened or (timeout is not None and timeout <= 0) else _open(self, _RECV, timeout)


def _polled(wait, result):
    waits.end(wait, waits.DONE if result else waits.TIMED_OUT)
    return result


def _waiting(object_list, timeout):
    """Sentinels of processes and ends of pipes."""
    if _get_ident() in _opened:
        return None
    try:
        frame = _getframe(2)
        if not sites.site_of(frame):
            # A thread of the library's own: what it selects from is nobody's business either.
            return (waits.silence(), {})
        things = object_list if isinstance(object_list, (list, tuple, set, frozenset)) else ()
        wait = waits.begin(_WAIT, timeout=timeout, label="" if things else "connections", frame=frame)
        if wait is None:
            return None
        sentinels = _sentinels()
        for thing in list(things)[:256]:
            if isinstance(thing, int):
                child = sentinels.get(thing)
                if child is not None:
                    waits.on(wait, waits.ON_LANE, child.lane)
            elif hasattr(thing, "_handle") and hasattr(thing, "__dict__"):
                waits.on(wait, waits.ON_OBJECT, _state(thing))
        return (wait, sentinels)
    except Exception as error:
        writer.problem("connection.wait", error)
        return None


def _sentinels():
    """sentinel -> child, of the processes that run."""
    process = sys.modules.get("multiprocessing.process")
    found = {}
    for one in list(getattr(process, "_children", ())):
        child = getattr(one._popen, "_clens", None)
        if children.is_ours(child):
            found[one.sentinel] = child
    return found


def _waited(token, result):
    wait, sentinels = token
    if wait.number < 0:
        waits.drop(wait)
        return result
    ended = [sentinels[thing] for thing in result if isinstance(thing, int) and thing in sentinels]
    cause = (ended[0].lane, 0, 0) if ended else None
    waits.end(wait, waits.DONE if result else waits.TIMED_OUT, cause)
    return result


def _wait_failed(token):
    if token[0].number < 0:
        waits.drop(token[0])
    else:
        waits.fail(token[0])
