/** Owns the real clock of the command line. */
import type { Clock } from '../base/clock';

export const hostClock: Clock = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
