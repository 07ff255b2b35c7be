/** Cells of a notebook: what runs before the one that was asked for, and what is shown of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Python } from '../../scripts/lib/pythons';
import { hostClock } from '../../src/base/hostClock';
import { prepareSnippet } from '../../src/runtimes/prepareSnippet';
import { createPythonRuntime } from '../../src/runtimes/python/pythonRuntime';
import { startRun } from '../../src/runtimes/recordRun';
import { shownOutput } from '../../src/runtimes/shownOutput';
import type { RunModel } from '../../src/trace/model';
import { environment, onEachPython, waitsOf } from './recorded';

interface CellRun {
  readonly model: RunModel;
  readonly exitCode: number | null;
  readonly out: string;
  /** As the person reads it. */
  readonly err: string;
  readonly notes: readonly string[];
}

const uriOf = (number: number): string => `vscode-notebook-cell:/a.ipynb#${number}`;

/** Runs the last of the cells as the editor does. */
async function runLast(python: Python, ...cells: string[]): Promise<CellRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cells ü-'));
  try {
    const texts = cells.map((text, index) => ({
      documentPath: uriOf(index + 1),
      text,
      shownAs: `a.ipynb · cell ${index + 1}`,
    }));
    const request = await prepareSnippet(
      {
        ...texts.at(-1)!,
        isSaved: false,
        language: 'python',
        isCell: true,
        cellsAbove: texts.slice(0, -1),
      },
      {
        args: ['an argument'],
        cwd: folder,
        env: environment(),
        traceFolder: await mkdtemp(path.join(folder, 'trace-')),
        interpreter: python.path,
      },
      folder,
    );
    const tracerFolder = path.resolve('src/runtimes/python/tracer');
    const run = await startRun(createPythonRuntime({ tracerFolder }), request, hostClock);
    run.endInput();
    const { exitCode } = await run.ended;
    const text = (stream: string): string =>
      run.model.output
        .filter(piece => piece.stream === stream)
        .map(piece => shownOutput(request, piece.text))
        .join('');
    const notes = run.model.notes.filter(note => /\bcell\b/.test(note));
    return { model: run.model, exitCode, out: text('stdout'), err: text('stderr'), notes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `kind at cell:line`, each once. */
function placesOf(model: RunModel): string[] {
  const places = waitsOf(model).map(
    ({ kind, site }) => `${kind} at ${site?.file.split('#')[1] ?? 'nowhere'}:${site?.line ?? 0}`,
  );
  return [...new Set(places)].toSorted();
}

describe('cells of a notebook', function () {
  this.timeout(60_000);

  onEachPython('run after those whose names they use, and no others', async python => {
    const run = await runLast(
      python,
      'import queue\nimport threading, sys\n%matplotlib inline\n',
      'q = queue.Queue()\nthreads = []\n\ndef worker():\n    while q.get() is not None:\n        seen.append(1)\n',
      'threads.append(threading.Thread(target=worker, name="reader"))\n',
      'print("a long demonstration")\nt = i = q2 = None\n',
      'seen = ["of another demonstration"]\n',
      'seen = []\n',
      'for t in threads:\n    t.start()\nfor i in range(3):\n    q.put(i)\nq.put(None)\n%time t.join()\nprint(len(seen), len(sys.argv), "sys" in dir(), "_run_cells" in dir(), __doc__)\n',
    );
    assert.equal(run.err, '');
    assert.equal(run.out, '3 2 True False None\n');
    assert.deepEqual(run.notes, [
      'run first, for what the cell takes from there: a.ipynb · cell 1 (queue, sys, threading); ' +
        'a.ipynb · cell 2 (q, threads, worker); a.ipynb · cell 3 (threads); a.ipynb · cell 6 (seen)',
      'left out of a.ipynb · cell 1, as only IPython knows it: %matplotlib inline',
    ]);
    assert.deepEqual(placesOf(run.model), ['get at 2:5', 'join at 7:6']);
  });

  onEachPython('await in one event loop, also across cells', async python => {
    const run = await runLast(
      python,
      'import asyncio\n',
      'async def job():\n    await asyncio.sleep(0.05)\n    return "done"\n',
      'task = asyncio.create_task(job())\nawait asyncio.sleep(0)\n',
      'print(await task)\n',
    );
    assert.equal(run.err, '');
    assert.equal(run.out, 'done\n');
    const places = placesOf(run.model);
    assert.ok(places.includes('await at 4:1'), places.join());
    assert.ok(places.includes('sleep at 2:2'), places.join());
  });

  onEachPython('give their names to processes that are spawned', async python => {
    const run = await runLast(
      python,
      'import multiprocessing as mp\n',
      'def double(n):\n    return 2 * n\n',
      'if __name__ == "__main__":\n    with mp.get_context("spawn").Pool(1) as pool:\n        print(pool.map(double, [1, 2]))\n',
    );
    assert.equal(run.err, '');
    assert.equal(run.out, '[2, 4]\n');
    assert.ok(placesOf(run.model).includes('result at 3:3'));
  });

  onEachPython('fail where they stand', async python => {
    const raised = await runLast(python, 'def f():\n    return 1 / 0\n', 'import asyncio\nf()\n');
    assert.equal(raised.exitCode, 1);
    assert.match(
      raised.err,
      /^Traceback \(most recent call last\):\n {2}File "a\.ipynb · cell 2", line 2, in <module>\n {4}f\(\)\n(?: {4}[~^]+\n)? {2}File "a\.ipynb · cell 1", line 2, in f\n/,
    );
    const awaited = await runLast(python, 'async def f():\n    return 1 / 0\n', 'await f()\n');
    assert.match(awaited.err, /^Traceback.*\n {2}File "a\.ipynb · cell 2", line 1, in <module>\n/);
    const broken = await runLast(python, 'x = 1\n', 'print(x\n');
    assert.equal(broken.exitCode, 1);
    assert.match(broken.err, /^ {2}File "a\.ipynb · cell 2", line [12]\n/);
    const missing = await runLast(python, 'def g(:\n', 'g()\n');
    assert.match(missing.err, /NameError: name 'g' is not defined/);
    assert.ok(missing.notes.some(note => /neither it nor a cell above it defines/.test(note)));
  });

  onEachPython('leave out cells that are not Python', async python => {
    const run = await runLast(python, '%%bash\nx=1\n', 'x = 2\n', '%%time\nprint(x)\n!ls\n');
    assert.equal(run.err, '');
    assert.equal(run.out, '2\n');
  });
});
