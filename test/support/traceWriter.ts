/** Writes trace files in the format of src/trace/format.ts, for tests that need a trace and no interpreter. */
import {
  FIELD,
  FORMAT_VERSION,
  HANDOFF_KINDS,
  LANE_ENDS,
  LANE_KINDS,
  OBJECT_KINDS,
  OUTCOMES,
  RECORD_BYTES,
  RECORD_KINDS,
  TARGET,
  WAIT_KINDS,
} from '../../src/trace/format';
import type {
  HandoffKind,
  LaneEnd,
  LaneKind,
  ObjectKind,
  Outcome,
  RecordKind,
  WaitKind,
} from '../../src/trace/format';

export interface RecordFields {
  a?: number;
  b?: number;
  c?: number;
  lane?: number;
  t?: number;
  t2?: number;
  site?: number;
  ref?: number;
  id?: number;
  causeLane?: number;
  causeT?: number;
  causeSite?: number;
  text?: number;
  x?: number | bigint;
}

export interface Target {
  readonly lane?: number;
  readonly object?: number;
  readonly job?: number;
}

export interface Cause {
  readonly lane: number;
  readonly t: number;
  readonly site?: number;
}

export interface WaitFields {
  readonly lane?: number;
  readonly kind: WaitKind;
  readonly from: number;
  readonly to?: number;
  readonly on?: Target;
  readonly also?: readonly Target[];
  readonly site?: number;
  readonly outcome?: Outcome;
  readonly ready?: number;
  readonly cause?: Cause;
  readonly timeout?: number;
  readonly label?: string;
}

/** Times given to it are ns since the run began; `base` is that beginning on the clock. */
export class TraceWriter {
  readonly base: bigint;
  private buffer = new Uint8Array(RECORD_BYTES * 64);
  private view = new DataView(this.buffer.buffer);
  private records = 0;
  private strings = 0;
  private sites = 0;
  private waits = 0;
  private readonly interned = new Map<string, number>();

  constructor(
    header: { pid?: number; parentPid?: number; t?: number; language?: number } = {},
    base = 5_000_000_000_000n,
  ) {
    this.base = base;
    this.record('header', {
      a: FORMAT_VERSION,
      b: header.language ?? 1,
      lane: header.pid ?? 100,
      ref: header.parentPid ?? 1,
      t: header.t ?? 0,
    });
    this.buffer.set(new TextEncoder().encode('CLNS'), FIELD.site);
  }

  get count(): number {
    return this.records;
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.records * RECORD_BYTES);
  }

  /** One raw record; returns its slot. */
  record(kind: RecordKind | number, fields: RecordFields = {}): number {
    const at = this.records++ * RECORD_BYTES;
    if (at + RECORD_BYTES > this.buffer.length) this.grow();
    const { view } = this;
    const code = typeof kind === 'number' ? kind : RECORD_KINDS[kind];
    view.setUint8(at + FIELD.kind, code);
    view.setUint8(at + FIELD.a, fields.a ?? 0);
    view.setUint8(at + FIELD.b, fields.b ?? 0);
    view.setUint8(at + FIELD.c, fields.c ?? 0);
    view.setUint32(at + FIELD.lane, fields.lane ?? 0, true);
    view.setBigUint64(at + FIELD.t, this.clock(fields.t ?? 0), true);
    view.setBigUint64(at + FIELD.t2, fields.t2 === undefined ? 0n : this.clock(fields.t2), true);
    view.setUint32(at + FIELD.site, fields.site ?? 0, true);
    view.setUint32(at + FIELD.ref, fields.ref ?? 0, true);
    view.setUint32(at + FIELD.id, fields.id ?? 0, true);
    view.setUint32(at + FIELD.causeLane, fields.causeLane ?? 0, true);
    const causeT = fields.causeT === undefined ? 0n : this.clock(fields.causeT);
    view.setBigUint64(at + FIELD.causeT, causeT, true);
    view.setUint32(at + FIELD.causeSite, fields.causeSite ?? 0, true);
    view.setUint32(at + FIELD.text, fields.text ?? 0, true);
    view.setBigUint64(at + FIELD.x, BigInt.asUintN(64, BigInt(fields.x ?? 0)), true);
    return at / RECORD_BYTES;
  }

  /** An empty slot: taken by a writer that has not written it. */
  hole(): number {
    return this.record(0);
  }

  string(text: string): number {
    if (text === '') return 0;
    const known = this.interned.get(text);
    if (known !== undefined) return known;
    const id = ++this.strings;
    this.interned.set(text, id);
    const utf8 = new TextEncoder().encode(text);
    for (let from = 0; from < utf8.length; from += 44) this.stringPart(id, utf8, from);
    return id;
  }

  stringPart(id: number, utf8: Uint8Array, from: number): void {
    const slot = this.record('string', { id, ref: utf8.length, lane: from });
    const at = slot * RECORD_BYTES;
    this.buffer.fill(0, at + 8, at + 24);
    this.buffer.set(utf8.subarray(from, from + 16), at + 8);
    this.buffer.set(utf8.subarray(from + 16, from + 44), at + 36);
  }

  site(file: string, line: number, column = 0, func = ''): number {
    const id = ++this.sites;
    const fields = { id, ref: this.string(file), lane: line, text: this.string(func), x: column };
    this.record('site', fields);
    return id;
  }

  lane(
    lane: number,
    kind: LaneKind,
    name: string,
    t: number,
    more: { parent?: number; flags?: number; site?: number; pid?: number; begin?: number } = {},
  ): void {
    this.record('lane', {
      lane,
      a: LANE_KINDS.indexOf(kind) + 1,
      b: more.flags ?? 0,
      t,
      site: more.site ?? 0,
      text: this.string(name),
      ref: more.parent === undefined ? 0 : more.parent + 1,
      x: more.pid ?? 0,
    });
    if (more.begin !== undefined) this.record('laneBegin', { lane, t: more.begin });
  }

  laneEnd(lane: number, end: LaneEnd, t: number, x = 0, detail = ''): void {
    this.record('laneEnd', {
      lane,
      a: LANE_ENDS.indexOf(end) + 1,
      t,
      x,
      text: this.string(detail),
    });
  }

  object(
    id: number,
    kind: ObjectKind,
    name = '',
    more: { site?: number; key?: number } = {},
  ): void {
    this.record('object', {
      id,
      a: OBJECT_KINDS.indexOf(kind) + 1,
      text: this.string(name),
      site: more.site ?? 0,
      x: more.key ?? 0,
    });
  }

  /** A wait in its moments: begin, further targets, and an end when `to` is given. Returns its number. */
  wait(fields: WaitFields): number {
    const id = this.beginWait(fields);
    if (fields.to !== undefined) this.endWait(id, fields);
    return id;
  }

  beginWait(fields: WaitFields): number {
    const id = ++this.waits;
    this.record('waitBegin', {
      lane: fields.lane ?? 0,
      id,
      a: WAIT_KINDS.indexOf(fields.kind) + 1,
      ...target(fields.on),
      t: fields.from,
      site: fields.site ?? 0,
      text: this.string(fields.label ?? ''),
      x: fields.timeout ?? 0,
    });
    for (const on of fields.also ?? []) {
      this.record('waitOn', { lane: fields.lane ?? 0, id, t: fields.from, ...target(on) });
    }
    return id;
  }

  endWait(id: number, fields: WaitFields): void {
    this.record('waitEnd', {
      lane: fields.lane ?? 0,
      id,
      b: OUTCOMES.indexOf(fields.outcome ?? 'done') + 1,
      t: fields.to ?? fields.from,
      ...(fields.ready === undefined ? {} : { t2: fields.ready }),
      ...cause(fields.cause),
    });
  }

  /** A whole wait in one record. */
  waitDone(fields: WaitFields): void {
    this.record('waitDone', {
      lane: fields.lane ?? 0,
      id: ++this.waits,
      a: WAIT_KINDS.indexOf(fields.kind) + 1,
      b: OUTCOMES.indexOf(fields.outcome ?? 'done') + 1,
      ...target(fields.on),
      t: fields.from,
      t2: fields.to ?? fields.from,
      site: fields.site ?? 0,
      text: this.string(fields.label ?? ''),
      x: fields.ready === undefined ? 0 : this.clock(fields.ready),
      ...cause(fields.cause),
    });
  }

  handoffCode(kind: HandoffKind): number {
    return HANDOFF_KINDS.indexOf(kind) + 1;
  }

  private clock(t: number): bigint {
    return this.base + BigInt(Math.round(t));
  }

  private grow(): void {
    const next = new Uint8Array(this.buffer.length * 2);
    next.set(this.buffer);
    this.buffer = next;
    this.view = new DataView(next.buffer);
  }
}

function target(on: Target | undefined): RecordFields {
  if (on?.lane !== undefined) return { c: TARGET.lane, ref: on.lane };
  if (on?.object !== undefined) return { c: TARGET.object, ref: on.object };
  if (on?.job !== undefined) return { c: TARGET.job, ref: on.job };
  return {};
}

function cause(from: Cause | undefined): RecordFields {
  return from ? { causeLane: from.lane + 1, causeT: from.t, causeSite: from.site ?? 0 } : {};
}
