"""The tracer that rides along in the traced interpreter: standard library only, CPython 3.8 and newer.

How its parts fit, for whoever adds a module that watches another part of the standard library:

    records   codes of the trace format, the mirror of src/trace/format.ts
    writer    the trace file: one function per record kind, `string(text)`, `now()`, numbers (`next_wait()` ...), `problem()`
    sites     `site_of(frame)`, `here(depth)`: where in the person's own files an operation came from
    lanes     `current()`, `new(kind, name, site, parent, flags, pid)`, `begin_thread`, `end_thread`, `enter(lane)`
    waits     begin and end of a wait, and inner waits that belong to an outer one
    patching  `watch(function, enter, leave, fail)`: hooks inside a Python function, without a frame of our own
    store     compiled code, kept from one run to the next
    imports   `when_imported(name, patch)`: patches are applied after the module was executed, or at once if it already is

A module for the library `x` is `patch_x.py` with one function `patch(module)`, which may run more than once (fresh copies of a
module); it is named in `tracing._PATCHES` and imported only when `x` is. It imports no other part of the standard library than
`x` (given as `module`) and what is always loaded (`sys`, `os`, `time`, `_thread`).

Rules: a hook never raises into the snippet (`except Exception as error: writer.problem(place, error)`), never takes a lock,
never starts a thread, never records while the snippet's lock is held if it can be helped, and keeps no object of the
snippet alive.

A wait, from inside a hook of a watched function (`waits` has the details):

    def enter(self, timeout):                 # the person calls thing.wait(timeout)
        return waits.begin(WAIT, target_kind, target, timeout)   # written at once: it blocks for sure
    def leave(token, result):
        waits.end(token, DONE if result else TIMED_OUT, ready, cause_lane, cause_t, cause_site)
        return result

`waits.start(...)` instead of `begin` writes nothing until something inside blocks (`waits.blocked()`), and `end` then writes a single
`waitDone` record when nothing did.
"""
