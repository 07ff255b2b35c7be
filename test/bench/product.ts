// Rows about the product as a whole: what the package weighs and what the tracer adds to the start of an interpreter.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPythons, type Python } from '../../scripts/lib/pythons';
import { packagedExtension } from '../support/packagedExtension';
import { pairedRatio, type BenchRow } from './bench';

const execute = promisify(execFile);

export const rows: readonly BenchRow[] = [
  {
    name: 'packaged size',
    hold: 2.5,
    measure: async () => ({
      value: statSync(packagedExtension()).size / (1024 * 1024),
      unit: 'MB',
    }),
  },
  ...findPythons().map((python): BenchRow => ({
    name: `added start-up of the traced interpreter, Python ${python.version}`,
    hold: 25,
    measure: () => measureStart(python),
  })),
];

async function measureStart(python: Python) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lens-bench-'));
  const plain = { ...process.env };
  delete plain['PYTHONPATH'];
  const traced = { ...plain, PYTHONPATH: path.resolve('dist/tracer'), CLENS_RUN: folder };
  const start = (env: NodeJS.ProcessEnv) => async () => {
    await execute(python.path, ['-c', 'import threading'], { env });
  };
  try {
    const { aMs, bMs } = await pairedRatio(start(traced), start(plain), { runs: 15 });
    const detail = `${aMs.toFixed(1)} ms traced, ${bMs.toFixed(1)} ms untraced`;
    return { value: aMs - bMs, unit: 'ms', detail };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
