/** Owns questions asked of a run model: how a lane was doing at a moment, what is held, what a time window shows. Pure. */
import type { Handoff, Hold, LaneState, RunModel, Wait } from './model';

/** Waits nest a few deep (a queue's lock inside its get); one further back does not cover a moment that later ones do not. */
const NESTING = 64;

/** Index of the first wait in `ids` that begins after `ns`. */
export function firstWaitAfter(model: RunModel, ids: ArrayLike<number>, ns: number): number {
  const { startNs } = model.waitColumns;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startNs[ids[middle]!]! <= ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The innermost wait of the lane that covers the moment; null when it was not waiting. */
export function waitAt(model: RunModel, lane: number, ns: number): Wait | null {
  const ids = model.waitsOfLane(lane);
  const { endNs } = model.waitColumns;
  const after = firstWaitAfter(model, ids, ns);
  for (let at = after - 1; at >= 0 && at >= after - NESTING; at--) {
    const end = endNs[ids[at]!]!;
    if (Number.isNaN(end) || end > ns) return model.wait(ids[at]!);
  }
  return null;
}

export function stateAt(model: RunModel, lane: number, ns: number): LaneState {
  const row = model.lanes[lane];
  if (!row || ns < row.startNs) return { state: 'not-started' };
  if (row.endNs !== null && ns >= row.endNs) return { state: 'ended' };
  const wait = waitAt(model, lane, ns);
  if (!wait) return { state: 'running' };
  return wait.readyNs !== null && wait.readyNs <= ns
    ? { state: 'ready', wait }
    : { state: 'waiting', wait };
}

/** Waits that go on at that moment, over all lanes, the longest first. */
export function openWaits(model: RunModel, ns = model.nowNs): Wait[] {
  const waits: Wait[] = [];
  for (const lane of model.lanes) {
    if (lane.endNs !== null && lane.endNs <= ns) continue;
    const wait = waitAt(model, lane.id, ns);
    if (wait) waits.push(wait);
  }
  return waits.toSorted((one, other) => one.startNs - other.startNs);
}

/** What the lane holds at that moment. */
export function holdsAt(model: RunModel, lane: number, ns: number): Hold[] {
  return Array.from(model.holdsOfLane(lane), index => model.hold(index)).filter(
    hold => hold.fromNs <= ns && (hold.toNs === null || hold.toNs > ns),
  );
}

/** How long the lane held the object, in all. */
export function heldNs(model: RunModel, lane: number, object: number): number {
  let sum = 0;
  for (const index of Array.from(model.holdsOfLane(lane))) {
    const hold = model.hold(index);
    if (hold.object === object) sum += (hold.toNs ?? model.nowNs) - hold.fromNs;
  }
  return sum;
}

/** Handoffs with their cause or their effect inside the window, at most `most` of them, each once. */
export function visibleHandoffs(
  model: RunModel,
  fromNs: number,
  toNs: number,
  most: number,
): { readonly handoffs: Handoff[]; readonly isCut: boolean } {
  const handoffs: Handoff[] = [];
  const effects = model.handoffsByEffect;
  const first = lowerBound(effects, fromNs, index => model.handoff(index).to.ns);
  for (let at = first; at < effects.length; at++) {
    const handoff = model.handoff(effects[at]!);
    if (handoff.to.ns > toNs) break;
    if (handoffs.length === most) return { handoffs, isCut: true };
    handoffs.push(handoff);
  }
  const causes = model.handoffsByCause;
  const begin = lowerBound(causes, fromNs, index => model.handoff(index).from.ns);
  for (let at = begin; at < causes.length; at++) {
    const handoff = model.handoff(causes[at]!);
    if (handoff.from.ns > toNs) break;
    if (handoff.to.ns <= toNs) continue;
    if (handoffs.length === most) return { handoffs, isCut: true };
    handoffs.push(handoff);
  }
  return { handoffs, isCut: false };
}

function lowerBound(ids: ArrayLike<number>, ns: number, timeOf: (index: number) => number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(ids[middle]!) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
