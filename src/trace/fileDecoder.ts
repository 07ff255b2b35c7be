/**
 * Owns the reading of one trace file's records into the tables of the run. It trusts nothing: numbers out of range make
 * a record count as damaged, and whatever a record names may be described later or never.
 */
import { DescriptionDecoder } from './descriptionDecoder';
import type { FileHeader } from './fileHeader';
import { FileNumbers } from './fileNumbers';
import {
  HANDOFF_KINDS,
  MOST_MORE_TARGETS,
  OUTCOMES,
  RECORD_BYTES,
  RECORD_KINDS as K,
  TARGET,
  WAIT_KINDS,
} from './format';
import type { LaneRow } from './laneTable';
import { RowMap } from './numberMaps';
import { RecordView } from './recordView';
import type { CauseRow, RunTables } from './runTables';
import { StringTable } from './stringTable';
import { OUTCOME_WAITING } from './waitTable';

const LAST_KIND = Math.max(...Object.values(K));

export class FileDecoder {
  readonly strings = new StringTable();
  /** The lane that stands for this process. */
  readonly root: LaneRow;
  /** Records of kinds this reader does not know. */
  unknown = 0;
  damaged = 0;
  /** A look at the file, begun when its process was gone, found nothing new: there will be nothing. */
  isOver = false;
  /** The latest moment in this file. */
  lastNs = 0;
  private readonly header: FileHeader;
  private readonly source: number;
  private readonly tables: RunTables;
  private readonly view: RecordView;
  private readonly descriptions: DescriptionDecoder;
  private readonly numbers: FileNumbers;
  private readonly waits = new RowMap();

  constructor(
    source: number,
    tables: RunTables,
    header: FileHeader,
    root: LaneRow,
    base: readonly [high: number, low: number],
  ) {
    this.source = source;
    this.header = header;
    this.tables = tables;
    this.root = root;
    this.view = new RecordView(base);
    this.numbers = new FileNumbers(tables, root);
    this.descriptions = new DescriptionDecoder({
      view: this.view,
      numbers: this.numbers,
      strings: this.strings,
      tables,
      root,
      language: header.language,
    });
  }

  /**
   * Takes records `from` to `to` of the buffer, up to the first that is not written yet; returns where it stopped.
   * `bytes` and `words` are views of the same memory.
   */
  decode(bytes: Uint8Array, words: Uint32Array, from: number, to: number): number {
    const { view } = this;
    view.open(words);
    let index = from;
    for (; index < to; index++) {
      view.moveTo(index);
      const { kind } = view;
      if (kind === 0) break;
      if (kind === K.string) this.string(bytes, index * RECORD_BYTES);
      else if (kind === K.site) this.site();
      else if (kind > LAST_KIND) this.unknown++;
      else this.record(kind, view.t);
    }
    this.tables.records += index - from;
    if (this.lastNs > this.tables.lastNs) this.tables.lastNs = this.lastNs;
    return index;
  }

  /** What runs there, with its version: `Python 3.12.1`; null until that is read. */
  get runtime(): string | null {
    const { language, version } = this.header;
    const text = this.strings.get(version);
    if (!text) return null;
    return language === 'python' ? `Python ${text}` : text.replace(/ v(?=\d)/, ' ');
  }

  /** What the tracer itself has to say. */
  get notes(): readonly string[] {
    return this.descriptions.notes;
  }

  private record(kind: number, ns: number): void {
    if (ns < 0) return void this.damaged++;
    if (ns > this.lastNs) this.lastNs = ns;
    const { view, tables } = this;
    const { a, b } = view;
    switch (kind) {
      case K.waitBegin: {
        if (a < 1 || a > WAIT_KINDS.length) return void this.damaged++;
        return this.waits.set(view.id, this.beginWait(a, ns, view.hasX ? view.x : Number.NaN));
      }
      case K.waitDone:
        return this.waitDone(a, b, ns);
      case K.waitEnd: {
        const wait = this.openWait();
        if (wait < 0 || !isOutcome(b) || !tables.waits.canEnd(wait)) {
          return void this.damaged++;
        }
        if (a > WAIT_KINDS.length) return void this.damaged++;
        if (a > 0) tables.waits.turnOut(wait, a - 1, this.siteRow(), view.text);
        return tables.endWait(wait, ns, b - 1, view.readyOfT2, this.cause());
      }
      case K.waitReady: {
        const wait = this.openWait();
        if (wait < 0) return void this.damaged++;
        tables.waits.ready.data[wait] = Math.max(ns, tables.waits.start.data[wait]!);
        return tables.touch(tables.waits.lane.data[wait]!, wait, ns);
      }
      case K.waitOn: {
        const wait = this.openWait();
        const type = view.c;
        if (wait < 0 || type > TARGET.job) return void this.damaged++;
        if (type !== TARGET.none) this.addTargets(wait, type);
        return tables.touch(tables.waits.lane.data[wait]!, wait, ns);
      }
      case K.owner: {
        const object = this.numbers.object(view.id);
        if (a === 1) tables.holds.acquire(object, this.lane(view.lane), ns, this.siteRow());
        else tables.holds.release(object, ns);
        return;
      }
      case K.step: {
        const lane = this.lane(view.lane);
        const thread = view.ref === 0 ? -1 : this.lane(view.ref - 1);
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
          this.lane(view.lane),
          a === 2 ? 2 : 1,
          ns,
          view.ref,
          view.xLow,
        );
        return;
      default:
        if (!this.descriptions.take(kind, ns)) this.damaged++;
    }
  }

  private waitDone(a: number, b: number, ns: number): void {
    const { view, tables } = this;
    const end = view.t2;
    if (a < 1 || a > WAIT_KINDS.length || !isOutcome(b) || end < 0) {
      return void this.damaged++;
    }
    const wait = this.beginWait(a, ns, Number.NaN);
    if (view.id !== 0) this.waits.set(view.id, wait);
    tables.endWait(wait, end, b - 1, view.readyOfX, this.cause());
    if (end > this.lastNs) this.lastNs = end;
  }

  private beginWait(a: number, ns: number, timeoutNs: number): number {
    const { view, tables } = this;
    const lane = this.lane(view.lane);
    let type = view.c;
    if (type > TARGET.job) type = TARGET.none;
    const target = type === TARGET.none ? -1 : this.target(type);
    const site = this.siteRow();
    const text = view.text;
    const { waits } = tables;
    const id = waits.begin(lane, a - 1, site, ns, timeoutNs, type, target, this.source, text);
    tables.lanes.rows[lane]!.open.push(id);
    tables.touch(lane, id, ns);
    return id;
  }

  private handoff(kind: number, a: number, ns: number): void {
    const { view, tables } = this;
    if (a < 1 || a > HANDOFF_KINDS.length) return void this.damaged++;
    const lane = this.lane(view.lane);
    const site = this.siteRow();
    if (kind === K.handoff) {
      const from = this.cause();
      if (!from) return void this.damaged++;
      const fromNs = Number.isNaN(from.ns) ? ns : from.ns;
      tables.handoffs.add(a - 1, from.lane, fromNs, from.site, lane, ns, site);
      return tables.touch(lane, -1, ns);
    }
    const [low, high] = [view.xLow, view.xHigh];
    if (kind === K.linkFrom) {
      tables.links.cause(a - 1, high, low, { lane, ns, site, wait: -1 });
    } else {
      const wait = view.id === 0 ? -1 : this.waits.get(view.id);
      tables.links.effect(a - 1, high, low, { lane, ns, site, wait });
    }
  }

  private lane(number: number): number {
    return this.numbers.laneOrNew(number, this.lastNs);
  }

  private addTargets(wait: number, type: number): void {
    const { ref, x } = this.view;
    if (x > MOST_MORE_TARGETS) return void this.damaged++;
    for (let at = 0; at <= x; at++) {
      this.tables.waits.addTarget(wait, type, this.target(type, ref + at));
    }
  }

  private target(type: number, ref = this.view.ref): number {
    if (type === TARGET.lane) return this.lane(ref);
    if (type === TARGET.object) return this.numbers.object(ref);
    return this.numbers.job(ref);
  }

  private openWait(): number {
    return this.waits.get(this.view.id);
  }

  private siteRow(): number {
    return this.numbers.site(this.view.site);
  }

  private site(): void {
    const { view } = this;
    const row = this.numbers.site(view.id);
    if (row < 0) return void this.damaged++;
    this.tables.sites.define(
      row,
      this.strings,
      view.ref,
      view.text,
      view.lane,
      view.xLow,
      view.xHigh,
    );
  }

  private string(bytes: Uint8Array, offset: number): void {
    const { view } = this;
    const part = new Uint8Array(44);
    part.set(bytes.subarray(offset + 8, offset + 24), 0);
    part.set(bytes.subarray(offset + 36, offset + 64), 16);
    this.strings.add(view.id, view.ref, view.lane, part);
  }

  private cause(): CauseRow | null {
    const { view } = this;
    if (view.causeLane === 0) return null;
    const lane = this.lane(view.causeLane - 1);
    return { lane, ns: view.causeT, site: this.numbers.site(view.causeSite) };
  }
}

/** A wait that has ended waits no more, so the code for that is none of them. */
const isOutcome = (code: number): boolean =>
  code >= 1 && code <= OUTCOMES.length && code - 1 !== OUTCOME_WAITING;
