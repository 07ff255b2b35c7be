/** Owns the opening of the trace of a run that is over. */
import { openSync, closeSync, readSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseHeader } from './fileHeader';
import { RECORD_BYTES, TRACE_FILE_SUFFIX } from './format';
import { TraceModel } from './traceModel';
import { TraceReader } from './traceReader';

export interface OpenTraceOptions {
  /** Time zero; the earliest process of the trace when not given. */
  readonly startedNs?: bigint;
  readonly mapFile?: (file: string) => string;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
}

/** Never throws: what is wrong with the trace is in the notes of the model. */
export function openTrace(folder: string, options: OpenTraceOptions = {}): TraceModel {
  const model = new TraceModel({
    startedNs: options.startedNs ?? earliestStart(folder),
    rootPid: null,
    ...(options.mapFile ? { mapFile: options.mapFile } : {}),
  });
  new TraceReader(folder, model, () => 0).drain();
  model.finish({
    ns: 0,
    exitCode: options.exitCode ?? null,
    signal: options.signal ?? null,
    isStopped: false,
  });
  return model;
}

function earliestStart(folder: string): bigint {
  let earliest: bigint | undefined;
  const words = new Uint32Array(RECORD_BYTES / 4);
  const bytes = new Uint8Array(words.buffer);
  for (const name of safely(() => readdirSync(folder)) ?? []) {
    if (!name.endsWith(TRACE_FILE_SUFFIX)) continue;
    words.fill(0);
    safely(() => {
      const fd = openSync(path.join(folder, name), 'r');
      try {
        readSync(fd, bytes, 0, RECORD_BYTES, 0);
      } finally {
        closeSync(fd);
      }
    });
    const header = parseHeader(words);
    if (header === 'unwritten' || 'problem' in header) continue;
    const time = (BigInt(header.time[0]) << 32n) | BigInt(header.time[1]);
    if (earliest === undefined || time < earliest) earliest = time;
  }
  return earliest ?? 0n;
}

/** Files that cannot be read are told of by the reader. */
function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
