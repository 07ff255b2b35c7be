/** Owns `Atomics.wait`, `waitAsync` and `notify`: the waits that hold a whole thread. */
import type { AsyncCalls } from './asyncCalls';
import { replace } from './replace';
import { linkKey } from './recorder';
import type { LinkKey, Recorder } from './recorder';
import { callerSite, callerSiteUnlessNode } from './callerSite';

export function watchAtomics(recorder: Recorder, calls: AsyncCalls): void {
  replace(
    Atomics,
    'wait',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const [array, index, , timeout] = args;
        const lane = calls.lane;
        const timeoutNs = typeof timeout === 'number' && timeout < 1e9 ? timeout * 1e6 : 0;
        const site = callerSiteUnlessNode(recorder);
        if (site === undefined) return Reflect.apply(original, this, args) as string;
        const wait = recorder.waitBegin(lane, 'condition', {
          site,
          label: cellName(index),
          timeoutNs,
        });
        // The thread is about to stand still: what it has told so far must be out.
        recorder.writer.flush();
        const result = Reflect.apply(original, this, args) as string;
        if (result === 'ok') {
          recorder.link('to', 'notify-wait', lane, cellKey(array, index), { site, wait });
        }
        recorder.waitEnd(lane, wait, result === 'timed-out' ? 'timed-out' : 'done');
        return result;
      },
  );
  replace(
    Atomics,
    'notify',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const [array, index] = args;
        // The woken may go on before this thread does.
        const t = recorder.now();
        const woken = Reflect.apply(original, this, args) as number;
        if (woken === 0) return woken;
        const site = callerSite(recorder);
        for (let one = 0; one < Math.min(woken, 64); one++) {
          recorder.link('from', 'notify-wait', calls.lane, cellKey(array, index), { site, t });
        }
        return woken;
      },
  );
  replace(
    Atomics as { waitAsync?: unknown },
    'waitAsync',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const result = Reflect.apply(original, this, args) as { async: boolean; value: unknown };
        if (result.async && typeof result.value === 'object' && result.value !== null) {
          calls.describe(result.value, { kind: 'condition', label: cellName(args[1]) });
        }
        return result;
      },
  );
}

function cellName(index: unknown): string {
  return `shared cell ${String(index)}`;
}

/** Shared memory has no name that threads agree on; where the cell lies in it tells most programs' cells apart. */
function cellKey(array: unknown, index: unknown): LinkKey {
  const view = array as { byteOffset: number; buffer: { byteLength: number } };
  return linkKey(`cell ${view.buffer.byteLength} ${view.byteOffset} ${String(index)}`);
}
