"""Runs a notebook's cell as a program, after those cells above it whose names it uses: in one module, each from a file of its own.

The list of files is named by CLENS_CELLS: on each line a file and what the person calls it, with a tab between, the cell to run last.
A process started by `spawn` runs this file again, as it would the program. What IPython does and Python does not (an `await` outside a
function, a line for a tool of its own) is done here or left out. The cells see nothing of this module.
"""


def _run_cells(scope):
    import os
    import sys

    del scope["_run_cells"]
    scope["__doc__"] = None
    here = os.path.abspath(__file__)
    # sys.path holds the tracer's folder, the first of it because this file was started.
    from clens_tracer import cells

    with open(os.environ["CLENS_CELLS"], encoding="utf-8") as listed:
        known = [cells.Cell(*line.split("\t")) for line in listed.read().split("\n")]
    chosen = cells.choose(known)
    if scope["__name__"] == "__main__":
        # With PYTHONSAFEPATH a program's folder is not on the path.
        if not getattr(sys.flags, "safe_path", False):
            sys.path[0] = os.path.dirname(known[-1].file)
        sys.argv[0] = known[-1].file
        cells.hide_frames_of((here, cells.__file__), [cell.file for cell in known])
        cells.tell(chosen)
    cells.run(chosen, scope)


_run_cells(globals())
