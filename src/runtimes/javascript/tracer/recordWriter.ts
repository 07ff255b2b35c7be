/**
 * Owns the trace file of one JavaScript thread: fixed-size records (src/trace/format.ts) collected in memory and written
 * in batches. Node cannot map a file, so at most `FLUSH_MS` of records are lost to a SIGKILL; what blocks flushes first.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { FORMAT_VERSION, RECORD_BYTES, RECORD_KINDS, TARGET } from '../../../trace/format';

const SLOTS = 1024;
const FLUSH_MS = 10;
const JAVASCRIPT = 2;
const TWO_32 = 2 ** 32;
/** Bytes of a string that one record carries, in two stretches. */
const STRING_PART = 44;
const FIRST_STRETCH = 16;
/** `TARGET.lane`, where a record's `c` stands in its first word. */
const LANE_TARGET = TARGET.lane << 24;

/** One record's fields; see `FIELD` in the format. Times in ns. */
export interface RecordFields {
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly lane?: number;
  readonly t?: number;
  readonly t2?: number;
  readonly site?: number;
  readonly ref?: number;
  readonly id?: number;
  readonly causeLane?: number;
  readonly causeT?: number;
  readonly causeSite?: number;
  readonly text?: number;
  readonly xLow?: number;
  readonly xHigh?: number;
}

// The snippet may replace these; the tracer goes on with the real ones. `hrtime` is the fastest clock there is.
const clock = process.hrtime.bind(process);
const laterOn = setTimeout;

export class RecordWriter {
  private readonly bytes = new Uint8Array(SLOTS * RECORD_BYTES);
  private readonly words = new Uint32Array(this.bytes.buffer);
  private used = 0;
  private fd: number;
  private dropped = 0;
  private isFlushing = false;
  private readonly strings = new Map<string, number>();
  private readonly sites = new Map<string, number>();
  /** Called before what was recorded is written out: the last chance to record what is still in the air. */
  onFlush: () => void = () => {};

  /** `token` tells a worker's file from the other threads' of its process; 0 for the main thread. */
  constructor(folder: string, token: number) {
    const random = Math.floor(Math.random() * 2 ** 48).toString(16);
    this.fd = openSync(path.join(folder, `${process.pid}-${random.padStart(12, '0')}.clens`), 'ax');
    const version = this.string(`Node.js ${process.version}`);
    // The header has to be the first record; the string that it names may follow.
    const held = this.bytes.slice(0, this.used * RECORD_BYTES);
    this.used = 0;
    this.write(RECORD_KINDS.header, {
      a: FORMAT_VERSION,
      b: JAVASCRIPT,
      c: token === 0 ? 0 : 1,
      lane: process.pid,
      t: this.now(),
      t2: Date.now() * 1e6,
      ref: process.ppid,
      text: version,
      xLow: token % TWO_32,
      xHigh: Math.floor(token / TWO_32),
    });
    this.bytes[24] = 0x43;
    this.bytes[25] = 0x4c;
    this.bytes[26] = 0x4e;
    this.bytes[27] = 0x53;
    this.bytes.set(held, this.used * RECORD_BYTES);
    this.used += held.length / RECORD_BYTES;
    this.flush();
  }

  now(): number {
    const [seconds, ns] = clock();
    return seconds * 1e9 + ns;
  }

  write(kind: number, fields: RecordFields): void {
    const { words } = this;
    let at = this.next();
    words[at++] = kind | ((fields.a ?? 0) << 8) | ((fields.b ?? 0) << 16) | ((fields.c ?? 0) << 24);
    words[at++] = fields.lane ?? 0;
    this.time(at, fields.t ?? 0);
    this.time(at + 2, fields.t2 ?? 0);
    at += 4;
    words[at++] = fields.site ?? 0;
    words[at++] = fields.ref ?? 0;
    words[at++] = fields.id ?? 0;
    words[at++] = fields.causeLane ?? 0;
    this.time(at, fields.causeT ?? 0);
    at += 2;
    words[at++] = fields.causeSite ?? 0;
    words[at++] = fields.text ?? 0;
    words[at++] = fields.xLow ?? 0;
    words[at] = fields.xHigh ?? 0;
  }

  // The records of awaits, without an object for their fields: they are most of all records.

  /** A lane and its begin, at the same moment. */
  callLane(
    lane: number,
    kind: number,
    t: number,
    site: number,
    name: number,
    parentRef: number,
  ): void {
    const { words } = this;
    let at = this.next();
    words.fill(0, at, at + 16);
    words[at] = RECORD_KINDS.lane | (kind << 8);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 6] = site;
    words[at + 7] = parentRef;
    words[at + 13] = name;
    at = this.next();
    words.fill(0, at, at + 16);
    words[at] = RECORD_KINDS.laneBegin;
    words[at + 1] = lane;
    this.time(at + 2, t);
  }

  waitBegin(lane: number, id: number, kind: number, t: number, site: number, text: number): void {
    const { words } = this;
    const at = this.next();
    words.fill(0, at, at + 16);
    words[at] = RECORD_KINDS.waitBegin | (kind << 8);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 6] = site;
    words[at + 8] = id;
    words[at + 13] = text;
  }

  waitOn(lane: number, id: number, targetType: number, target: number, t: number): void {
    const { words } = this;
    const at = this.next();
    words.fill(0, at, at + 16);
    words[at] = RECORD_KINDS.waitOn | (targetType << 24);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 7] = target;
    words[at + 8] = id;
  }

  waitEnd(lane: number, id: number, outcome: number, t: number, ready: number): void {
    const { words } = this;
    const at = this.next();
    words.fill(0, at, at + 16);
    words[at] = RECORD_KINDS.waitEnd | (outcome << 16);
    words[at + 1] = lane;
    this.time(at + 2, t);
    if (ready > 0) this.time(at + 4, ready);
    words[at + 8] = id;
  }

  /** A whole wait, which no other record names. `target` is a lane. */
  waitDone(
    lane: number,
    kind: number,
    outcome: number,
    beganNs: number,
    endedNs: number,
    site: number,
    text: number,
    target: number,
    readyNs: number,
  ): void {
    const { words } = this;
    const at = this.next();
    words[at] =
      RECORD_KINDS.waitDone | (kind << 8) | (outcome << 16) | (target < 0 ? 0 : LANE_TARGET);
    words[at + 1] = lane;
    this.time(at + 2, beganNs);
    this.time(at + 4, endedNs);
    words[at + 6] = site;
    words[at + 7] = target < 0 ? 0 : target;
    words[at + 8] = 0;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = text;
    if (readyNs > 0) this.time(at + 14, readyNs);
    else {
      words[at + 14] = 0;
      words[at + 15] = 0;
    }
  }

  /** A number for the text; 0 for none. */
  string(text: string): number {
    if (text === '') return 0;
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    const id = this.strings.size + 1;
    this.strings.set(text, id);
    const bytes = Buffer.from(text.slice(0, 4000));
    for (let offset = 0; offset < bytes.length; offset += STRING_PART) {
      const at = this.next();
      this.words.fill(0, at, at + 16);
      this.words[at] = RECORD_KINDS.string;
      this.words[at + 1] = offset;
      this.words[at + 7] = bytes.length;
      this.words[at + 8] = id;
      const start = at * 4;
      this.bytes.set(bytes.subarray(offset, offset + FIRST_STRETCH), start + 8);
      this.bytes.set(bytes.subarray(offset + FIRST_STRETCH, offset + STRING_PART), start + 36);
    }
    return id;
  }

  site(file: string, line: number, column: number, endColumn: number, func: string): number {
    const key = `${file}\0${line}\0${column}\0${func}`;
    const known = this.sites.get(key);
    if (known !== undefined) return known;
    const id = this.sites.size + 1;
    this.sites.set(key, id);
    this.write(RECORD_KINDS.site, {
      id,
      ref: this.string(file),
      lane: line,
      xLow: column,
      xHigh: endColumn,
      text: this.string(func),
    });
    return id;
  }

  flush(): void {
    this.onFlush();
    this.writeOut();
  }

  private writeOut(): void {
    const length = this.used * RECORD_BYTES;
    if (length === 0 || this.fd < 0) return;
    const records = this.used;
    this.used = 0;
    try {
      for (let done = 0; done < length;)
        done += writeSync(this.fd, this.bytes, done, length - done);
    } catch {
      // The disk is full, or the snippet closed the descriptor: its own work goes on.
      this.dropped += records;
    }
  }

  close(): void {
    if (this.fd < 0) return;
    if (this.dropped > 0) this.write(RECORD_KINDS.dropped, { t: this.now(), xLow: this.dropped });
    this.writeOut();
    try {
      closeSync(this.fd);
    } catch {
      // Closed by the snippet.
    }
    this.fd = -1;
  }

  /** Word index of the next slot. */
  private next(): number {
    if (this.used === SLOTS) this.writeOut();
    else if (this.used === 0) this.flushSoon();
    return this.used++ * (RECORD_BYTES / 4);
  }

  /** Within `FLUSH_MS`, unless the thread is busy for longer. */
  flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    laterOn(() => {
      this.isFlushing = false;
      this.flush();
    }, FLUSH_MS).unref();
  }

  private time(at: number, ns: number): void {
    const high = Math.floor(ns / TWO_32);
    this.words[at] = ns - high * TWO_32;
    this.words[at + 1] = high;
  }
}
