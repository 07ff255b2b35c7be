/** Owns reading the end of a failed run's standard error, for the words on what went wrong and what to do. */
import { handleWithEnd } from './handleWithEnd';
import type { RunHandle } from './runtime';

/** As much as a traceback's last lines can take. */
const KEPT_BYTES = 8192;

/** The handle, its end enriched with what `advise` makes of a failure. */
export function explainEnd(
  handle: RunHandle,
  advise: (errorTail: string) => readonly string[],
): RunHandle {
  let tail = Buffer.alloc(0);
  handle.onOutput(({ stream, bytes }) => {
    if (stream !== 'stderr') return;
    tail = bytes.length >= KEPT_BYTES ? Buffer.from(bytes) : Buffer.concat([tail, bytes]);
    if (tail.length > KEPT_BYTES) tail = tail.subarray(tail.length - KEPT_BYTES);
  });
  return handleWithEnd(handle, end => {
    if (end.exitCode === 0) return end;
    const advice = advise(tail.toString('utf8'));
    return advice.length > 0 ? { ...end, notes: [...(end.notes ?? []), ...advice] } : end;
  });
}
