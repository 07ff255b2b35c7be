import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Python } from '../../scripts/lib/pythons';
import { prepareSnippet } from '../../src/runtimes/prepareSnippet';
import { createPythonRuntime } from '../../src/runtimes/python/pythonRuntime';
import { startRun } from '../../src/runtimes/recordRun';
import type { LaunchError, RunEnd } from '../../src/runtimes/runtime';
import type { SnippetText } from '../../src/runtimes/snippetText';
import type { RunModel } from '../../src/trace/model';
import { hostClock } from '../../src/base/hostClock';
import { environment, onEachPython, onNewestPython, waitsOf } from './recorded';

interface Ended {
  readonly model: RunModel;
  readonly end: RunEnd;
  readonly text: string;
}

describe('a snippet in Python', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'snippet ü-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(
    python: Python,
    snippet: Omit<SnippetText, 'language' | 'documentPath'> & { name: string },
    input = '',
    env: Record<string, string> = environment(),
    args: readonly string[] = [],
  ): Promise<Ended> {
    const scratch = mkdtempSync(path.join(folder, 'scratch-'));
    const traceFolder = mkdtempSync(path.join(folder, 'trace-'));
    const request = await prepareSnippet(
      { ...snippet, documentPath: path.join(folder, snippet.name), language: 'python' },
      { args, cwd: folder, env, traceFolder, interpreter: python.path },
      scratch,
    );
    const runtime = createPythonRuntime({
      tracerFolder: path.resolve('src/runtimes/python/tracer'),
    });
    const started = await startRun(runtime, request, hostClock);
    started.write(input);
    started.endInput();
    const end = await started.ended;
    const text = started.model.output.map(piece => piece.text).join('');
    return { model: started.model, end, text };
  }

  function save(name: string, text: string): { name: string; text: string; isSaved: boolean } {
    writeFileSync(path.join(folder, name), text);
    return { name, text, isSaved: true };
  }

  onEachPython(
    'runs a saved file in place, with its arguments, its input and its exit code',
    async python => {
      const source = [
        'import os, sys',
        'print(os.path.basename(__file__), __name__, sys.argv[1:], input(), sys.path[0] == os.path.dirname(os.path.abspath(__file__)))',
        'sys.exit(3)',
        '',
      ].join('\r\n');
      const { end, text } = await run(
        python,
        save('näme with blanks.py', source),
        'typed\n',
        environment(),
        ['a b', 'ü'],
      );
      assert.equal(text, "näme with blanks.py __main__ ['a b', 'ü'] typed True\n");
      assert.deepEqual([end.exitCode, end.signal], [3, null]);
    },
  );

  onEachPython(
    'runs a fence with the line numbers of its document, and adds the import it lacks',
    async python => {
      writeFileSync(path.join(folder, 'neighbour.py'), 'VALUE = 7\n');
      const text =
        '# Notes\n\n```python\nimport neighbour\ntime.sleep(0.01)\nprint(neighbour.VALUE)\nraise ValueError("here")\n```\n';
      const ended = await run(python, {
        name: 'notes.md',
        text,
        isSaved: true,
        lines: { first: 4, last: 7 },
        isEmbedded: true,
      });
      assert.match(ended.text, /^7\n/);
      assert.match(ended.text, /line 7, in <module>/);
      const [sleep] = waitsOf(ended.model).filter(wait => wait.kind === 'sleep');
      assert.deepEqual(
        [sleep?.site?.line, path.basename(sleep?.site?.file ?? '')],
        [5, 'notes.md'],
      );
      assert.ok(
        ended.model.notes.some(note =>
          note.startsWith('The snippet uses time without importing it'),
        ),
      );
    },
  );

  onEachPython('lets spawn import what was never saved', async python => {
    const text = [
      'import multiprocessing',
      'def work(x):',
      '    print("got", x, flush=True)',
      'if __name__ == "__main__":',
      '    process = multiprocessing.get_context("spawn").Process(target=work, args=(5,))',
      '    process.start()',
      '    process.join()',
    ].join('\n');
    const ended = await run(python, { name: 'Untitled-1', text, isSaved: false });
    assert.equal(ended.text, 'got 5\n');
  });

  onNewestPython('says which package is missing, and how to get it', async python => {
    const ended = await run(python, save('a.py', 'import no_such_package_here\n'));
    assert.equal(ended.end.exitCode, 1);
    const advice = ended.model.notes.find(note => note.includes('no_such_package_here'));
    assert.equal(
      advice,
      `The snippet needs the package no_such_package_here, which is not installed. Install it with: ${python.path} -m pip install no_such_package_here`,
    );
  });

  onNewestPython('calls a fragment a fragment', async python => {
    const text = '```\nself.button.pack()\n```\n';
    const ended = await run(python, {
      name: 'n.md',
      text,
      isSaved: true,
      lines: { first: 2, last: 2 },
      isEmbedded: true,
    });
    assert.ok(ended.model.notes.some(note => /fragment: it uses self/.test(note)));
  });

  onEachPython('leaves a syntax error to Python, and an empty file to itself', async python => {
    const broken = await run(python, save('broken.py', 'x = = 1\n'));
    assert.equal(broken.end.exitCode, 1);
    assert.match(broken.text, /broken\.py", line 1[\s\S]*SyntaxError/);
    const empty = await run(python, save('empty.py', ''));
    assert.deepEqual([empty.end.exitCode, empty.text], [0, '']);
  });

  onNewestPython('keeps the path of the person behind the tracer', async python => {
    const lib = path.join(folder, 'lib');
    mkdirSync(lib);
    writeFileSync(path.join(lib, 'theirs.py'), 'X = 1\n');
    writeFileSync(
      path.join(lib, 'sitecustomize.py'),
      'import builtins; builtins.customised = True\n',
    );
    const env = { ...environment(), PYTHONPATH: lib };
    const ended = await run(
      python,
      save('a.py', 'import theirs; print(theirs.X, customised)\n'),
      '',
      env,
    );
    assert.equal(ended.text, '1 True\n');
  });

  onNewestPython('refuses in words what it can not start', async python => {
    const runtime = createPythonRuntime({
      tracerFolder: path.resolve('src/runtimes/python/tracer'),
    });
    const file = path.join(folder, 'a.py');
    const request = {
      documentPath: file,
      programPath: file,
      language: 'python' as const,
      args: [],
      cwd: folder,
      env: environment(),
      traceFolder: folder,
      interpreter: python.path,
    };
    const refused = (
      change: object,
      reason: LaunchError['reason'],
      message: RegExp,
    ): Promise<void> =>
      assert.rejects(runtime.launch({ ...request, ...change }), (error: LaunchError) => {
        assert.equal(error.reason, reason);
        assert.match(error.message, message);
        return true;
      });
    await refused({}, 'unreadable', /a\.py does not exist\. Save the snippet/);
    writeFileSync(file, '');
    await refused({ programPath: folder }, 'unreadable', /is not a file/);
    await refused(
      { cwd: path.join(folder, 'gone') },
      'failed',
      /working directory .*gone does not exist\. Create it/,
    );
    await refused(
      { interpreter: path.join(folder, 'nopython') },
      'no-interpreter',
      /nopython does not exist\. Install/,
    );
    assert.equal(readFileSync(file, 'utf8'), '');
  });
});
