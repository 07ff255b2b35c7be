"""Who holds a lock, found out when somebody else has to wait for it.

An acquire leaves no note of its line, to be cheap. So the stacks of the other threads are read: a thread that is inside the body
of `with X` holds X. What X is there, is looked up in that frame without running any code of the person's. Locks taken
by acquire() know their thread; the line is that of the last `X.acquire(` above.
"""

import _ast
import sys

from . import sites, writer

_PARSE_ONLY = 0x400
_files = {}
_sites = {}


def holder(core):
    """(ident, site) of the thread that holds the lock of `core`; (0, 0) when nothing tells."""
    frames = sys._current_frames()
    known = _rlock_owner(core.raw) or 0
    waiting = core.waiting
    try:
        for ident, frame in frames.items():
            if ident in waiting or (known and ident != known):
                continue
            site = _inside_with(frame, core)
            if site:
                return ident, site
        known = known or core.owner
        if known in frames and known not in waiting:
            return known, _acquired_at(frames[known], core) or sites.site_of(frames[known])
        return 0, 0
    finally:
        del frames


def _rlock_owner(raw):
    """An RLock shows its owner: `<locked _thread.RLock object owner=1 count=1 at ...>`."""
    text = repr(raw)
    start = text.find(" owner=")
    return int(text[start + 7 :].split(" ", 1)[0]) if start >= 0 else None


def _own_frames(frame):
    while frame is not None:
        if sites.is_own(frame.f_code):
            yield frame
        frame = frame.f_back


def _inside_with(frame, core):
    for own in _own_frames(frame):
        line = own.f_lineno
        for first, last, expression in _statements_of(own.f_code.co_filename)[0]:
            if first <= line <= last and _is_lock(_value(expression, own), core):
                return _site(own.f_code, expression)
    return 0


def _acquired_at(frame, core):
    name = sites.assigned_name(core.state.site).rpartition(".")[2]
    for own in _own_frames(frame):
        line, first = own.f_lineno, own.f_code.co_firstlineno
        calls = [(at, node) for at, node in _statements_of(own.f_code.co_filename)[1] if first <= at <= line]
        # The only one of that name needs no look at the frame.
        if name and calls and all(getattr(node, "id", getattr(node, "attr", None)) == name for _, node in calls):
            return _site(own.f_code, max(calls, key=lambda call: call[0])[1])
        mine = [call for call in calls if _is_lock(_value(call[1], own), core)]
        if mine:
            return _site(own.f_code, max(mine, key=lambda call: call[0])[1])
    return 0


def _statements_of(file):
    """The `with` bodies of a file, innermost last, and its `X.acquire(...)` calls."""
    found = _files.get(file)
    if found is None:
        bodies, calls = [], []
        try:
            with open(sites.absolute(file), "rb") as source:
                tree = compile(source.read(), file, "exec", _PARSE_ONLY, dont_inherit=True)
            _collect(tree, bodies, calls)
        except (OSError, SyntaxError, ValueError, RecursionError):
            pass
        found = _files[file] = (bodies, calls)
    return found


def _collect(tree, bodies, calls):
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _ast.With):
            last = node.body[-1].end_lineno
            for item in node.items:
                bodies.append((node.body[0].lineno, last, item.context_expr))
        elif isinstance(node, _ast.Call) and isinstance(node.func, _ast.Attribute) and node.func.attr == "acquire":
            calls.append((node.lineno, node.func.value))
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, _ast.AST):
                stack.append(value)
            elif isinstance(value, list):
                stack.extend(item for item in value if isinstance(item, _ast.AST))


_NOTHING = object()


def _value(node, frame):
    """What an expression is in a frame, as far as looking tells; no descriptor and no method of the person's is run."""
    if isinstance(node, _ast.Name):
        code, name = frame.f_code, node.id
        if name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars:
            # Before 3.13 the frame keeps this look at its locals, and what they were, until it ends: only when need be.
            return frame.f_locals.get(name, _NOTHING)
        return frame.f_globals.get(name, _NOTHING)
    if isinstance(node, _ast.Attribute):
        return _attribute(_value(node.value, frame), node.attr)
    if isinstance(node, _ast.Subscript):
        holder_, index = _value(node.value, frame), node.slice
        index = getattr(index, "value", index) if type(index).__name__ == "Index" else index
        key = index.value if isinstance(index, _ast.Constant) else _value(index, frame)
        if type(holder_) in (dict, list, tuple) and type(key) in (int, str):
            try:
                return holder_[key]
            except (LookupError, TypeError):
                pass
    return _NOTHING


def _attribute(thing, name):
    if thing is _NOTHING:
        return _NOTHING
    try:
        fields = object.__getattribute__(thing, "__dict__")
        if type(fields) is dict and name in fields:
            return fields[name]
    except AttributeError:
        pass
    for cls in type.__dict__["__mro__"].__get__(thing if isinstance(thing, type) else type(thing)):
        value = cls.__dict__.get(name, _NOTHING)
        if value is not _NOTHING:
            # A slot's descriptor is C code; any other could be the person's.
            return value.__get__(thing) if type(value) is _SLOT else value
    return _NOTHING


class _Slotted:
    __slots__ = ("one",)


_SLOT = type(_Slotted.one)


def _is_lock(thing, core):
    if thing is _NOTHING:
        return False
    if getattr(type(thing), "_clens_lock", False):
        return thing._clens is core
    # A Condition made over the lock.
    inner = _attribute(thing, "_lock")
    return getattr(type(inner), "_clens_lock", False) and inner._clens is core


def _site(code, node):
    key = (id(code), node.lineno, node.col_offset)
    number = _sites.get(key)
    if number is None:
        columns = (node.col_offset + 1, node.end_col_offset + 1) if sites.HAS_COLUMNS else (0, 0)
        number = _sites[key] = writer.site(sites.absolute(code.co_filename), node.lineno, *columns, code.co_name)
    return number
