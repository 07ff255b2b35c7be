/** Owns what is told of output: which lane writes how many bytes, just before they are written. */
import { crc32 } from 'node:zlib';
import { RECORD_KINDS } from '../../../trace/format';
import type { AsyncCalls } from './asyncCalls';
import { replace } from './replace';
import type { Recorder } from './recorder';

const STREAMS = { stdout: 1, stderr: 2 } as const;

export function watchOutput(recorder: Recorder, calls: AsyncCalls): void {
  for (const name of ['stdout', 'stderr'] as const) {
    replace(
      process[name],
      'write',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const [chunk, encoding] = args;
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
          }
          return Reflect.apply(original, this, args);
        },
    );
  }
}
