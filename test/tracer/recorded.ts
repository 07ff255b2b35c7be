/** Records a program as the product does, and once more without the tracer to compare with. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPythons, supportedVersions, type Python } from '../../scripts/lib/pythons';
import { createPythonRuntime } from '../../src/runtimes/python/pythonRuntime';
import { startRun, type Run } from '../../src/runtimes/recordRun';
import type { RunEnd } from '../../src/runtimes/runtime';
import { hostClock } from '../../src/base/hostClock';
import type { Handoff, Lane, RunModel, Wait } from '../../src/trace/model';

export interface Recorded {
  readonly model: RunModel;
  readonly end: RunEnd;
  readonly out: string;
  readonly err: string;
}

/** One test per interpreter present; those that are absent are named. */
export function onEachPython(title: string, test: (python: Python) => Promise<void>): void {
  const present = findPythons();
  for (const version of supportedVersions) {
    const python = present.find(one => one.version === version);
    if (python) it(`${title} (${version})`, () => test(python));
    else it(`${title} (${version}: not on this machine)`);
  }
}

/** For what does not depend on the version. */
export function onNewestPython(title: string, test: (python: Python) => Promise<void>): void {
  const python = findPythons().at(-1);
  if (python) it(`${title} (${python.version})`, () => test(python));
  else it(`${title} (no Python on this machine)`);
}

/** A folder of its own for one program and its trace, removed after the test. */
export class Workbench {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tracer test ü-'));
  private readonly traceFolder = mkdtempSync(path.join(this.folder, 'trace-'));

  write(source: string, name = 'snippet.py'): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, source);
    return file;
  }

  start(python: Python, file: string, args: readonly string[] = []): Promise<Run> {
    const runtime = createPythonRuntime({
      tracerFolder: path.resolve('src/runtimes/python/tracer'),
    });
    const request = {
      documentPath: file,
      programPath: file,
      language: 'python' as const,
      args,
      cwd: this.folder,
      env: environment(),
      traceFolder: this.traceFolder,
      interpreter: python.path,
    };
    return startRun(runtime, request, hostClock);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function record(python: Python, source: string, ...args: string[]): Promise<Recorded> {
  const bench = new Workbench();
  try {
    const run = await bench.start(python, bench.write(source), args);
    run.endInput();
    const end = await run.ended;
    const text = (stream: string): string =>
      run.model.output
        .filter(piece => piece.stream === stream)
        .map(piece => piece.text)
        .join('');
    return { model: run.model, end, out: text('stdout'), err: text('stderr') };
  } finally {
    bench.dispose();
  }
}

/** The same program without a tracer. */
export async function runPlain(
  python: Python,
  source: string,
  ...args: string[]
): Promise<{ out: string; err: string; exitCode: number | null }> {
  const bench = new Workbench();
  try {
    const child = spawn(python.path, [bench.write(source), ...args], {
      cwd: bench.folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
    const exitCode = await new Promise<number | null>(resolve => child.on('close', resolve));
    return { out, err, exitCode };
  } finally {
    bench.dispose();
  }
}

export function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && name !== 'PYTHONUNBUFFERED') env[name] = value;
  }
  return env;
}

export function waitsOf(model: RunModel): Wait[] {
  return Array.from({ length: model.waitCount }, (_, id) => model.wait(id));
}

export function handoffsOf(model: RunModel): Handoff[] {
  return Array.from({ length: model.handoffCount }, (_, index) => model.handoff(index));
}

/** The waits on a line, by the text that marks it in the source: `# <mark>`. */
export function waitsAt(recorded: Recorded, source: string, mark: string): Wait[] {
  const line = lineOf(source, mark);
  return waitsOf(recorded.model).filter(wait => wait.site?.line === line);
}

export function lineOf(source: string, mark: string): number {
  const index = source.split('\n').findIndex(line => line.endsWith(`# ${mark}`));
  if (index < 0) throw new Error(`No line is marked ${mark}`);
  return index + 1;
}

export function laneNamed(model: RunModel, name: string | RegExp): Lane {
  const named = model.lanes.filter(lane => {
    const given = lane.command ?? lane.name;
    return typeof name === 'string' ? given === name : name.test(given);
  });
  // A process whose own file is read before its parent tells of it leaves a lane behind, folded away.
  const found = named.length > 1 ? named.filter(lane => !lane.helper) : named;
  const [lane] = found;
  if (!lane || found.length > 1) {
    const names = model.lanes.map(one => one.command ?? one.name).join(', ');
    throw new Error(`${found.length} lanes are named ${String(name)}, of: ${names}`);
  }
  return lane;
}

/** Whether a traceback or an output differs only in what differs from run to run. */
export function scrubbed(text: string, folder = ''): string {
  return text
    .replaceAll(folder || '\0', '<folder>')
    .replaceAll(/tracer test ü-\w+/g, '<folder>')
    .replaceAll(/0x[0-9a-f]+/g, '0x?');
}

/** Processes that carry this word in their command line. */
export async function processesWith(word: string): Promise<string[]> {
  const child = spawn('ps', ['-eo', 'stat=,pid=,args='], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  await new Promise(resolve => child.on('close', resolve));
  return text.split('\n').filter(line => line.includes(word) && !line.startsWith('Z'));
}
