/** Owns the difference between a lane that failed and one that was cancelled: both end with an exception. Pure. */
import type { Lane } from './model';

export const wasCancelled = (lane: Lane): boolean =>
  lane.end === 'raised' && /^CancelledError\b/u.test(lane.detail ?? '');

/** The program ended its own process, `SIGTERM by terminate()`: a pool does that to its workers. */
export const wasToldToEnd = (lane: Lane): boolean =>
  lane.end === 'killed' && / by \w+\(\)$/.test(lane.detail ?? '');
