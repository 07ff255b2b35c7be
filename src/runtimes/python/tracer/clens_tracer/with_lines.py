"""The line of a `with` statement at whose end something is waited for.

From Python 3.10 on the frame says that line while `__exit__` runs; before, it says the last line of the body. There the statement
is found by the instruction that set up its block: the one whose handler is nearest behind the instruction that runs.
"""

import sys

_SETUP_WITH = 143
_EXTENDED_ARG = 144


class _Place:
    """Looks like a frame, as far as the search for a site is concerned."""

    __slots__ = ("f_code", "f_lasti", "f_lineno", "f_back")


def of_exit(frame):
    """`frame` runs the `with` statement whose `__exit__` is being called. Itself where it says the right line."""
    if sys.version_info >= (3, 10) or frame is None:
        return frame
    code, last = frame.f_code, frame.f_lasti
    best = nearest = None
    extended = 0
    instructions = code.co_code
    for offset in range(0, min(last, len(instructions)), 2):
        operation, argument = instructions[offset], instructions[offset + 1] | extended
        extended = argument << 8 if operation == _EXTENDED_ARG else 0
        if operation == _SETUP_WITH:
            handler = offset + 2 + argument
            if handler >= last and (nearest is None or handler < nearest):
                best, nearest = offset, handler
    if best is None:
        return frame
    place = _Place()
    place.f_code, place.f_lasti, place.f_back = code, best, frame.f_back
    place.f_lineno = _line(code, best)
    return place


def _line(code, instruction):
    line, offset = code.co_firstlineno, 0
    table = code.co_lnotab
    for index in range(0, len(table), 2):
        offset += table[index]
        if offset > instruction:
            break
        step = table[index + 1]
        line += step - 256 if step > 127 else step
    return line
