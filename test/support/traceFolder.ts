/** A trace folder of a test: made from writers, removed after the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The model of a finished run with these processes. */
export function modelOf(
  writers: readonly (TraceWriter | Uint8Array)[],
  options: OpenTraceOptions = {},
): TraceModel {
  const folder = new TraceFolder();
  try {
    for (const [index, writer] of writers.entries()) folder.write(`${index}-0.clens`, writer);
    return openTrace(folder.path, options);
  } finally {
    folder.dispose();
  }
}

/** The model of a run that still lives, at the moment `nowNs`. */
export function liveModelOf(writers: readonly TraceWriter[], nowNs: number): TraceModel {
  const folder = new TraceFolder();
  try {
    for (const [index, writer] of writers.entries()) folder.write(`${index}-0.clens`, writer);
    const startedNs = writers[0]?.base ?? 0n;
    const model = new TraceModel({ startedNs, rootPid: null, now: () => nowNs });
    new TraceReader(folder.path, model, () => 0).poll();
    return model;
  } finally {
    folder.dispose();
  }
}
