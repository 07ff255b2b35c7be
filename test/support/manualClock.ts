/** A clock that a test moves: nothing happens until it says so. */
import type { Clock } from '../../src/base/clock';
import type { Disposable } from '../../src/base/disposable';

export class ManualClock implements Clock {
  private ms = 0;
  private due: { at: number; work: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  after(ms: number, work: () => void): Disposable {
    const entry = { at: this.ms + ms, work };
    this.due.push(entry);
    return { dispose: () => void (this.due = this.due.filter(other => other !== entry)) };
  }

  /** Moves on by `ms`, doing what falls due in its order. */
  pass(ms: number): void {
    const until = this.ms + ms;
    for (;;) {
      const next = this.due.toSorted((one, other) => one.at - other.at)[0];
      if (!next || next.at > until) break;
      this.due = this.due.filter(other => other !== next);
      this.ms = Math.max(this.ms, next.at);
      next.work();
    }
    this.ms = Math.max(this.ms, until);
  }

  get pending(): number {
    return this.due.length;
  }
}
