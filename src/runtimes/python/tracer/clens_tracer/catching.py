"""Whether an await could catch what is raised into it: by the blocks around its line, as they are written.

A cancellation ends the innermost wait of a task. How far out it went before somebody caught it cannot be seen; but it did not get to
a frame that goes on although it catches nothing.
"""

from . import sites

_CATCHING = ("try:", "with ", "async with ")
_FUNCTION = ("def ", "async def ")


def may_catch(site):
    """False where no `try` and no `with` is around the line of a site within its function."""
    file, line, _ = sites.place_of(site)
    text = sites.source_line(file, line)
    if text is None or text.lstrip().startswith(_CATCHING):
        return True
    indent = len(text) - len(text.lstrip())
    while indent and line > 1:
        line -= 1
        text = sites.source_line(file, line)
        words = text.lstrip()
        before = len(text) - len(words)
        # A `try` whose `except` or `finally` the line is in is no deeper than that.
        if before >= indent or not words or words[0] in "#)]}":
            continue
        if words.startswith(_FUNCTION):
            return False
        if words.startswith(_CATCHING):
            return True
        indent = before
    return False
