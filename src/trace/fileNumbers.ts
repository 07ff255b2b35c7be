/** Owns the numbers of one trace file: which row of the run each lane, object, job and site number stands for. */
import type { LaneRow } from './laneTable';
import { RowMap } from './numberMaps';
import type { JobRow } from './objectTable';
import type { RunTables } from './runTables';

/** What is named before it is described gets its row at once, and its description when that comes. */
export class FileNumbers {
  private readonly tables: RunTables;
  private readonly root: LaneRow;
  private readonly lanes = new RowMap();
  private readonly sites = new RowMap();
  private readonly objects = new RowMap();
  private readonly jobs = new RowMap();

  constructor(tables: RunTables, root: LaneRow) {
    this.tables = tables;
    this.root = root;
    this.lanes.set(0, root.id);
  }

  /** A lane that is new begins, as far as is known, at `ns`. */
  laneOrNew(number: number, ns: number): number {
    const row = this.lanes.get(number);
    if (row >= 0) return row;
    const lane = this.tables.lanes.add('thread', `lane ${number}`, ns);
    this.tables.lanes.setProcess(lane, this.root);
    lane.pid = this.root.pid;
    this.lanes.set(number, lane.id);
    return lane.id;
  }

  setLane(number: number, row: number): void {
    this.lanes.set(number, row);
  }

  /** -1 for number 0, which means that the place is not known. */
  site(number: number): number {
    if (number === 0) return -1;
    let row = this.sites.get(number);
    if (row < 0) this.sites.set(number, (row = this.tables.sites.reserve()));
    return row;
  }

  object(number: number): number {
    let row = this.objects.get(number);
    if (row < 0) this.objects.set(number, (row = this.tables.objects.add().id));
    return row;
  }

  setObject(number: number, row: number): void {
    this.objects.set(number, row);
  }

  job(number: number): number {
    let row = this.jobs.get(number);
    if (row < 0) this.jobs.set(number, (row = this.tables.jobs.add().id));
    return row;
  }

  /** The job of a record that tells of it: by its number, or by the key that processes share. */
  describedJob(number: number, high: number, low: number): JobRow {
    const { jobs } = this.tables;
    const known = number === 0 ? -1 : this.jobs.get(number);
    if (known >= 0) {
      if (low !== 0 || high !== 0) jobs.share(high, low, jobs.rows[known]!);
      return jobs.rows[known]!;
    }
    const job = low === 0 && high === 0 ? jobs.add() : jobs.shared(high, low);
    if (number !== 0) this.jobs.set(number, job.id);
    return job;
  }
}
