/** Owns the call site of a blocking call: the nearest frame in the person's own files. Costs microseconds, so only what blocks asks for it. */
import { fileURLToPath } from 'node:url';
import type { Recorder } from './recorder';

const DEPTH = 12;

/** A site number; 0 where no frame is the person's. */
export function callerSite(recorder: Recorder): number {
  return siteIn(framesAbove(callerSite), recorder);
}

/** The same, and undefined where Node itself made the call: Node 20 waits on shared memory for its module hooks. */
export function callerSiteUnlessNode(recorder: Recorder): number | undefined {
  const frames = framesAbove(callerSiteUnlessNode);
  const caller = frames.find(line => /^\s+at /.test(line) && !line.includes(__filename));
  return caller && isNodes(caller) ? undefined : siteIn(frames, recorder);
}

/** The same, and 0 where a package made the call: what it does for itself is no doing of the line that called the package. */
export function callerSiteUnlessPackage(recorder: Recorder): number {
  const frames = framesAbove(callerSiteUnlessPackage);
  const caller = frames.find(
    line => /^\s+at /.test(line) && !isNodes(line) && !line.includes(__filename),
  );
  return caller && isPackages(caller) ? 0 : siteIn(frames, recorder);
}

function framesAbove(top: (recorder: Recorder) => unknown): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  // The snippet's own format is for its own errors.
  const format: { prepareStackTrace?: unknown } = Error;
  const { prepareStackTrace } = format;
  if (prepareStackTrace !== undefined) format.prepareStackTrace = undefined;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, top);
  const text = String(holder.stack);
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace !== undefined) format.prepareStackTrace = prepareStackTrace;
  return text.split('\n');
}

const isPackages = (text: string): boolean =>
  text.includes('/node_modules/') || text.includes('\\node_modules\\');
const isNodes = (line: string): boolean => /\(node:|at node:/.test(line);

function siteIn(frames: readonly string[], recorder: Recorder): number {
  for (const line of frames) {
    if (isNodes(line)) continue;
    const match = /(?:at (.*?) \()?((?:file:\/\/)?\/[^()]*?|[A-Z]:\\[^()]*?):(\d+):(\d+)\)?$/.exec(
      line,
    );
    const place = match?.[2];
    if (!match || place === undefined || place === __filename) continue;
    if (isPackages(place)) continue;
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    return recorder.writer.site(file, Number(match[3]), Number(match[4]), 0, match[1] ?? '');
  }
  return 0;
}
