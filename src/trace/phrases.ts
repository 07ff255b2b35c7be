/**
 * Owns the sentences about waits that a beginner understands, the same in the editor, the terminal and the timeline.
 * `waited 4.00 s for Thread T2`, `waiting for queue jobs, 1.2 s`, `4 waits, 3.98 s in all, longest 1.01 s (t3)`.
 */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { WaitKind } from './format';
import type { RunModel, Wait } from './model';
import * as sentences from './waitSentences';

/** Gaps of less are not worth a word. */
const SMALL_NS = 1e6;

/** In its event loop, where nobody knows what will happen next; where it is known who can wake it, those are waited for. */
export const isIdle = (wait: Wait): boolean => wait.kind === 'idle' && wait.label === 'idle';

/** One wait, over or not. */
export function waitPhrase(model: RunModel, wait: Wait, say: Translate): string {
  return wait.outcome === 'waiting'
    ? waitingPhrase(model, wait, say)
    : waitedPhrase(model, wait, say);
}

/** `waiting for lock results_lock, held by T2, 1.2 s`. */
export function waitingPhrase(model: RunModel, wait: Wait, say: Translate): string {
  const time = formatDuration(Math.max(0, model.nowNs - wait.startNs));
  if (wait.kind === 'sleep') return say('sleeping, {0}', time);
  if (isIdle(wait)) return say('idle, {0}', time);
  const extra = stillOpen(model, wait, say) ?? heldBy(holder(model, wait), say);
  const words = waitingWords(wait, say);
  return extra === null ? say('{0}, {1}', words, time) : say('{0}, {1}, {2}', words, extra, time);
}

/** `waiting for an item from queue jobs`, `sleeping`. */
export function waitingWords(wait: Wait, say: Translate): string {
  if (wait.kind === 'sleep') return say('sleeping');
  if (isIdle(wait)) return say('idle');
  return say(sentences.WAITING[sentences.SOUGHT[wait.kind]], wait.label);
}

/** `waited 4.00 s for Thread T2`, and how it came out when it did not just succeed. */
export function waitedPhrase(model: RunModel, wait: Wait, say: Translate): string {
  const time = formatDuration((wait.endNs ?? model.nowNs) - wait.startNs);
  if (isIdle(wait)) {
    return wait.outcome === 'cut-off'
      ? say('was idle when the run ended, for {0}', time)
      : say('was idle for {0}', time);
  }
  if (wait.kind === 'sleep') return sleptPhrase(model, wait, time, say);
  const sought = sentences.SOUGHT[wait.kind];
  const { label } = wait;
  switch (wait.outcome) {
    case 'timed-out':
      return say(sentences.GAVE_UP[sought], time, label);
    case 'raised': {
      const detail = detailOf(model, wait);
      const waited = hasNotWaited(wait)
        ? say(sentences.NO_WAIT[sought], label)
        : say(sentences.WAITED[sought], time, label);
      return detail
        ? say('{0}, which raised {1}', waited, detail)
        : say('{0}, cut short by an exception', waited);
    }
    case 'cancelled':
      return say(sentences.CANCELLED[sought], time, label);
    case 'cut-off': {
      const name = holder(model, wait);
      return name === null
        ? say(sentences.CUT_OFF[sought], time, label)
        : say('was waiting for {1}, held by {2}, when the run ended, for {0}', time, label, name);
    }
    default: {
      if (hasNotWaited(wait)) return say(sentences.NO_WAIT[sought], label);
      const extra = lastOf(model, wait, say) ?? heldBy(holder(model, wait), say);
      const waited = say(sentences.WAITED[sought], time, label);
      return extra === null ? waited : say('{0}; {1}', waited, extra);
    }
  }
}

/** The clock saw no time go by. */
const hasNotWaited = (wait: Wait): boolean => wait.endNs === wait.startNs;

function sleptPhrase(model: RunModel, wait: Wait, time: string, say: Translate): string {
  switch (wait.outcome) {
    case 'timed-out':
      return say('gave up after {0} of waiting', time);
    case 'raised': {
      const detail = detailOf(model, wait);
      return detail
        ? say('slept {0}, cut short by {1}', time, detail)
        : say('slept {0}, cut short by an exception', time);
    }
    case 'cancelled':
      return say('cancelled after {0} of sleep', time);
    case 'cut-off':
      return say('was sleeping when the run ended, for {0}', time);
    default:
      return say('slept {0}', time);
  }
}

/** How long the lane stood ready and was not resumed: the scheduler, the GIL or a blocked loop. Null when hardly at all. */
export function readyGapPhrase(wait: Wait, say: Translate): string | null {
  if (wait.readyNs === null || wait.endNs === null) return null;
  const gap = wait.endNs - wait.readyNs;
  return gap >= 5 * SMALL_NS ? say('ready {0} before it went on', formatDuration(gap)) : null;
}

export interface LineSummary {
  readonly text: string;
  /** At least one of them still goes on. */
  readonly isLive: boolean;
  readonly count: number;
  readonly totalNs: number;
  /** The wait to show for the line: one that goes on, else the longest. */
  readonly wait: number;
  readonly kind: WaitKind;
}

/** All waits of one line in a phrase; undefined when there were none. `ids` as `model.waitsAtLine` gives them. */
export function lineSummary(
  model: RunModel,
  ids: ArrayLike<number>,
  say: Translate,
): LineSummary | undefined {
  const groups = groupByKind(model, ids);
  const [main, second] = groups;
  if (!main) return undefined;
  const open = groups.flatMap(group => group.open);
  const shown = model.wait(open[0] ?? main.longest);
  const totalNs = groups.reduce((sum, group) => sum + group.totalNs, 0);
  const common = { isLive: open.length > 0, count: ids.length, totalNs, wait: shown.id };
  if (ids.length === 1) return { ...common, text: waitPhrase(model, shown, say), kind: shown.kind };
  if (open.length > 0) {
    const text = liveLine(waitingPhrase(model, shown, say), open.length - 1, ids.length, say);
    return { ...common, text, kind: shown.kind };
  }
  // A line may do several things; what takes hardly any of its time is not worth a word.
  const isMixed = second !== undefined && second.totalNs > totalNs / 20;
  const first = groupPhrase(model, main, say);
  const text = isMixed ? say('{0}; {1}', first, groupPhrase(model, second, say)) : first;
  return { ...common, text, kind: shown.kind };
}

interface KindGroup {
  readonly first: number;
  count: number;
  totalNs: number;
  longest: number;
  longestNs: number;
  readonly open: number[];
}

/** The kind that took most of the time first. */
function groupByKind(model: RunModel, ids: ArrayLike<number>): KindGroup[] {
  const { kind, startNs, endNs } = model.waitColumns;
  const groups: (KindGroup | undefined)[] = [];
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    const group = (groups[kind[id]!] ??= {
      first: id,
      count: 0,
      totalNs: 0,
      longest: id,
      longestNs: -1,
      open: [],
    });
    const isOpen = Number.isNaN(endNs[id]!);
    const ns = Math.max(0, (isOpen ? model.nowNs : endNs[id]!) - startNs[id]!);
    if (isOpen) group.open.push(id);
    group.count++;
    group.totalNs += ns;
    if (ns > group.longestNs) {
      group.longestNs = ns;
      group.longest = id;
    }
  }
  return groups
    .filter(group => group !== undefined)
    .toSorted((one, other) => other.totalNs - one.totalNs);
}

function groupPhrase(model: RunModel, group: KindGroup, say: Translate): string {
  if (group.count === 1) return waitPhrase(model, model.wait(group.first), say);
  return severalPhrase(model, group, say);
}

/** `more` lanes wait at the line too; `count` times it was waited at in all. */
function liveLine(phrase: string, more: number, count: number, say: Translate): string {
  if (more === 1) return say('{0} (and {1} more lane here)', phrase, more);
  if (more > 0) return say('{0} (and {1} more lanes here)', phrase, more);
  const tens = count % 100;
  const ones = tens >= 11 && tens <= 13 ? 0 : count % 10;
  if (ones === 1) return say('{0} ({1}st wait here)', phrase, count);
  if (ones === 2) return say('{0} ({1}nd wait here)', phrase, count);
  if (ones === 3) return say('{0} ({1}rd wait here)', phrase, count);
  return say('{0} ({1}th wait here)', phrase, count);
}

/** `4 waits, 3.98 s in all, longest 1.01 s (t3)`. */
function severalPhrase(model: RunModel, group: KindGroup, say: Translate): string {
  const { count, totalNs } = group;
  const total = formatDuration(totalNs);
  const longest = formatDuration(group.longestNs);
  const wait = model.wait(group.longest);
  if (wait.kind === 'sleep')
    return say('{0} sleeps, {1} in all, longest {2}', count, total, longest);
  if (totalNs === 0) return say('{0} times, without having to wait', count);
  if (totalNs < SMALL_NS) return say('{0} waits, only {1} in all', count, total);
  // Who the longest was for; on an object that all wait for alike, which lane it was that waited.
  const waiting = wait.object === null ? undefined : model.lanes[wait.lane]?.name;
  return waiting
    ? say('{0} waits, {1} in all, longest {2} (by {3})', count, total, longest, waiting)
    : say('{0} waits, {1} in all, longest {2} ({3})', count, total, longest, wait.label);
}

/** For several at once: which was last, and how much earlier the rest were done. */
function lastOf(model: RunModel, wait: Wait, say: Translate): string | null {
  const ends = endsOf(model, wait);
  if (ends.length < 2) return null;
  const done = ends.filter(end => end.ns !== null && end.ns <= (wait.endNs ?? Infinity));
  if (done.length < 2) return null;
  done.sort((one, other) => other.ns! - one.ns!);
  const [last, next] = done;
  const gap = last!.ns! - next!.ns!;
  if (gap < SMALL_NS) return say('last {0}, all at about the same time', last!.name);
  const time = formatDuration(gap);
  return done.length === 2
    ? say('last {0}, {1} was done {2} earlier', last!.name, next!.name, time)
    : say('last {0}, the rest were done {1} earlier', last!.name, time);
}

/** For several at once, while waiting: `2 of 3 done`. */
function stillOpen(model: RunModel, wait: Wait, say: Translate): string | null {
  const ends = endsOf(model, wait);
  if (ends.length < 2) return null;
  const open = ends.filter(end => end.ns === null);
  if (open.length === 1) return say('only {0} is left', open[0]!.name);
  const done = ends.length - open.length;
  return done > 0 ? say('{0} of {1} done', done, ends.length) : null;
}

function endsOf(model: RunModel, wait: Wait): { name: string; ns: number | null }[] {
  if (wait.object !== null && wait.jobs.length === 0) return [];
  const ends: { name: string; ns: number | null }[] = [];
  for (const id of wait.jobs) {
    const job = model.jobs[id];
    if (job) ends.push({ name: job.name, ns: job.endNs });
  }
  if (ends.length > 0) return ends;
  for (const id of wait.on) {
    const lane = model.lanes[id];
    if (lane) ends.push({ name: lane.name, ns: lane.endNs });
  }
  return ends;
}

const heldBy = (name: string | null, say: Translate): string | null =>
  name === null ? null : say('held by {0}', name);

/** Who holds, or held, the lock that was waited for. */
function holder(model: RunModel, wait: Wait): string | null {
  if (wait.kind !== 'lock') return null;
  const isOpen = wait.outcome === 'waiting' || wait.outcome === 'cut-off';
  const owner = isOpen && wait.object !== null ? model.objects[wait.object]?.owner : null;
  const lane = model.lanes[owner ?? wait.on[0] ?? wait.endedBy ?? -1];
  return !lane || lane.id === wait.lane ? null : lane.name;
}

function detailOf(model: RunModel, wait: Wait): string {
  const job = model.jobs[wait.jobs[0] ?? -1];
  return job?.detail ?? model.lanes[wait.endedBy ?? wait.on[0] ?? -1]?.detail ?? '';
}
