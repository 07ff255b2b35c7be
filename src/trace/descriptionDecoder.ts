/** Owns the records that say what things are: lanes, objects, jobs, notes. Few of them, against the many of waits. */
import { failureInOneLine } from './failureText';
import type { FileNumbers } from './fileNumbers';
import {
  LANE_ENDS,
  LANE_FLAG,
  LANE_KINDS,
  OBJECT_KINDS,
  OUTCOMES,
  RECORD_KINDS as K,
} from './format';
import type { Language, LaneKind } from './format';
import type { LaneRow } from './laneTable';
import type { JobRow } from './objectTable';
import type { RecordView } from './recordView';
import type { RunTables } from './runTables';
import type { StringTable } from './stringTable';

export interface DescriptionInput {
  readonly view: RecordView;
  readonly numbers: FileNumbers;
  readonly strings: StringTable;
  readonly tables: RunTables;
  /** The lane that stands for the process of this file. */
  readonly root: LaneRow;
  readonly language: Language | null;
}

export class DescriptionDecoder {
  readonly notes: string[] = [];
  private readonly view: RecordView;
  private readonly numbers: FileNumbers;
  private readonly strings: StringTable;
  private readonly tables: RunTables;
  private readonly root: LaneRow;
  private readonly language: Language | null;

  constructor(input: DescriptionInput) {
    this.view = input.view;
    this.numbers = input.numbers;
    this.strings = input.strings;
    this.tables = input.tables;
    this.root = input.root;
    this.language = input.language;
  }

  /** Takes the record the view stands on; false when it is damaged. */
  take(kind: number, ns: number): boolean {
    const { view, tables } = this;
    switch (kind) {
      case K.lane:
        return this.lane(ns);
      case K.laneBegin:
        tables.beginLane(this.laneRow(ns), ns);
        return true;
      case K.laneEnd:
        return this.laneEnd(ns);
      case K.laneInfo:
        this.laneInfo(ns);
        return true;
      case K.object:
        return this.object();
      case K.level:
        tables.objects.rows[this.numbers.object(view.id)]!.level = view.xLow;
        return true;
      case K.jobSubmit:
      case K.jobBegin:
      case K.jobEnd:
        this.job(kind, ns);
        return true;
      case K.note:
        this.strings.whenKnown(view.text, text => void this.notes.push(text));
        return true;
      case K.dropped:
        tables.dropped += view.x;
        return true;
      default:
        return kind === K.header;
    }
  }

  private lane(ns: number): boolean {
    const { view, tables } = this;
    const kind = LANE_KINDS[view.a - 1];
    if (!kind) return false;
    const row = this.laneRow(ns);
    this.flags(row);
    row.language ??= this.language;
    if (row === this.root) {
      // In a child this is its main thread, which its parent has named as a process already.
      if (!row.created && row.kind === 'main') this.rename(row);
      tables.touch(row.id, -1, ns);
      return true;
    }
    row.kind = kind;
    row.pid = isProcessKind(kind) ? 0 : this.root.pid;
    tables.lanes.setProcess(row, isProcessKind(kind) ? row : this.processOfRoot());
    if (kind === 'subprocess') row.traced = false;
    this.rename(row);
    const parent = view.ref === 0 ? null : this.numbers.laneOrNew(view.ref - 1, ns);
    tables.createLane(row, ns, parent, this.numbers.site(view.site));
    if (kind === 'worker') tables.lanes.setWorker(row, view.x);
    this.claimPid(row);
    const begin = view.t2;
    if (view.hasT2 && begin >= 0) tables.beginLane(row, begin);
    return true;
  }

  private laneInfo(ns: number): void {
    const row = this.laneRow(ns);
    this.rename(row);
    this.flags(row);
    this.claimPid(row);
    this.tables.touch(row.id, -1, ns);
  }

  private laneEnd(ns: number): boolean {
    const { view, tables } = this;
    const end = LANE_ENDS[view.a - 1];
    if (!end || end === 'running') return false;
    const row = this.laneRow(ns);
    const isBySelf = row === this.root || !row.isProcess;
    const code = view.xLow | 0;
    if (row.isProcess && (end === 'exited' || (end === 'returned' && !isBySelf))) {
      row.exitCode = code;
    }
    tables.endLane(row, ns, end, end === 'killed' ? `signal ${code}` : null, isBySelf);
    this.strings.whenKnown(view.text, text => void (row.detail = failureInOneLine(text)));
    return true;
  }

  private object(): boolean {
    const { view, tables, numbers } = this;
    const kind = OBJECT_KINDS[view.a - 1];
    if (!kind) return false;
    if (view.hasX) numbers.setObject(view.id, tables.objects.shared(view.xHigh, view.xLow).id);
    const object = tables.objects.rows[numbers.object(view.id)]!;
    object.kind = kind;
    if (object.siteRow < 0) object.siteRow = numbers.site(view.site);
    this.strings.whenKnown(view.text, name => void (object.givenName = name));
    return true;
  }

  private job(kind: number, ns: number): void {
    const { view, tables, numbers } = this;
    const job: JobRow = numbers.describedJob(view.id, view.xHigh, view.xLow);
    const lane = numbers.laneOrNew(view.lane, ns);
    if (kind === K.jobSubmit) {
      job.submittedBy = lane;
      job.submittedNs = ns;
      job.submitSiteRow = numbers.site(view.site);
      if (view.ref !== 0) job.pool = numbers.object(view.ref);
      this.strings.whenKnown(view.text, name => {
        // A worker that is read earlier than its pool knows the call, the pool perhaps only the function.
        if (job.startNs === null || job.name === '') job.name = name;
      });
    } else if (kind === K.jobBegin) {
      job.lane = lane;
      job.startNs = ns;
      this.strings.whenKnown(view.text, name => void (job.name = name));
    } else {
      job.lane ??= lane;
      job.endNs = Math.max(ns, job.startNs ?? 0);
      job.outcome = OUTCOMES[view.b - 1] ?? 'done';
      this.strings.whenKnown(view.text, text => void (job.detail = failureInOneLine(text)));
    }
    tables.beginJob(job);
    tables.touch(lane, -1, ns);
  }

  /**
   * The lane stands for the process with that pid. When that process' own file was read before this was known, the lane
   * made for it then is the one, and takes over what its parent tells.
   */
  private claimPid(row: LaneRow): void {
    const { view, tables } = this;
    const pid = view.xLow;
    if (pid === 0 || row === this.root || !row.isProcess) return;
    const early = tables.lanes
      .withPid(pid)
      .find(other => other.hasFile && !other.created && other.kind !== 'main' && other !== row);
    if (!early || row.hasFile) {
      tables.lanes.setPid(row, pid);
      return;
    }
    early.kind = 'process';
    early.name = row.name;
    early.command = row.command;
    early.daemon = row.daemon;
    early.helper = row.helper;
    tables.createLane(early, row.createdNs, row.parent, row.siteRow);
    // Ids are dense and perhaps shown already, so the other lane stays, folded away.
    row.helper = true;
    row.end = 'exited';
    row.endNs = row.createdNs;
    this.numbers.setLane(view.lane, early.id);
  }

  /** A worker's file is told by the worker, which lives in the process of the thread that made it. */
  private processOfRoot(): LaneRow {
    return this.tables.lanes.rows[this.root.process]!;
  }

  private flags(row: LaneRow): void {
    const { b } = this.view;
    if ((b & LANE_FLAG.daemon) !== 0) row.daemon = true;
    if ((b & LANE_FLAG.helper) !== 0) row.helper = true;
    if ((b & LANE_FLAG.untraced) !== 0 && !row.hasFile) row.traced = false;
  }

  private rename(row: LaneRow): void {
    this.strings.whenKnown(this.view.text, name => {
      row.rename(name);
      this.tables.touch(row.id, -1, row.createdNs);
    });
  }

  private laneRow(ns: number): LaneRow {
    return this.tables.lanes.rows[this.numbers.laneOrNew(this.view.lane, ns)]!;
  }
}

function isProcessKind(kind: LaneKind): boolean {
  return kind === 'process' || kind === 'subprocess';
}
