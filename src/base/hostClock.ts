/** Owns the real clock, for parts that take a `Clock`. Both worlds, Node and the page, have these functions. */
import type { Clock } from './clock';

export const hostClock: Clock = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
