/** A trace folder of a test: made from writers, removed after the test. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTrace } from '../../src/trace/openTrace';
import type { OpenTraceOptions } from '../../src/trace/openTrace';
import { TraceModel } from '../../src/trace/traceModel';
import { TraceReader } from '../../src/trace/traceReader';
import type { TraceWriter } from './traceWriter';

export class TraceFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'clens-trace-'));

  write(name: string, content: TraceWriter | Uint8Array): void {
    const bytes = content instanceof Uint8Array ? content : content.bytes();
    writeFileSync(path.join(this.path, name), bytes);
  }

  clear(): void {
    for (const name of readdirSync(this.path)) rmSync(path.join(this.path, name));
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

let shared: TraceFolder | undefined;
// Benchmarks, which have no hooks, make folders of their own.
if (typeof after === 'function') after(() => shared?.dispose());

/** One folder for all models of a test program: property tests make hundreds, and folders are slow to make and remove. */
function withFiles<T>(
  writers: readonly (TraceWriter | Uint8Array)[],
  use: (folder: string) => T,
): T {
  shared ??= new TraceFolder();
  try {
    for (const [index, writer] of writers.entries()) shared.write(`${index}-0.clens`, writer);
    return use(shared.path);
  } finally {
    shared.clear();
  }
}

/** The model of a finished run with these processes. */
export function modelOf(
  writers: readonly (TraceWriter | Uint8Array)[],
  options: OpenTraceOptions = {},
): TraceModel {
  return withFiles(writers, folder => openTrace(folder, options));
}

/** The model of a run that still lives, at the moment `nowNs`. */
export function liveModelOf(writers: readonly TraceWriter[], nowNs: number): TraceModel {
  return withFiles(writers, folder => {
    const startedNs = writers[0]?.base ?? 0n;
    const model = new TraceModel({ startedNs, rootPid: null, now: () => nowNs });
    new TraceReader(folder, model, () => 0).poll();
    return model;
  });
}
