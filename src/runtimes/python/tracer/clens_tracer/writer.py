"""Owns the trace file of this process: fixed-size records in a memory-mapped file, one function per record kind.

Relies on three things of CPython: `itertools.count().__next__` and a dict lookup are atomic, so a slot is taken without a
lock; `pack_into` copies into the mapping without a system call, so nothing is lost by `os._exit` or SIGKILL and the
GIL is not handed over. The kind byte is stored last, so that a half-written slot reads as not written.

Nothing here raises into the snippet on a full disk: records then go to a sink and are counted.
"""

import mmap
import os
import sys
import time
from itertools import count

from . import records as R
from .records import pack_record, pack_string

now = time.perf_counter_ns

# 4096 records of 64 bytes: 256 KiB a chunk, so that a short-lived process costs little disk.
_SHIFT = 12
_MASK = 4095
_CHUNK_BYTES = R.RECORD_BYTES << _SHIFT
# 1 GiB a process; beyond it records are counted, not written.
_LAST_CHUNK = int(os.environ.get("CLENS_MAX_CHUNKS", "4096"))

_chunks = {}
_next_slot = count().__next__
_path = None
_full = None
generation = 0

_strings = {}
_site_records = []
next_string = count(1).__next__
next_site = count(1).__next__
next_wait = count(1).__next__
next_object = count(1).__next__
next_lane = count(1).__next__
next_job = count(1).__next__


def open_file(folder):
    """Starts the trace file of this process with its header record."""
    global _path
    token = os.urandom(8)
    _path = os.path.join(folder, "%d-%s%s" % (os.getpid(), token.hex(), R.FILE_SUFFIX))
    _write_header(int.from_bytes(token, "little"))


def _write_header(token):
    """The header is the first slot; the string it names takes the slots after it."""
    _next_slot()
    chunk = _chunk(0)
    version = string("%d.%d.%d" % sys.version_info[:3])
    parent = os.getppid() if hasattr(os, "getppid") else 0
    magic = int.from_bytes(b"CLNS", "little")
    pack_record(
        chunk, 0, 0, R.FORMAT_VERSION, R.LANGUAGE_PYTHON, 0, os.getpid(), now(), time.time_ns(),
        magic, parent, 0, 0, 0, 0, version, token,
    )
    chunk[0] = R.HEADER


def after_fork():
    """In the child: a file of its own, in which every string and site known so far keeps its number."""
    global _next_slot, _full, generation
    strings = list(_strings.items())
    _chunks.clear()
    _full = None
    generation += 1
    _next_slot = count().__next__
    open_file(os.path.dirname(_path))
    for text, number in strings:
        _write_string(number, text)
    for fields in _site_records:
        _write_site(*fields)


def _chunk(index):
    """The mapping that holds chunk `index`, made when it is first asked for."""
    chunk = _chunks.get(index)
    if chunk is not None:
        return chunk
    global _full
    if _full is None:
        for step in range(len(_chunks), index + 1):
            if step not in _chunks:
                try:
                    if step >= _LAST_CHUNK:
                        raise OSError("the trace has reached its limit")
                    # setdefault: two threads, or a signal handler, may both have come here.
                    _chunks.setdefault(step, _map(step))
                except (OSError, ValueError):
                    _full = step
                    break
    if index not in _chunks:
        _chunks.setdefault(index, bytearray(_CHUNK_BYTES))
        _count_dropped(index)
    return _chunks[index]


def _count_dropped(index):
    """Keeps the count of lost records, to the chunk, in the last slot of the file; a reader looks there again at the end."""
    if not _full:
        return
    last = _chunks[_full - 1]
    lost = (index - _full + 1) << _SHIFT
    pack_record(last, _MASK << 6, 0, 0, 0, 0, 0, now(), 0, 0, 0, 0, 0, 0, 0, 0, lost)
    last[_MASK << 6] = R.DROPPED


def _map(index):
    offset = index * _CHUNK_BYTES
    file = os.open(_path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _reserve(file, offset)
        if os.name == "nt":
            return mmap.mmap(file, _CHUNK_BYTES, offset=offset)
        if sys.version_info >= (3, 13):
            return mmap.mmap(file, _CHUNK_BYTES, offset=offset, trackfd=False)
        return _map_without_descriptor(file, offset)
    finally:
        os.close(file)


def _reserve(file, offset):
    """Blocks of the disk are taken now: a write to a mapping without them would be a SIGBUS when the disk is full."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, offset, _CHUNK_BYTES)
    elif os.fstat(file).st_size < offset + _CHUNK_BYTES:
        os.lseek(file, offset, os.SEEK_SET)
        os.write(file, bytes(_CHUNK_BYTES))


def _map_without_descriptor(file, offset):
    """Before 3.13 an mmap keeps a duplicate of its descriptor, which would shift the numbers the snippet sees: it is closed.

    The mapping is then never freed (`keep`), since freeing it would close that number again, whoever has it by then.
    """
    copy = os.dup(file)
    os.close(copy)
    chunk = mmap.mmap(file, _CHUNK_BYTES, offset=offset)
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
    slot = _next_slot()
    try:
        chunk = _chunks[slot >> _SHIFT]
    except KeyError:
        chunk = _chunk(slot >> _SHIFT)
    at = (slot & _MASK) << 6
    pack_record(chunk, at, 0, a, b, c, lane, t, t2, site, ref, id, cause_lane, cause_t, cause_site, text, x)
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
        slot = _next_slot()
        chunk = _chunks.get(slot >> _SHIFT) or _chunk(slot >> _SHIFT)
        at = (slot & _MASK) << 6
        part = data[offset : offset + 44]
        pack_string(chunk, at, 0, 0, 0, 0, offset, part[:16], 0, total, number, part[16:])
        chunk[at] = R.STRING


def site(file, line, column, end_column, function):
    """Defines a site and returns its number. Columns are 1-based, 0 where unknown."""
    fields = (next_site(), string(file), line, column, end_column, string(function) if function else 0)
    _write_site(*fields)
    _site_records.append(fields)
    return fields[0]


def _write_site(number, file, line, column, end_column, function):
    record(R.SITE, 0, 0, 0, line, 0, 0, 0, file, number, 0, 0, 0, function, column | (end_column << 32))


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
    record(R.OBJECT, kind, 0, 0, 0, t, 0, site, 0, number, 0, 0, 0, string(name) if name else 0, key)


def wait_begin(lane, wait, kind, target_kind, target, t, site, label=0, timeout_ns=0):
    """`label` is a string number, 0 for none."""
    record(R.WAIT_BEGIN, kind, 0, target_kind, lane, t, 0, site, target, wait, 0, 0, 0, label, timeout_ns)


def wait_ready(lane, wait, t, cause_lane=None, cause_t=0, cause_site=0):
    cause = 0 if cause_lane is None else cause_lane + 1
    record(R.WAIT_READY, 0, 0, 0, lane, t, 0, 0, 0, wait, cause, cause_t, cause_site, 0, 0)


def wait_end(lane, wait, outcome, t, ready=0, cause_lane=None, cause_t=0, cause_site=0):
    cause = 0 if cause_lane is None else cause_lane + 1
    record(R.WAIT_END, 0, outcome, 0, lane, t, ready, 0, 0, wait, cause, cause_t, cause_site, 0, 0)


def wait_done(
    lane, wait, kind, outcome, target_kind, target, t, ended, site,
    cause_lane=None, cause_t=0, cause_site=0, label=0, ready=0,
):
    """A whole wait in one record."""
    cause = 0 if cause_lane is None else cause_lane + 1
    record(
        R.WAIT_DONE, kind, outcome, target_kind, lane, t, ended, site, target, wait,
        cause, cause_t, cause_site, label, ready,
    )


def wait_on(lane, wait, target_kind, target, t):
    record(R.WAIT_ON, 0, 0, target_kind, lane, t, 0, 0, target, wait, 0, 0, 0, 0, 0)


def owner(lane, number, acquired, t, site):
    record(R.OWNER, acquired, 0, 0, lane, t, 0, site, 0, number, 0, 0, 0, 0, 0)


def level(lane, number, t, value):
    record(R.LEVEL, 0, 0, 0, lane, t, 0, 0, 0, number, 0, 0, 0, 0, value)


def link_from(lane, kind, t, site, key, number=0):
    record(R.LINK_FROM, kind, 0, 0, lane, t, 0, site, number, 0, 0, 0, 0, 0, key)


def link_to(lane, kind, t, site, key, wait=0):
    record(R.LINK_TO, kind, 0, 0, lane, t, 0, site, 0, wait, 0, 0, 0, 0, key)


def handoff(lane, kind, t, site, cause_lane, cause_t, cause_site):
    record(R.HANDOFF, kind, 0, 0, lane, t, 0, site, 0, 0, cause_lane + 1, cause_t, cause_site, 0, 0)


def job_submit(job, lane, t, site, name, pool=0, key=0):
    record(R.JOB_SUBMIT, 0, 0, 0, lane, t, 0, site, pool, job, 0, 0, 0, string(name), key)


def job_begin(job, lane, t, key=0, name=""):
    record(R.JOB_BEGIN, 0, 0, 0, lane, t, 0, 0, 0, job, 0, 0, 0, string(name) if name else 0, key)


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
