/**
 * Owns the reading of one trace file's records into the tables of the run. It trusts nothing: numbers out of range make
 * a record count as damaged, and whatever a record names may be described later or never.
 */
import {
  HANDOFF_KINDS,
  LANE_ENDS,
  LANE_FLAG,
  LANE_KINDS,
  OBJECT_KINDS,
  OUTCOMES,
  RECORD_BYTES,
  RECORD_KINDS as K,
  TARGET,
  WAIT_KINDS,
} from './format';
import type { Language, LaneKind } from './format';
import type { FileHeader } from './fileHeader';
import type { LaneRow } from './laneTable';
import { RowMap } from './numberMaps';
import type { CauseRow, RunTables } from './runTables';
import { StringTable } from './stringTable';

/** u32 words of one record. */
const WORDS = RECORD_BYTES / 4;
/** No run is longer; a later time is damage. 2^51 ns are 26 days. */
const LATEST_NS = 2 ** 51;
/** Clocks of two processes agree, but a run's beginning is read a little late. */
const EARLIEST_NS = -60e9;
const TWO_32 = 2 ** 32;

export class FileDecoder {
  readonly strings = new StringTable();
  /** The lane that stands for this process. */
  readonly root: LaneRow;
  /** Records of kinds this reader does not know. */
  unknown = 0;
  damaged = 0;
  /** The last look at the file found nothing new. */
  isQuiet = false;
  /** The latest moment in this file. */
  lastNs = 0;
  readonly notes: { text: number }[] = [];
  private readonly source: number;
  private readonly tables: RunTables;
  private readonly baseHigh: number;
  private readonly baseLow: number;
  private readonly language: Language | null;
  private readonly lanes = new RowMap();
  private readonly sites = new RowMap();
  private readonly objects = new RowMap();
  private readonly waits = new RowMap();
  private readonly jobs = new RowMap();
  private words: Uint32Array = new Uint32Array(0);
  private at = 0;

  constructor(
    source: number,
    tables: RunTables,
    header: FileHeader,
    root: LaneRow,
    base: readonly [high: number, low: number],
  ) {
    this.source = source;
    this.tables = tables;
    this.root = root;
    this.language = header.language;
    [this.baseHigh, this.baseLow] = base;
    this.lanes.set(0, root.id);
  }

  /**
   * Takes records `from` to `to` of the buffer, up to the first that is not written yet; returns where it stopped.
   * `bytes` and `words` are views of the same memory.
   */
  decode(bytes: Uint8Array, words: Uint32Array, from: number, to: number): number {
    this.words = words;
    let index = from;
    for (; index < to; index++) {
      const at = (this.at = index * WORDS);
      const first = words[at]!;
      const kind = first & 0xff;
      if (kind === 0) break;
      const a = (first >>> 8) & 0xff;
      const b = (first >>> 16) & 0xff;
      if (kind === K.string) {
        this.string(bytes, index * RECORD_BYTES);
        continue;
      }
      if (kind === K.site) {
        this.site();
        continue;
      }
      if (kind > K.dropped) {
        this.unknown++;
        continue;
      }
      const ns = this.time(at + 2);
      if (ns < 0) {
        this.damaged++;
        continue;
      }
      if (ns > this.lastNs) this.lastNs = ns;
      this.record(kind, a, b, ns);
    }
    this.tables.records += index - from;
    if (this.lastNs > this.tables.lastNs) this.tables.lastNs = this.lastNs;
    return index;
  }

  private record(kind: number, a: number, b: number, ns: number): void {
    const { words, at, tables } = this;
    switch (kind) {
      case K.waitBegin:
        if (a < 1 || a > WAIT_KINDS.length) return void this.damaged++;
        this.waits.set(words[at + 8]!, this.beginWait(a, ns, this.timeout()));
        return;
      case K.waitDone:
        return this.waitDone(a, b, ns);
      case K.waitEnd: {
        const wait = this.openWait();
        if (wait < 0 || b < 1 || b > OUTCOMES.length) return void this.damaged++;
        return tables.endWait(wait, ns, b - 1, this.optionalTime(at + 4), this.cause());
      }
      case K.waitReady: {
        const wait = this.openWait();
        if (wait < 0) return void this.damaged++;
        tables.waits.ready.data[wait] = Math.max(ns, tables.waits.start.data[wait]!);
        return tables.touch(tables.waits.lane.data[wait]!, wait, ns);
      }
      case K.waitOn: {
        const wait = this.openWait();
        const type = (words[at]! >>> 24) & 0xff;
        if (wait < 0 || type > TARGET.job) return void this.damaged++;
        if (type !== TARGET.none) tables.waits.addTarget(wait, type, this.target(type));
        return tables.touch(tables.waits.lane.data[wait]!, wait, ns);
      }
      case K.owner: {
        const object = this.object(words[at + 8]!);
        if (a === 1) tables.holds.acquire(object, this.lane(words[at + 1]!), ns, this.siteRow());
        else tables.holds.release(object, ns);
        return;
      }
      case K.step: {
        const lane = this.lane(words[at + 1]!);
        const thread = words[at + 7]! === 0 ? -1 : this.lane(words[at + 7]! - 1);
        if (a === 1) tables.steps.resume(lane, thread, ns);
        else tables.steps.suspend(lane, ns, this.siteRow());
        return tables.touch(lane, -1, ns);
      }
      case K.linkFrom:
      case K.linkTo:
      case K.handoff:
        return this.handoff(kind, a, ns);
      case K.output:
        tables.outputs.add(
          this.source,
          this.lane(words[at + 1]!),
          a === 2 ? 2 : 1,
          ns,
          words[at + 7]!,
          words[at + 14]!,
        );
        return;
      case K.level:
        tables.objects.rows[this.object(words[at + 8]!)]!.level = words[at + 14]!;
        return;
      default:
        return this.rareRecord(kind, a, b, ns);
    }
  }

  private rareRecord(kind: number, a: number, b: number, ns: number): void {
    const { words, at, tables } = this;
    switch (kind) {
      case K.lane:
        return this.describeLane(a, b, ns);
      case K.laneBegin:
        return tables.beginLane(this.laneRow(words[at + 1]!), ns);
      case K.laneEnd:
        return this.endLane(a, ns);
      case K.laneInfo: {
        const row = this.laneRow(words[at + 1]!);
        this.rename(row, words[at + 13]!);
        this.flags(row, b);
        const pid = words[at + 14]!;
        if (pid !== 0 && row !== this.root) this.lanes.set(words[at + 1]!, this.claimPid(row, pid));
        return tables.touch(row.id, -1, ns);
      }
      case K.object: {
        const [low, high] = [words[at + 14]!, words[at + 15]!];
        const number = words[at + 8]!;
        if (low !== 0 || high !== 0) {
          this.objects.set(number, tables.objects.shared(high, low).id);
        }
        const object = tables.objects.rows[this.object(number)]!;
        object.kind = OBJECT_KINDS[a - 1] ?? object.kind;
        if (object.siteRow < 0) object.siteRow = this.siteRow();
        this.strings.whenKnown(words[at + 13]!, name => (object.givenName = name));
        return;
      }
      case K.jobSubmit: {
        const job = this.job();
        job.submittedBy = this.lane(words[at + 1]!);
        job.submittedNs = ns;
        job.submitSiteRow = this.siteRow();
        if (words[at + 7]! !== 0) job.pool = this.object(words[at + 7]!);
        this.strings.whenKnown(words[at + 13]!, name => (job.name = name));
        return tables.beginJob(job);
      }
      case K.jobBegin: {
        const job = this.job();
        job.lane = this.lane(words[at + 1]!);
        job.startNs = ns;
        this.strings.whenKnown(words[at + 13]!, name => (job.name = name));
        return tables.beginJob(job);
      }
      case K.jobEnd: {
        const job = this.job();
        job.lane ??= this.lane(words[at + 1]!);
        job.endNs = Math.max(ns, job.startNs ?? 0);
        job.outcome = OUTCOMES[b - 1] ?? 'done';
        this.strings.whenKnown(words[at + 13]!, detail => (job.detail = detail));
        return tables.touch(job.lane, -1, ns);
      }
      case K.note:
        this.notes.push({ text: words[at + 13]! });
        return;
      case K.dropped:
        tables.dropped += words[at + 14]! + words[at + 15]! * TWO_32;
        return;
      case K.header:
        return;
      default:
        this.unknown++;
    }
  }

  private waitDone(a: number, b: number, ns: number): void {
    const { words, at, tables } = this;
    const end = this.time(at + 4);
    if (a < 1 || a > WAIT_KINDS.length || b < 1 || b > OUTCOMES.length || end < 0) {
      return void this.damaged++;
    }
    const wait = this.beginWait(a, ns, Number.NaN);
    if (words[at + 8]! !== 0) this.waits.set(words[at + 8]!, wait);
    tables.endWait(wait, end, b - 1, this.optionalTime(at + 14), this.cause());
    if (end > this.lastNs) this.lastNs = end;
  }

  private beginWait(a: number, ns: number, timeoutNs: number): number {
    const { words, at, tables } = this;
    const lane = this.lane(words[at + 1]!);
    let type = (words[at]! >>> 24) & 0xff;
    if (type > TARGET.job) type = TARGET.none;
    const target = type === TARGET.none ? -1 : this.target(type);
    const site = this.siteRow();
    const text = words[at + 13]!;
    const { waits } = tables;
    const id = waits.begin(lane, a - 1, site, ns, timeoutNs, type, target, this.source, text);
    tables.lanes.rows[lane]!.open.push(id);
    tables.touch(lane, id, ns);
    return id;
  }

  private handoff(kind: number, a: number, ns: number): void {
    const { words, at, tables } = this;
    if (a < 1 || a > HANDOFF_KINDS.length) return void this.damaged++;
    const lane = this.lane(words[at + 1]!);
    const site = this.siteRow();
    if (kind === K.handoff) {
      const from = this.cause();
      if (!from) return void this.damaged++;
      const fromNs = Number.isNaN(from.ns) ? ns : from.ns;
      tables.handoffs.add(a - 1, from.lane, fromNs, from.site, lane, ns, site);
      return tables.touch(lane, -1, ns);
    }
    const [low, high] = [words[at + 14]!, words[at + 15]!];
    if (kind === K.linkFrom) {
      tables.links.cause(a - 1, high, low, { lane, ns, site, wait: -1 });
    } else {
      const wait = words[at + 8]! === 0 ? -1 : this.waits.get(words[at + 8]!);
      tables.links.effect(a - 1, high, low, { lane, ns, site, wait });
    }
  }

  private describeLane(a: number, b: number, ns: number): void {
    const { words, at, tables } = this;
    const kind = LANE_KINDS[a - 1];
    if (!kind) return void this.damaged++;
    const number = words[at + 1]!;
    const row = this.laneRow(number);
    this.flags(row, b);
    row.language ??= this.language;
    if (row === this.root) {
      if (!row.created && row.kind === 'main') this.rename(row, words[at + 13]!);
      row.declared = true;
      return tables.touch(row.id, -1, ns);
    }
    row.kind = kind;
    row.declared = true;
    row.pid = this.root.pid;
    row.process = isProcessKind(kind) ? row.id : this.root.id;
    if (kind === 'subprocess' || (b & LANE_FLAG.untraced) !== 0) row.traced = false;
    if (isProcessKind(kind)) row.pid = 0;
    this.rename(row, words[at + 13]!);
    const parent = words[at + 7]! === 0 ? null : this.lane(words[at + 7]! - 1);
    tables.createLane(row, ns, parent, this.siteRow());
    const pid = words[at + 14]!;
    if (pid !== 0 && isProcessKind(kind)) this.lanes.set(number, this.claimPid(row, pid));
  }

  private endLane(a: number, ns: number): void {
    const { words, at, tables } = this;
    const end = LANE_ENDS[a - 1];
    if (!end || end === 'running') return void this.damaged++;
    const row = this.laneRow(words[at + 1]!);
    const bySelf = row === this.root || !row.isProcess;
    const code = words[at + 14]! | 0;
    const detail = end === 'killed' ? `signal ${code}` : null;
    if (row.isProcess && end === 'exited') row.exitCode = code;
    tables.endLane(row, ns, end, detail, bySelf);
    this.strings.whenKnown(words[at + 13]!, text => (row.detail = text));
  }

  /**
   * The process lane with that pid: `row`, unless that process' own file was read first, and then the lane made for it.
   */
  private claimPid(row: LaneRow, pid: number): number {
    const { lanes } = this.tables;
    const early = lanes
      .withPid(pid)
      .find(other => other.hasFile && !other.created && other !== row);
    if (!early || row.hasFile) {
      lanes.setPid(row, pid);
      return row.id;
    }
    early.kind = 'process';
    early.name = row.name;
    early.daemon = row.daemon;
    early.helper = row.helper;
    this.tables.createLane(early, row.createdNs, row.parent, row.siteRow);
    // Ids are dense and already shown, so the other lane stays, folded away.
    row.helper = true;
    row.end = 'exited';
    row.endNs = row.createdNs;
    return early.id;
  }

  private flags(row: LaneRow, b: number): void {
    if ((b & LANE_FLAG.daemon) !== 0) row.daemon = true;
    if ((b & LANE_FLAG.helper) !== 0) row.helper = true;
    if ((b & LANE_FLAG.untraced) !== 0 && !row.hasFile) row.traced = false;
  }

  private rename(row: LaneRow, text: number): void {
    this.strings.whenKnown(text, name => {
      row.name = name;
      this.tables.touch(row.id, -1, row.createdNs);
    });
  }

  private laneRow(number: number): LaneRow {
    return this.tables.lanes.rows[this.lane(number)]!;
  }

  private lane(number: number): number {
    let row = this.lanes.get(number);
    if (row >= 0) return row;
    const ns = Math.max(0, this.time(this.at + 2));
    const lane = this.tables.lanes.add('thread', `lane ${number}`, ns);
    lane.process = this.root.id;
    lane.pid = this.root.pid;
    row = lane.id;
    this.lanes.set(number, row);
    return row;
  }

  private object(number: number): number {
    let row = this.objects.get(number);
    if (row < 0) this.objects.set(number, (row = this.tables.objects.add().id));
    return row;
  }

  private job(): ReturnType<RunTables['jobs']['add']> {
    const { jobs } = this.tables;
    const number = this.words[this.at + 8]!;
    const [low, high] = [this.words[this.at + 14]!, this.words[this.at + 15]!];
    const known = number === 0 ? -1 : this.jobs.get(number);
    if (known >= 0) return jobs.rows[known]!;
    const row = low === 0 && high === 0 ? jobs.add() : jobs.shared(high, low);
    if (number !== 0) this.jobs.set(number, row.id);
    return row;
  }

  private target(type: number): number {
    const ref = this.words[this.at + 7]!;
    if (type === TARGET.lane) return this.lane(ref);
    if (type === TARGET.object) return this.object(ref);
    let row = this.jobs.get(ref);
    if (row < 0) this.jobs.set(ref, (row = this.tables.jobs.add().id));
    return row;
  }

  private openWait(): number {
    return this.waits.get(this.words[this.at + 8]!);
  }

  private siteRow(number = this.words[this.at + 6]!): number {
    if (number === 0) return -1;
    let row = this.sites.get(number);
    if (row < 0) this.sites.set(number, (row = this.tables.sites.reserve()));
    return row;
  }

  private site(): void {
    const { words, at } = this;
    const row = this.siteRow(words[at + 8]!);
    if (row < 0) return void this.damaged++;
    this.tables.sites.define(
      row,
      this.strings,
      words[at + 7]!,
      words[at + 13]!,
      words[at + 1]!,
      words[at + 14]!,
      words[at + 15]!,
    );
  }

  private string(bytes: Uint8Array, offset: number): void {
    const { words, at } = this;
    const part = new Uint8Array(44);
    part.set(bytes.subarray(offset + 8, offset + 24), 0);
    part.set(bytes.subarray(offset + 36, offset + 64), 16);
    this.strings.add(words[at + 8]!, words[at + 7]!, words[at + 1]!, part);
  }

  private cause(): CauseRow | null {
    const { words, at } = this;
    if (words[at + 9]! === 0) return null;
    const lane = this.lane(words[at + 9]! - 1);
    return { lane, ns: this.optionalTime(at + 10), site: this.siteRow(words[at + 12]!) };
  }

  private timeout(): number {
    const { words, at } = this;
    const ns = words[at + 15]! * TWO_32 + words[at + 14]!;
    return ns === 0 ? Number.NaN : ns;
  }

  /** Ns since the run began; negative when the time is out of all reason. */
  private time(word: number): number {
    const ns =
      (this.words[word + 1]! - this.baseHigh) * TWO_32 + (this.words[word]! - this.baseLow);
    if (ns >= 0) return ns <= LATEST_NS ? ns : -1;
    return ns > EARLIEST_NS ? 0 : -1;
  }

  private optionalTime(word: number): number {
    if (this.words[word]! === 0 && this.words[word + 1]! === 0) return Number.NaN;
    const ns = this.time(word);
    return ns < 0 ? Number.NaN : ns;
  }
}

function isProcessKind(kind: LaneKind): boolean {
  return kind === 'process' || kind === 'subprocess';
}
