/**
 * Owns the asking for blocks: at most one under way, the newest window wins. Asks for more than is visible, so that a pan has
 * something to show at once, and asks again only when the view leaves the block, needs finer pixels, or the run went on.
 */
import type { Block, WindowRequest } from '../messages';
import { ROW_HEIGHT } from '../rowLayout';
import type { PageState } from './pageState';

/** A block this much finer than the screen is wasteful to paint; one coarser than the screen looks it. */
const FINEST = 1 / 3;
const COARSEST = 1.02;

export class Fetcher {
  private inFlight: number | null = null;
  private next = 1;
  private isStale = true;

  private readonly state: PageState;
  private readonly send: (ask: WindowRequest) => void;
  private readonly setBusy: (isBusy: boolean) => void;

  constructor(
    state: PageState,
    send: (ask: WindowRequest) => void,
    setBusy: (isBusy: boolean) => void,
  ) {
    this.state = state;
    this.send = send;
    this.setBusy = setBusy;
  }

  /** Something was recorded within this range. Time alone makes nothing stale: what is open grows with now. */
  invalidate(fromNs: number, toNs: number): void {
    const { block, scale } = this.state;
    if (fromNs > toNs) return;
    if (!block || (toNs >= block.originNs && fromNs <= Math.max(block.toNs, scale.toNs))) {
      this.isStale = true;
    }
  }

  /** Another run: what is under way will be of no use. */
  reset(): void {
    this.inFlight = null;
    this.isStale = true;
    this.setBusy(false);
  }

  /** Called before each paint. */
  ensure(viewHeight: number): void {
    const { header } = this.state;
    if (!header || this.inFlight !== null || this.state.scale.width < 2) return;
    if (this.state.lanes.size === 0) return;
    const lanes = this.lanesInView(viewHeight);
    if (!this.isStale && this.covers(lanes.visible)) return;
    const { scale } = this.state;
    const margin = scale.spanNs;
    const ask: WindowRequest = {
      request: this.next++,
      run: header.run,
      fromNs: Math.max(0, scale.fromNs - margin),
      toNs: Math.max(1, scale.toNs + margin),
      nsPerPx: scale.nsPerPx,
      lanes: lanes.wanted,
      arrows: this.state.arrows,
    };
    this.inFlight = ask.request;
    this.isStale = false;
    this.setBusy(true);
    this.send(ask);
  }

  /** True when the block is the one that was asked for. */
  receive(block: Block): boolean {
    if (block.request !== this.inFlight) return false;
    this.inFlight = null;
    this.setBusy(false);
    this.state.block = block;
    return true;
  }

  /** Arrows were switched on: they are not in the block. */
  forget(): void {
    this.isStale = true;
  }

  private covers(visible: readonly number[]): boolean {
    const { block, scale, nowNs, isLive } = this.state;
    if (!block) return false;
    const fineness = block.nsPerPx / scale.nsPerPx;
    if (fineness > COARSEST || (fineness < FINEST && block.nsPerPx > 1)) return false;
    if (block.originNs > Math.max(0, scale.fromNs)) return false;
    if (block.toNs < (isLive ? scale.toNs : Math.min(scale.toNs, nowNs))) return false;
    const has = new Set(block.lanes);
    return visible.every(lane => has.has(lane));
  }

  private lanesInView(viewHeight: number): { visible: number[]; wanted: number[] } {
    const { layout, scrollTop } = this.state;
    const first = Math.floor(scrollTop / ROW_HEIGHT);
    const count = Math.ceil(viewHeight / ROW_HEIGHT) + 1;
    const lanesOf = (from: number, to: number): number[] =>
      layout.rows.slice(Math.max(0, from), to).flatMap(row => row.lane ?? []);
    return {
      visible: lanesOf(first, first + count),
      wanted: lanesOf(first - count, first + 2 * count),
    };
  }
}
