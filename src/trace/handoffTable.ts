/** Owns the handoffs of a run as columns, in order of their causes and of their effects. */
import { F64Column, I32Column, OrderedIds, U8Column } from './columns';
import { HANDOFF_KINDS } from './format';
import type { HandoffKind } from './format';

export const handoffCode = (kind: HandoffKind): number => HANDOFF_KINDS.indexOf(kind);

export class HandoffTable {
  readonly kind = new U8Column();
  readonly fromLane = new I32Column();
  readonly fromNs = new F64Column();
  readonly fromSite = new I32Column();
  readonly toLane = new I32Column();
  readonly toNs = new F64Column();
  readonly toSite = new I32Column();
  private readonly effects = new OrderedIds();
  private readonly causes = new OrderedIds();

  get count(): number {
    return this.kind.length;
  }

  /** A lane's handing something to itself is no handoff. */
  add(
    kind: number,
    fromLane: number,
    fromNs: number,
    fromSite: number,
    toLane: number,
    toNs: number,
    toSite: number,
  ): void {
    if (fromLane === toLane) return;
    const row = this.kind.push(kind);
    this.fromLane.push(fromLane);
    this.fromNs.push(Math.min(fromNs, toNs));
    this.fromSite.push(fromSite);
    this.toLane.push(toLane);
    this.toNs.push(toNs);
    this.toSite.push(toSite);
    this.effects.push(row, this.toNs.data);
    this.causes.push(row, this.fromNs.data);
  }

  get byEffect(): ArrayLike<number> {
    return this.effects.view(this.toNs.data);
  }

  get byCause(): ArrayLike<number> {
    return this.causes.view(this.fromNs.data);
  }
}
