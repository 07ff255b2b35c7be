/**
 * Owns when what changed is looked at again: as soon as all have heard of the change where that is cheap, else in turns with a
 * rest after each, so that typing in a long file does not hold up the host. Whoever asks for one before its turn has it brought
 * up to date first.
 */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Rested } from '../base/rested';

/** What comes in the same turn of the event loop is one change. */
const EVERY_MS = 0;

export class CatchUp<T> implements Disposable {
  private readonly bring: (one: T) => void;
  private readonly tell: (one: T) => void;
  private readonly behind = new Set<T>();
  private readonly untold = new Set<T>();
  private readonly clock: Clock;
  private readonly turns: Rested;
  private next: Disposable | undefined;

  /** `bring` brings one up to date; `tell` says that it is, once for all changes since it was last said. */
  constructor(bring: (one: T) => void, tell: (one: T) => void, clock: Clock) {
    this.bring = bring;
    this.tell = tell;
    this.clock = clock;
    this.turns = new Rested(() => this.turn(), EVERY_MS, clock);
  }

  /** These have changed, together. */
  changed(all: readonly T[]): void {
    for (const one of all) {
      this.behind.add(one);
      this.untold.add(one);
    }
    this.next ??= this.clock.after(0, () => {
      this.next = undefined;
      this.turns.soon();
    });
  }

  /** Brings one up to date now, if it is behind. */
  settle(one: T): void {
    if (this.behind.delete(one)) this.bring(one);
  }

  forget(one: T): void {
    this.behind.delete(one);
    this.untold.delete(one);
  }

  dispose(): void {
    this.next?.dispose();
    this.turns.dispose();
  }

  private turn(): void {
    const all = [...this.untold];
    this.untold.clear();
    for (const one of all) {
      this.settle(one);
      this.tell(one);
    }
  }
}
