/** Owns the answers to single questions about a run: the card of a span, the next wait of a lane, what a search finds. */
import { formatDuration } from '../../base/duration';
import type { Translate } from '../../base/translate';
import type { RunModel, Site, Wait } from '../../trace/model';
import type { Card, CardRequest, Found, Hit } from '../../webview/messages';
import { familyOf } from '../../trace/waitFamilies';
import { firstWaitAfter } from '../../trace/queries';
import { firstTouching, madeAt } from './lanePieces';
import {
  jobLines,
  laneLines,
  notStartedWords,
  siteWords,
  waitLines,
  waitTitle,
  type Sources,
} from './cardWords';
import { spanWords } from './spanWords';

/** Hits beyond this are counted, not listed. */
const MAX_HITS = 500;

export function cardFor(
  model: RunModel,
  ask: CardRequest,
  sources: Sources,
  jobAt: (lane: number, ns: number) => number,
): Card | null {
  const lane = model.lanes[ask.lane];
  const { say } = sources;
  if (!lane) return null;
  const wait = ask.wait === null ? null : validWait(model, ask.wait);
  if (wait) return waitCard(model, ask.request, wait, sources);
  const around = momentsAround(model, ask.lane, ask.atNs);
  const job = model.jobs[jobAt(ask.lane, ask.atNs)];
  const isStarted = ask.atNs >= lane.startNs;
  const lengthNs = Math.max(0, around.toNs - around.fromNs);
  return {
    request: ask.request,
    lane: lane.id,
    wait: null,
    fromNs: around.fromNs,
    toNs: around.toNs,
    group: isStarted ? 'running' : 'idle',
    title: isStarted
      ? say('{0} ran for {1}', lane.name, formatDuration(lengthNs))
      : notStartedWords(lane, lengthNs, say),
    lines: [...(job ? jobLines(model, job, say) : []), ...laneLines(lane, say)],
    hasSite: around.before?.site !== undefined || lane.site !== null,
    hasCulprit: false,
    waitsHere: 0,
  };
}

export function waitCard(
  model: RunModel,
  request: number,
  wait: Wait,
  sources: Sources,
): Card | null {
  const lane = model.lanes[wait.lane];
  if (!lane) return null;
  return {
    request,
    lane: wait.lane,
    wait: wait.id,
    fromNs: wait.startNs,
    toNs: wait.endNs ?? model.nowNs,
    group: familyOf(wait.kind),
    title: waitTitle(model, lane, wait, sources.say),
    lines: waitLines(model, wait, sources),
    hasSite: wait.site !== null,
    hasCulprit: culpritOf(model, wait) !== null,
    waitsHere: wait.site ? model.waitsAtLine(wait.site.file, wait.site.line).length : 1,
  };
}

/** Who holds up, or held up, this wait: who ended it, else what it is on. */
export function culpritOf(
  model: RunModel,
  wait: Wait,
): { lane: number; ns: number; site: Site | null } | null {
  if (wait.endedBy !== null) {
    return {
      lane: wait.endedBy,
      ns: wait.readyNs ?? wait.endNs ?? model.nowNs,
      site: wait.endedAt,
    };
  }
  const owner =
    wait.endNs === null && wait.object !== null
      ? (model.objects[wait.object]?.owner ?? null)
      : null;
  const target = owner ?? wait.on.find(id => model.lanes[id]?.endNs === null) ?? wait.on[0];
  return target === undefined ? null : { lane: target, ns: wait.endNs ?? model.nowNs, site: null };
}

/** The wait that begins next after (or last before) that moment on the lane. */
export function stepWait(
  model: RunModel,
  lane: number,
  atNs: number,
  from: number | null,
  forward: boolean,
): Wait | null {
  const waits = model.waitsOfLane(lane);
  if (from !== null) {
    const base = validWait(model, from);
    for (
      let index = base ? firstTouching(model, waits, base.startNs) : 0;
      index < waits.length;
      index++
    ) {
      if (waits[index] !== from) continue;
      const next = waits[index + (forward ? 1 : -1)];
      return next === undefined ? null : model.wait(next);
    }
  }
  const { startNs } = model.waitColumns;
  let after = firstWaitAfter(model, waits, atNs);
  // A wait that begins at that very moment is ahead, not behind.
  while (after > 0 && startNs[waits[after - 1]!] === atNs) after--;
  const id = waits[forward ? after : after - 1];
  return id === undefined ? null : model.wait(id);
}

/** Lanes by name and detail, jobs by name, waits by what they are called and where they are. */
export function findText(model: RunModel, request: number, text: string, say: Translate): Found {
  const wordsOf = spanWords(say);
  const needle = text.trim().toLowerCase();
  const hits: Hit[] = [];
  let total = 0;
  const add = (hit: Hit): void => {
    total++;
    if (hits.length < MAX_HITS) hits.push(hit);
  };
  if (needle) {
    for (const lane of model.lanes) {
      if (`${lane.name} ${lane.detail ?? ''}`.toLowerCase().includes(needle)) {
        add({
          lane: lane.id,
          atNs: lane.startNs,
          toNs: lane.endNs ?? model.nowNs,
          wait: null,
          text: lane.name,
        });
      }
    }
    for (const job of model.jobs) {
      if (job.lane === null || job.startNs === null || !job.name.toLowerCase().includes(needle))
        continue;
      add({
        lane: job.lane,
        atNs: job.startNs,
        toNs: job.endNs ?? model.nowNs,
        wait: null,
        text: job.name,
      });
    }
    for (let id = 0; id < model.waitCount; id++) {
      const wait = model.wait(id);
      const words = wordsOf(wait);
      const all = `${words} ${wait.kind} ${wait.site ? siteWords(wait.site) : ''}`;
      if (all.toLowerCase().includes(needle)) add(hitOf(model, wait, words));
    }
  }
  return { request, text: text.trim(), total, hits };
}

export function waitsHere(model: RunModel, request: number, id: number, say: Translate): Found {
  const wait = validWait(model, id);
  if (!wait?.site) return { request, text: '', total: 0, hits: [] };
  const ids = Array.from(model.waitsAtLine(wait.site.file, wait.site.line));
  const wordsOf = spanWords(say);
  const hits = ids
    .slice(0, MAX_HITS)
    .map(one => model.wait(one))
    .map(one => hitOf(model, one, wordsOf(one)));
  return { request, text: siteWords(wait.site), total: ids.length, hits };
}

const hitOf = (model: RunModel, wait: Wait, text: string): Hit => ({
  lane: wait.lane,
  atNs: wait.startNs,
  toNs: wait.endNs ?? model.nowNs,
  wait: wait.id,
  text,
});

export const validWait = (model: RunModel, id: number): Wait | null =>
  Number.isInteger(id) && id >= 0 && id < model.waitCount ? model.wait(id) : null;

/** The stretch of running that holds this moment, and the wait before it. */
function momentsAround(
  model: RunModel,
  laneId: number,
  atNs: number,
): { fromNs: number; toNs: number; before: Wait | null } {
  const lane = model.lanes[laneId];
  const lifeEnd = lane?.endNs ?? model.nowNs;
  if (lane && atNs < lane.startNs)
    return { fromNs: madeAt(lane), toNs: lane.startNs, before: null };
  const waits = model.waitsOfLane(laneId);
  let fromNs = lane?.startNs ?? 0;
  let toNs = lifeEnd;
  let before: Wait | null = null;
  for (let index = firstTouching(model, waits, atNs); index < waits.length; index++) {
    const wait = model.wait(waits[index]!);
    if (wait.startNs > atNs) {
      toNs = Math.min(toNs, wait.startNs);
      break;
    }
    if (wait.endNs !== null && wait.endNs <= atNs && wait.endNs >= fromNs) {
      fromNs = wait.endNs;
      before = wait;
    }
  }
  return { fromNs, toNs, before };
}
