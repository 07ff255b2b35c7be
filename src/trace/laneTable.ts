/** Owns the lanes of a run, and which process each lives in. Lanes are few, so a lane is an object, changed in place as more is known. */
import type { LaneEnd, LaneKind, Language } from './format';
import type { Lane, Site } from './model';
import type { SiteTable } from './siteTable';

export class LaneRow implements Lane {
  readonly id: number;
  kind: LaneKind;
  name: string;
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
  /** A record described it; otherwise it is known only from being named by others. */
  declared = false;
  /** A trace file of its own was read, for a process. */
  hasFile = false;
  /** Its first step was recorded. */
  begun = false;
  /** Its creation was recorded by its parent, at `createdNs`. */
  created = false;
  startHandedOff = false;
  /** Its end was recorded by itself, which is nearer than what its parent saw. */
  endedByItself = false;
  /** Its waits that have not ended. */
  readonly open: number[] = [];
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

  get site(): Site | null {
    return this.sites.get(this.siteRow);
  }

  get isProcess(): boolean {
    return this.kind === 'main' || this.kind === 'process' || this.kind === 'subprocess';
  }
}

export class LaneTable {
  readonly rows: LaneRow[] = [];
  private readonly byPid = new Map<number, LaneRow[]>();
  private readonly sites: SiteTable;

  constructor(sites: SiteTable) {
    this.sites = sites;
  }

  add(kind: LaneKind, name: string, ns: number): LaneRow {
    const row = new LaneRow(this.rows.length, kind, name, ns, this.sites);
    this.rows.push(row);
    return row;
  }

  /** The lane stands for the process with that pid. */
  setPid(row: LaneRow, pid: number): void {
    row.pid = pid;
    const rows = this.byPid.get(pid);
    if (!rows) this.byPid.set(pid, [row]);
    else if (!rows.includes(row)) rows.push(row);
  }

  /** Process lanes with that pid; pids come round again, so there may be several, one after the other. */
  withPid(pid: number): readonly LaneRow[] {
    return this.byPid.get(pid) ?? [];
  }
}
