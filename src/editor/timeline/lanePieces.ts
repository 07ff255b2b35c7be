/**
 * Owns the life of one lane as a sequence of pieces without gaps or overlap: running, waiting, ready. Waits may nest (a
 * condition takes its lock back, a pool's result waits on a condition): the innermost one is what is shown.
 */
import type { Lane, RunModel, WaitColumns } from '../../trace/model';
import { firstWaitAfter } from '../../trace/queries';
import { FLAG, IDLE, RUNNING } from '../../webview/spanState';

export interface PieceSink {
  /** `wait` is the wait's id, or -1. */
  piece(startNs: number, endNs: number, state: number, flags: number, wait: number): void;
}

/** How many waits before a window may reach into it around others. */
const NESTING_REACH = 64;

/** Calls `sink` with the pieces of `lane` that touch the window, in order; the outermost may reach beyond it. */
export function walkLane(
  model: RunModel,
  lane: Lane,
  fromNs: number,
  toNs: number,
  sink: PieceSink,
): void {
  const lifeEnd = lane.endNs ?? Math.max(model.nowNs, lane.createdNs);
  const madeNs = madeAt(lane);
  if (madeNs > toNs || lifeEnd < fromNs) return;
  if (lane.startNs > madeNs && lane.startNs > fromNs) {
    sink.piece(madeNs, Math.min(lane.startNs, lifeEnd), IDLE, 0, -1);
  }
  const ids = model.waitsOfLane(lane.id);
  const columns = model.waitColumns;
  const sweep = new Sweep(sink, columns, lane, lifeEnd);
  for (let index = firstTouching(model, ids, fromNs); index < ids.length; index++) {
    const id = ids[index]!;
    const start = columns.startNs[id]!;
    if (start > toNs) {
      sweep.advance(Math.min(start, lifeEnd));
      return;
    }
    sweep.enter(id, start);
  }
  sweep.advance(lifeEnd);
}

/** The main lane is made when the run begins: until its first step the interpreter starts. */
export const madeAt = (lane: Lane): number => (lane.kind === 'main' ? 0 : lane.createdNs);

/** Index of the first wait, in order of start, that may reach into the window. */
export function firstTouching(model: RunModel, ids: ArrayLike<number>, fromNs: number): number {
  const { endNs } = model.waitColumns;
  const last = Math.max(0, firstWaitAfter(model, ids, fromNs) - 1);
  let first = last;
  for (let back = last; back >= 0 && last - back < NESTING_REACH; back--) {
    // Not "greater": an end that is not known is NaN.
    if (!(endNs[ids[back] ?? -1]! <= fromNs)) first = back;
  }
  return first;
}

class Sweep {
  private readonly sink: PieceSink;
  private readonly columns: WaitColumns;
  private readonly lifeEnd: number;
  private readonly edge: number;
  private readonly runningFlags: number;
  /** Waits that go on at `at`, the innermost last. */
  private readonly stack: number[] = [];
  private at: number;

  constructor(sink: PieceSink, columns: WaitColumns, lane: Lane, lifeEnd: number) {
    this.sink = sink;
    this.columns = columns;
    this.lifeEnd = lifeEnd;
    this.edge = lane.endNs === null ? FLAG.open : FLAG.cap;
    this.runningFlags = lane.traced ? 0 : FLAG.untraced;
    this.at = lane.startNs;
  }

  enter(id: number, start: number): void {
    this.advance(Math.min(start, this.lifeEnd));
    this.stack.push(id);
  }

  advance(to: number): void {
    for (;;) {
      const top = this.stack.at(-1);
      if (top === undefined) {
        if (this.at < to) this.emit(to, RUNNING, this.runningFlags, -1);
        return;
      }
      const own = this.columns.endNs[top]!;
      const end = own <= this.lifeEnd ? own : this.lifeEnd;
      if (end > this.at) this.emitWait(top, Math.min(to, end));
      if (end > to) return;
      this.stack.pop();
    }
  }

  private emitWait(id: number, end: number): void {
    if (end <= this.at) return;
    const state = this.columns.kind[id]! + 1;
    const ready = this.columns.readyNs[id]!;
    if (ready < end) {
      if (ready > this.at) this.emit(ready, state, 0, id);
      this.emit(end, state, FLAG.ready, id);
    } else {
      this.emit(end, state, 0, id);
    }
  }

  private emit(end: number, state: number, flags: number, wait: number): void {
    const edge = end >= this.lifeEnd ? this.edge : 0;
    this.sink.piece(this.at, end, state, flags | edge, wait);
    this.at = end;
  }
}
