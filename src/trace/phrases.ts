/**
 * Owns the sentences about waits that a beginner understands, the same in the editor, the terminal and the timeline.
 * `waited 4.00 s for Thread T2`, `waiting for queue jobs, 1.2 s`, `4 waits, 3.98 s in all, longest 1.01 s (t3)`.
 */
import { formatDuration } from '../base/duration';
import type { WaitKind } from './format';
import type { RunModel, Wait } from './model';

/** What goes between `waited ...` and the label. */
const FOR: Readonly<Record<WaitKind, string>> = {
  join: 'for',
  lock: 'for',
  condition: 'for',
  event: 'for',
  semaphore: 'for',
  barrier: 'at',
  get: 'for an item from',
  put: 'for room in',
  drain: 'for all work of',
  result: 'for the result of',
  wait: 'for',
  await: 'for',
  recv: 'for data from',
  send: 'to send to',
  exit: 'for the end of',
  shutdown: 'for the end of',
  sleep: '',
  io: 'for',
  idle: 'for',
};

/** Gaps of less are not worth a word. */
const SMALL_NS = 1e6;

/** `for Thread T2`, `for an item from queue jobs`; empty for a sleep. */
export function objectOf(wait: Wait): string {
  return wait.kind === 'sleep' || isIdle(wait) ? '' : `${FOR[wait.kind]} ${wait.label}`;
}

/** In its event loop, where nobody knows what will happen next; where it is known who can wake it, those are waited for. */
export const isIdle = (wait: Wait): boolean => wait.kind === 'idle' && wait.label === 'idle';

/** One wait, over or not. */
export function waitPhrase(model: RunModel, wait: Wait): string {
  return wait.outcome === 'waiting' ? waitingPhrase(model, wait) : waitedPhrase(model, wait);
}

/** `waiting for lock results_lock, held by T2, 1.2 s`. */
export function waitingPhrase(model: RunModel, wait: Wait): string {
  const time = formatDuration(Math.max(0, model.nowNs - wait.startNs));
  if (wait.kind === 'sleep') return `sleeping, ${time}`;
  if (isIdle(wait)) return `idle, ${time}`;
  const extra = stillOpen(model, wait) ?? holder(model, wait);
  return `waiting ${objectOf(wait)}${extra ? `, ${extra}` : ''}, ${time}`;
}

/** `waited 4.00 s for Thread T2`, and how it came out when it did not just succeed. */
export function waitedPhrase(model: RunModel, wait: Wait): string {
  const time = formatDuration((wait.endNs ?? model.nowNs) - wait.startNs);
  if (isIdle(wait)) {
    return wait.outcome === 'cut-off'
      ? `was idle when the run ended, for ${time}`
      : `was idle for ${time}`;
  }
  const object = objectOf(wait);
  const behind = object ? ` ${object}` : '';
  switch (wait.outcome) {
    case 'timed-out':
      return `gave up after ${time} of waiting${behind}`;
    case 'raised': {
      const detail = detailOf(model, wait);
      if (wait.kind === 'sleep') return `slept ${time}, cut short by${detail || ' an exception'}`;
      return `waited ${time}${behind}, ${detail ? `which raised${detail}` : 'cut short by an exception'}`;
    }
    case 'cancelled':
      return wait.kind === 'sleep'
        ? `cancelled after ${time} of sleep`
        : `cancelled after ${time} of waiting${behind}`;
    case 'cut-off': {
      if (wait.kind === 'sleep') return `was sleeping when the run ended, for ${time}`;
      const extra = holder(model, wait);
      return `was waiting${behind}${extra ? `, ${extra},` : ''} when the run ended, for ${time}`;
    }
    default: {
      if (wait.kind === 'sleep') return `slept ${time}`;
      // The clock saw no time go by.
      if (wait.endNs === wait.startNs) return `did not have to wait${behind}`;
      const extra = lastOf(model, wait) ?? holder(model, wait);
      return `waited ${time}${behind}${extra ? `; ${extra}` : ''}`;
    }
  }
}

/** How long the lane stood ready and was not resumed: the scheduler, the GIL or a blocked loop. Null when hardly at all. */
export function readyGapPhrase(wait: Wait): string | null {
  if (wait.readyNs === null || wait.endNs === null) return null;
  const gap = wait.endNs - wait.readyNs;
  return gap >= 5 * SMALL_NS ? `ready ${formatDuration(gap)} before it went on` : null;
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
export function lineSummary(model: RunModel, ids: ArrayLike<number>): LineSummary | undefined {
  const groups = groupByKind(model, ids);
  const [main, second] = groups;
  if (!main) return undefined;
  const open = groups.flatMap(group => group.open);
  const shown = model.wait(open[0] ?? main.longest);
  const totalNs = groups.reduce((sum, group) => sum + group.totalNs, 0);
  const common = { isLive: open.length > 0, count: ids.length, totalNs, wait: shown.id };
  if (ids.length === 1) return { ...common, text: waitPhrase(model, shown), kind: shown.kind };
  if (open.length > 0) {
    return { ...common, text: liveLine(model, shown, open, ids.length), kind: shown.kind };
  }
  // A line may do several things; what takes hardly any of its time is not worth a word.
  const isMixed = second !== undefined && second.totalNs > totalNs / 20;
  const text = groupPhrase(model, main) + (isMixed ? `; ${groupPhrase(model, second)}` : '');
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

function groupPhrase(model: RunModel, group: KindGroup): string {
  if (group.count === 1) return waitPhrase(model, model.wait(group.first));
  return severalPhrase(model, group);
}

function liveLine(model: RunModel, first: Wait, open: readonly number[], count: number): string {
  const phrase = waitingPhrase(model, first);
  const more = open.length - 1;
  if (more > 0) return `${phrase} (and ${more} more ${more === 1 ? 'lane' : 'lanes'} here)`;
  return `${phrase} (${ordinal(count)} wait here)`;
}

/** `4 waits, 3.98 s in all, longest 1.01 s (t3)`. */
function severalPhrase(model: RunModel, group: KindGroup): string {
  const { count, totalNs, longestNs } = group;
  const total = formatDuration(totalNs);
  const longest = model.wait(group.longest);
  if (longest.kind === 'sleep') {
    return `${count} sleeps, ${total} in all, longest ${formatDuration(longestNs)}`;
  }
  if (totalNs === 0) return `${count} times, without having to wait`;
  if (totalNs < SMALL_NS) return `${count} waits, only ${total} in all`;
  const name = shortName(model, longest);
  return `${count} waits, ${total} in all, longest ${formatDuration(longestNs)} (${name})`;
}

/** Who the longest wait was for; on an object that all wait for alike, which lane it was that waited. */
function shortName(model: RunModel, wait: Wait): string {
  const waiting = model.lanes[wait.lane]?.name;
  return wait.object === null || !waiting ? wait.label : `by ${waiting}`;
}

/** For several at once: which was last, and how much earlier the rest were done. */
function lastOf(model: RunModel, wait: Wait): string | null {
  const ends = endsOf(model, wait);
  if (ends.length < 2) return null;
  const done = ends.filter(end => end.ns !== null && end.ns <= (wait.endNs ?? Infinity));
  if (done.length < 2) return null;
  done.sort((one, other) => other.ns! - one.ns!);
  const [last, next] = done;
  const gap = last!.ns! - next!.ns!;
  const rest = done.length === 2 ? `${next!.name} was` : 'the rest were';
  if (gap < SMALL_NS) return `last ${last!.name}, all at about the same time`;
  return `last ${last!.name}, ${rest} done ${formatDuration(gap)} earlier`;
}

/** For several at once, while waiting: `2 of 3 done`. */
function stillOpen(model: RunModel, wait: Wait): string | null {
  const ends = endsOf(model, wait);
  if (ends.length < 2) return null;
  const done = ends.filter(end => end.ns !== null);
  const open = ends.filter(end => end.ns === null);
  if (open.length === 1) return `only ${open[0]!.name} is left`;
  return done.length > 0 ? `${done.length} of ${ends.length} done` : null;
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

/** `held by T2`, for a lock. */
function holder(model: RunModel, wait: Wait): string | null {
  if (wait.kind !== 'lock') return null;
  const isOpen = wait.outcome === 'waiting' || wait.outcome === 'cut-off';
  const owner = isOpen && wait.object !== null ? model.objects[wait.object]?.owner : null;
  const lane = model.lanes[owner ?? wait.on[0] ?? wait.endedBy ?? -1];
  if (!lane || lane.id === wait.lane) return null;
  return `held by ${lane.name}`;
}

function detailOf(model: RunModel, wait: Wait): string {
  const job = model.jobs[wait.jobs[0] ?? -1];
  const detail = job?.detail ?? model.lanes[wait.endedBy ?? wait.on[0] ?? -1]?.detail;
  return detail ? ` ${detail}` : '';
}

function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}
