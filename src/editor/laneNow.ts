/** Owns how a lane is doing at the latest moment of its run, and the few words for it in lists. No `vscode`. */
import { formatDuration } from '../base/duration';
import { messages, type Message, type Translate } from '../base/translate';
import type { WaitKind } from '../trace/format';
import { wasCancelled } from '../trace/laneEnd';
import type { Lane, LaneState, RunModel, Wait } from '../trace/model';
import { stateAt } from '../trace/queries';
import { isIdle } from '../trace/phrases';

export function stateNow(model: RunModel, lane: Lane): LaneState {
  return lane.endNs === null ? stateAt(model, lane.id, model.nowNs) : { state: 'ended' };
}

const LONGEST_NAME = 24;

const DOES: Readonly<Record<WaitKind, Message>> = messages({
  join: 'joins {0}',
  lock: 'wants {0}',
  condition: 'waits to be notified by {0}',
  event: 'waits for {0}',
  semaphore: 'wants a permit of {0}',
  barrier: 'waits at {0}',
  get: 'waits for an item from {0}',
  put: 'waits for room in {0}',
  drain: 'waits until all is done in {0}',
  result: 'waits for the result of {0}',
  wait: 'waits for {0}',
  await: 'awaits {0}',
  recv: 'waits to receive from {0}',
  send: 'waits to send to {0}',
  exit: 'waits for the exit of {0}',
  shutdown: 'shuts down {0}',
  sleep: 'sleeps',
  io: 'waits for {0}',
  idle: 'idle, waits for {0}',
});

/** `joins Thread-1 · 2.1 s`. */
export function describeState(
  model: RunModel,
  lane: Lane,
  state: LaneState,
  say: Translate,
): string {
  switch (state.state) {
    case 'waiting':
      return withTime(waitWords(model, state.wait, say), model.nowNs - state.wait.startNs);
    case 'ready': {
      const sinceNs = state.wait.readyNs ?? model.nowNs;
      return withTime(say('ready, not resumed yet'), model.nowNs - sinceNs);
    }
    case 'running':
      return say('running');
    case 'not-started':
      return say('not started');
    default:
      return withTime(endWords(lane, say), (lane.endNs ?? lane.startNs) - lane.startNs);
  }
}

const withTime = (words: string, ns: number): string => `${words} · ${formatDuration(ns)}`;

/** A name that leaves room for what is said of the lane: `Task-2 fetch(…)`. */
export function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const bare = name.replace(/\(.{4,}\)$/u, '(…)');
  return bare.length <= LONGEST_NAME ? bare : `${bare.slice(0, LONGEST_NAME - 1)}…`;
}

export function waitWords(model: RunModel, wait: Wait, say: Translate): string {
  if (isIdle(wait)) return say('idle');
  const owner = wait.object === null ? null : (model.objects[wait.object]?.owner ?? null);
  const holder = owner === null || wait.kind !== 'lock' ? undefined : model.lanes[owner]?.name;
  return holder
    ? say('wants {0}, held by {1}', wait.label, holder)
    : say(DOES[wait.kind], wait.label);
}

export function endWords(lane: Lane, say: Translate): string {
  switch (lane.end) {
    case 'raised':
      if (wasCancelled(lane)) return say('cancelled');
      return lane.detail ? say('raised: {0}', lane.detail) : say('raised');
    case 'exited':
      return lane.exitCode ? say('exit status {0}', lane.exitCode) : say('done');
    case 'killed':
      return lane.detail ? say('killed: {0}', lane.detail) : say('killed');
    default:
      return say('done');
  }
}
