/** Owns the one vocabulary of state: which theme colour and icon stand for running, each kind of waiting, and each end. No `vscode`. */
import { wasCancelled } from '../trace/laneEnd';
import type { Lane, LaneState } from '../trace/model';
import { familyOf, type WaitFamily } from '../trace/waitFamilies';

/**
 * The extension's own names for the colours of look.md. They stand for those of `charts.*`, but for the first: some themes
 * make `charts.orange` a faint highlight that text cannot be read in.
 */
export const FAMILY_COLOURS: Readonly<Record<WaitFamily, string>> = {
  join: 'concurrencyLens.join',
  lock: 'concurrencyLens.lock',
  queue: 'concurrencyLens.queue',
  await: 'concurrencyLens.await',
  quiet: 'concurrencyLens.quiet',
};

export interface StateLook {
  readonly icon: string;
  readonly colour: string;
}

export function lookOfLane(lane: Lane, state: LaneState): StateLook {
  switch (state.state) {
    case 'waiting':
      return { icon: 'watch', colour: FAMILY_COLOURS[familyOf(state.wait.kind)] };
    case 'ready':
      return { icon: 'circle-outline', colour: 'charts.blue' };
    case 'running':
      return { icon: 'play', colour: 'charts.blue' };
    case 'not-started':
      return { icon: 'circle-outline', colour: 'disabledForeground' };
    default:
      return lookOfEnd(lane);
  }
}

function lookOfEnd(lane: Lane): StateLook {
  if (lane.end === 'killed' || wasCancelled(lane))
    return { icon: 'circle-slash', colour: 'disabledForeground' };
  const failed = lane.end === 'raised' || (lane.end === 'exited' && (lane.exitCode ?? 0) !== 0);
  return failed
    ? { icon: 'error', colour: 'charts.red' }
    : { icon: 'check', colour: 'charts.green' };
}
