/** Owns how a lane is doing now, as the page's names column says it. */
import type { Lane, RunModel, Wait } from '../../trace/model';
import type { LaneInfo, LaneStatus } from '../../webview/messages';
import { groupOfKind } from '../../webview/spanState';
import { laneWords } from './timelineWords';

/** An open wait may have finished ones begun after it; not many. */
const REACH = 32;

export function openWait(model: RunModel, lane: number): Wait | null {
  const waits = model.waitsOfLane(lane);
  for (let index = waits.length - 1; index >= 0 && index >= waits.length - REACH; index--) {
    const wait = model.wait(waits[index] as number);
    if (wait.endNs === null && wait.outcome === 'waiting') return wait;
  }
  return null;
}

export function laneInfo(model: RunModel, lane: Lane): LaneInfo {
  const wait = lane.endNs === null ? openWait(model, lane.id) : null;
  const status = statusOf(model, lane, wait);
  return {
    id: lane.id,
    kind: lane.kind,
    name: lane.name,
    pid: lane.pid,
    parent: lane.parent,
    process: lane.process,
    isDaemon: lane.daemon,
    isHelper: lane.helper,
    isTraced: lane.traced,
    createdNs: lane.createdNs,
    endNs: lane.endNs,
    status,
    waitGroup: wait ? groupOfKind(wait.kind) : null,
    says: wait ? laneWords(wait) : lane.endNs === null ? '' : (lane.detail ?? ''),
    sinceNs: wait ? wait.startNs : lastChange(model, lane),
  };
}

function statusOf(model: RunModel, lane: Lane, wait: Wait | null): LaneStatus {
  if (lane.endNs !== null) {
    if (lane.end === 'killed') return 'killed';
    const failed = lane.end === 'raised' || (lane.exitCode !== null && lane.exitCode !== 0);
    return failed ? 'failed' : 'done';
  }
  if (wait) return wait.readyNs !== null && wait.readyNs <= model.nowNs ? 'ready' : 'waiting';
  return lane.startNs > model.nowNs ? 'not-started' : 'running';
}

function lastChange(model: RunModel, lane: Lane): number {
  const waits = model.waitsOfLane(lane.id);
  const last = waits.length > 0 ? model.wait(waits[waits.length - 1] as number) : null;
  return last?.endNs ?? lane.startNs;
}
