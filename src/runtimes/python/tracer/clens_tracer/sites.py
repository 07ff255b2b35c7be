"""Finds the place in the person's own source that an operation came from, and numbers it.

The nearest frame in the person's own files counts: not the standard library, not installed packages, not the tracer, not
generated code. Found once per instruction: the cache is keyed by the code object's identity and the instruction.
"""

import os
import sys

from . import writer

_getframe = sys._getframe

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_TRACER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
# CPython's own tests play the person when they check that the tracer changes nothing (npm run transparency).
_TESTS = _STDLIB + "test" + os.sep
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)

# id(code) -> {f_lasti: site} for the person's own code, False for any other.
_by_code = {}
# Keeps what `_by_code` names by identity.
_codes = []
_MOST_CODES = 20000
# site -> (file, line)
_places = {}
# File names as recorded: absolute, so that the editor finds them.
_absolute = {}

HAS_COLUMNS = sys.version_info >= (3, 11)


def is_own_file(name):
    """Whether a file holds code of the person's own."""
    if not name or name[0] == "<":
        return False
    # Not abspath: the working directory may be gone, or be another by now.
    path = os.path.normpath(absolute(name))
    if path.startswith((_TRACER, _STDLIB)):
        return path.startswith(_TESTS) and not path.startswith((_TESTS + "support", _TESTS + "libregrtest"))
    return not any(part in path for part in _INSTALLED)


def _classify(code):
    if len(_codes) > _MOST_CODES:
        _by_code.clear()
        _paths.clear()
        del _codes[:]
    _codes.append(code)
    entry = {} if is_own_file(code.co_filename) else False
    _by_code[id(code)] = entry
    return entry


def site_of(frame):
    """The site of the nearest own frame at or above `frame`; 0 when there is none."""
    if frame is None:
        return 0
    first = frame.f_code
    entry = _by_code.get(id(first))
    if entry:
        number = entry.get(frame.f_lasti)
        if number is not None:
            return number
    else:
        # From its caller on it is mostly the same way through the library as before.
        at = frame.f_back
        path = _paths.get(id(at.f_code)) if at is not None else None
        if path is not None and path[0] is first:
            for code in path[1]:
                if at is None or at.f_code is not code:
                    break
                at = at.f_back
            else:
                if at is not None and at.f_code is path[2]:
                    number = path[3].get(at.f_lasti)
                    if number is not None:
                        return number
    return _search(frame)


def _search(frame):
    codes = []
    while frame is not None:
        code = frame.f_code
        entry = _by_code.get(id(code))
        if entry is None:
            entry = _classify(code)
        if entry is not False:
            if codes:
                if len(_paths) > _MOST_PATHS:
                    _paths.clear()
                _paths[id(codes[1] if len(codes) > 1 else code)] = (codes[0], codes[1:], code, entry)
            number = entry.get(frame.f_lasti)
            if number is None:
                number = entry[frame.f_lasti] = _define(code, frame.f_lasti, frame.f_lineno)
            return number
        codes.append(code)
        frame = frame.f_back
    return 0


# id(code) of a caller -> (code of what it calls, the codes from the caller up to an own one, the own one, its entry), as last time.
_paths = {}
_MOST_PATHS = 1000


def here(depth=1):
    """The site of the caller; `depth` frames above the function that asks."""
    return site_of(_getframe(depth + 1))


def is_own(code):
    """Whether a code object is the person's own."""
    entry = _by_code.get(id(code))
    if entry is None:
        entry = _classify(code)
    return entry is not False


def _define(code, instruction, line):
    line, column, end_column = position(code, instruction, line)
    number = writer.site(absolute(code.co_filename), line, column, end_column, code.co_name)
    _places[number] = (code.co_filename, line, column)
    return number


def place_of(site):
    """(file, line, column) of a site that this process defined."""
    return _places.get(site, ("", 0, 0))


def position(code, instruction, line):
    """Line, column and end column of an instruction; columns are 1-based, 0 where the interpreter does not know them."""
    if HAS_COLUMNS and instruction >= 0:
        for index, (first, last, column, end_column) in enumerate(code.co_positions()):
            if index == instruction // 2:
                if first is None:
                    break
                same_line = first == last
                start = 0 if column is None else _characters(code, first, column)
                end = 0 if end_column is None or not same_line else _characters(code, last, end_column)
                return first, start, end
    return line or 0, 0, 0


def _characters(code, line, byte_column):
    """A 1-based column in characters from CPython's 0-based one in UTF-8 bytes."""
    text = source_line(code.co_filename, line)
    if text is None or text.isascii():
        return byte_column + 1
    return len(text.encode("utf-8", "replace")[:byte_column].decode("utf-8", "replace")) + 1


_sources = {}


def source_line(file, line):
    """A line of a source file, None when it can not be read."""
    lines = _sources.get(file)
    if lines is None:
        try:
            with open(absolute(file), "rb") as source:
                data = source.read(4000000)
            lines = data.decode("utf-8", "replace").splitlines()
        except Exception:
            lines = ()
        _sources[file] = lines
    return lines[line - 1] if 0 < line <= len(lines) else None


_LONGEST_CALL = 60


def library_call(frame):
    """The call of the person's that led into the library and on to `frame`, `server.shutdown()`; empty where `frame` is their own."""
    called = None
    while frame is not None and not is_own(frame.f_code):
        called, frame = frame, frame.f_back
    if called is None or frame is None:
        return ""
    code = frame.f_code
    line, column, end_column = position(code, frame.f_lasti, frame.f_lineno)
    if column and end_column:
        text = (source_line(code.co_filename, line) or "")[column - 1 : end_column - 1]
        if 0 < len(text) <= _LONGEST_CALL:
            return text
    return called.f_code.co_name + "()"


def absolute(file):
    path = _absolute.get(file)
    if path is None:
        path = _absolute[file] = os.path.join(_START, file) if not os.path.isabs(file) else file
    return path


try:
    _START = os.getcwd()
except OSError:
    _START = ""


def assigned_name(site):
    """The variable that the line of a site assigns to, when that is plain: `results_lock = Lock()`, `self.jobs = Queue()`,
    `with ThreadPoolExecutor() as pool:`."""
    file, line, column = place_of(site)
    text = source_line(file, line)
    if not text:
        return ""
    # The statement that the column is in; without columns a line of several statements tells nothing.
    if column:
        text = text[text.rfind(";", 0, column) + 1 :]
    elif ";" in text:
        return ""
    if text.lstrip().startswith(("with ", "async with ")):
        name = text.rpartition(" as ")[2].partition(":")[0].strip()
        return name if text.count(" as ") == 1 and name.isidentifier() else ""
    left, equals, right = text.partition("=")
    if not equals or right.startswith("="):
        return ""
    name = left.split(":")[0].strip()
    if name and name.replace(".", "").replace("_", "").isalnum() and not name[0].isdigit():
        return name[5:] if name.startswith("self.") else name
    return ""
