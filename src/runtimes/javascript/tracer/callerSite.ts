/** Owns the call site of a blocking call: the nearest frame in the person's own files. Costs microseconds, so only what blocks asks for it. */
import { fileURLToPath } from 'node:url';
import type { Recorder } from './recorder';

const DEPTH = 12;

/** A site number; 0 where no frame is the person's. */
export function callerSite(recorder: Recorder): number {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callerSite);
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of String(holder.stack).split('\n')) {
    const match = /(?:at (.*?) \()?((?:file:\/\/)?\/[^()]*?|[A-Z]:\\[^()]*?):(\d+):(\d+)\)?$/.exec(
      line,
    );
    const place = match?.[2];
    if (!match || place === undefined || place === __filename) continue;
    if (place.includes('/node_modules/') || place.includes('\\node_modules\\')) continue;
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    return recorder.writer.site(file, Number(match[3]), Number(match[4]), 0, match[1] ?? '');
  }
  return 0;
}
