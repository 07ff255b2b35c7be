/** Owns how a lane is doing at the latest moment of its run, and the few words for it in lists. No `vscode`. */
import { formatDuration } from '../base/duration';
import type { WaitKind } from '../trace/format';
import { wasCancelled } from '../trace/laneEnd';
import type { Lane, LaneState, RunModel, Wait } from '../trace/model';
import { stateAt } from '../trace/queries';
import { isIdle } from '../trace/phrases';

export function stateNow(model: RunModel, lane: Lane): LaneState {
  return lane.endNs === null ? stateAt(model, lane.id, model.nowNs) : { state: 'ended' };
}

const LONGEST_NAME = 24;

const VERBS: Readonly<Record<WaitKind, string>> = {
  join: 'joins',
  lock: 'wants',
  condition: 'waits to be notified by',
  event: 'waits for',
  semaphore: 'wants a permit of',
  barrier: 'waits at',
  get: 'waits for an item from',
  put: 'waits for room in',
  drain: 'waits until all is done in',
  result: 'waits for the result of',
  wait: 'waits for',
  await: 'awaits',
  recv: 'waits to receive from',
  send: 'waits to send to',
  exit: 'waits for the exit of',
  shutdown: 'shuts down',
  sleep: 'sleeps',
  io: 'waits for',
  idle: 'idle, waits for',
};

/** `joins Thread-1 · 2.1 s`. */
export function describeState(model: RunModel, lane: Lane, state: LaneState): string {
  switch (state.state) {
    case 'waiting':
      return parts(waitWords(model, state.wait), formatDuration(model.nowNs - state.wait.startNs));
    case 'ready':
      return parts(
        'ready, not resumed yet',
        formatDuration(model.nowNs - (state.wait.readyNs ?? model.nowNs)),
      );
    case 'running':
      return 'running';
    case 'not-started':
      return 'not started';
    default:
      return parts(endWords(lane), formatDuration((lane.endNs ?? lane.startNs) - lane.startNs));
  }
}

/** A name that leaves room for what is said of the lane: `Task-2 fetch(…)`. */
export function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const bare = name.replace(/\(.{4,}\)$/u, '(…)');
  return bare.length <= LONGEST_NAME ? bare : `${bare.slice(0, LONGEST_NAME - 1)}…`;
}

export function waitWords(model: RunModel, wait: Wait): string {
  if (wait.kind === 'sleep') return VERBS.sleep;
  if (isIdle(wait)) return wait.label;
  const owner = wait.object === null ? null : (model.objects[wait.object]?.owner ?? null);
  const holder = owner === null || wait.kind !== 'lock' ? undefined : model.lanes[owner]?.name;
  const held = holder ? `, held by ${holder}` : '';
  return `${VERBS[wait.kind]} ${wait.label}${held}`;
}

export function endWords(lane: Lane): string {
  const detail = lane.detail ? `: ${lane.detail}` : '';
  switch (lane.end) {
    case 'raised':
      return wasCancelled(lane) ? 'cancelled' : `raised${detail}`;
    case 'exited':
      return lane.exitCode ? `exit status ${lane.exitCode}` : 'done';
    case 'killed':
      return `killed${detail}`;
    default:
      return 'done';
  }
}

function parts(...words: readonly string[]): string {
  return words.filter(word => word !== '').join(' · ');
}
