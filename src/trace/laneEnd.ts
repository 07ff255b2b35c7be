/** Owns the difference between a lane that failed and one that was cancelled: both end with an exception. Pure. */
import type { Lane } from './model';

export const wasCancelled = (lane: Lane): boolean =>
  lane.end === 'raised' && /^CancelledError\b/u.test(lane.detail ?? '');
