/**
 * Owns the memory in which a worker's records stand until they are in its trace file. Whoever started the worker shares
 * it, and writes what the worker no longer could: a worker may be terminated at any moment, or be busy for very long.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { RECORD_BYTES, TRACE_FILE_SUFFIX } from '../../trace/format';

/** What a worker is given when it starts, as its environment data under `SHARED_RECORDS`. */
export interface SharedRecords {
  readonly folder: string;
  readonly file: string;
  readonly memory: SharedArrayBuffer;
  /** For the Node processes that it starts. */
  readonly nodeOptions: string;
  /** The run's first thread, not a worker of the snippet's. */
  readonly isRoot: boolean;
  /** Names of its lane and of its parent's. */
  readonly name: string;
  readonly parent: string;
}
/** Not `main`, which is what the person's own function is called. */
export const MAIN_THREAD = 'main thread';

export const SHARED_RECORDS = 'concurrency-lens.records';

/** Records that the memory holds. */
export const SLOTS = 1024;
export const HEAD_BYTES = 64;
export const MEMORY_BYTES = HEAD_BYTES + SLOTS * RECORD_BYTES;

/** Words of the head. */
export const HEAD = {
  /** Who writes to the file: see `LOCK`. */
  lock: 0,
  /** Records that stand in the memory whole. */
  used: 1,
  /** How many of them are in the file. */
  filed: 2,
  /** Records that are in the file before the first of them. */
  before: 3,
} as const;
export const LOCK = { free: 0, taken: 1, closed: 2 } as const;

/** Before the lock is taken away from one that does not give it back: it was ended while it wrote. */
const PATIENCE_MS = 20;

// The snippet's thread has functions of ours in their place later.
const { compareExchange, load, store } = Atomics;

export function traceFileName(): string {
  const random = Math.floor(Math.random() * 2 ** 48).toString(16);
  return `${process.pid}-${random.padStart(12, '0')}${TRACE_FILE_SUFFIX}`;
}

export function shareRecords(what: Omit<SharedRecords, 'file' | 'memory'>): SharedRecords {
  const file = path.join(what.folder, traceFileName());
  return { ...what, file, memory: new SharedArrayBuffer(MEMORY_BYTES) };
}

export class RecordKeeper {
  private readonly file: string;
  private readonly head: Int32Array;
  private readonly bytes: Uint8Array;

  constructor({ file, memory }: SharedRecords) {
    this.file = file;
    this.head = new Int32Array(memory, 0, HEAD_BYTES / 4);
    this.bytes = new Uint8Array(memory, HEAD_BYTES);
  }

  /** While the worker lives: what it has recorded and not written. */
  look(): void {
    const { head } = this;
    if (load(head, HEAD.used) === load(head, HEAD.filed)) return;
    if (compareExchange(head, HEAD.lock, LOCK.free, LOCK.taken) !== LOCK.free) return;
    this.write();
    store(head, HEAD.lock, LOCK.free);
  }

  /** The worker has ended, or is about to: it writes no more. */
  close(): void {
    const { head } = this;
    const until = performance.now() + PATIENCE_MS;
    while (compareExchange(head, HEAD.lock, LOCK.free, LOCK.closed) === LOCK.taken) {
      if (performance.now() < until) continue;
      store(head, HEAD.lock, LOCK.closed);
      break;
    }
    this.write();
  }

  private write(): void {
    const { head, bytes } = this;
    const used = load(head, HEAD.used);
    if (used === load(head, HEAD.filed)) return;
    try {
      const fd = openSync(this.file, 'a');
      try {
        // The file itself says how far a worker came that was ended while it wrote.
        const filed = Math.floor(fstatSync(fd).size / RECORD_BYTES) - load(head, HEAD.before);
        let at = Math.max(0, filed) * RECORD_BYTES;
        while (at < used * RECORD_BYTES) at += writeSync(fd, bytes, at, used * RECORD_BYTES - at);
        store(head, HEAD.filed, used);
      } finally {
        closeSync(fd);
      }
    } catch {
      // The disk is full, or the folder is gone: the run is over.
    }
  }
}
