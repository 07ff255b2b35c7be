/** What the tracer compiles at its first start is there at the next, wherever the person lets Python write. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Python } from '../../scripts/lib/pythons';
import { onEachPython, onNewestPython } from './recorded';

/** Prints whether anything of the library had to be compiled anew. */
const LOOK =
  'import sys, threading, queue; print("compiled" if "clens_tracer.rewriting" in sys.modules else "found")';

describe('the compiled code of the tracer', () => {
  let folder: string;
  let tracer: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'compiled-'));
    tracer = path.join(folder, 'tracer');
    cpSync('src/runtimes/python/tracer', tracer, {
      recursive: true,
      filter: source => !source.includes('__pycache__'),
    });
  });

  afterEach(() => {
    for (const each of [tracer, path.join(tracer, 'clens_tracer')]) chmodSync(each, 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (
    python: Python,
    more: Readonly<Record<string, string>> = {},
    by: string[] = [],
  ) => {
    const { PYTHONDONTWRITEBYTECODE: _, ...own } = process.env;
    const trace = mkdtempSync(path.join(folder, 'trace-'));
    const env = { ...own, CLENS_RUN: trace, PYTHONPATH: tracer, ...more };
    const [command, ...args] = [...by, python.path, '-W', 'error', '-c', LOOK];
    const { stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.deepEqual(
      readdirSync(trace).filter(name => name.endsWith('.note')),
      [],
    );
    return stdout.trim();
  };

  onEachPython('is kept also where Python is told to write none', async python => {
    const env = { PYTHONDONTWRITEBYTECODE: '1' };
    assert.deepEqual([start(python, env), start(python, env)], ['compiled', 'found']);
    assert.ok(!existsSync(path.join(tracer, '__pycache__')), 'it is the only file that is written');
    const kept = readdirSync(path.join(tracer, 'clens_tracer', '__pycache__'));
    assert.match(kept.join(), /^clens-[^,]*\.cache$/);
  });

  onNewestPython('is made anew when what compiles it has changed', async python => {
    assert.deepEqual([start(python), start(python)], ['compiled', 'found']);
    utimesSync(path.join(tracer, 'clens_tracer', 'rewriting.py'), 1, 1);
    assert.deepEqual([start(python), start(python)], ['compiled', 'found']);
  });

  onNewestPython('is made anew when the kept file is torn', async python => {
    assert.deepEqual([start(python), start(python)], ['compiled', 'found']);
    const kept = path.join(tracer, 'clens_tracer', '__pycache__');
    for (const name of readdirSync(kept)) {
      if (name.endsWith('.cache')) writeFileSync(path.join(kept, name), 'torn');
    }
    assert.deepEqual([start(python), start(python)], ['compiled', 'found']);
  });

  const heldByPermissions = withoutSpecialRights();
  const title = "is kept in the person's folder for caches when the tracer's may not be written";
  if (heldByPermissions) {
    onNewestPython(title, async python => {
      for (const each of [path.join(tracer, 'clens_tracer'), tracer]) chmodSync(each, 0o555);
      const caches = path.join(folder, 'caches');
      const env = { XDG_CACHE_HOME: caches };
      const both = [start(python, env, heldByPermissions), start(python, env, heldByPermissions)];
      assert.deepEqual(both, ['compiled', 'found']);
      assert.equal(readdirSync(path.join(caches, 'concurrency-lens')).length, 1);
    });
  } else {
    it(`${title} (only for a user whom file permissions hold, or with setpriv)`);
  }
});

/** What to put before a command so that file permissions hold for it; undefined where nothing helps. */
function withoutSpecialRights(): string[] | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.getuid?.() !== 0) return [];
  const command = ['setpriv', '--bounding-set=-dac_override'];
  try {
    execFileSync(command[0] ?? '', [...command.slice(1), 'true'], { stdio: 'ignore' });
    return command;
  } catch {
    return undefined;
  }
}
