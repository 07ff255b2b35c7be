/** Owns adding to what a run's end says, the rest of its handle unchanged. */
import type { RunEnd, RunHandle } from './runtime';

export function handleWithEnd(handle: RunHandle, enrich: (end: RunEnd) => RunEnd): RunHandle {
  return {
    pid: handle.pid,
    startedNs: handle.startedNs,
    onOutput: handle.onOutput,
    ended: handle.ended.then(enrich),
    write: text => handle.write(text),
    endInput: () => handle.endInput(),
    interrupt: () => handle.interrupt(),
    stop: () => handle.stop(),
  };
}
