/** Finds lanes that wait for an item, a message or a signal that nobody is left to send. */
import type { Translate } from '../base/translate';
import type { RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, lastWaits, lengthOf, namesOf, placeOf, timeWords } from './runFacts';

const FOR_OTHERS = new Set(['get', 'put', 'event', 'condition', 'barrier', 'recv', 'drain']);
/** Something outside the run may wake it. */
const MAY_GO_ON = new Set(['sleep', 'io', 'idle']);
/** While a run lives, a shorter wait may still be served. */
const PATIENCE_NS = 1e9;

/**
 * A run in which every lane waits without a limit, and at least one of them for another's doing, goes on no more. Lanes
 * that wait for those (a join) are held up by them, and those that the run's end cut off as daemons are meant to be.
 */
export function findEndlessWaits({ model, say }: InsightInput): Finding[] {
  const waits = lastWaits(model);
  const waiting = new Set(waits.map(wait => wait.lane));
  const stuck = waits.filter(wait => isStuck(model, wait));
  if (stuck.length === 0) return [];
  const moving = model.lanes.filter(lane => isMoving(model, lane.id, waiting, waits));
  if (moving.length > 0) return [];
  return [...groupBySite(stuck, wait => wait.site).values()].map(group =>
    describe(model, group, say),
  );
}

function isStuck(model: RunModel, wait: Wait): boolean {
  const lane = model.lanes[wait.lane];
  if (!lane || !FOR_OTHERS.has(wait.kind) || wait.timeoutNs !== null) return false;
  if (model.finished && (lane.daemon || lane.end !== 'killed')) return false;
  return lengthOf(model, wait) >= PATIENCE_NS;
}

/** It runs, sleeps or waits for a limited time: it may still do what others wait for. */
function isMoving(
  model: RunModel,
  id: number,
  waiting: ReadonlySet<number>,
  waits: readonly Wait[],
): boolean {
  const lane = model.lanes[id];
  if (!lane || lane.helper) return false;
  // Those that ended before the others were cut off can do nothing any more.
  if (lane.endNs !== null && !(model.finished && lane.end === 'killed')) return false;
  if (!waiting.has(id)) return true;
  const wait = waits.find(one => one.lane === id);
  return wait === undefined || MAY_GO_ON.has(wait.kind) || wait.timeoutNs !== null;
}

function describe(model: RunModel, group: readonly Wait[], say: Translate): Finding {
  const first = group[0]!;
  const who = namesOf(
    model,
    group.map(wait => wait.lane),
    say,
  );
  const since = Math.max(...group.map(wait => wait.startNs));
  const length = Math.min(...group.map(wait => lengthOf(model, wait)));
  const time = timeWords(model, since, length, say);
  const place = placeOf(first.site);
  if (first.kind === 'drain') {
    const message = say(
      '{0} waits for all work of {1} to be done, {2}, but nobody is left to do it: each get() needs a task_done().',
      who,
      first.label,
      time,
    );
    return { rule: 'unfinished-drain', severity: 'error', message, ...place };
  }
  const told =
    group.length === 1
      ? say(
          '{0} waits for {1}, {2}, but every other lane has ended or waits too, so nobody is left to end this wait.',
          who,
          first.label,
          time,
        )
      : say(
          '{0} wait for {1}, {2}, but every other lane has ended or waits too, so nobody is left to end this wait.',
          who,
          first.label,
          time,
        );
  const message = `${told} ${adviceFor(first, say)}`;
  return { rule: 'endless-wait', severity: 'error', message, ...place };
}

function adviceFor(wait: Wait, say: Translate): string {
  switch (wait.kind) {
    case 'get':
      return say('Put an item that means the end, one for each that gets.');
    case 'put':
      return say('The queue is full: somebody has to get from it.');
    case 'event':
      return say('Somebody has to call set().');
    case 'condition':
      return say('Somebody has to call notify().');
    case 'barrier':
      return say('The barrier wants more parties than there are.');
    default:
      return say('Close the other end when nothing more is sent.');
  }
}
