"""What a command line starts: its name for a lane, and whether the program will be traced."""

import os
import sys

from . import writer

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LONGEST = 80
# Options of the interpreter that keep the environment, the site module or the tracer's folder out.
_OPAQUE = {"I": "-I", "E": "-E", "S": "-S"}
_TAKES_ARGUMENT = "WXQ"


def describe(command, env=None):
    """(name, traced, reason it is not) of a list of arguments or a shell command. `reason` is only given for a Python."""
    try:
        if hasattr(command, "__fspath__"):
            command = os.fspath(command)
        if isinstance(command, (str, bytes)):
            return _shorten(_text(command)), False, ""
        words = [_text(word) for word in command]
        if not words:
            return "?", False, ""
        program = words[0].replace("\\", "/").rpartition("/")[2] or words[0]
        name = _shorten(" ".join([program] + words[1:]))
        if not _is_python(program, words[0]):
            return name, False, ""
        return (name,) + _is_traced(words, env)
    except Exception as error:
        writer.problem("the name of a program", error)
        return "a program", False, ""


def _is_python(program, path):
    if path == sys.executable:
        return True
    base = program[:-4] if program.lower().endswith(".exe") else program
    return base.startswith(("python", "pypy")) and base.lstrip("pythony").replace(".", "").rstrip("wt").isdigit() or base in (
        "python",
        "pythonw",
        "pypy",
    )


def _is_traced(words, env):
    at = 1
    while at < len(words) and words[at].startswith("-") and len(words[at]) > 1 and not words[at].startswith("--"):
        letters = words[at][1:]
        for index, letter in enumerate(letters):
            if letter in _OPAQUE:
                return False, _OPAQUE[letter]
            if letter in "cm":
                return _has_ours(env)
            if letter in _TAKES_ARGUMENT:
                at += 0 if letters[index + 1 :] else 1
                break
        at += 1
    return _has_ours(env)


def _has_ours(env):
    if env is None:
        env = os.environ
    try:
        folder = env.get("CLENS_RUN") or env.get(b"CLENS_RUN")
        path = env.get("PYTHONPATH") or os.fsdecode(env.get(b"PYTHONPATH") or b"")
    except AttributeError:
        return True, ""
    if folder and _HERE in (path or "").split(os.pathsep):
        return True, ""
    return False, "its environment"


def _text(word):
    word = os.fspath(word)
    return os.fsdecode(word) if isinstance(word, bytes) else word


def _shorten(text):
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def note_untraced(name, reason):
    """Said once per program: a lane without anything in it needs a reason."""
    cause = "%s keeps the tracer out" % reason if reason.startswith("-") else "%s lacks the tracer's variables" % reason
    text = "%s is not traced: %s" % (name, cause)
    if text not in _noted and len(_noted) < 50:
        _noted.add(text)
        writer.note(text)


_noted = set()
