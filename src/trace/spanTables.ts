/** Owns the columns of lock holds and of task steps: stretches of time that belong to a lane. */
import { F64Column, I32Column, NO_IDS, OrderedIds } from './columns';

export class HoldTable {
  readonly object = new I32Column();
  readonly lane = new I32Column();
  readonly from = new F64Column();
  readonly to = new F64Column();
  readonly site = new I32Column();
  private readonly byObject: (OrderedIds | undefined)[] = [];
  private readonly byLane: (OrderedIds | undefined)[] = [];
  private readonly open = new Map<number, number>();

  get count(): number {
    return this.object.length;
  }

  acquire(object: number, lane: number, ns: number, site: number): void {
    const row = this.object.push(object);
    this.release(object, ns);
    this.lane.push(lane);
    this.from.push(ns);
    this.to.push(Number.NaN);
    this.site.push(site);
    (this.byObject[object] ??= new OrderedIds()).push(row, this.from.data);
    (this.byLane[lane] ??= new OrderedIds()).push(row, this.from.data);
    this.open.set(object, row);
  }

  release(object: number, ns: number): void {
    const row = this.open.get(object);
    if (row === undefined) return;
    this.to.data[row] = Math.max(ns, this.from.data[row]!);
    this.open.delete(object);
  }

  /** The lane that holds it now; null when free or not known. */
  owner(object: number): number | null {
    const row = this.open.get(object);
    return row === undefined ? null : this.lane.data[row]!;
  }

  ofObject(object: number): ArrayLike<number> {
    return this.byObject[object]?.view(this.from.data) ?? NO_IDS;
  }

  ofLane(lane: number): ArrayLike<number> {
    return this.byLane[lane]?.view(this.from.data) ?? NO_IDS;
  }
}

export class StepTable {
  readonly lane = new I32Column();
  readonly thread = new I32Column();
  readonly from = new F64Column();
  readonly to = new F64Column();
  readonly site = new I32Column();
  private readonly byLane: (OrderedIds | undefined)[] = [];
  private readonly open: (number | undefined)[] = [];

  get count(): number {
    return this.lane.length;
  }

  resume(lane: number, thread: number, ns: number): void {
    const row = this.lane.push(lane);
    this.thread.push(thread);
    this.from.push(ns);
    this.to.push(Number.NaN);
    this.site.push(-1);
    (this.byLane[lane] ??= new OrderedIds()).push(row, this.from.data);
    this.open[lane] = row;
  }

  suspend(lane: number, ns: number, site: number): void {
    const row = this.open[lane];
    if (row === undefined) return;
    this.open[lane] = undefined;
    this.to.data[row] = Math.max(ns, this.from.data[row]!);
    this.site.data[row] = site;
  }

  ofLane(lane: number): ArrayLike<number> {
    return this.byLane[lane]?.view(this.from.data) ?? NO_IDS;
  }
}
