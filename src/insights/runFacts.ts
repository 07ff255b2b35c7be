/** Owns facts about a run that several rules need. */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import { WAIT_KINDS } from '../trace/format';
import type { WaitKind } from '../trace/format';
import type { RunModel, Site, Wait } from '../trace/model';

export function placeOf(site: Site | null): { file: string | null; line: number | null } {
  return { file: site?.file ?? null, line: site?.line ?? null };
}

export function nameOf(model: RunModel, lane: number, say: Translate): string {
  return model.lanes[lane]?.name ?? say('lane {0}', lane);
}

/** `t1`, `t1 and t2`, `t1, t2 and 3 more`. */
export function namesOf(model: RunModel, lanes: readonly number[], say: Translate): string {
  const [one = '', two, three, ...rest] = lanes.map(lane => nameOf(model, lane, say));
  if (two === undefined) return one;
  if (three === undefined) return say('{0} and {1}', one, two);
  return rest.length === 0
    ? say('{0}, {1} and {2}', one, two, three)
    : say('{0}, {1} and {2} more', one, two, rest.length + 1);
}

/** Waits nest a few deep (a queue's lock inside its get): an open one is among the last of its lane. */
const NESTING = 8;

/** Each lane's innermost wait that it never came back from: it goes on, or the run's end cut it off. */
export function lastWaits(model: RunModel): Wait[] {
  const waits: Wait[] = [];
  for (const lane of model.lanes) {
    if (lane.helper) continue;
    const ids = model.waitsOfLane(lane.id);
    for (let at = ids.length - 1; at >= 0 && at >= ids.length - NESTING; at--) {
      const wait = model.wait(ids[at]!);
      if (wait.outcome !== 'waiting' && wait.outcome !== 'cut-off') continue;
      waits.push(wait);
      break;
    }
  }
  return waits;
}

/** Waits of these kinds that lasted at least so long, told from the columns: a run may have a million short ones. */
export function longWaits(
  model: RunModel,
  kinds: ReadonlySet<WaitKind>,
  atLeastNs: number,
): Wait[] {
  const { kind, startNs, endNs } = model.waitColumns;
  const wanted = Uint8Array.from(WAIT_KINDS, one => (kinds.has(one) ? 1 : 0));
  const waits: Wait[] = [];
  for (let id = 0; id < model.waitCount; id++) {
    if (wanted[kind[id]!] === 0) continue;
    const end = Number.isNaN(endNs[id]!) ? model.nowNs : endNs[id]!;
    if (end - startNs[id]! >= atLeastNs) waits.push(model.wait(id));
  }
  return waits;
}

export function lengthOf(model: RunModel, wait: Wait): number {
  return (wait.endNs ?? model.nowNs) - wait.startNs;
}

/** `for 3.00 s` of what is over. What still goes on is told by its beginning, which stays true as time goes by. */
export function timeWords(
  model: RunModel,
  fromNs: number,
  lengthNs: number,
  say: Translate,
): string {
  return model.finished
    ? say('for {0}', formatDuration(lengthNs))
    : say('since {0} after the start', formatDuration(fromNs));
}

/** Groups by a place in the source; what has no place is left out. */
export function groupBySite<T>(
  items: readonly T[],
  siteOf: (item: T) => Site | null,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const site = siteOf(item);
    if (!site) continue;
    const key = `${site.file}\n${site.line}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
