/** Owns when work that may be dear is done: bursts become few, and after a dear turn comes a rest, so that other work gets its time. */
import type { Clock } from './clock';
import { coalesce, type Coalesced } from './coalesce';
import type { Disposable } from './disposable';

/** A turn that takes longer is followed by a rest of so many times its length, but never of more than `MOST_REST_MS`. */
const DEAR_MS = 10;
const REST = 4;
/** The first turn for a long file parses it, which says nothing about the next: 4 s for 100,000 lines, measured. */
const MOST_REST_MS = 500;

export class Rested implements Disposable {
  private readonly work: () => void;
  private readonly clock: Clock;
  private readonly turnSoon: Coalesced;
  private rest: Disposable | undefined;

  constructor(work: () => void, everyMs: number, clock: Clock) {
    this.work = work;
    this.clock = clock;
    this.turnSoon = coalesce(() => this.turn(), everyMs, clock);
  }

  /** As soon as the last turn and its rest allow. */
  soon(): void {
    this.turnSoon();
  }

  /** For what a person did, which does not wait for a rest to be over. */
  now(): void {
    this.rest?.dispose();
    this.rest = undefined;
    this.turnSoon();
  }

  dispose(): void {
    this.rest?.dispose();
    this.turnSoon.dispose();
  }

  private turn(): void {
    if (this.rest) return;
    const began = this.clock.now();
    this.work();
    const cost = this.clock.now() - began;
    if (cost < DEAR_MS) return;
    this.rest = this.clock.after(Math.min(cost * REST, MOST_REST_MS), () => {
      this.rest = undefined;
      this.turnSoon();
    });
  }
}
