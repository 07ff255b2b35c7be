"""Watches functions of the standard library without wrapping them.

`watch` gives a Python function a new `__code__`: its own source, compiled anew with a call to a hook before, after and on an
exception. The function object, its name, signature, docstring, defaults and pickling stay; no frame is added, so
tracebacks, `stacklevel`s and recursion depth are those of the untraced program; whoever took a reference before is
traced as well. Hooks travel as constants of the code, so that no module gains a name.

Callables written in C can not be watched: `stand_in` makes an object that behaves like the builtin it replaces.
"""

import sys

from . import code_cache, store

# A hook is a string of the code that is kept, under this mark.
MARK = "\0clens:"
# What `rewriting` makes of a recipe; another number when that changes, since results are kept.
_SHAPE = 3

# In the body of an `inline`d function, the statement that stands for the library's own.
ORIGINAL = "ORIGINAL"


class CannotWatch(Exception):
    """The source of a function is not at hand, or not in a shape that can be rewritten."""


def watch(function, enter=None, leave=None, fail=None, instead=None):
    """Hooks into a Python function (plain, generator or async).

    enter(*parameters) -> token     all parameters as declared, in order (`*args` as one tuple, `**kwargs` as one dict)
    leave(token, result) -> result  on return; what it returns is what the caller gets
    fail(token)                     when an exception leaves the function; `sys.exc_info()` has it

    When `enter` returns None the other two are not called. Hooks must not raise. `instead` has objects that the function is
    to find under the names of globals.
    """
    names = {}
    before = ""
    if enter is not None:
        names["_clens_enter"] = enter
        before = "_clens_token = _clens_enter(%s)" % ", ".join(_parameters(function.__code__))
    for name, thing in (instead or {}).items():
        names["_clens_" + name] = thing
        before += "\n%s = _clens_%s" % (name, name)
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
    hooks = names or {}
    recipe = (_SHAPE, before, after, failed, caught, lastly) + tuple(hooks)
    new = code_cache.find(function, recipe)
    if new is None:
        from . import rewriting

        new = rewriting.rewritten(function, before, after, failed, hooks, caught, lastly)
        code_cache.keep(function, recipe, new)
    _install(function, new, hooks)


def inline(function, *bodies):
    """Puts the bodies of functions of ours into `function`. Each comes with the text of a call: it goes in place of the statement that is,
    or assigns, that call; with no text, in front of all others.

    In a body, `ORIGINAL` stands for the statement. Names of variables of `function` are those variables; names of builtins and of
    globals of the body's module are what they are now; what cannot be hashed is named through its module, since code is hashed with
    its constants. A body has a docstring, and no `return`.
    """
    hooks = {}
    recipe = (_SHAPE,)
    for call, body in bodies:
        places = body.__globals__
        builtins = places["__builtins__"]
        for name in body.__code__.co_names:
            if name in places and name != ORIGINAL:
                hooks["_clens_" + name] = places[name]
            elif name in builtins:
                hooks["_clens_" + name] = builtins[name]
        recipe += (call, body.__name__) + store.stamp(places["__file__"])
    recipe += tuple(hooks)
    new = code_cache.find(function, recipe)
    if new is None:
        from . import inlining

        new = inlining.inlined(function, bodies, hooks)
        code_cache.keep(function, recipe, new)
    _install(function, new, hooks)


def _install(function, new, hooks):
    code = function.__code__
    new = new.replace(
        co_consts=tuple(hooks[c[len(MARK) :]] if type(c) is str and c.startswith(MARK) else c for c in new.co_consts)
    )
    if new.co_freevars != code.co_freevars or new.co_argcount != code.co_argcount:
        raise CannotWatch("%s has another shape after rewriting" % code.co_name)
    function.__code__ = new


def _parameters(code):
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    names = code.co_varnames[:count]
    positional, keyword = names[: code.co_argcount], names[code.co_argcount :]
    return positional + keyword


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
