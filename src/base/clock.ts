/** Owns time as an injected part: tests pass a clock of their own and never sleep. */
import type { Disposable } from './disposable';

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `work` once, `ms` from now, unless disposed before. */
  after(ms: number, work: () => void): Disposable;
}
