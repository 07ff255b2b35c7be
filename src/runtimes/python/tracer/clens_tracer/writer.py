"""Owns the trace file of this process: fixed-size records in a memory-mapped file, one function per record kind.

Relies on three things of CPython: an iterator written in C gives each caller its own slot without a lock; `pack_into`
copies into the mapping without a system call, so nothing is lost by `os._exit` or SIGKILL and the GIL is not handed over; the
kind byte is stored last, so that a half-written slot reads as not written.

Nothing here raises into the snippet on a full disk: records then go to a sink and are counted.
"""

import _thread
import mmap
import os
import sys
import time
from itertools import count, repeat

from . import records as R
from .records import pack_record, pack_string

now = time.perf_counter_ns

# 4096 records of 64 bytes: 256 KiB a chunk. The first is a quarter of that, since most processes are pool workers and the like.
_CHUNK_BYTES = R.RECORD_BYTES * 4096
_FIRST_BYTES = R.RECORD_BYTES * 1024
# 1 GiB a process; beyond it records are counted, not written.
_MOST_CHUNKS = int(os.environ.get("CLENS_MAX_CHUNKS", "4096"))

_folder = ""
_path = None
# Bytes of the file that are mapped so far, in how many chunks.
_size = _chunks = 0
# Gives (chunk, offset) of the next free slot; StopIteration when the chunk is full.
_next_slot = iter(()).__next__
_grow_lock = _thread.RLock()
_last_chunk = None
_lost = 0
# How many forks lie between the run's start and this process: numbers of lanes and jobs hold for one generation.
generation = 0

_strings = {}
# The records that define strings, sites and objects: a forked child begins its file with them.
_definitions = bytearray()
_MOST_DEFINITIONS = 1 << 22
next_string = count(1).__next__
next_site = count(1).__next__
next_wait = count(1).__next__
next_object = count(1).__next__
next_lane = count(1).__next__
next_job = count(1).__next__

_MAGIC = int.from_bytes(b"CLNS", "little")
_VERSION = "%d.%d.%d" % sys.version_info[:3]
_HEADER_BYTES = R.RECORD_BYTES


def open_file(folder):
    """Starts the trace file of this process with its header record, and what a forked child inherits."""
    global _folder, _path, _next_slot
    pid, token = os.getpid(), now()
    _folder = folder
    _path = "%s%s%d-%016x%s" % (folder, os.sep, pid, token, R.FILE_SUFFIX)
    known = len(_definitions)
    chunk = _more(known)
    if known:
        chunk[_HEADER_BYTES : _HEADER_BYTES + known] = _definitions
    _next_slot = zip(repeat(chunk), range(_HEADER_BYTES + known, len(chunk), R.RECORD_BYTES)).__next__
    version = _strings.get(_VERSION) or string(_VERSION)
    parent = os.getppid() if hasattr(os, "getppid") else 0
    pack_record(
        chunk, 0, 0, R.FORMAT_VERSION, R.LANGUAGE_PYTHON, 0, pid, now(), time.time_ns(),
        _MAGIC, parent, 0, 0, 0, 0, version, token,
    )
    chunk[0] = R.HEADER


def after_fork():
    """In the child: a file of its own, in which every string, site and object known so far keeps its number.

    It touches little: each page of memory that a child changes first is copied, which costs more than most of what is done here.
    """
    global _grow_lock, _size, _chunks, _last_chunk, _lost, generation
    # To free what the parent goes on using would be such a change.
    keep.append((_next_slot, _last_chunk, _grow_lock))
    generation += 1
    _grow_lock = _thread.RLock()
    _size = _chunks = _lost = 0
    _last_chunk = None
    open_file(_folder)


def _slot():
    """(chunk, offset) of the next free slot."""
    while True:
        take = _next_slot
        try:
            return take()
        except StopIteration:
            _grow(take)


def _grow(full):
    """Goes on in a new chunk, unless somebody else has done so: another thread, or a signal handler in the midst of this."""
    global _next_slot
    with _grow_lock:
        if _next_slot is not full:
            return
        chunk = _more()
        slots = zip(repeat(chunk), range(0, len(chunk), R.RECORD_BYTES)).__next__
        if _next_slot is full:
            _next_slot = slots


def _more(needed=0):
    """The next chunk of the file. On a full disk, or when the file is long enough, memory that is filled over and over."""
    global _size, _chunks, _last_chunk, _lost
    size = _CHUNK_BYTES if _chunks or needed > _FIRST_BYTES // 2 else _FIRST_BYTES
    # Whole chunks: no page of memory is so large that a mapping could not begin there.
    size += needed // _CHUNK_BYTES * _CHUNK_BYTES
    try:
        if _chunks < _MOST_CHUNKS and not _lost:
            chunk = _map(_size, size)
            _size += size
            _chunks += 1
            _last_chunk = chunk
            return chunk
    except (OSError, ValueError):
        pass
    _lost += size // R.RECORD_BYTES
    _tell_lost()
    return bytearray(size)


def _tell_lost():
    """Keeps the count of lost records, to the chunk, in the last slot of the file; a reader looks there again at the end."""
    if _last_chunk is not None:
        at = len(_last_chunk) - R.RECORD_BYTES
        pack_record(_last_chunk, at, 0, 0, 0, 0, 0, now(), 0, 0, 0, 0, 0, 0, 0, 0, _lost)
        _last_chunk[at] = R.DROPPED


_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _map(offset, size):
    file = os.open(_path, _FLAGS, 0o600)
    try:
        _reserve(file, offset, size)
        return map_file(file, offset, size)
    finally:
        os.close(file)


def _reserve(file, offset, size):
    """Blocks of the disk are taken now: a write to a mapping without them would be a SIGBUS when the disk is full.

    Written rather than allocated: the first touch of a page whose blocks are only allocated costs 90 us, and removing such a file 170.
    """
    if offset:
        os.lseek(file, offset, os.SEEK_SET)
    if os.write(file, _ZEROS[:size] if size <= _CHUNK_BYTES else bytes(size)) < size:
        raise OSError("no space left for the trace")


_ZEROS = memoryview(bytes(_CHUNK_BYTES))


def map_file(file, offset, size):
    if os.name == "nt":
        return mmap.mmap(file, size, offset=offset)
    if sys.version_info >= (3, 13):
        return mmap.mmap(file, size, offset=offset, trackfd=False)
    return _map_without_descriptor(file, offset, size)


def _map_without_descriptor(file, offset, size):
    """Before 3.13 an mmap keeps a duplicate of its descriptor, which would shift the numbers the snippet sees: it is closed.

    The mapping is then never freed (`keep`), since freeing it would close that number again, whoever has it by then.
    """
    copy = os.dup(file)
    os.close(copy)
    chunk = mmap.mmap(file, size, offset=offset)
    keep.append(chunk)
    try:
        if os.path.samestat(os.fstat(copy), os.fstat(file)):
            os.close(copy)
    except OSError:
        pass
    return chunk


# Held by the sys module, which is cleared after every module of the snippet.
keep = []


def record(kind, a, b, c, lane, t, t2, site, ref, id, cause_lane, cause_t, cause_site, text, x):
    """One record of any kind; the functions below name the fields."""
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    pack_record(chunk, at, 0, a, b, c, lane, t, t2, site, ref, id, cause_lane, cause_t, cause_site, text, x)
    chunk[at] = kind


_WAIT_DONE, _WAIT_ON, _JOB_SUBMIT = R.WAIT_DONE, R.WAIT_ON, R.JOB_SUBMIT
_pack_done = R.Struct("<IIQQII").pack_into
_pack_done_by = R.Struct("<IIQQIIIIQI").pack_into


def done(head, lane, t, ended, site, number):
    """`wait_done` on an object or a job, made short for what happens often: `head` is from `done_head`."""
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    _pack_done(chunk, at, head, lane, t, ended, site, number)
    chunk[at] = _WAIT_DONE


def done_by(head, lane, t, ended, site, number, cause_lane, cause_t, cause_site):
    """As `done`, with a cause."""
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    _pack_done_by(chunk, at, head, lane, t, ended, site, number, 0, cause_lane + 1, cause_t, cause_site)
    chunk[at] = _WAIT_DONE


def done_head(kind, outcome, target_kind=R.TARGET["object"]):
    """The first four bytes of such a record, its kind left out."""
    return kind << 8 | outcome << 16 | target_kind << 24


_pack_numbered = R.Struct("<IIQ16xI").pack_into


def numbered(kind, head, lane, t, number):
    """A record that names nothing but a lane, a moment and a number; `head` holds b, shifted by 16."""
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    _pack_numbered(chunk, at, head, lane, t, number)
    chunk[at] = kind


def string(text):
    """The number of a string in this file."""
    number = _strings.get(text)
    if number is None:
        number = next_string()
        _write_string(number, text)
        # Published after its records are in the file, so that no other thread names it before.
        _strings[text] = number
    return number


def _write_string(number, text):
    data = text.encode("utf-8", "replace")[:16384]
    total = len(data)
    for offset in range(0, total or 1, 44):
        chunk, at = _slot()
        part = data[offset : offset + 44]
        pack_string(chunk, at, 0, 0, 0, 0, offset, part[:16], 0, total, number, part[16:])
        chunk[at] = R.STRING
        _define(chunk, at)


def _define(chunk, at):
    """The record there defines something. A child that is forked after very many knows the first of them by name."""
    if len(_definitions) < _MOST_DEFINITIONS:
        _definitions.extend(chunk[at : at + R.RECORD_BYTES])


def site(file, line, column, end_column, function):
    """Defines a site and returns its number. Columns are 1-based, 0 where unknown."""
    number = next_site()
    path, name = string(file), string(function) if function else 0
    chunk, at = _slot()
    pack_record(chunk, at, 0, 0, 0, 0, line, 0, 0, 0, path, number, 0, 0, 0, name, column | (end_column << 32))
    chunk[at] = R.SITE
    _define(chunk, at)
    return number


def lane(lane, kind, flags, t, site, name, parent, pid=0):
    """A lane is created. `parent` is a lane number or None."""
    record(R.LANE, kind, flags, 0, lane, t, 0, site, 0 if parent is None else parent + 1, 0, 0, 0, 0, string(name), pid)


def lane_begin(lane, t, thread_id=0):
    record(R.LANE_BEGIN, 0, 0, 0, lane, t, 0, 0, 0, 0, 0, 0, 0, 0, thread_id)


def lane_end(lane, end, t, detail="", status=0):
    """`status` is an exit status or a signal number; a negative one is stored as its low 64 bits."""
    text = string(detail) if detail else 0
    record(R.LANE_END, end, 0, 0, lane, t, 0, 0, 0, 0, 0, 0, 0, text, status & 0xFFFFFFFFFFFFFFFF)


def lane_info(lane, t, name="", pid=0, flags=0):
    record(R.LANE_INFO, 0, flags, 0, lane, t, 0, 0, 0, 0, 0, 0, 0, string(name) if name else 0, pid)


def object_made(number, kind, t, site, name="", key=0):
    text = string(name) if name else 0
    chunk, at = _slot()
    pack_record(chunk, at, 0, kind, 0, 0, 0, t, 0, site, 0, number, 0, 0, 0, text, key)
    chunk[at] = R.OBJECT
    _define(chunk, at)


def wait_begin(lane, wait, kind, target_kind, target, t, site, label=0, timeout_ns=0):
    """`label` is a string number, 0 for none."""
    record(R.WAIT_BEGIN, kind, 0, target_kind, lane, t, 0, site, target, wait, 0, 0, 0, label, timeout_ns)


def wait_end(lane, wait, outcome, t, ready=0, cause_lane=None, cause_t=0, cause_site=0):
    cause = 0 if cause_lane is None else cause_lane + 1
    record(R.WAIT_END, 0, outcome, 0, lane, t, ready, 0, 0, wait, cause, cause_t, cause_site, 0, 0)


def wait_done(
    lane, wait, kind, outcome, target_kind, target, t, ended, site,
    cause_lane=None, cause_t=0, cause_site=0, label=0, ready=0,
):
    """A whole wait in one record; its number is 0 when nothing refers to it."""
    cause = 0 if cause_lane is None else cause_lane + 1
    record(
        R.WAIT_DONE, kind, outcome, target_kind, lane, t, ended, site, target, wait,
        cause, cause_t, cause_site, label, ready,
    )


_pack_on = R.Struct("<3xBIQ12xII20xQ").pack_into
_ON_LANE = R.TARGET["lane"]


def wait_on(lane, wait, target_kind, target, t, more=0):
    """`more` targets are numbered on from that one."""
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    _pack_on(chunk, at, target_kind, lane, t, target, wait, more)
    chunk[at] = _WAIT_ON


def wait_on_several(lane, wait, targets, t):
    """Further lanes that a wait is on; those that were made one after the other, as by `gather`, take one record."""
    first = None
    for target in targets:
        if first is None:
            first = last = target
        elif target == last + 1:
            last = target
        else:
            wait_on(lane, wait, _ON_LANE, first, t, last - first)
            first = last = target
    if first is not None:
        wait_on(lane, wait, _ON_LANE, first, t, last - first)


def owner(lane, number, acquired, t, site):
    record(R.OWNER, acquired, 0, 0, lane, t, 0, site, 0, number, 0, 0, 0, 0, 0)


def link_from(lane, kind, t, site, key, number=0):
    record(R.LINK_FROM, kind, 0, 0, lane, t, 0, site, number, 0, 0, 0, 0, 0, key)


def link_to(lane, kind, t, site, key, wait=0):
    record(R.LINK_TO, kind, 0, 0, lane, t, 0, site, 0, wait, 0, 0, 0, 0, key)


def handoff(lane, kind, t, site, cause_lane, cause_t, cause_site):
    record(R.HANDOFF, kind, 0, 0, lane, t, 0, site, 0, 0, cause_lane + 1, cause_t, cause_site, 0, 0)


_pack_job = R.Struct("<4xIQ8xIII16xIQ").pack_into


def job_submit(job, lane, t, site, name, pool=0, key=0):
    text = string(name)
    try:
        chunk, at = _next_slot()
    except StopIteration:
        chunk, at = _slot()
    _pack_job(chunk, at, lane, t, site, pool, job, text, key)
    chunk[at] = _JOB_SUBMIT


def job_end(job, lane, t, outcome, key=0, detail=""):
    record(R.JOB_END, 0, outcome, 0, lane, t, 0, 0, 0, job, 0, 0, 0, string(detail) if detail else 0, key)


def output(lane, stream, t, size, checksum, site):
    record(R.OUTPUT, stream, 0, 0, lane, t, 0, site, size, 0, 0, 0, 0, 0, checksum)


def step(lane, resumed, t, thread_lane, site):
    record(R.STEP, resumed, 0, 0, lane, t, 0, site, thread_lane + 1, 0, 0, 0, 0, 0, 0)


def note(text, warning=False):
    record(R.NOTE, 2 if warning else 1, 0, 0, 0, now(), 0, 0, 0, 0, 0, 0, 0, string(text), 0)


_problems = set()


def problem(where, error):
    """A fault of the tracer itself: a note in the run, once per place and kind, never an exception in the snippet."""
    try:
        text = "the tracer failed in %s: %s: %s" % (where, type(error).__name__, error)
        if len(_problems) < 50 and text not in _problems:
            _problems.add(text)
            note(text, warning=True)
    except Exception:
        pass
