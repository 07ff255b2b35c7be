"""Compiles a function of the library anew, with statements of ours in it: what `patching` does when `code_cache` has no copy yet.

Only the first run on an interpreter needs this: parsing and compiling take half a millisecond for each function.
"""

import _ast
import sys

from .patching import MARK, CannotWatch

_PARSE_ONLY = 0x400
_sources = {}


def rewritten(function, before, after, failed, hooks, caught, lastly):
    """The new code of a function; `hooks` are names, and each is still a string that stands for it."""
    code = function.__code__
    tree, wanted = parse(function)
    definition = find_definition(tree, code)
    body = definition.body
    docstring = []
    if body and isinstance(body[0], _ast.Expr) and isinstance(getattr(body[0].value, "value", None), str):
        docstring, body = body[:1], body[1:]
    line = body[0].lineno
    last = getattr(body[-1], "end_lineno", line) or line
    start = _statements(before, line)
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
    name_by_constant(definition, hooks)
    return compiled(tree, code, wanted)


def compiled(tree, code, wanted):
    """The function that `wanted` leads to, out of a tree that was made of the source of `code`."""
    module = compile(tree, code.co_filename, "exec", dont_inherit=True, flags=code.co_flags & _FUTURE)
    return _find_code(module, wanted)


_FUTURE = 0x1FF0000 if sys.version_info >= (3, 9) else 0x1FF000


def name_by_constant(node, hooks):
    """Puts a constant where a hook is named: it costs nothing to set up, as a local variable would at each call.

    `constant if True else None` is compiled to the constant, without the warning that a string is called or compared. As a condition
    of its own it would be taken for true: inserted statements ask for its length.
    """
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, _ast.AST):
                    value[index] = name_by_constant(item, hooks)
        elif isinstance(value, _ast.AST):
            setattr(node, field, name_by_constant(value, hooks))
    if isinstance(node, _ast.Name) and node.id in hooks:
        source = "%r if True else None" % (MARK + node.id)
        constant = compile(source, "<clens>", "eval", _PARSE_ONLY, dont_inherit=True).body
        for part in (constant, constant.test, constant.body, constant.orelse):
            for place in ("lineno", "end_lineno", "col_offset", "end_col_offset"):
                setattr(part, place, getattr(node, place))
        return constant
    return node


def parse(function):
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
    for each in walk(node):
        if hasattr(each, "lineno"):
            each.lineno = max(1, each.lineno + lines)
            if getattr(each, "end_lineno", None) is not None:
                each.end_lineno = max(1, each.end_lineno + lines)


def walk(node):
    """A node and all below it."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
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


def find_definition(tree, code):
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
    for statement in nodes:
        move(statement, line)
    return nodes


def move(statement, line):
    """Puts a statement on one line of the function, as far as tracebacks can tell."""
    for node in walk(statement):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = 0


def _into_handlers(statements, caught):
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, _ast.ExceptHandler):
                node.body = _statements(caught, node.lineno) + node.body


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
