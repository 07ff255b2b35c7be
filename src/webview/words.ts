/** Owns the short phrases painted on spans and read out by screen readers. */
import { formatDuration } from '../base/duration';
import type { LaneInfo, LaneStatus } from './messages';

const STATUS_WORDS: Record<LaneStatus, string> = {
  'not-started': 'not started',
  running: 'running',
  waiting: 'waiting',
  ready: 'ready, not yet resumed',
  done: 'ended',
  failed: 'failed',
  killed: 'killed',
};

export const statusWords = (status: LaneStatus): string => STATUS_WORDS[status];

/** `writer, daemon, waiting: lock results held by Thread-1, for 1.50 s`. */
export function describeLane(lane: LaneInfo, nowNs: number): string {
  const parts = [lane.name];
  if (lane.isDaemon) parts.push('daemon');
  if (!lane.isTraced) parts.push('not traced');
  const words = statusWords(lane.status);
  parts.push(lane.says ? `${words}: ${lane.says}` : words);
  if (lane.status === 'waiting' || lane.status === 'running' || lane.status === 'ready') {
    parts.push(`for ${formatDuration(Math.max(0, nowNs - lane.sinceNs))}`);
  } else if (lane.endNs !== null) {
    parts.push(`at ${formatDuration(lane.endNs)}`);
  }
  return parts.join(', ');
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** `1,204 records, 0 dropped, about 1 % slower than untraced`. */
export function describeCost(records: number, dropped: number, slowdown: number | null): string {
  const cost =
    slowdown === null
      ? ''
      : slowdown < 1
        ? ', less than 1 % slower than untraced'
        : `, about ${Math.round(slowdown)} % slower than untraced`;
  return `${plural(records, 'record')}, ${dropped.toLocaleString('en-US')} dropped${cost}`;
}
