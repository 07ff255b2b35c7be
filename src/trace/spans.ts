/**
 * Owns what a lane looks like in a time window at a width in pixels: spans of running, waiting and being ready, with
 * everything narrower than a pixel merged. Its cost follows the pixels, not the waits.
 */
import type { RunModel } from './model';
import { firstWaitAfter } from './queries';

export const SPAN_STATES = ['running', 'waiting', 'ready', 'mixed'] as const;
export type SpanState = (typeof SPAN_STATES)[number];

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
  readonly state: SpanState;
  /** The wait it shows; the first of them when `mixed`; -1 when running. */
  readonly wait: number;
  /** How many waits it stands for. */
  readonly count: number;
}

/** An enclosing wait may have begun this many waits before the window. */
const LOOK_BACK = 64;

export function visibleSpans(
  model: RunModel,
  lane: number,
  fromNs: number,
  toNs: number,
  px: number,
): Span[] {
  const row = model.lanes[lane];
  if (!row || !(toNs > fromNs) || !(px > 0)) return [];
  const begin = Math.max(fromNs, row.startNs);
  const end = Math.min(toNs, row.endNs ?? model.nowNs);
  if (end <= begin) return [];
  return new SpanWalk(model, lane, begin, end, (toNs - fromNs) / px).walk();
}

class SpanWalk {
  private readonly spans: Span[] = [];
  private readonly ids: ArrayLike<number>;
  private readonly model: RunModel;
  private readonly begin: number;
  private readonly end: number;
  private readonly pixelNs: number;
  /** Up to here the lane is drawn. */
  private cursor: number;

  constructor(model: RunModel, lane: number, begin: number, end: number, pixelNs: number) {
    this.model = model;
    this.ids = model.waitsOfLane(lane);
    this.begin = begin;
    this.end = end;
    this.pixelNs = pixelNs;
    this.cursor = begin;
  }

  walk(): Span[] {
    const { ids } = this;
    const { startNs, endNs } = this.model.waitColumns;
    let at = this.firstTouching();
    while (at < ids.length) {
      const id = ids[at]!;
      const start = startNs[id]!;
      if (start >= this.end) break;
      const stop = Number.isNaN(endNs[id]!) ? this.end : Math.min(endNs[id]!, this.end);
      if (stop <= this.cursor) {
        at++;
      } else if (stop - Math.max(start, this.begin) >= this.pixelNs) {
        this.wait(id, Math.max(start, this.cursor), stop);
        at++;
      } else {
        at = this.small(at, Math.max(start, this.cursor));
      }
    }
    this.run(this.end);
    return this.spans;
  }

  private firstTouching(): number {
    const after = firstWaitAfter(this.model, this.ids, this.begin);
    const { endNs } = this.model.waitColumns;
    let first = after;
    for (let at = after - 1; at >= 0 && at >= after - LOOK_BACK; at--) {
      const end = endNs[this.ids[at]!]!;
      if (Number.isNaN(end) || end > this.begin) first = at;
    }
    return first;
  }

  private wait(id: number, start: number, stop: number): void {
    this.run(start);
    const ready = this.model.waitColumns.readyNs[id]!;
    const split = ready < stop && stop - ready >= this.pixelNs ? Math.max(ready, start) : stop;
    this.add(start, split, 'waiting', id, 1);
    this.add(split, stop, 'ready', id, 1);
  }

  /** Waits within one pixel from `start` on become one span; returns the index of the first that is not in it. */
  private small(at: number, start: number): number {
    const { startNs, endNs } = this.model.waitColumns;
    const limit = start + this.pixelNs;
    let next = Math.max(firstWaitAfter(this.model, this.ids, limit), at + 1);
    let stop = start;
    // The last few tell where the group ends; a longer one among them begins a span of its own.
    for (let index = Math.max(at, next - LOOK_BACK); index < next; index++) {
      const end = endNs[this.ids[index]!]!;
      const isLong = Number.isNaN(end) || end - startNs[this.ids[index]!]! >= this.pixelNs;
      if (isLong && index > at) {
        next = index;
        break;
      }
      stop = Math.max(stop, Math.min(end, this.end));
    }
    this.run(start);
    const to = Math.min(Math.max(stop, start + this.pixelNs), this.end);
    const count = next - at;
    this.add(start, to, count > 1 ? 'mixed' : 'waiting', this.ids[at]!, count);
    return next;
  }

  private run(until: number): void {
    if (until > this.cursor) this.add(this.cursor, until, 'running', -1, 0);
  }

  private add(fromNs: number, toNs: number, state: SpanState, wait: number, count: number): void {
    if (toNs <= fromNs) return;
    this.spans.push({ fromNs, toNs, state, wait, count });
    this.cursor = toNs;
  }
}
