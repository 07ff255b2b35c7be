"""Names of jobs: the call as a person would write it, `square(3)`. No code of the person's is run for it."""

# Not from `functools`, which takes long to import.
from _functools import partial

_PLAIN = (int, float, bool, type(None), complex)
_LONGEST = 24
# Each name is a string of the trace: a run with very many jobs names the later ones by their function alone.
_MOST = 2000
_named = 0


def name_of(function, args=(), kwargs=None):
    global _named
    if _named >= _MOST:
        name = getattr(function, "__name__", None)
        return name if type(name) is str and name[:1] != "<" else function_name(function)
    _named += 1
    for _ in range(8):
        if type(function) is not partial:
            break
        args, kwargs = function.args + tuple(args), dict(function.keywords, **kwargs or {})
        function = function.func
    if _is_context_run(function) and args:
        function, args = args[0], args[1:]
    name = function_name(function)
    shown = [short(value) for value in args[:4]]
    if len(args) > 4:
        shown.append("...")
    for key in list(kwargs or ())[:2]:
        shown.append("%s=%s" % (key, short(kwargs[key])))
    return "%s(%s)" % (name, ", ".join(shown))


def _is_context_run(function):
    """`asyncio.to_thread(f, 1)` submits `partial(context.run, f, 1)`."""
    return type(function) is _BUILTIN and function.__name__ == "run" and type(function.__self__).__name__ == "Context"


_BUILTIN = type(len)


def function_name(function):
    for _ in range(3):
        if type(function) is partial and _is_context_run(function.func) and function.args:
            function = function.args[0]
        name = getattr(function, "__name__", None)
        if isinstance(name, str):
            return "lambda" if name == "<lambda>" else name
        # functools.partial, or a callable object.
        inner = getattr(function, "func", None)
        if inner is None:
            break
        function = inner
    return type(function).__name__


def short(value):
    kind = type(value)
    if kind in _PLAIN:
        text = repr(value)
    elif kind is str or kind is bytes:
        text = repr(value[:_LONGEST])
        if len(value) > _LONGEST:
            text = text[:-1] + "..." + text[-1]
    elif kind in (tuple, list) and len(value) <= 3:
        inner = ", ".join(short(item) for item in value)
        text = "(%s)" % inner if kind is tuple else "[%s]" % inner
    else:
        text = getattr(value, "__name__", None) if callable(value) else None
        if not isinstance(text, str):
            text = kind.__name__
    return text if len(text) <= 2 * _LONGEST else text[: 2 * _LONGEST] + "..."
