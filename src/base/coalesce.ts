/** Owns the turning of a burst of calls into few: the first at once, then at most one per interval, the last never lost. */
import type { Clock } from './clock';
import type { Disposable } from './disposable';

export interface Coalesced extends Disposable {
  (): void;
}

export function coalesce(work: () => void, everyMs: number, clock: Clock): Coalesced {
  let timer: Disposable | undefined;
  let dirty = false;
  let disposed = false;
  const run = (): void => {
    timer = undefined;
    if (!dirty || disposed) return;
    dirty = false;
    timer = clock.after(everyMs, run);
    work();
  };
  const call = (): void => {
    dirty = true;
    if (!timer && !disposed) run();
  };
  return Object.assign(call, {
    dispose: () => {
      disposed = true;
      timer?.dispose();
    },
  });
}
