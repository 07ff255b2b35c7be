// The cost of the Python tracer: each snippet of python/ untraced and traced in turn, on the newest interpreter present. A snippet prints
// the milliseconds of its own work, so that start-up counts only where it is what is measured.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPythons } from '../../scripts/lib/pythons';
import { pairedRatio, type BenchRow } from './bench';

const SNIPPETS = path.resolve('test/bench/python');
const TRACER = path.resolve('dist/tracer');
const RUNS = 7;

const measured = (name: string, file: string, hold: number): BenchRow => ({
  name: `${name}, traced / untraced`,
  hold,
  async measure() {
    const python = findPythons().at(-1);
    if (!python) throw new Error('No Python 3.8 or newer was found on PATH or under ~/.pyenv.');
    const work = (isTraced: boolean) => async () => runSnippet(python.path, file, isTraced);
    const { ratio, aMs, bMs } = await pairedRatio(work(true), work(false), { runs: RUNS });
    const detail = `Python ${python.version}, ${bMs.toFixed(0)} ms untraced, ${aMs.toFixed(0)} ms traced`;
    return { value: ratio, unit: 'x', detail };
  },
});

export const rows: readonly BenchRow[] = [
  measured('computation in threads', 'compute.py', 1.05),
  measured('lock loop, uncontended', 'lockLoop.py', 2.2),
  measured('lock loop, four threads', 'lockContended.py', 2.2),
  measured('queue, producer and consumer', 'queueStream.py', 2.2),
  measured('queue, ping-pong', 'queuePingPong.py', 2.2),
  measured('condition, taking turns', 'conditionTurns.py', 2.2),
  measured('thread churn', 'threadChurn.py', 2.2),
];

/** Milliseconds of processor time that the snippet's work took, as it says itself. */
function runSnippet(python: string, file: string, isTraced: boolean): number {
  const trace = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const { PYTHONUNBUFFERED: _, ...env } = process.env;
    if (isTraced) Object.assign(env, { CLENS_RUN: trace, PYTHONPATH: TRACER });
    const { status, stdout, stderr } = spawnSync(python, [path.join(SNIPPETS, file)], {
      env,
      encoding: 'utf8',
    });
    const ms = Number(stdout.trim().split('\n').at(-1));
    if (status !== 0 || !Number.isFinite(ms)) throw new Error(`${file} failed: ${stderr}`);
    return ms;
  } finally {
    rmSync(trace, { recursive: true, force: true });
  }
}
