/** Owns every wait of a run as columns: one row per wait, an object made only when someone asks for one. */
import { F64Column, I32Column, NO_IDS, OrderedIds, U8Column } from './columns';
import { OUTCOMES } from './format';

export const OUTCOME_WAITING = OUTCOMES.indexOf('waiting');
export const OUTCOME_CUT_OFF = OUTCOMES.indexOf('cut-off');

/** What a wait is on, as in `TARGET` of the format. */
export interface TargetRow {
  readonly type: number;
  readonly row: number;
}

export class WaitTable {
  readonly lane = new I32Column();
  readonly kind = new U8Column();
  readonly outcome = new U8Column();
  readonly site = new I32Column();
  readonly start = new F64Column();
  readonly ready = new F64Column();
  readonly end = new F64Column();
  readonly timeout = new F64Column();
  readonly causeLane = new I32Column();
  readonly causeSite = new I32Column();
  readonly causeNs = new F64Column();
  /** File of the trace it was read from, whose string table has `text`. */
  readonly source = new I32Column();
  readonly text = new I32Column();
  /** Sites of first waits, for the model to collect. */
  newSites: number[] = [];
  private readonly targetType = new U8Column();
  private readonly targetRow = new I32Column();
  private readonly firstExtra = new I32Column();
  private readonly extraType = new U8Column();
  private readonly extraRow = new I32Column();
  private readonly extraNext = new I32Column();
  private readonly byLane: (OrderedIds | undefined)[] = [];
  private readonly bySite: (OrderedIds | undefined)[] = [];

  get count(): number {
    return this.lane.length;
  }

  begin(
    lane: number,
    kind: number,
    site: number,
    startNs: number,
    timeoutNs: number,
    targetType: number,
    targetRow: number,
    source: number,
    text: number,
  ): number {
    const id = this.lane.push(lane);
    this.kind.push(kind);
    this.outcome.push(OUTCOME_WAITING);
    this.site.push(site);
    this.start.push(startNs);
    this.ready.push(Number.NaN);
    this.end.push(Number.NaN);
    this.timeout.push(timeoutNs);
    this.causeLane.push(-1);
    this.causeSite.push(-1);
    this.causeNs.push(Number.NaN);
    this.source.push(source);
    this.text.push(text);
    this.targetType.push(targetType);
    this.targetRow.push(targetRow);
    this.firstExtra.push(-1);
    (this.byLane[lane] ??= new OrderedIds()).push(id, this.start.data);
    if (site >= 0) this.place(id, site);
    return id;
  }

  private place(id: number, site: number): void {
    let atSite = this.bySite[site];
    if (!atSite) {
      this.bySite[site] = atSite = new OrderedIds();
      this.newSites.push(site);
    }
    atSite.push(id, this.start.data);
  }

  /** Only its end shows what the wait was for. One that began at a place stays there. */
  turnOut(id: number, kind: number, site: number, text: number): void {
    this.kind.data[id] = kind;
    this.text.data[id] = text;
    if (site < 0 || this.site.data[id]! >= 0) return;
    this.site.data[id] = site;
    this.place(id, site);
  }

  addTarget(id: number, type: number, row: number): void {
    const extra = this.extraType.push(type);
    this.extraRow.push(row);
    this.extraNext.push(this.firstExtra.data[id]!);
    this.firstExtra.data[id] = extra;
  }

  /** The first target first, the others in the order they were added. */
  targets(id: number): TargetRow[] {
    const extras: TargetRow[] = [];
    for (let at = this.firstExtra.at(id); at >= 0; at = this.extraNext.data[at]!) {
      extras.push({ type: this.extraType.data[at]!, row: this.extraRow.data[at]! });
    }
    const type = this.targetType.at(id);
    if (type !== 0) extras.push({ type, row: this.targetRow.data[id]! });
    return extras.toReversed();
  }

  firstTarget(id: number): TargetRow {
    return { type: this.targetType.at(id), row: this.targetRow.at(id) };
  }

  isOpen(id: number): boolean {
    return this.outcome.data[id] === OUTCOME_WAITING;
  }

  /** Once only, but for one that the end of its lane cut off before its own record was read. */
  canEnd(id: number): boolean {
    const outcome = this.outcome.data[id];
    return outcome === OUTCOME_WAITING || outcome === OUTCOME_CUT_OFF;
  }

  ofLane(lane: number): ArrayLike<number> {
    return this.byLane[lane]?.view(this.start.data) ?? NO_IDS;
  }

  ofSites(sites: readonly number[]): ArrayLike<number> {
    const lists = sites.flatMap(site => this.bySite[site]?.view(this.start.data) ?? []);
    if (lists.length < 2) return lists[0] ?? NO_IDS;
    const all = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
    let at = 0;
    for (const list of lists) {
      all.set(list, at);
      at += list.length;
    }
    const times = this.start.data;
    return all.toSorted((one, other) => times[one]! - times[other]! || one - other);
  }

  hasSite(site: number): boolean {
    return this.bySite[site] !== undefined;
  }
}
