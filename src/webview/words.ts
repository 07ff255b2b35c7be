/** Owns the sentences of the page about a lane and about what a run cost. */
import { formatDuration } from '../base/duration';
import type { LaneInfo } from './messages';
import type { Words } from './pageWords';

/** `writer, daemon, waiting: lock results held by Thread-1, for 1.50 s`. */
export function describeLane(words: Words, lane: LaneInfo, nowNs: number): string {
  const parts = [lane.name];
  if (lane.isDaemon) parts.push(words('daemon'));
  if (!lane.isTraced) parts.push(words('notTraced'));
  const status = words(lane.status);
  parts.push(lane.says ? `${status}: ${lane.says}` : status);
  if (lane.status === 'waiting' || lane.status === 'running' || lane.status === 'ready') {
    parts.push(words('for', formatDuration(Math.max(0, nowNs - lane.sinceNs))));
  } else if (lane.endNs !== null) {
    parts.push(words('at', formatDuration(lane.endNs)));
  }
  return parts.reduce((before, part) => words('list', before, part));
}

/** `1,204 records, 0 dropped, about 1 % slower than untraced`. */
export function describeCost(
  words: Words,
  records: number,
  dropped: number,
  slowdown: number | null,
): string {
  const taken = records === 1 ? words('record', dropped) : words('records', records, dropped);
  if (slowdown === null) return taken;
  const cost = slowdown < 1 ? words('hardlySlower') : words('slower', Math.round(slowdown));
  return words('list', taken, cost);
}
