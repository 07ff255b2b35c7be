/** Owns how a lane is doing now, as the page's names column says it. */
import type { Translate } from '../../base/translate';
import { wasCancelled } from '../../trace/laneEnd';
import type { Lane, LaneState, RunModel } from '../../trace/model';
import type { LaneInfo, LaneStatus } from '../../webview/messages';
import { familyOf } from '../../trace/waitFamilies';
import { endWords, stateNow, waitWords } from '../laneNow';

export function laneInfo(model: RunModel, lane: Lane, say: Translate): LaneInfo {
  const state = stateNow(model, lane);
  const wait = state.state === 'waiting' || state.state === 'ready' ? state.wait : null;
  return {
    id: lane.id,
    kind: lane.kind,
    name: lane.name,
    command: lane.command,
    pid: lane.pid,
    parent: lane.parent,
    process: lane.process,
    isDaemon: lane.daemon,
    isHelper: lane.helper,
    isTraced: lane.traced,
    createdNs: lane.createdNs,
    endNs: lane.endNs,
    status: statusOf(lane, state),
    waitGroup: wait ? familyOf(wait.kind) : null,
    says: wait ? waitWords(model, wait, say) : state.state === 'ended' ? endWords(lane, say) : '',
    sinceNs: wait?.startNs ?? lastResumed(model, lane),
  };
}

function statusOf(lane: Lane, state: LaneState): LaneStatus {
  if (state.state !== 'ended') return state.state;
  if (lane.end === 'killed' || wasCancelled(lane)) return 'killed';
  const failed = lane.end === 'raised' || (lane.exitCode !== null && lane.exitCode !== 0);
  return failed ? 'failed' : 'done';
}

function lastResumed(model: RunModel, lane: Lane): number {
  const waits = model.waitsOfLane(lane.id);
  const last = waits.length > 0 ? model.waitColumns.endNs[waits[waits.length - 1]!]! : lane.startNs;
  return Number.isNaN(last) ? lane.startNs : last;
}
