/** Finds lanes that slept or waited for something slow while they held a lock that others wanted. */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { WaitKind } from '../trace/format';
import type { RunModel, Wait } from '../trace/model';
import { firstWaitAfter } from '../trace/queries';
import type { Finding, InsightInput } from './finding';
import { lengthOf, longWaits, nameOf, placeOf } from './runFacts';

const LOCK = new Set<WaitKind>(['lock']);
const SLOW = new Set<WaitKind>([
  'sleep',
  'io',
  'join',
  'get',
  'put',
  'drain',
  'result',
  'wait',
  'recv',
  'send',
  'exit',
]);
/** Shorter waits for a lock are not worth a word. */
const SHORT_NS = 20e6;
const WORTH_NS = 50e6;

interface Held {
  readonly by: Wait;
  readonly lock: Wait;
  lostNs: number;
}

export function findLocksHeldWhileWaiting({ model, say }: InsightInput): Finding[] {
  const held = new Map<string, Held>();
  for (const lock of longWaits(model, LOCK, SHORT_NS)) {
    const holder = lock.endedBy ?? lock.on[0] ?? null;
    if (holder === null || holder === lock.lane) continue;
    const slow = slowWait(model, holder, lock);
    if (!slow?.site) continue;
    const key = `${slow.site.file}\n${slow.site.line}\n${lock.label}`;
    const known = held.get(key);
    const lostNs = overlap(model, slow, lock);
    if (known) known.lostNs += lostNs;
    else held.set(key, { by: slow, lock, lostNs });
  }
  return [...held.values()]
    .filter(one => one.lostNs >= WORTH_NS)
    .map(one => describe(model, one, say));
}

/** The longest wait of the holder during the wait for its lock. */
function slowWait(model: RunModel, holder: number, lock: Wait): Wait | null {
  const ids = model.waitsOfLane(holder);
  const until = lock.readyNs ?? lock.endNs ?? model.nowNs;
  let best: Wait | null = null;
  for (let at = firstWaitAfter(model, ids, until) - 1; at >= 0; at--) {
    const wait = model.wait(ids[at]!);
    if ((wait.endNs ?? model.nowNs) < lock.startNs) break;
    if (!SLOW.has(wait.kind)) continue;
    if (!best || overlap(model, wait, lock) > overlap(model, best, lock)) best = wait;
  }
  return best && overlap(model, best, lock) >= lengthOf(model, lock) / 3 ? best : null;
}

function overlap(model: RunModel, one: Wait, other: Wait): number {
  const end = Math.min(one.endNs ?? model.nowNs, other.endNs ?? model.nowNs);
  return Math.max(0, end - Math.max(one.startNs, other.startNs));
}

function describe(model: RunModel, { by, lock, lostNs }: Held, say: Translate): Finding {
  const name = nameOf(model, by.lane, say);
  const lost = formatDuration(lostNs);
  const message =
    by.kind === 'sleep'
      ? say(
          '{0} sleeps here while it holds {1}; others waited {2} for it meanwhile. Do what takes time outside the lock.',
          name,
          lock.label,
          lost,
        )
      : say(
          '{0} waits for {1} here while it holds {2}; others waited {3} for it meanwhile. Do what takes time outside the lock.',
          name,
          by.label,
          lock.label,
          lost,
        );
  const related = lock.site
    ? [
        {
          file: lock.site.file,
          line: lock.site.line,
          message: say('They wait for {0} here', lock.label),
        },
      ]
    : [];
  return {
    rule: 'lock-held-while-waiting',
    severity: 'warning',
    message,
    ...placeOf(by.site),
    related,
  };
}
