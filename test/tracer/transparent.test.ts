/** A traced program behaves as an untraced one: each fixture says and does the same both ways, on every interpreter present. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Python } from '../../scripts/lib/pythons';
import { openTrace } from '../../src/trace/openTrace';
import { onEachPython } from './recorded';

const FIXTURES = path.resolve('test/fixtures/snippets');
const TRACER = path.resolve('src/runtimes/python/tracer');
const INPUT = 'Ann\nb c\n';

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

function run(
  python: Python,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { PYTHONUNBUFFERED: _, ...own } = process.env;
  const child = spawn(python.path, args, { cwd: FIXTURES, env: { ...own, ...env } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  // Some of them end before they could have read it.
  child.stdin.on('error', () => {});
  child.stdin.end(INPUT);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      resolve({
        out: Buffer.concat(out).toString('latin1'),
        err: Buffer.concat(err).toString('latin1'),
        code,
      });
    });
  });
}

describe('a traced program', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'transparent-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const traced = (): Record<string, string> => ({ CLENS_RUN: folder, PYTHONPATH: TRACER });

  for (const file of readdirSync(FIXTURES).filter(name => name.endsWith('.py'))) {
    onEachPython(`prints, fails and exits as an untraced one: ${file}`, async python => {
      const plain = await run(python, [file, 'one', 'two'], {});
      assert.deepEqual(await run(python, ['-W', 'error', file, 'one', 'two'], traced()), plain);
      const complaints = openTrace(folder).notes.filter(note => note.includes('failed'));
      assert.deepEqual(complaints, []);
    });
  }

  onEachPython('writes every line once, however often it is interrupted', async python => {
    const source =
      'n = 0\nwhile n < 30000:\n    try:\n        while n < 30000:\n            m = n; n += 1\n            print("line", m)\n    except KeyboardInterrupt:\n        pass\n';
    const { PYTHONUNBUFFERED: _, ...own } = process.env;
    const child = spawn(python.path, ['-c', source], { env: { ...own, ...traced() } });
    const pieces: Buffer[] = [];
    let interrupts: NodeJS.Timeout | undefined;
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece);
      interrupts ??= setInterval(() => child.kill('SIGINT'), 1);
    });
    // One that comes between two tries ends the program, which is as well.
    child.stderr.resume();
    await new Promise(resolve => child.on('close', resolve));
    clearInterval(interrupts);
    const lines = Buffer.concat(pieces).toString().split('\n').filter(Boolean);
    assert.ok(lines.length > 10, `${lines.length} lines`);
    const seen = new Set<string>();
    const doubled = lines.filter(line => seen.size === seen.add(line).size);
    assert.deepEqual(doubled, []);
  });

  onEachPython("still runs the person's own sitecustomize", async python => {
    const own = path.join(folder, 'own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'sitecustomize.py'), 'import sys; sys.mark = __file__\n');
    const look = 'import sys; print(sys.mark, sys.modules["sitecustomize"].__file__)';
    const plain = await run(python, ['-c', look], { PYTHONPATH: own });
    const both = [TRACER, own].join(path.delimiter);
    const again = await run(python, ['-c', look], { CLENS_RUN: folder, PYTHONPATH: both });
    assert.equal(plain.code, 0, plain.err);
    assert.deepEqual(again, plain);
  });

  onEachPython('is left alone when no run asks for a trace', async python => {
    const look = 'import sys; print("clens_tracer" in sys.modules, sys.stdout.line_buffering)';
    const { out } = await run(python, ['-c', look], { PYTHONPATH: TRACER });
    assert.equal(out.trim(), 'False False');
  });

  onEachPython('runs on when the run folder cannot be written', async python => {
    const env = { CLENS_RUN: path.join(folder, 'is not there'), PYTHONPATH: TRACER };
    const snippet =
      'import queue, threading; t = threading.Thread(target=print, args=(1,)); t.start(); t.join(); q = queue.Queue(); q.put(2); print(q.get())';
    assert.deepEqual(await run(python, ['-c', snippet], env), { out: '1\n2\n', err: '', code: 0 });
  });
});
