/** Owns what is told of output: which lane writes how many bytes, just before they are written. */
import { crc32 } from 'node:zlib';
import { RECORD_KINDS } from '../../../trace/format';
import type { AsyncCalls } from './asyncCalls';
import { replace } from './replace';
import type { Recorder } from './recorder';

const STREAMS = { stdout: 1, stderr: 2 } as const;

/** Pieces that this thread only passes on. */
const passedOn = new WeakSet<object>();

export function markPassedOn(piece: unknown): void {
  if (typeof piece === 'object' && piece !== null) passedOn.add(piece);
}

export function watchOutput(recorder: Recorder, calls: AsyncCalls): void {
  for (const name of ['stdout', 'stderr'] as const) {
    replace(
      process[name],
      'write',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const [chunk, encoding] = args;
          if (typeof chunk === 'object' && chunk !== null && passedOn.has(chunk))
            return Reflect.apply(original, this, args);
          const bytes =
            typeof chunk === 'string'
              ? Buffer.from(
                  chunk,
                  typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8',
                )
              : (chunk as Uint8Array);
          if (bytes instanceof Uint8Array && bytes.length > 0) {
            recorder.writer.write(RECORD_KINDS.output, {
              lane: calls.lane,
              a: STREAMS[name],
              t: recorder.now(),
              ref: bytes.length,
              xLow: crc32(bytes),
            });
            // Output that comes before its record belongs to nobody.
            recorder.writer.flush();
          }
          return Reflect.apply(original, this, args);
        },
    );
  }
}
