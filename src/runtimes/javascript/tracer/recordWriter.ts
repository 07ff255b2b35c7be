/** Owns the layout of records (src/trace/format.ts): the many kinds of them field by field, those of awaits by hand. */
import path from 'node:path';
import { FORMAT_VERSION, RECORD_KINDS, TARGET } from '../../../trace/format';
import { traceFileName } from '../sharedRecords';
import { RecordFile } from './recordFile';

const JAVASCRIPT = 2;
const TWO_32 = 2 ** 32;
/** Bytes of a string that one record carries, in two stretches. */
const STRING_PART = 44;
const FIRST_STRETCH = 16;
/** `TARGET.lane`, where a record's `c` stands in its first word. */
const LANE_TARGET = TARGET.lane << 24;
/** `CLNS` */
const MAGIC = [0x43, 0x4c, 0x4e, 0x53];
const MAGIC_OFFSET = 24;

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

export class RecordWriter extends RecordFile {
  private readonly strings = new Map<string, number>();
  private readonly sites = new Map<string, number>();

  /** `token` tells a worker's file from the other threads' of its process; 0 for the main thread. */
  constructor(folder: string, token: number, shared?: { file: string; memory: SharedArrayBuffer }) {
    super(shared?.file ?? path.join(folder, traceFileName()), shared?.memory);
    // The first record, and whole before any other; the string that it names follows.
    const at = this.next();
    this.fill(at, RECORD_KINDS.header, {
      a: FORMAT_VERSION,
      b: JAVASCRIPT,
      c: token === 0 ? 0 : 1,
      lane: process.pid,
      t: this.now(),
      t2: Date.now() * 1e6,
      ref: process.ppid,
      text: 1,
      xLow: token % TWO_32,
      xHigh: Math.floor(token / TWO_32),
    });
    this.bytes.set(MAGIC, at * 4 + MAGIC_OFFSET);
    this.string(`Node.js ${process.version}`);
    this.flush();
  }

  write(kind: number, fields: RecordFields): void {
    this.fill(this.next(), kind, fields);
    this.done();
  }

  private fill(start: number, kind: number, fields: RecordFields): void {
    const { words } = this;
    let at = start;
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

  // The records of awaits and messages, without an object for their fields: they are most of all records. Each word by
  // itself: `fill` of a few costs as much as all the rest.

  /** A lane that takes its first step as it is made. */
  callLane(
    lane: number,
    kind: number,
    t: number,
    site: number,
    name: number,
    parent: number,
  ): void {
    const { words } = this;
    const at = this.next();
    words[at] = RECORD_KINDS.lane | (kind << 8);
    words[at + 1] = lane;
    const high = Math.floor(t / TWO_32);
    words[at + 2] = words[at + 4] = t - high * TWO_32;
    words[at + 3] = words[at + 5] = high;
    words[at + 6] = site;
    words[at + 7] = parent + 1;
    words[at + 8] = 0;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = name;
    words[at + 14] = 0;
    words[at + 15] = 0;
    this.done();
  }

  laneEnd(lane: number, end: number, t: number, text: number, status: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = RECORD_KINDS.laneEnd | (end << 8);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 4] = 0;
    words[at + 5] = 0;
    words[at + 6] = 0;
    words[at + 7] = 0;
    words[at + 8] = 0;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = text;
    words[at + 14] = status;
    words[at + 15] = 0;
    this.done();
  }

  /** `target` is a lane; -1 for none. */
  waitBegin(
    lane: number,
    id: number,
    kind: number,
    t: number,
    site: number,
    text: number,
    target: number,
  ): void {
    const { words } = this;
    const at = this.next();
    words[at] = RECORD_KINDS.waitBegin | (kind << 8) | (target < 0 ? 0 : LANE_TARGET);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 4] = 0;
    words[at + 5] = 0;
    words[at + 6] = site;
    words[at + 7] = target < 0 ? 0 : target;
    words[at + 8] = id;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = text;
    words[at + 14] = 0;
    words[at + 15] = 0;
    this.done();
  }

  /** Lanes `first` to `last` are waited for as well. */
  waitOnLanes(lane: number, id: number, first: number, last: number, t: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = RECORD_KINDS.waitOn | LANE_TARGET;
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 4] = 0;
    words[at + 5] = 0;
    words[at + 6] = 0;
    words[at + 7] = first;
    words[at + 8] = id;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = 0;
    words[at + 14] = last - first;
    words[at + 15] = 0;
    this.done();
  }

  waitEnd(lane: number, id: number, outcome: number, t: number, ready: number): void {
    const { words } = this;
    const at = this.next();
    words[at] = RECORD_KINDS.waitEnd | (outcome << 16);
    words[at + 1] = lane;
    this.time(at + 2, t);
    this.time(at + 4, ready);
    words[at + 6] = 0;
    words[at + 7] = 0;
    words[at + 8] = id;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = 0;
    words[at + 14] = 0;
    words[at + 15] = 0;
    this.done();
  }

  /** A whole wait, which no other record names. `target` is a lane; -1 for none. */
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
    this.done();
  }

  /** One side of a handoff between threads or processes; `kind` is that of the record, `wait` the one it ends. */
  link(
    kind: number,
    handoff: number,
    lane: number,
    t: number,
    site: number,
    wait: number,
    keyLow: number,
    keyHigh: number,
  ): void {
    const { words } = this;
    const at = this.next();
    words[at] = kind | (handoff << 8);
    words[at + 1] = lane;
    this.time(at + 2, t);
    words[at + 4] = 0;
    words[at + 5] = 0;
    words[at + 6] = site;
    words[at + 7] = 0;
    words[at + 8] = wait;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = 0;
    words[at + 14] = keyLow;
    words[at + 15] = keyHigh;
    this.done();
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
      this.done();
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

  /** At the end of the thread. The file stays open for what the snippet does in its own last moments. */
  finish(): void {
    if (this.dropped > 0) this.write(RECORD_KINDS.dropped, { t: this.now(), xLow: this.dropped });
    this.flush();
  }

  private time(at: number, ns: number): void {
    const high = Math.floor(ns / TWO_32);
    this.words[at] = ns - high * TWO_32;
    this.words[at + 1] = high;
  }
}
