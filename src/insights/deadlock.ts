/** Finds lanes that wait for each other in a circle, while they do so or when the run was ended for it. */
import type { RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput, RelatedPlace } from './finding';
import { lastWaits, nameOf, placeOf, timeWords } from './runFacts';

/** A join of a thread that is busy is no deadlock yet; one that waits for others may be. */
export function findDeadlocks({ model }: InsightInput): Finding[] {
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

function describe(model: RunModel, cycle: readonly Wait[]): Finding {
  const first = cycle[0]!;
  const since = Math.max(...cycle.map(wait => wait.startNs));
  const until = Math.min(...cycle.map(wait => wait.endNs ?? model.nowNs));
  const parts = cycle.map(wait => `${nameOf(model, wait.lane)} ${does(model, wait)}`);
  const time = timeWords(model, since, Math.max(0, until - since));
  const related = cycle.slice(1).flatMap((wait): RelatedPlace[] => {
    if (!wait.site) return [];
    const { file, line } = wait.site;
    return [{ file, line, message: `${nameOf(model, wait.lane)} ${does(model, wait)}` }];
  });
  const message =
    cycle.length === 1
      ? `Deadlock: ${nameOf(model, first.lane)} waits for ${first.label}, which it holds itself. A lock cannot be taken twice by one thread; an RLock can.`
      : `Deadlock ${time}: ${parts.join('; ')}. None of them can go on. Take the locks in the same order everywhere.`;
  return { rule: 'deadlock', severity: 'error', message, ...placeOf(first.site), related };
}

function does(model: RunModel, wait: Wait): string {
  const line = wait.site ? ` (line ${wait.site.line})` : '';
  const blocker = blockerOf(model, wait);
  if (wait.kind !== 'lock') return `waits for ${wait.label}${line}`;
  const held = blocker === null ? '' : `, which ${nameOf(model, blocker)} holds`;
  return `waits for ${wait.label}${held}${line}`;
}
