/**
 * Owns what the tracer of one JavaScript thread shares among its parts: the writer, the numbers given out, and whose
 * turn it is. Lane 0 is the thread itself.
 */
import {
  HANDOFF_KINDS,
  LANE_ENDS,
  LANE_KINDS,
  OUTCOMES,
  RECORD_KINDS,
  TARGET,
  WAIT_KINDS,
} from '../../../trace/format';
import type { HandoffKind, LaneEnd, LaneKind, Outcome, WaitKind } from '../../../trace/format';
import type { RecordWriter } from './recordWriter';

/** The codes in the file are the index in the format's table plus one. */
export const codeOf = {
  lane: (kind: LaneKind): number => LANE_KINDS.indexOf(kind) + 1,
  end: (end: LaneEnd): number => LANE_ENDS.indexOf(end) + 1,
  wait: (kind: WaitKind): number => WAIT_KINDS.indexOf(kind) + 1,
  outcome: (outcome: Outcome): number => OUTCOMES.indexOf(outcome) + 1,
  handoff: (kind: HandoffKind): number => HANDOFF_KINDS.indexOf(kind) + 1,
};

const CALL = codeOf.lane('call');
const SEND_RECV = codeOf.handoff('send-recv');
const NOTHING = {};

export class Recorder {
  readonly writer: RecordWriter;
  private lanes = 1;
  private waits = 0;

  constructor(writer: RecordWriter) {
    this.writer = writer;
  }

  now(): number {
    return this.writer.now();
  }

  newWait(): number {
    return ++this.waits;
  }

  /** `token` is the pid of a child process or the number a worker was given. Returns the lane's number. */
  lane(
    kind: LaneKind,
    name: string,
    parent: number,
    t: number,
    more: { site?: number; token?: number; flags?: number } = {},
  ): number {
    const lane = this.lanes++;
    const { writer } = this;
    const token = more.token ?? 0;
    writer.write(RECORD_KINDS.lane, {
      lane,
      a: codeOf.lane(kind),
      b: more.flags ?? 0,
      t,
      site: more.site ?? 0,
      text: writer.string(name),
      ref: parent + 1,
      xLow: token % 2 ** 32,
      xHigh: Math.floor(token / 2 ** 32),
    });
    return lane;
  }

  /** The lane of an async call, which takes its first step as it is made. */
  callLane(name: number, parent: number, t: number, site: number): number {
    const lane = this.lanes++;
    this.writer.callLane(lane, CALL, t, site, name, parent);
    return lane;
  }

  laneBegin(lane: number, t: number): void {
    this.writer.write(RECORD_KINDS.laneBegin, { lane, t });
  }

  lanePid(lane: number, pid: number): void {
    this.writer.write(RECORD_KINDS.laneInfo, { lane, t: this.now(), xLow: pid });
  }

  laneEnd(lane: number, end: LaneEnd, detail = '', status = 0): void {
    const { writer } = this;
    writer.laneEnd(lane, codeOf.end(end), this.now(), writer.string(detail), status >>> 0);
  }

  /** A wait that is about to hold the lane up; `target` is a lane. Returns its number. */
  waitBegin(
    lane: number,
    kind: WaitKind,
    more: { site?: number; label?: string; target?: number; timeoutNs?: number },
  ): number {
    const { writer } = this;
    const id = this.newWait();
    const timeout = more.timeoutNs ?? 0;
    writer.write(RECORD_KINDS.waitBegin, {
      lane,
      id,
      a: codeOf.wait(kind),
      c: more.target === undefined ? TARGET.none : TARGET.lane,
      ref: more.target ?? 0,
      t: this.now(),
      site: more.site ?? 0,
      text: writer.string(more.label ?? ''),
      xLow: timeout % 2 ** 32,
      xHigh: Math.floor(timeout / 2 ** 32),
    });
    return id;
  }

  waitEnd(lane: number, wait: number, outcome: Outcome, readyNs = 0): void {
    this.writer.waitEnd(lane, wait, codeOf.outcome(outcome), this.now(), readyNs);
  }

  /**
   * One side of a handoff whose other side is in another thread or process; equal keys are matched in order. `wait` is
   * the one it ends, `t` when it was, if not now.
   */
  link(
    side: 'from' | 'to',
    kind: HandoffKind,
    lane: number,
    key: LinkKey,
    more: { site?: number; wait?: number; t?: number } = NOTHING,
  ): void {
    const record = side === 'from' ? RECORD_KINDS.linkFrom : RECORD_KINDS.linkTo;
    const { site = 0, wait = 0, t = this.now() } = more;
    this.writer.link(record, codeOf.handoff(kind), lane, t, site, wait, key.low, key.high);
  }

  /** A message goes out by that channel. */
  sent(lane: number, key: LinkKey): void {
    const { writer } = this;
    writer.link(RECORD_KINDS.linkFrom, SEND_RECV, lane, writer.now(), 0, 0, key.low, key.high);
  }

  /** A message has come by that channel, as the clock last said, and ended that wait; 0 for none. */
  received(key: LinkKey, wait: number): void {
    const { writer } = this;
    const t = writer.latestNs;
    writer.link(RECORD_KINDS.linkTo, SEND_RECV, 0, t, 0, wait, key.low, key.high);
  }

  note(text: string, isWarning = false): void {
    const { writer } = this;
    writer.write(RECORD_KINDS.note, {
      a: isWarning ? 2 : 1,
      t: this.now(),
      text: writer.string(text),
    });
  }
}

/** 64 bits that name a channel the same way on both sides. */
export interface LinkKey {
  readonly low: number;
  readonly high: number;
}

const keys = new Map<string, LinkKey>();
/** Channels that are remembered; programs have few, and one that makes them without end must not grow by it. */
const MANY_KEYS = 4096;

/** FNV-1a, twice with different seeds. Collisions would join two channels; 64 bits make that unlikely. */
export function linkKey(name: string): LinkKey {
  const known = keys.get(name);
  if (known) return known;
  let low = 0x811c9dc5;
  let high = 0x01234567;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x01000193) ^ (low >>> 13);
  }
  const key = { low: low >>> 0, high: high >>> 0 };
  if (keys.size < MANY_KEYS) keys.set(name, key);
  return key;
}
