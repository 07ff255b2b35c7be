/** Owns the lanes of a run, and which process each lives in. Lanes are few, so a lane is an object, changed in place as more is known. */
import { shortCommand } from './commandName';
import type { LaneEnd, LaneKind, Language } from './format';
import type { Lane, Site } from './model';
import type { SiteTable } from './siteTable';

export class LaneRow implements Lane {
  readonly id: number;
  kind: LaneKind;
  /** A program's name is its command, as far as it fits. */
  name: string;
  command: string | null = null;
  pid: number;
  parent: number | null = null;
  process: number;
  daemon = false;
  helper = false;
  traced = true;
  language: Language | null = null;
  createdNs: number;
  startNs: number;
  endNs: number | null = null;
  end: LaneEnd = 'running';
  detail: string | null = null;
  exitCode: number | null = null;
  /** Row in the site table. */
  siteRow = -1;
  /** A trace file of its own was read, for a process. */
  hasFile = false;
  /** Its first step was recorded. */
  begun = false;
  /** Its creation was recorded by its parent, at `createdNs`. */
  created = false;
  startHandedOff = false;
  /** Its end was recorded by itself, which is nearer than what its parent saw. */
  endedByItself = false;
  /** Somebody else saw its end: a process that writes no more. */
  isGone = false;
  /** Its waits that have not ended, and perhaps some that have. */
  readonly open: number[] = [];
  /** Lanes of its process, for a process; emptied when they are ended with it. */
  members: LaneRow[] = [];
  registeredPid = 0;
  private readonly sites: SiteTable;

  constructor(id: number, kind: LaneKind, name: string, ns: number, sites: SiteTable) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.pid = 0;
    this.process = id;
    this.createdNs = ns;
    this.startNs = ns;
    this.sites = sites;
  }

  /** As it was recorded. */
  rename(given: string): void {
    this.name = this.isProcess ? shortCommand(given) : given;
    this.command = this.name === given ? null : given;
  }

  get site(): Site | null {
    return this.sites.get(this.siteRow);
  }

  get isProcess(): boolean {
    return this.kind === 'main' || this.kind === 'process' || this.kind === 'subprocess';
  }
}

/** A pid that comes round again is told from itself by time; more of one pid than this is a damaged trace. */
const MOST_OF_PID = 64;

export class LaneTable {
  readonly rows: LaneRow[] = [];
  private readonly byPid = new Map<number, LaneRow[]>();
  private readonly byWorker = new Map<number, LaneRow>();
  private readonly sites: SiteTable;

  constructor(sites: SiteTable) {
    this.sites = sites;
  }

  add(kind: LaneKind, name: string, ns: number): LaneRow {
    const row = new LaneRow(this.rows.length, kind, name, ns, this.sites);
    this.rows.push(row);
    return row;
  }

  setProcess(row: LaneRow, process: LaneRow): void {
    row.process = process.id;
    if (row !== process) process.members.push(row);
  }

  /** The lane stands for the process with that pid. */
  setPid(row: LaneRow, pid: number): void {
    row.pid = pid;
    if (row.registeredPid === pid) return;
    row.registeredPid = pid;
    const rows = this.byPid.get(pid);
    if (!rows) this.byPid.set(pid, [row]);
    else if (rows.push(row) > MOST_OF_PID) rows.shift();
  }

  /** The lane stands for the worker thread that was given that number, unique in the run. */
  setWorker(row: LaneRow, worker: number): void {
    this.byWorker.set(worker, row);
  }

  withWorker(worker: number): LaneRow | undefined {
    return this.byWorker.get(worker);
  }

  /** Process lanes with that pid; pids come round again, so there may be several, one after the other. */
  withPid(pid: number): readonly LaneRow[] {
    return this.byPid.get(pid) ?? [];
  }
}
