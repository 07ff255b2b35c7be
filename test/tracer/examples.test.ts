/** Each example runs as it stands, on the oldest and the newest interpreter, and prints what the notes print. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { assertExample } from './examplesCheck';
import {
  collect,
  type Ended,
  EXAMPLES,
  type Interpreter,
  limited,
  oldestAndNewest,
  runExample,
} from './examplesRun';

const files = readdirSync(EXAMPLES)
  .filter(name => name.endsWith('.py'))
  .toSorted();
/** Ends only by Stop, and needs a display: these two have tests of their own. */
const special = new Set(['31_deadlock.py', '15_tkinter_thread.py']);

describe('examples', () => {
  const atOnce = limited(16);
  for (const interpreter of oldestAndNewest()) {
    describe(`on Python ${interpreter.version}`, () => {
      const runs = new Map<string, Promise<Ended>>();
      before(() => {
        for (const file of files) {
          if (special.has(file)) continue;
          const run = atOnce(() => runExample(interpreter, file));
          run.catch(() => undefined); // reported by the test that awaits it
          runs.set(file, run);
        }
      });
      for (const file of files.filter(name => !special.has(name))) {
        it(`${file} prints what the notes print`, async function () {
          this.timeout(120_000);
          const run = await runs.get(file);
          assert.ok(run);
          assert.equal(run.code, 0, run.lines.join('\n'));
          assertExample(file, run.lines);
        });
      }
      it('31_deadlock.py holds both threads for ever', () => holdsForEver(interpreter));
      it('15_tkinter_thread.py starts a thread from a button', async function () {
        this.timeout(60_000);
        if (!canShowWindows(interpreter)) {
          console.log(
            '      skipped: needs tkinter and xvfb-run (apt-get install python3-tk xvfb)',
          );
          this.skip();
        }
        const args = ['-a', interpreter.path, '15_tkinter_thread.py'];
        const { code, lines } = await collect('xvfb-run', args, process.env);
        assert.equal(code, 0, lines.join('\n'));
        const output = lines.join('\n');
        assert.match(output, /New Thread is Running\./);
        assert.match(output, /<Thread\(Thread-1, started \d+\)>/);
        assert.match(output, /saved https:\/\/example\.com\/video in downloads\nwindow closed$/);
      });
      it('15_tkinter_thread.py says so when there is no display', async () => {
        const { DISPLAY: _, ...env } = process.env;
        const { code, lines } = await collect(interpreter.path, ['15_tkinter_thread.py'], env);
        assert.equal(code, 1);
        assert.match(lines.join('\n'), /no display .* xvfb-run python3|needs tkinter/);
      });
    });
  }

  it('are listed in index.json and in the README in the order of their names', () => {
    const parsed: unknown = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8'));
    const entries = parsed as { file: string; title: string; topic: string; sister: unknown }[];
    assert.deepEqual(
      entries.map(entry => entry.file).filter(file => !file.includes('/')),
      files,
    );
    for (const entry of entries) {
      assert.ok(entry.title && entry.topic);
      if (typeof entry.sister === 'string') {
        assert.ok(existsSync(path.join(EXAMPLES, entry.sister)), `${entry.sister} is missing`);
      }
    }
    const readme = readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
    const linked = [...readme.matchAll(/^\| \[(\w+\.py)\]/gm)].map(match => match[1]);
    assert.deepEqual(linked, files);
  });

  it('say at the top what they show and what to look at', () => {
    for (const file of files) {
      const source = readFileSync(path.join(EXAMPLES, file), 'utf8').split('\n');
      const comment = source.slice(
        0,
        source.findIndex(line => !line.startsWith('#')),
      );
      assert.ok(comment.length >= 2 && comment.length <= 5, `${file}: ${comment.length} lines`);
    }
  });
});

async function holdsForEver(interpreter: Interpreter): Promise<void> {
  const child = spawn(interpreter.path, ['-u', '31_deadlock.py'], { cwd: EXAMPLES });
  try {
    let output = '';
    for await (const piece of child.stdout) {
      output += String(piece);
      if (/A holds left/.test(output) && /B holds right/.test(output)) break;
    }
    assert.equal(child.exitCode, null);
    assert.doesNotMatch(output, /never printed/);
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  assert.equal(child.signalCode, 'SIGKILL');
}

function canShowWindows(interpreter: Interpreter): boolean {
  const found = spawnSync('xvfb-run', ['--help']).status === 0;
  return found && spawnSync(interpreter.path, ['-c', 'import tkinter']).status === 0;
}
