"""Puts the body of a function of the tracer's into one of the library's: what `patching.inline` does when `code_cache` has no copy yet.

For hooks that run so often that calling a function would be a good part of what they cost. They are written, and read, as any
function; the names they share with the library's function are its own variables, their other variables are renamed.
"""

import _ast

from .patching import ORIGINAL, CannotWatch
from .rewriting import compiled, find_definition, move, name_by_constant, parse, walk


def inlined(function, bodies, hooks):
    """The new code of `function`, with `bodies`, pairs (call, body), in their places; `hooks` are the names of constants, as `_clens_` names."""
    tree, wanted = parse(function)
    definition = find_definition(tree, function.__code__)
    for call, body in bodies:
        statements = _statements_of(body, set(function.__code__.co_varnames), hooks)
        if not call:
            _put_first(definition.body, statements)
        elif not _replace(definition, call, statements):
            raise CannotWatch("%s does not call %s" % (function.__code__.co_name, call))
    name_by_constant(definition, hooks)
    return compiled(tree, function.__code__, wanted)


def _put_first(block, statements):
    first = block[0]
    is_docstring = isinstance(first, _ast.Expr) and isinstance(getattr(first.value, "value", None), str)
    at = 1 if is_docstring and len(block) > 1 else 0
    for new in statements:
        move(new, block[at].lineno)
    block[at:at] = statements


def _statements_of(body, shared, hooks):
    tree, _ = parse(body)
    definition = find_definition(tree, body.__code__)
    own = set(body.__code__.co_varnames)

    def renamed(name):
        inside = "_clens_" + name
        return inside if (name not in shared if name in own else inside in hooks) else name

    for node in walk(definition):
        if isinstance(node, _ast.Name):
            node.id = renamed(node.id)
        elif isinstance(node, _ast.ExceptHandler) and node.name:
            node.name = renamed(node.name)
    # Behind its docstring.
    return definition.body[1:]


def _replace(definition, call, statements):
    for node in walk(definition):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            for index, statement in enumerate(block if isinstance(block, list) else ()):
                value = getattr(statement, "value", None)
                if isinstance(value, _ast.Call) and _dotted(value.func) == call:
                    for new in statements:
                        move(new, statement.lineno)
                    block[index : index + 1] = _with_original(statements, statement)
                    return True
    return False


def _with_original(statements, original):
    for index, node in enumerate(statements):
        if isinstance(node, _ast.Expr) and _dotted(node.value) == ORIGINAL:
            statements[index] = original
            continue
        for holder in [node] + getattr(node, "handlers", []):
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(holder, field, None)
                if isinstance(inner, list):
                    _with_original(inner, original)
    return statements


def _dotted(node):
    if isinstance(node, _ast.Attribute):
        return "%s.%s" % (_dotted(node.value), node.attr)
    return node.id if isinstance(node, _ast.Name) else ""
