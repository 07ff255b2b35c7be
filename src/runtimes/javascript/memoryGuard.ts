/**
 * Owns the limit on a worker's memory. V8's own limit is not enough: one allocation that is bigger than the room left
 * ends the whole process ("FATAL ERROR: Reached heap limit"; seen with arrays of 40 MB in Node 20 to 24), and buffers do not
 * count towards it. So V8's limit is set well above, and the host looks at how much is in use.
 */
import type { Worker } from 'node:worker_threads';

const LOOK_MS = 40;
/** V8's limit over ours. Filling the difference takes far longer than a look. */
export const HARD_LIMIT_FACTOR = 4;

interface HeapStatistics {
  readonly used_heap_size: number;
  readonly external_memory?: number;
}

/** Calls `onExceeded` once, when the worker uses more than `limitMb`. Returns what ends the watching. */
export function guardMemory(worker: Worker, limitMb: number, onExceeded: () => void): () => void {
  const limit = limitMb * 2 ** 20;
  const start = process.memoryUsage.rss();
  let isAsking = false;
  const timer = setInterval(() => {
    const growth = process.memoryUsage.rss() - start;
    if (growth < limit / 2) return;
    // The process as a whole has grown; the worker itself is asked, where Node can (22.16 and later).
    const ask = (worker as { getHeapStatistics?: () => Promise<HeapStatistics> }).getHeapStatistics;
    if (!ask || growth > limit * 2) return exceeded();
    if (isAsking) return;
    isAsking = true;
    Reflect.apply(ask, worker, []).then(
      ({ used_heap_size, external_memory = 0 }) => {
        isAsking = false;
        if (used_heap_size + external_memory > limit) exceeded();
      },
      () => clearInterval(timer),
    );
  }, LOOK_MS);
  const exceeded = (): void => {
    clearInterval(timer);
    onExceeded();
  };
  return () => clearInterval(timer);
}
