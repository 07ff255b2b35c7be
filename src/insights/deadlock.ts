/** Finds lanes that wait for each other in a circle, while they do so or when the run was ended for it. */
import type { Translate } from '../base/translate';
import type { RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput, RelatedPlace } from './finding';
import { lastWaits, nameOf, placeOf, timeWords } from './runFacts';

/** A join of a thread that is busy is no deadlock yet; one that waits for others may be. */
export function findDeadlocks({ model, say }: InsightInput): Finding[] {
  const waits = new Map<number, Wait>();
  for (const wait of lastWaits(model)) {
    if (wait.timeoutNs === null) waits.set(wait.lane, wait);
  }
  const seen = new Set<number>();
  const findings: Finding[] = [];
  for (const start of waits.keys()) {
    const path: number[] = [];
    let lane: number | null = start;
    while (lane !== null && waits.has(lane) && !seen.has(lane)) {
      seen.add(lane);
      path.push(lane);
      lane = blockerOf(model, waits.get(lane)!);
    }
    const at = lane === null ? -1 : path.indexOf(lane);
    if (at >= 0)
      findings.push(
        describe(
          model,
          path.slice(at).map(id => waits.get(id)!),
          say,
        ),
      );
  }
  return findings;
}

/** The lane that must act before this wait can end; null where it could be any. */
function blockerOf(model: RunModel, wait: Wait): number | null {
  if (wait.kind === 'lock') {
    const owner = wait.object === null ? null : model.objects[wait.object]?.owner;
    return owner ?? wait.on[0] ?? null;
  }
  if (wait.kind === 'join' || wait.kind === 'result' || wait.kind === 'await') {
    return wait.on.find(id => isUnfinished(model, id, wait)) ?? null;
  }
  return null;
}

function isUnfinished(model: RunModel, lane: number, wait: Wait): boolean {
  const end = model.lanes[lane]?.endNs ?? null;
  return end === null || wait.endNs === null || end >= wait.endNs;
}

function describe(model: RunModel, cycle: readonly Wait[], say: Translate): Finding {
  const first = cycle[0]!;
  const related = cycle.slice(1).flatMap((wait): RelatedPlace[] => {
    if (!wait.site) return [];
    const { file, line } = wait.site;
    return [{ file, line, message: waitsFor(model, wait, say) }];
  });
  const message =
    cycle.length === 1 ? aloneWords(model, first, say) : circleWords(model, cycle, say);
  return { rule: 'deadlock', severity: 'error', message, ...placeOf(first.site), related };
}

function aloneWords(model: RunModel, wait: Wait, say: Translate): string {
  return say(
    'Deadlock: {0} waits for {1}, which it holds itself. A lock cannot be taken twice by one thread; an RLock can.',
    nameOf(model, wait.lane, say),
    wait.label,
  );
}

function circleWords(model: RunModel, cycle: readonly Wait[], say: Translate): string {
  const since = Math.max(...cycle.map(wait => wait.startNs));
  const until = Math.min(...cycle.map(wait => wait.endNs ?? model.nowNs));
  return say(
    'Deadlock {0}: {1}. None of them can go on. Take the locks in the same order everywhere.',
    timeWords(model, since, Math.max(0, until - since), say),
    cycle
      .map(wait => waitsFor(model, wait, say))
      .reduce((before, words) => say('{0}; {1}', before, words)),
  );
}

/** `A waits for lock left, which B holds (line 16)`. */
function waitsFor(model: RunModel, wait: Wait, say: Translate): string {
  const name = nameOf(model, wait.lane, say);
  const blocker = wait.kind === 'lock' ? blockerOf(model, wait) : null;
  const line = wait.site?.line;
  if (blocker === null) {
    return line === undefined
      ? say('{0} waits for {1}', name, wait.label)
      : say('{0} waits for {1} (line {2})', name, wait.label, line);
  }
  const holder = nameOf(model, blocker, say);
  return line === undefined
    ? say('{0} waits for {1}, which {2} holds', name, wait.label, holder)
    : say('{0} waits for {1}, which {2} holds (line {3})', name, wait.label, holder, line);
}
