// Runs a Python program of a row with and without the tracer, in turn, on the newest interpreter present. The program prints, on its
// last line, how many milliseconds its work took, so that start-up counts only where it is what is measured.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPythons } from '../../scripts/lib/pythons';
import { pairedRatio, type Measured } from './bench';

const TRACER = path.resolve('dist/tracer');

/** Traced / untraced. `program` is a path, or the text of a program when it holds a line end. */
export async function tracedRatio(program: string, runs: number): Promise<Measured> {
  const python = findPythons().at(-1);
  if (!python) throw new Error('No Python 3.8 or newer was found on PATH or under ~/.pyenv.');
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const file = program.includes('\n') ? path.join(folder, 'work.py') : program;
    if (file !== program) writeFileSync(file, program);
    const work = (isTraced: boolean) => () => milliseconds(python.path, file, folder, isTraced);
    const { ratio, aMs, bMs } = await pairedRatio(work(true), work(false), { runs });
    const detail = `Python ${python.version}, ${aMs.toFixed(0)} ms / ${bMs.toFixed(0)} ms`;
    return { value: ratio, unit: 'x', detail };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function milliseconds(
  python: string,
  file: string,
  folder: string,
  isTraced: boolean,
): Promise<number> {
  const { PYTHONUNBUFFERED: _, PYTHONDONTWRITEBYTECODE: __, ...env } = process.env;
  if (isTraced) {
    env['CLENS_RUN'] = mkdtempSync(path.join(folder, 'trace-'));
    env['PYTHONPATH'] = TRACER;
  }
  const child = spawn(python, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      const took = Number(out.trim().split('\n').at(-1));
      if (code === 0 && took > 0) resolve(took);
      else reject(new Error(`${path.basename(file)} ended with ${code}`));
    });
  });
}
