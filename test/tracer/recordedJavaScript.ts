/** Records a JavaScript program as the product does, in either launcher, and once more without the tracer. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hostClock } from '../../src/base/hostClock';
import { createJavaScriptRuntime } from '../../src/runtimes/javascript/javascriptRuntime';
import { startRun, type Run } from '../../src/runtimes/recordRun';
import type { RunEnd } from '../../src/runtimes/runtime';
import type { RunModel } from '../../src/trace/model';

export type Launcher = 'worker' | 'process';
export const LAUNCHERS: readonly Launcher[] = ['worker', 'process'];

export interface RecordedScript {
  readonly model: RunModel;
  readonly end: RunEnd;
  readonly out: string;
  readonly err: string;
}

export interface Options {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly input?: string;
  readonly memoryMb?: number;
  /** The Node of a process; the one that runs the tests when not said. */
  readonly node?: string;
  /** Called once the run has started. */
  readonly during?: (run: Run) => Promise<void>;
}

/** `file` is a path, or the text of a program when it holds a line end. */
export async function recordScript(
  launcher: Launcher,
  file: string,
  options: Options = {},
): Promise<RecordedScript> {
  const folder = mkdtempSync(path.join(tmpdir(), 'javascript test ü-'));
  try {
    const runtime = createJavaScriptRuntime({
      tracerFolder: path.resolve('dist/javascript'),
    });
    const programPath = file.includes('\n') ? writeProgram(folder, file, options.name) : file;
    const run = await startRun(
      runtime,
      {
        documentPath: programPath,
        programPath,
        language: 'javascript',
        args: options.args ?? [],
        cwd: process.cwd(),
        env: environment(),
        traceFolder: mkdtempSync(path.join(folder, 'trace-')),
        inProcess: launcher,
        ...(options.node === undefined ? {} : { interpreter: options.node }),
        ...(options.memoryMb === undefined ? {} : { memoryMb: options.memoryMb }),
      },
      hostClock,
    );
    if (options.input !== undefined) run.write(options.input);
    run.endInput();
    await options.during?.(run);
    const end = await run.ended;
    const text = (stream: string): string =>
      run.model.output
        .filter(piece => piece.stream === stream)
        .map(piece => piece.text)
        .join('');
    return { model: run.model, end, out: text('stdout'), err: text('stderr') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function runScript(
  file: string,
  options: Options = {},
): Promise<{ out: string; err: string; exitCode: number | null }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'javascript test ü-'));
  try {
    const program = file.includes('\n') ? writeProgram(folder, file, options.name) : file;
    const child = spawn(options.node ?? process.execPath, [program, ...(options.args ?? [])], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(options.input ?? '');
    let out = '';
    let err = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
    const exitCode = await new Promise<number | null>(resolve => child.on('close', resolve));
    return { out, err, exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeProgram(folder: string, source: string, name = 'snippet.mjs'): string {
  const file = path.join(folder, name);
  writeFileSync(file, source);
  return file;
}

function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && name !== 'NODE_OPTIONS') env[name] = value;
  }
  return env;
}
