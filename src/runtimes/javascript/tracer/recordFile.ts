/**
 * Owns the trace file of one JavaScript thread: records stand in memory and are written in batches, for Node cannot map a
 * file. What comes seldom is written at once. A worker's memory is shared with its parent (sharedRecords.ts), who writes
 * the rest when it is terminated; a process that is killed loses at most the latest `FLUSH_MS`.
 */
import { openSync, writeSync } from 'node:fs';
import { RECORD_BYTES } from '../../../trace/format';
import { HEAD, HEAD_BYTES, LOCK, MEMORY_BYTES, SLOTS } from '../sharedRecords';

const RECORD_WORDS = RECORD_BYTES / 4;
const FLUSH_MS = 10;
/** After a quiet time what begins to wait is told sooner. */
const QUIET_FLUSH_MS = 1;
/** Writes on the spot: so many in a row, and one more for each `WRITE_EVERY_NS` since. One takes about 4 us. */
const WRITES_IN_A_ROW = 16;
const WRITE_EVERY_NS = 1e6;

// The snippet may replace these; the tracer goes on with the real ones. `hrtime` is the fastest clock there is.
const clock = process.hrtime.bind(process);
const laterOn = setTimeout;
const { compareExchange, load, store, wait } = Atomics;

export class RecordFile {
  /** Called before what was recorded is written out: the last chance to record what is still in the air. */
  onFlush: () => void = () => {};
  /** Called at a look at the clock later than `lookFromNs`, with the look before. */
  onLook: (beforeNs: number, ns: number) => void = () => {};
  /** The latest look at the clock. */
  latestNs = 0;
  lookFromNs = Number.POSITIVE_INFINITY;
  protected readonly words: Uint32Array;
  protected readonly bytes: Uint8Array;
  protected dropped = 0;
  /** A timer of ours is set. */
  isFlushing = false;
  private used = 0;
  private writeFromNs = 0;
  private readonly fd: number;
  private flushedNs = 0;
  /** Only where the memory is shared. */
  private readonly head: Int32Array | undefined;

  constructor(file: string, shared: SharedArrayBuffer | undefined) {
    const memory = shared ?? new ArrayBuffer(MEMORY_BYTES);
    this.words = new Uint32Array(memory, HEAD_BYTES);
    this.bytes = new Uint8Array(memory, HEAD_BYTES);
    this.head = shared && new Int32Array(shared, 0, HEAD_BYTES / 4);
    this.fd = openSync(file, 'ax');
  }

  now(): number {
    const [seconds, part] = clock();
    const ns = seconds * 1e9 + part;
    const before = this.latestNs;
    this.latestNs = ns;
    if (ns > this.lookFromNs) this.onLook(before, ns);
    return ns;
  }

  /** Also what is still in the air. */
  flush(): void {
    this.onFlush();
    this.flushedNs = this.latestNs;
    this.writeOut();
  }

  /** Within `FLUSH_MS`, unless the thread is busy for longer. */
  flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    const isQuiet = this.latestNs - this.flushedNs > FLUSH_MS * 1e6;
    laterOn(
      () => {
        this.isFlushing = false;
        this.flush();
      },
      isQuiet ? QUIET_FLUSH_MS : FLUSH_MS,
    ).unref();
  }

  /** Word index of the next slot. */
  protected next(): number {
    if (this.used === SLOTS) this.writeOut();
    else if (this.used === 0) this.flushSoon();
    return this.used++ * RECORD_WORDS;
  }

  /** The record in the latest slot is whole. */
  protected done(): void {
    if (this.head) store(this.head, HEAD.used, this.used);
    const { latestNs } = this;
    if (latestNs < this.writeFromNs) return;
    const inARow = WRITES_IN_A_ROW * WRITE_EVERY_NS;
    const earliest = Math.max(this.writeFromNs, latestNs - inARow);
    this.writeFromNs = earliest + WRITE_EVERY_NS;
    this.writeOut();
  }

  private writeOut(): void {
    const { head, used } = this;
    if (used === 0) return;
    if (head && !this.takeLock(head)) return;
    const from = head ? load(head, HEAD.filed) : 0;
    try {
      const until = used * RECORD_BYTES;
      for (let at = from * RECORD_BYTES; at < until;) {
        at += writeSync(this.fd, this.bytes, at, until - at);
      }
    } catch {
      // The disk is full, or the snippet closed the descriptor: its own work goes on.
      this.dropped += used - from;
    }
    this.used = 0;
    if (!head) return;
    // In this order: wherever the thread is ended, its parent finds how far it came.
    store(head, HEAD.used, 0);
    store(head, HEAD.filed, 0);
    store(head, HEAD.before, load(head, HEAD.before) + used);
    store(head, HEAD.lock, LOCK.free);
  }

  private takeLock(head: Int32Array): boolean {
    for (;;) {
      const was = compareExchange(head, HEAD.lock, LOCK.free, LOCK.taken);
      if (was === LOCK.free) return true;
      if (was === LOCK.closed) {
        // The parent is at its end, and has written what there was.
        this.used = 0;
        return false;
      }
      wait(head, HEAD.lock, LOCK.taken, 1);
    }
  }
}
