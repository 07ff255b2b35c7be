/**
 * Owns the life of one lane as a sequence of pieces without gaps or overlap: running, waiting, ready. Waits may nest (a
 * condition takes its lock back, a pool's result waits on a condition): the innermost one is what is shown.
 */
import type { Lane, RunModel, Wait } from '../../trace/model';
import { FLAG, IDLE, RUNNING, waitState } from '../../webview/spanState';

export interface PieceSink {
  /** `wait` is the wait's id, or -1. */
  piece(startNs: number, endNs: number, state: number, flags: number, wait: number): void;
}

/** How far before a window to look for waits that reach into it around others. */
const NESTING_REACH = 64;

/** Calls `sink` with the pieces of `lane` that touch the window, in order, uncut at the window's edges where cheap. */
export function walkLane(
  model: RunModel,
  lane: Lane,
  fromNs: number,
  toNs: number,
  sink: PieceSink,
): void {
  const lifeEnd = lane.endNs ?? Math.max(model.nowNs, lane.createdNs);
  if (lane.createdNs > toNs || lifeEnd < fromNs) return;
  if (lane.startNs > lane.createdNs && lane.startNs > fromNs) {
    sink.piece(lane.createdNs, lane.startNs, IDLE, 0, -1);
  }
  const sweep = new Sweep(sink, lane.startNs, lifeEnd, lane.endNs === null, lane.traced);
  const waits = model.waitsOfLane(lane.id);
  const first = firstTouching(model, waits, fromNs);
  for (let index = first; index < waits.length; index++) {
    const wait = model.wait(waits[index] as number);
    if (wait.startNs > toNs) {
      sweep.advance(Math.min(wait.startNs, lifeEnd));
      return;
    }
    sweep.enter(wait);
  }
  sweep.advance(lifeEnd);
}

/** The first wait, in order of start, that may reach into the window. */
export function firstTouching(model: RunModel, waits: ArrayLike<number>, fromNs: number): number {
  let low = 0;
  let high = waits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (model.wait(waits[middle] as number).startNs <= fromNs) low = middle + 1;
    else high = middle;
  }
  let first = Math.max(0, low - 1);
  for (let back = first; back >= 0 && first - back < NESTING_REACH; back--) {
    const { endNs } = model.wait(waits[back] as number);
    if (endNs === null || endNs > fromNs) first = back;
  }
  return first;
}

class Sweep {
  private readonly stack: Wait[] = [];
  private at: number;

  private readonly sink: PieceSink;
  private readonly lifeEnd: number;
  private readonly isOpen: boolean;
  private readonly isTraced: boolean;

  constructor(
    sink: PieceSink,
    startNs: number,
    lifeEnd: number,
    isOpen: boolean,
    isTraced: boolean,
  ) {
    this.sink = sink;
    this.lifeEnd = lifeEnd;
    this.isOpen = isOpen;
    this.isTraced = isTraced;

    this.at = startNs;
  }

  enter(wait: Wait): void {
    this.advance(Math.min(wait.startNs, this.lifeEnd));
    this.stack.push(wait);
  }

  advance(to: number): void {
    while (this.at < to || (this.stack.length > 0 && this.endOf(this.top()) <= this.at)) {
      const top = this.stack.at(-1);
      if (!top) {
        this.emit(this.at, to, RUNNING, this.isTraced ? 0 : FLAG.mixed, -1);
        continue;
      }
      const end = Math.min(to, this.endOf(top));
      this.emitWait(top, end);
      if (this.endOf(top) <= this.at) this.stack.pop();
      else if (this.at >= to) return;
    }
  }

  private top(): Wait {
    return this.stack.at(-1) as Wait;
  }

  private endOf(wait: Wait): number {
    return Math.min(wait.endNs ?? this.lifeEnd, this.lifeEnd);
  }

  private emitWait(wait: Wait, end: number): void {
    const state = waitState(wait.kind);
    const ready = wait.readyNs;
    if (ready !== null && ready < end && ready >= wait.startNs) {
      if (ready > this.at) this.emit(this.at, ready, state, 0, wait.id);
      this.emit(this.at, end, state, FLAG.ready, wait.id);
    } else {
      this.emit(this.at, end, state, 0, wait.id);
    }
  }

  private emit(start: number, end: number, state: number, flags: number, wait: number): void {
    if (end <= start) return;
    this.at = end;
    const atEnd = end >= this.lifeEnd;
    const edge = atEnd ? (this.isOpen ? FLAG.open : FLAG.cap) : 0;
    this.sink.piece(start, end, state, flags | edge, wait);
  }
}
