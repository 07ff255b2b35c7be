/** Owns what is known of a run as tables, and the rules that tie them: what ends a wait, who caused it, what a lane's end means. */
import { OUTCOMES, TARGET, WAIT_KINDS } from './format';
import type { HandoffKind, LaneEnd, WaitKind } from './format';
import { handoffCode, HandoffTable } from './handoffTable';
import { LaneTable } from './laneTable';
import type { LaneRow } from './laneTable';
import { JobTable, ObjectTable } from './objectTable';
import type { JobRow } from './objectTable';
import { SiteTable } from './siteTable';
import { HoldTable, StepTable } from './spanTables';
import { OUTCOME_CUT_OFF, WaitTable } from './waitTable';
import type { RunChange } from './model';
import { Links } from './links';
import { OutputRecords } from './outputRecords';

/** Which handoff a wait of a kind is the receiving end of; null where the target decides, or where there is none. */
const HANDOFF_OF_WAIT: Readonly<Record<WaitKind, HandoffKind | null>> = {
  join: 'end-join',
  exit: 'end-join',
  shutdown: 'end-join',
  lock: 'release-acquire',
  semaphore: 'release-acquire',
  condition: 'notify-wait',
  barrier: 'notify-wait',
  put: 'notify-wait',
  drain: 'notify-wait',
  send: 'notify-wait',
  event: 'set-wait',
  get: 'put-get',
  recv: 'send-recv',
  result: 'run-result',
  wait: null,
  await: null,
  sleep: null,
  io: null,
  idle: null,
};

/** Waits that end because their lane or job ended, whether or not a record says so. */
const ENDED_BY_TARGET = new Set<WaitKind>(['join', 'exit', 'shutdown', 'result', 'wait', 'await']);

/** A parent may read the clock before its child's last record. */
const SLACK_NS = 2e6;

const TIMED_OUT = OUTCOMES.indexOf('timed-out');
const CANCELLED = OUTCOMES.indexOf('cancelled');
const START = handoffCode('start');
const SUBMIT_RUN = handoffCode('submit-run');

export interface CauseRow {
  readonly lane: number;
  readonly ns: number;
  readonly site: number;
}

export class RunTables {
  readonly sites: SiteTable;
  readonly lanes: LaneTable;
  readonly objects: ObjectTable;
  readonly jobs: JobTable;
  readonly waits = new WaitTable();
  readonly handoffs = new HandoffTable();
  readonly holds = new HoldTable();
  readonly steps = new StepTable();
  readonly outputs = new OutputRecords();
  readonly links = new Links(this);
  /** The latest moment in any record. */
  lastNs = 0;
  records = 0;
  dropped = 0;
  /** Off while a finished trace is read: nobody listens, and sets of a million ids are not free. */
  isTracking = false;
  private touchedLanes = new Set<number>();
  private touchedWaits = new Set<number>();
  private touchedFrom = Number.POSITIVE_INFINITY;
  private touchedTo = Number.NEGATIVE_INFINITY;
  private undecided: number[] = [];

  constructor(mapFile: (file: string) => string) {
    this.sites = new SiteTable(mapFile);
    this.lanes = new LaneTable(this.sites);
    this.objects = new ObjectTable(this.sites, this.holds);
    this.jobs = new JobTable(this.sites);
  }

  touch(lane: number, wait: number, ns: number): void {
    if (!this.isTracking) return;
    if (lane >= 0) this.touchedLanes.add(lane);
    if (wait >= 0) this.touchedWaits.add(wait);
    if (ns < this.touchedFrom) this.touchedFrom = ns;
    if (ns > this.touchedTo) this.touchedTo = ns;
  }

  /** What changed since the last call; undefined when nothing did. */
  takeChange(): RunChange | undefined {
    if (this.touchedTo === Number.NEGATIVE_INFINITY) return undefined;
    const change: RunChange = {
      lanes: this.touchedLanes,
      waits: this.touchedWaits,
      fromNs: this.touchedFrom,
      toNs: this.touchedTo,
    };
    this.touchedLanes = new Set();
    this.touchedWaits = new Set();
    this.touchedFrom = Number.POSITIVE_INFINITY;
    this.touchedTo = Number.NEGATIVE_INFINITY;
    return change;
  }

  createLane(row: LaneRow, ns: number, parent: number | null, site: number): void {
    row.createdNs = ns;
    if (!row.begun) startAt(row, ns);
    row.created = true;
    row.parent = parent === row.id ? null : parent;
    row.siteRow = site;
    this.handOffStart(row);
    this.touch(row.id, -1, ns);
  }

  beginLane(row: LaneRow, ns: number): void {
    startAt(row, row.created ? Math.max(ns, row.createdNs) : ns);
    row.begun = true;
    this.handOffStart(row);
    this.touch(row.id, -1, ns);
  }

  private handOffStart(row: LaneRow): void {
    if (!row.begun || !row.created || row.startHandedOff || row.parent === null) return;
    row.startHandedOff = true;
    startAt(row, Math.max(row.startNs, row.createdNs));
    this.handoffs.add(START, row.parent, row.createdNs, row.siteRow, row.id, row.startNs, -1);
  }

  endLane(row: LaneRow, ns: number, end: LaneEnd, detail: string | null, bySelf: boolean): void {
    this.touch(row.id, -1, ns);
    // A program that is not traced tells of no first step; its parent saw it start.
    if (row.kind === 'subprocess' && !row.begun && row.created) this.beginLane(row, row.createdNs);
    if (!bySelf) row.isGone = true;
    if (row.endedByItself && !bySelf) {
      if (end === 'killed') {
        row.end = end;
        row.detail = detail ?? row.detail;
      }
    } else {
      row.end = end;
      row.endNs = Math.max(ns, row.startNs);
      row.detail = detail ?? row.detail;
      row.endedByItself = bySelf;
    }
    this.cutOffWaits(row);
    if (!bySelf) this.endLanesOf(row);
  }

  /** Lanes of a process that is gone end with it, and with them what a broken trace says they waited for after their end. */
  endLanesOf(process: LaneRow): void {
    const { members } = process;
    process.members = [];
    for (const row of members) {
      if (row.process !== process.id) continue;
      if (row.endNs === null) this.endWithProcess(row, process);
      this.cutOffWaits(row);
    }
    this.cutOffWaits(process);
  }

  private endWithProcess(row: LaneRow, process: LaneRow): void {
    row.end = process.end === 'killed' ? 'killed' : 'exited';
    row.endNs = Math.max(process.endNs ?? 0, row.startNs, this.lastMomentOf(row));
    this.touch(row.id, -1, row.endNs);
  }

  hasOpenWait(row: LaneRow): boolean {
    return row.open.some(id => this.waits.isOpen(id));
  }

  /** The latest moment at which the lane is known to have lived. */
  lastMomentOf(row: LaneRow): number {
    const waits = this.waits.ofLane(row.id);
    if (waits.length === 0) return row.startNs;
    const last = waits[waits.length - 1]!;
    const end = this.waits.end.data[last]!;
    return Number.isNaN(end) ? this.waits.start.data[last]! : end;
  }

  private cutOffWaits(row: LaneRow): void {
    for (const id of row.open.splice(0)) {
      if (!this.waits.isOpen(id)) continue;
      this.waits.outcome.data[id] = OUTCOME_CUT_OFF;
      this.waits.end.data[id] = Math.max(row.endNs ?? 0, this.waits.start.data[id]!);
      this.touch(row.id, id, this.waits.start.data[id]!);
    }
  }

  endWait(id: number, ns: number, outcome: number, readyNs: number, cause: CauseRow | null): void {
    const { waits } = this;
    const start = waits.start.data[id]!;
    const end = Math.max(ns, start);
    const lane = waits.lane.data[id]!;
    waits.end.data[id] = end;
    waits.outcome.data[id] = outcome;
    if (!Number.isNaN(readyNs)) waits.ready.data[id] = clamp(readyNs, start, end);
    forget(this.lanes.rows[lane]!.open, id);
    if (cause) this.setCause(id, cause);
    // Also where it is told who ended it, but not when: that is when the target ended.
    if (outcome !== TIMED_OUT && this.isEndedByTarget(id) && !this.hasCause(id)) {
      if (!this.causeFromTargets(id)) this.undecided.push(id);
    }
    this.touch(lane, id, start);
  }

  private hasCause(id: number): boolean {
    return this.waits.causeLane.data[id]! >= 0 && !Number.isNaN(this.waits.causeNs.data[id]!);
  }

  private isEndedByTarget(id: number): boolean {
    return ENDED_BY_TARGET.has(WAIT_KINDS[this.waits.kind.data[id]!]!);
  }

  /** Who ended the wait: known from its record, from a link between processes, or from its target's end. */
  setCause(id: number, cause: CauseRow, isHandoff = true): void {
    const { waits } = this;
    waits.causeLane.data[id] = cause.lane;
    waits.causeSite.data[id] = cause.site;
    waits.causeNs.data[id] = cause.ns;
    const start = waits.start.data[id]!;
    const end = waits.end.data[id]!;
    if (Number.isNaN(waits.ready.data[id]!) && !Number.isNaN(cause.ns)) {
      waits.ready.data[id] = clamp(cause.ns, start, Number.isNaN(end) ? cause.ns : end);
    }
    const kind = isHandoff && !gotNothing(waits.outcome.data[id]!) ? this.handoffOfWait(id) : null;
    if (kind === null || Number.isNaN(end) || Number.isNaN(cause.ns)) return;
    const code = handoffCode(kind);
    const lane = waits.lane.data[id]!;
    this.handoffs.add(code, cause.lane, cause.ns, cause.site, lane, end, waits.site.data[id]!);
  }

  private handoffOfWait(id: number): HandoffKind | null {
    const kind = WAIT_KINDS[this.waits.kind.data[id]!]!;
    if (kind !== 'wait' && kind !== 'await') return HANDOFF_OF_WAIT[kind];
    const { type, row } = this.waits.firstTarget(id);
    if (type === TARGET.lane) return 'end-join';
    if (type === TARGET.job) return 'run-result';
    if (type !== TARGET.object) return null;
    const object = this.objects.rows[row]?.kind;
    return object === 'future' || object === 'pool' ? 'run-result' : 'notify-wait';
  }

  /** True when decided: the target that ended last before the wait did is its cause, or no target can be. */
  private causeFromTargets(id: number): boolean {
    const end = this.waits.end.data[id]!;
    let best: CauseRow | null = null;
    let isOpen = false;
    for (const { type, row } of this.waits.targets(id)) {
      let lane: number | null = null;
      let ns: number | null = null;
      if (type === TARGET.lane) {
        lane = row;
        ns = this.lanes.rows[row]?.endNs ?? null;
      } else if (type === TARGET.job) {
        lane = this.jobs.rows[row]?.lane ?? null;
        ns = this.jobs.rows[row]?.endNs ?? null;
      } else continue;
      if (ns === null) isOpen = true;
      else if (lane !== null && ns <= end + SLACK_NS && (!best || ns > best.ns)) {
        best = { lane, ns: Math.min(ns, end), site: -1 };
      }
    }
    if (isOpen) return false;
    if (best) this.setCause(id, best);
    return true;
  }

  /** After a batch of records: what could not be decided before, since files of several processes are read in turn. */
  decide(isLast: boolean): void {
    this.links.match(isLast);
    if (this.undecided.length === 0) return;
    const { waits } = this;
    this.undecided = this.undecided.filter(id => {
      if (this.hasCause(id)) return false;
      const done = this.causeFromTargets(id);
      if (done) this.touch(waits.lane.data[id]!, id, waits.start.data[id]!);
      return !done;
    });
  }

  beginJob(job: JobRow): void {
    const { submittedBy, submittedNs, lane, startNs } = job;
    if (job.handedOff || submittedNs === null || startNs === null) return;
    if (submittedBy === null || lane === null) return;
    job.handedOff = true;
    const from = Math.min(submittedNs, startNs);
    this.handoffs.add(SUBMIT_RUN, submittedBy, from, job.submitSiteRow, lane, startNs, -1);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** The latest to begin is the first to end; one further back stays in the list, known as ended by its outcome. */
function forget(open: number[], id: number): void {
  for (let at = open.length - 1; at >= 0 && at >= open.length - 8; at--) {
    if (open[at] !== id) continue;
    open.splice(at, 1);
    return;
  }
}

/** Whoever cancelled such a wait, or came too late, handed nothing over. */
function gotNothing(outcome: number): boolean {
  return outcome === TIMED_OUT || outcome === CANCELLED;
}

/** No lane ends before it starts, whatever order its records are read in. */
function startAt(row: LaneRow, ns: number): void {
  row.startNs = ns;
  if (row.endNs !== null) row.endNs = Math.max(row.endNs, ns);
}
