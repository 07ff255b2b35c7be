"""Watches functions of the standard library without wrapping them.

`watch` gives a Python function a new `__code__`: its own source, compiled anew with a call to a hook before, after and on an
exception. The function object, its name, signature, docstring, defaults and pickling stay; no frame is added, so
tracebacks, `stacklevel`s and recursion depth are those of the untraced program; whoever took a reference before is
traced as well. Hooks travel as constants of the code, so that no module gains a name.

Callables written in C can not be watched: `stand_in` makes an object that behaves like the builtin it replaces.
"""

import _ast
import sys

from . import code_cache, writer

_PARSE_ONLY = 0x400
_sources = {}


class CannotWatch(Exception):
    """The source of a function is not at hand, or not in a shape that can be rewritten."""


def watch(function, enter=None, leave=None, fail=None):
    """Hooks into a Python function (plain, generator or async).

    enter(*parameters) -> token     all parameters as declared, in order (`*args` as one tuple, `**kwargs` as one dict)
    leave(token, result) -> result  on return; what it returns is what the caller gets
    fail(token)                     when an exception leaves the function; `sys.exc_info()` has it

    When `enter` returns None the other two are not called. Hooks must not raise.
    """
    names = {}
    before = ""
    if enter is not None:
        names["_clens_enter"] = enter
        before = "_clens_token = _clens_enter(%s)" % ", ".join(_parameters(function.__code__))
    after = failed = ""
    if leave is not None:
        names["_clens_leave"] = leave
        after = "if _clens_token is not None: _clens_result = _clens_leave(_clens_token, _clens_result)"
    if fail is not None:
        names["_clens_fail"] = fail
        failed = "if _clens_token is not None: _clens_fail(_clens_token)"
    rewrite(function, before, after, failed, names)


def rewrite(function, before="", after="", failed="", names=None, caught="", lastly=""):
    """As `watch`, with the inserted statements given as source: `before` the body, `after` a result is known
    (`_clens_result`, which it may rebind), when it `failed`, first in each of its own handlers (`caught`), and
    behind its own `finally` (`lastly`; there the result is out of reach). `names` are the objects they use; each must start with `_clens_`.
    """
    code = function.__code__
    hooks = names or {}
    recipe = (before, after, failed, caught, lastly) + tuple(hooks)
    new = code_cache.find(function, recipe)
    if new is None:
        new = _rewritten(function, before, after, failed, hooks, caught, lastly)
        code_cache.keep(function, recipe, new)
    new = new.replace(
        co_consts=tuple(hooks.get(_unmarked(c), c) if isinstance(c, str) else c for c in new.co_consts)
    )
    if new.co_freevars != code.co_freevars or new.co_argcount != code.co_argcount:
        raise CannotWatch("%s has another shape after rewriting" % code.co_name)
    function.__code__ = new


def _rewritten(function, before, after, failed, hooks, caught, lastly):
    """The new code, in which each hook is still a string that stands for it."""
    code = function.__code__
    tree, wanted = _parse(function)
    definition = _find(tree, code)
    body = definition.body
    docstring = []
    if body and isinstance(body[0], _ast.Expr) and isinstance(getattr(body[0].value, "value", None), str):
        docstring, body = body[:1], body[1:]
    line = body[0].lineno
    last = getattr(body[-1], "end_lineno", line) or line
    prologue = "".join("%s = %r\n" % (name, _marker(name)) for name in hooks)
    start = _statements(prologue + before, line)
    if caught:
        _into_handlers(body, caught)
    if after:
        body = _with_result(body, after)
        body += _statements("_clens_result = None\n%s\nreturn _clens_result" % after, last)
    if failed:
        guarded = _statements("try:\n    pass\nexcept BaseException:\n    %s\n    raise" % failed, line)
        guarded[0].body = body
        body = guarded
    if lastly:
        guarded = _statements("try:\n    pass\nfinally:\n    %s" % lastly, last)
        guarded[0].body = body
        body = guarded
    definition.body = docstring + start + body
    module = compile(tree, code.co_filename, "exec", dont_inherit=True, flags=code.co_flags & _FUTURE)
    return _find_code(module, wanted)


_FUTURE = 0x1FF0000 if sys.version_info >= (3, 9) else 0x1FF000
_MARK = "\0clens:"


def _marker(name):
    return _MARK + name


def _unmarked(text):
    return text[len(_MARK) :] if text.startswith(_MARK) else None


def _parameters(code):
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    names = code.co_varnames[:count]
    positional, keyword = names[: code.co_argcount], names[code.co_argcount :]
    return positional + keyword


def _parse(function):
    """The function's own lines, parsed in their place: enclosed in its class for name mangling, on their own line numbers."""
    code = function.__code__
    file = function.__globals__.get("__file__") or code.co_filename
    lines = _sources.get(file)
    if lines is None:
        try:
            with open(file, encoding="utf-8") as source:
                lines = _sources[file] = source.read().split("\n")
        except (OSError, UnicodeError, ValueError) as problem:
            raise CannotWatch("no source for %s: %s" % (code.co_name, problem))
    first = code.co_firstlineno - 1
    if first >= len(lines):
        raise CannotWatch("the source of %s is not the one that runs" % code.co_name)
    indent = len(lines[first]) - len(lines[first].lstrip())
    end = first + 1
    inside = False
    while end < len(lines):
        text = lines[end]
        if text.strip() and len(text) - len(text.lstrip()) <= indent and not text.lstrip().startswith("#"):
            # The closing parenthesis of a signature, or a decorated def, is still the head.
            if inside or not text.lstrip().startswith((")", "def ", "async def ", "@")):
                break
        elif text.strip() and not text.lstrip().startswith("#"):
            inside = True
        if text.lstrip().startswith(("def ", "async def ")) and len(text) - len(text.lstrip()) == indent:
            inside = False
        end += 1
    path = function.__qualname__.split(".")[:-1]
    head = ""
    depth = 0
    wanted = []
    for name in path:
        if name == "<locals>":
            continue
        head += " " * depth + "class %s:\n" % name
        wanted.append(name)
        depth += 1
    if code.co_freevars:
        # Cells are made by an enclosing function that assigns the names; `__class__` by the class itself.
        free = [name for name in code.co_freevars if name != "__class__"]
        if free:
            head += " " * depth + "def _clens_outer():\n"
            depth += 1
            # A block has one indentation: that of the function, whose lines follow.
            head += " " * max(depth, indent) + " = ".join(free) + " = None\n"
            wanted.append("_clens_outer")
    if depth == 0 and indent > 0:
        head += "if 1:\n"
        depth = 1
    if indent and indent < depth or (depth and not indent):
        raise CannotWatch("%s is indented in an unexpected way" % code.co_name)
    source = head + "\n".join(lines[first:end]) + "\n"
    try:
        tree = compile(source, file, "exec", _PARSE_ONLY | (code.co_flags & _FUTURE), dont_inherit=True)
    except SyntaxError as problem:
        raise CannotWatch("the source of %s can not be read: %s" % (code.co_name, problem))
    _shift(tree, first - head.count("\n"))
    return tree, wanted + [code.co_name]


def _shift(node, lines):
    if lines == 0:
        return
    stack = [node]
    while stack:
        node = stack.pop()
        if hasattr(node, "lineno"):
            node.lineno = max(1, node.lineno + lines)
            if getattr(node, "end_lineno", None) is not None:
                node.end_lineno = max(1, node.end_lineno + lines)
        stack.extend(_children(node))


def _children(node):
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, _ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, _ast.AST):
                    yield item


def _find(tree, code):
    for node in _walk_definitions(tree):
        if node.name == code.co_name:
            node.decorator_list = []
            return node
    raise CannotWatch("%s is not where its code says" % code.co_name)


def _walk_definitions(node):
    for child in _children(node):
        if isinstance(child, (_ast.FunctionDef, _ast.AsyncFunctionDef)) and child.name != "_clens_outer":
            yield child
        else:
            yield from _walk_definitions(child)


def _find_code(code, names):
    for name in names:
        for constant in code.co_consts:
            if hasattr(constant, "co_code") and constant.co_name == name:
                code = constant
                break
        else:
            raise CannotWatch("%s was not compiled" % name)
    return code


def _statements(source, line):
    """Parsed statements, all on one line of the function."""
    nodes = compile(source, "<clens>", "exec", _PARSE_ONLY, dont_inherit=True).body
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = 0
        stack.extend(_children(node))
    return nodes


def _into_handlers(statements, caught):
    stack = list(statements)
    while stack:
        node = stack.pop()
        if isinstance(node, _ast.ExceptHandler):
            node.body = _statements(caught, node.lineno) + node.body
        stack.extend(_children(node))


def _with_result(statements, after):
    """Every `return E` of this function becomes: the result is E; the inserted statements; return it."""
    out = []
    for node in statements:
        if isinstance(node, _ast.Return):
            kept = _statements("_clens_result = None\n%s\nreturn _clens_result" % after, node.lineno)
            if node.value is not None:
                kept[0].value = node.value
            out += kept
            continue
        if not isinstance(node, (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef, _ast.Lambda)):
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(node, field, None)
                if isinstance(inner, list):
                    setattr(node, field, _with_result(inner, after))
            for handler in getattr(node, "handlers", ()):
                handler.body = _with_result(handler.body, after)
            for case in getattr(node, "cases", ()):
                case.body = _with_result(case.body, after)
        out.append(node)
    return out


def stand_in(builtin, call):
    """An object that is called instead of a builtin function and looks like it. `call` gets the object itself first."""

    def reduce(self):
        home = sys.modules.get(builtin.__module__)
        if getattr(home, builtin.__name__, None) is self:
            return builtin.__name__
        return (getattr, (Module(builtin.__module__), builtin.__name__))

    def attribute(self, name):
        return (lambda *protocol: reduce(self)) if name in ("__reduce__", "__reduce_ex__") else getattr(builtin, name)

    fields = {
        "__slots__": (),
        "__call__": call,
        "__repr__": lambda self: repr(builtin),
        "__getattribute__": attribute,
        "__eq__": lambda self, other: other is self or other == builtin,
        "__hash__": lambda self: hash(builtin),
        "_clens_stand_in": True,
    }
    return type("builtin_function_or_method", (), fields)()


class Module:
    """Unpickles as a module: what stands in for a part of it is found there by its name, in an untraced process too."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return (__import__, (self.name,))


def is_stand_in(thing):
    return getattr(type(thing), "_clens_stand_in", False)


def hide(error):
    """Takes the tracer's own frame off the traceback of an exception that passes through it. The caller then says a plain `raise`,
    which does not add the frame again (3.11 and newer; older ones: `old_tracebacks`).
    """
    if RAISE_KEEPS_TRACEBACK and error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next


RAISE_KEEPS_TRACEBACK = sys.version_info >= (3, 11)
