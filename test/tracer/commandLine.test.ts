/** The command line as a person or a script uses it: the bundle, started from elsewhere, with every Node at hand. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CLI = path.resolve('dist/cli.js');

const JOIN = `import sys, threading, time

def work(seconds):
    time.sleep(seconds)
    print(f'{seconds}s')

t1 = threading.Thread(target=work, args=(0.4,))
t2 = threading.Thread(target=work, args=(0.1,), name='Thread T2')
t1.start()
t2.start()
t1.join()
t2.join()
print('bye', *sys.argv[1:], file=sys.stderr)
sys.exit(7)
`;

const DEADLOCK = `import threading
left, right = threading.Lock(), threading.Lock()
ready = threading.Barrier(2)

def take(one, other):
    with one:
        ready.wait()
        with other:
            pass

for pair in (left, right), (right, left):
    threading.Thread(target=take, args=pair).start()
`;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface RunJson {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lanes: { id: number; kind: string; name: string; end: string }[];
  readonly waits: {
    lane: number;
    kind: string;
    line: number;
    on: number[];
    startNs: number;
    endNs: number;
    outcome: string;
    label: string;
  }[];
  readonly output: { lane: number; stream: string; text: string }[];
  readonly findings: { rule: string; line: number }[];
  readonly notes: string[];
}

/** Node versions at hand: the one that runs the tests, and another on the person's path. */
function nodes(): string[] {
  const found = new Map([[process.version, process.execPath]]);
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (folder.includes('node_modules')) continue;
    const node = path.join(folder, 'node');
    const { stdout, status } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    if (status === 0 && !found.has(stdout.trim())) found.set(stdout.trim(), node);
  }
  return [...found.values()];
}

describe('command line', () => {
  let folder: string;
  let temporary: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cli test ü-'));
    temporary = path.join(folder, 'tmp');
    mkdirSync(temporary);
    writeFileSync(path.join(folder, 'join.py'), JOIN);
    writeFileSync(path.join(folder, 'deadlock.py'), DEADLOCK);
    writeFileSync(path.join(folder, 'cells.ipynb'), '{}');
    writeFileSync(
      path.join(folder, 'notes.md'),
      "# Notes\n\n```python\nprint('first')\n```\n\n```python\nimport queue, time\ntime.sleep(0.05)\nqueues = [0]\nqueues[0] = queue.Queue()\nqueues[0].put(2)\nqueues[0].get()\n```\n",
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function start(args: readonly string[], node = process.execPath) {
    return spawn(node, [CLI, ...args], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
      stdio: 'pipe',
    });
  }

  function ended(child: ReturnType<typeof start>): Promise<Ended> {
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    return new Promise(resolve => child.on('close', status => resolve({ status, out, err })));
  }

  async function cli(...args: string[]): Promise<Ended> {
    const child = start(args);
    child.stdin.end();
    return ended(child);
  }

  for (const node of nodes()) {
    const { stdout: version } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    it(`prints one object and nothing else with --json (Node ${version.trim()})`, async () => {
      const child = start(['run', 'join.py', '--json', '--', 'a', '--b'], node);
      child.stdin.end();
      const { status, out, err } = await ended(child);
      assert.equal(err, '');
      const run = JSON.parse(out) as RunJson;
      assert.deepEqual([status, run.exitCode, run.signal], [7, 7, null]);
      assert.deepEqual(
        run.lanes.map(lane => [lane.kind, lane.end]),
        [
          ['main', 'exited'],
          ['thread', 'returned'],
          ['thread', 'returned'],
        ],
      );
      assert.equal(run.lanes[2]?.name, 'Thread T2');
      const joins = run.waits.filter(wait => wait.kind === 'join');
      assert.deepEqual(
        joins.map(join => [join.lane, join.line, join.on, join.outcome]),
        [
          [0, 11, [1], 'done'],
          [0, 12, [2], 'done'],
        ],
      );
      assert.ok(joins[0]!.endNs - joins[0]!.startNs > joins[1]!.endNs - joins[1]!.startNs);
      assert.deepEqual(
        run.output.map(piece => [piece.lane, piece.stream, piece.text]),
        [
          [2, 'stdout', '0.1s\n'],
          [1, 'stdout', '0.4s\n'],
          [0, 'stderr', 'bye a --b\n'],
        ],
      );
    });
  }

  it('passes output through, then shows the source with the waits beside it', async () => {
    const { status, out, err } = await cli('run', 'join.py');
    assert.equal(status, 7);
    assert.equal(err, 'bye\n');
    assert.match(out, /^0\.1s\n0\.4s\n─+\n/);
    assert.match(out, /11 {2}t1\.join\(\) +‹ waited \d+ ms for Thread-1/);
    assert.match(out, /Thread T2 +thread +from/);
    assert.match(out, /exit status 7;/);
  });

  it('passes standard input through', async () => {
    writeFileSync(path.join(folder, 'echo.py'), 'print(input().upper())\nprint(input())\n');
    const child = start(['run', 'echo.py']);
    child.stdin.end('one\ntwo\n');
    assert.match((await ended(child)).out, /^ONE\ntwo\n/);
  });

  it('runs the fence at a line, with the line numbers of the document', async () => {
    const { status, out } = await cli('run', 'notes.md:8', '--json');
    const run = JSON.parse(out) as RunJson;
    assert.equal(status, 0);
    assert.deepEqual(
      run.waits.map(wait => [wait.kind, wait.line, wait.label]),
      [
        ['sleep', 9, 'sleep'],
        ['get', 13, 'Queue at notes.md:11'],
      ],
    );
  });

  it('names the note and its line where a fence is no program', async () => {
    writeFileSync(path.join(folder, 'broken.md'), '# A\n\n```python\nprint((1\n```\n');
    const { status, err } = await cli('run', 'broken.md');
    assert.equal(status, 1);
    assert.ok(err.includes(`File "${path.join(folder, 'broken.md')}", line 4`), err);
    assert.doesNotMatch(err, /broken\.md\.py/);
  });

  it('ends a deadlock after --timeout, and says who waited for what', async () => {
    const { status, out } = await cli('run', 'deadlock.py', '--json', '--timeout', '1.5');
    const run = JSON.parse(out) as RunJson;
    assert.equal(status, 124);
    assert.deepEqual(
      run.findings.map(finding => [finding.rule, finding.line]),
      [['deadlock', 8]],
    );
    assert.deepEqual(new Set(run.lanes.map(lane => lane.end)), new Set(['killed']));
    assert.match(
      run.notes.join(' '),
      /ended after 1\.50 s.* was waiting for Lock at deadlock\.py:2/,
    );
  });

  it('passes an interrupt on to the snippet', async () => {
    writeFileSync(
      path.join(folder, 'wait.py'),
      "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('interrupted')\n",
    );
    const child = start(['run', 'wait.py']);
    // Unbuffered, the line end is a write of its own: an interrupt before it would be one within `print`.
    const interrupt = (piece: Buffer): void => {
      if (!piece.toString().endsWith('\n')) return;
      child.stdout.off('data', interrupt);
      child.kill('SIGINT');
    };
    child.stdout.on('data', interrupt);
    const { status, out } = await ended(child);
    assert.match(out, /^ready\ninterrupted\n/);
    assert.equal(status, 0);
  });

  it('writes a Perfetto trace', async () => {
    await cli('run', 'join.py', '--json', '--perfetto', 'out.json');
    const { traceEvents } = JSON.parse(readFileSync(path.join(folder, 'out.json'), 'utf8')) as {
      traceEvents: { name: string }[];
    };
    assert.ok(traceEvents.some(event => event.name === 'end-join'));
  });

  it('prints the wait points of a source', async () => {
    const { status, out } = await cli('points', 'join.py', '--json');
    const points = JSON.parse(out) as { line: number; kind: string; target: string }[];
    assert.equal(status, 0);
    assert.deepEqual(
      points.map(point => [point.line, point.kind, point.target]),
      [
        [4, 'sleep', 'seconds'],
        [11, 'join', 't1'],
        [12, 'join', 't2'],
      ],
    );
    assert.match((await cli('points', 'join.py')).out, /11:1 +join +t1/);
  });

  for (const [args, status, words] of [
    [['run'], 2, /"run" needs a file/],
    [['fly', 'join.py'], 2, /no command "fly"/],
    [['run', 'gone.py'], 3, /gone\.py does not exist/],
    [['run', 'cells.ipynb'], 3, /cells\.ipynb is a notebook\. Open it in VS Code/],
    [['run', 'notes.md'], 3, /2 fences .* notes\.md:4 or notes\.md:8/],
    [['run', 'join.py', '--python', '/no/python'], 3, /\/no\/python/],
  ] as const) {
    it(`says what is wrong with: ${args.join(' ')}`, async () => {
      const result = await cli(...args);
      assert.deepEqual([result.status, result.out], [status, '']);
      assert.match(result.err, words);
    });
  }

  it('leaves no folder behind', async () => {
    await cli('run', 'join.py', '--json');
    assert.deepEqual(readdirSync(temporary), []);
  });
});
