"""The words of an await where nothing better tells: the expression in the source, a coroutine as a call."""

import gc
import sys

from . import call_names, sites

_get_referents = gc.get_referents


async def _sample():
    pass


_coroutine = _sample()
Coroutine = type(_coroutine)
_coroutine.close()
del _coroutine, _sample


def read_expression(code, instruction, line):
    line, column, end = sites.position(code, instruction, line)
    text = sites.source_line(code.co_filename, line)
    if text is None:
        return ""
    if column:
        text = text[column - 1 : end - 1] if end else text[column - 1 :]
    else:
        text = text.strip()
        _, found, after = text.partition("await ")
        text = _balanced(after) if found else text
    text = text.strip()
    if text.startswith("await "):
        text = text[6:].strip()
    elif "async for " in text:
        text = _balanced(text.partition("async for ")[2].partition(" in ")[2]).strip()
    return text if len(text) <= 60 else text[:57] + "..."


def words_are_its_own(code, line):
    """Whether `read_expression` can tell this await from others on its line."""
    return sites.HAS_COLUMNS or (sites.source_line(code.co_filename, line) or "").count("await ") == 1


def _balanced(text):
    """Up to the end of the call that the text begins with."""
    depth = 0
    for index, letter in enumerate(text):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth < 0:
                return text[:index]
        elif depth == 0 and letter in ",:#;":
            return text[:index]
    return text


def call_name(coroutine):
    """`fetch(3)`: the coroutine as a call, with the arguments where they are plain and short. Of one that has not started."""
    name = getattr(coroutine, "__qualname__", None) or getattr(coroutine, "__name__", None) or type(coroutine).__name__
    name = name.rpartition(".")[2]
    try:
        if type(coroutine) is not Coroutine:
            return name
        code = coroutine.cr_code
        count = code.co_argcount + code.co_kwonlyargcount
        if not count:
            return name + "()"
        arguments = code.co_varnames[:count]
        cells = [cell for cell in code.co_cellvars if cell not in code.co_varnames[: count + 2]]
        slots = count + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        # In the order of the frame's variables; what is not assigned yet is left out, arguments always are.
        source = coroutine if sys.version_info >= (3, 11) else coroutine.cr_frame
        values = _get_referents(source)[-(slots + len(cells) + len(code.co_freevars)) :]
        words = []
        for argument, value in zip(arguments, values):
            if type(value).__name__ == "cell":
                value = value.cell_contents
            if argument == "self":
                continue
            words.append(call_names.short(value))
        return "%s(%s)" % (name, ", ".join(words))
    except Exception:
        return name
