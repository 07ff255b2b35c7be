"""Cells of a notebook as parts of one program: which of those above a cell it needs, and how they run.

A cell needs the last cell above it that gives a name it takes, and with that name every cell in between which does something to its value
at its outermost level (`threads.append(t)`). Names are those that the compiler uses, so that locals and attributes are not confused.
"""

import ast
import dis
import os
import re
import sys

from . import writer

_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, since 3.8
_COROUTINE = 0x80  # inspect.CO_COROUTINE

_SETS = ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME")
_TAKES = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")
_OF_THE_MODULE = ("LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")


class Cell:
    def __init__(self, file, name):
        self.file = file
        self.name = name
        self.left_out = []
        with open(file, encoding="utf-8") as opened:
            self.text = opened.read()
        try:
            self.code, tree = self.compiled(self.text)
        except SyntaxError:
            try:
                self.code, tree = self.compiled(self._without_commands())
            except SyntaxError:
                # Reported as Python reports it if it is the one to run.
                self.code, tree = None, ast.Module([], [])
                del self.left_out[:]
        self.sets, self.takes, self.takes_later, self.loads = _names(self.code) if self.code else (set(), set(), set(), set())
        self.defines = set(_definitions(tree.body))
        self.gives_any = "*" in self.defines

    def compiled(self, text):
        # Not ast.parse: it would stand in the traceback of a SyntaxError.
        tree = compile(text, self.file, "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
        return compile(tree, self.file, "exec", flags=_TOP_LEVEL_AWAIT, dont_inherit=True), tree

    def _without_commands(self):
        """What is for IPython's own tools gives way to a `pass`; of a line that is timed, the statement stays where it is."""
        whole = re.match(r"\s*%%(\w+)", self.text)
        if whole and whole.group(1) not in ("time", "timeit", "capture", "prun"):
            self.left_out.append("%%" + whole.group(1))
            return ""
        return re.sub(r"^([ \t]*)([%!?].*)$", self._replaced, self.text, flags=re.M)

    def _replaced(self, match):
        indent, command = match.groups()
        timed = re.match(r"%time(?:it)?(?=\s+[^-\s])", command)
        if timed:
            # As long as the command, so that every column stays.
            return "%s%s;%s" % (indent, "None".ljust(timed.end() - 1), command[timed.end() :])
        self.left_out.append(command.strip())
        return indent + "pass"


def _names(code):
    """(set at the outermost level, taken there before they are set, taken by functions, all that is read there)."""
    sets, takes, loads = set(), set(), set()
    for instruction in dis.get_instructions(code):
        name = instruction.argval
        if instruction.opname in _SETS:
            sets.add(name)
        elif instruction.opname in _TAKES:
            loads.add(name)
            if name not in sets:
                takes.add(name)
    return sets, takes, _names_within(code) - sets, loads


def _names_within(code):
    names = set()
    for inner in code.co_consts:
        if not hasattr(inner, "co_code"):
            continue
        own = set()
        for instruction in dis.get_instructions(inner):
            opname, name = instruction.opname, instruction.argval
            if opname == "STORE_NAME":
                own.add(name)
            elif opname in _OF_THE_MODULE or (opname == "LOAD_NAME" and name not in own):
                names.add(name)
        names |= _names_within(inner)
    return names


def _definitions(statements):
    """Names that stand for what does not change: functions, classes, imports; `*` for an import of all."""
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                yield alias.asname or alias.name.split(".")[0]
        else:
            for part in ("body", "orelse", "finalbody", "handlers"):
                for name in _definitions(getattr(statement, part, ())):
                    yield name


def choose(cells):
    """[(cell, the names for which it is needed)] in their order; the last cell comes last, for none."""
    last = cells[-1]
    values = set().union(*(cell.sets - cell.defines for cell in cells[:-1])) if len(cells) > 1 else set()
    # A function finds a name when it is called: whatever cell gave it last, above or below the function.
    later = set(last.takes_later)
    while True:
        needed = last.takes | later
        chosen = []
        for cell in reversed(cells[:-1]):
            given = needed & cell.sets
            touched = needed & cell.loads & values
            if not (given or touched or (cell.gives_any and needed)):
                continue
            chosen.append((cell, given or touched))
            needed = (needed - cell.sets) | cell.takes | cell.takes_later
        found = later.union(*(cell.takes_later for cell, _ in chosen))
        if found == later:
            return chosen[::-1] + [(last, set())]
        later = found


def tell(chosen):
    """Says in the run's notes what ran before, and what was left out."""
    try:
        above = ["%s (%s)" % (cell.name, ", ".join(sorted(names)) or "*") for cell, names in chosen[:-1]]
        if above:
            writer.note("run first, for what the cell takes from there: " + "; ".join(above))
        for cell, _ in chosen:
            if cell.left_out:
                writer.note("left out of %s, as only IPython knows it: %s" % (cell.name, "; ".join(cell.left_out)))
    except Exception as error:
        writer.problem("notes on cells", error)


def run(chosen, scope):
    cells = [cell for cell, _ in chosen]
    if cells[-1].code is None:
        cells[-1].compiled(cells[-1].text)
    codes = [cell.code for cell in cells]
    while codes and not codes[0].co_flags & _COROUTINE:
        exec(codes.pop(0), scope)
    if codes:
        # From the first that awaits on, in one event loop, as in a notebook.
        import asyncio

        asyncio.run(_through(codes, scope))


async def _through(codes, scope):
    for code in codes:
        result = eval(code, scope)
        if code.co_flags & _COROUTINE:
            await result


def hide_frames_of(files, cells):
    """A traceback begins in a cell, as if each had been started by the interpreter itself."""
    shown = sys.excepthook
    own = {os.path.abspath(file) for file in files}

    def excepthook(kind, error, trace):
        start = trace
        while start is not None and start.tb_frame.f_code.co_filename not in cells:
            start = start.tb_next
        if start is not None or _is_all_of(trace, own):
            error = error.with_traceback(start)
            trace = start
        shown(kind, error, trace)

    sys.excepthook = excepthook


def _is_all_of(trace, files):
    while trace is not None and os.path.abspath(trace.tb_frame.f_code.co_filename) in files:
        trace = trace.tb_next
    return trace is None
