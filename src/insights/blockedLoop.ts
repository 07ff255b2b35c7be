/** Finds tasks that held up their event loop: they ran for long without an await, and other tasks could not run. */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { RunModel, Site, Step, Wait } from '../trace/model';
import { firstWaitAfter } from '../trace/queries';
import type { Finding, InsightInput } from './finding';
import { nameOf, placeOf } from './runFacts';

/** As asyncio's own debug mode has it; shorter ones are also the doing of the machine. */
const WORTH_NS = 100e6;

interface Block {
  readonly lane: number;
  readonly site: Site | null;
  /** What it waited for meanwhile, when it did not just compute. */
  readonly wait: Wait | null;
  count: number;
  worstNs: number;
  others: number;
}

export function findBlockedLoops({ model, say }: InsightInput): Finding[] {
  const blocks = new Map<string, Block>();
  for (let index = 0; index < model.stepCount; index++) {
    const step = model.step(index);
    const ns = (step.toNs ?? model.nowNs) - step.fromNs;
    if (ns < WORTH_NS) continue;
    const others = othersDuring(model, step);
    if (others === 0) continue;
    const wait = longestWaitIn(model, step);
    const site = wait?.site ?? step.site ?? model.lanes[step.lane]?.site ?? null;
    const key = site ? `${site.file}\n${site.line}` : `lane ${step.lane}`;
    const known = blocks.get(key);
    if (known) {
      known.count++;
      known.worstNs = Math.max(known.worstNs, ns);
      known.others = Math.max(known.others, others);
    } else blocks.set(key, { lane: step.lane, site, wait, count: 1, worstNs: ns, others });
  }
  return [...blocks.values()].map(block => describe(model, block, say));
}

/** Other tasks of the same thread that lived through the step. */
function othersDuring(model: RunModel, step: Step): number {
  const own = model.lanes[step.lane];
  const end = step.toNs ?? model.nowNs;
  return model.lanes.filter(
    lane =>
      lane.kind === 'task' &&
      lane.id !== step.lane &&
      lane.process === own?.process &&
      lane.startNs < end &&
      (lane.endNs ?? model.nowNs) > step.fromNs,
  ).length;
}

/** A wait that begins and ends within one step is one that blocks the thread. */
function longestWaitIn(model: RunModel, step: Step): Wait | null {
  const ids = model.waitsOfLane(step.lane);
  const end = step.toNs ?? model.nowNs;
  let best: Wait | null = null;
  for (let at = firstWaitAfter(model, ids, step.fromNs); at < ids.length; at++) {
    const wait = model.wait(ids[at]!);
    if (wait.startNs > end) break;
    const waitEnd = wait.endNs ?? model.nowNs;
    if (waitEnd > end + 1e5) continue;
    if (!best || waitEnd - wait.startNs > (best.endNs ?? 0) - best.startNs) best = wait;
  }
  return best && (best.endNs ?? 0) - best.startNs >= (end - step.fromNs) / 2 ? best : null;
}

function describe(model: RunModel, block: Block, say: Translate): Finding {
  return {
    rule: 'blocked-loop',
    severity: 'warning',
    message: `${effectOf(model, block, say)} ${causeOf(block, say)}`,
    ...placeOf(block.site),
  };
}

function effectOf(
  model: RunModel,
  { lane, worstNs, count, others }: Block,
  say: Translate,
): string {
  const name = nameOf(model, lane, say);
  const length = formatDuration(worstNs);
  if (count === 1) {
    return others === 1
      ? say(
          '{0} held up the event loop for {1}: another task could not run meanwhile.',
          name,
          length,
        )
      : say(
          '{0} held up the event loop for {1}: {2} other tasks could not run meanwhile.',
          name,
          length,
          others,
        );
  }
  return others === 1
    ? say(
        '{0} held up the event loop for {1}, {2} times: another task could not run meanwhile.',
        name,
        length,
        count,
      )
    : say(
        '{0} held up the event loop for {1}, {2} times: {3} other tasks could not run meanwhile.',
        name,
        length,
        count,
        others,
      );
}

function causeOf({ wait, site }: Block, say: Translate): string {
  if (wait?.kind === 'sleep')
    return say('Use await asyncio.sleep(...) in place of time.sleep(...).');
  if (wait)
    return say('It waits for {0} without an await; do that in asyncio.to_thread(...).', wait.label);
  return site
    ? say(
        'It computes up to this line without an await; do that in asyncio.to_thread(...) or in a process.',
      )
    : say('It computes without an await; do that in asyncio.to_thread(...) or in a process.');
}
