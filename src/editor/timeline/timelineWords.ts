/** Owns the words of the timeline: what a lane does now, what a span is called, what the hover card says. No `vscode`. */
import { formatDuration } from '../../base/duration';
import type { WaitKind } from '../../trace/format';
import type { Lane, RunModel, Site, Wait } from '../../trace/model';

/** Third person, for a lane: `joins Thread-1`. */
const DOES: Record<WaitKind, string> = {
  join: 'joins',
  lock: 'waits for',
  condition: 'waits for',
  event: 'waits for',
  semaphore: 'waits for',
  barrier: 'waits at',
  get: 'gets from',
  put: 'puts into',
  drain: 'waits until done:',
  result: 'waits for the result of',
  wait: 'waits for',
  await: 'awaits',
  recv: 'receives from',
  send: 'sends to',
  exit: 'waits for the exit of',
  shutdown: 'shuts down',
  sleep: 'sleeps',
  io: 'waits for',
};

/** Short, for a span: `join Thread-1`. */
const SPAN: Record<WaitKind, string> = {
  join: 'join',
  lock: 'lock',
  condition: 'wait',
  event: 'wait',
  semaphore: 'acquire',
  barrier: 'barrier',
  get: 'get:',
  put: 'put:',
  drain: 'drain:',
  result: 'result of',
  wait: 'wait for',
  await: 'await',
  recv: 'recv:',
  send: 'send:',
  exit: 'exit of',
  shutdown: 'shutdown',
  sleep: 'sleep',
  io: 'io',
};

const OUTCOME_WORDS = {
  done: '',
  'timed-out': 'timed out',
  raised: 'raised an exception',
  cancelled: 'was cancelled',
  waiting: 'still waiting',
  'cut-off': 'cut off by the end of the process',
} as const;

/** Joins a verb and a label without saying a word twice: `lock` + `lock results` is `lock results`. */
function together(verb: string, label: string): string {
  if (!label) return verb.replace(/:$/, '');
  const last = verb.replace(/:$/, '').split(' ').at(-1) ?? verb;
  return label === last || label.startsWith(`${last} `)
    ? `${verb.slice(0, verb.lastIndexOf(last))}${label}`
    : `${verb} ${label}`;
}

export const spanWords = (wait: Wait): string => together(SPAN[wait.kind], wait.label);

export const laneWords = (wait: Wait): string =>
  wait.kind === 'sleep' ? 'sleeps' : together(DOES[wait.kind], wait.label);

const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export const siteWords = (site: Site): string => `${fileName(site.file)}:${site.line}`;

/** `writer waited 1.50 s for lock results`. */
export function waitTitle(model: RunModel, lane: Lane, wait: Wait): string {
  const end = wait.endNs ?? model.nowNs;
  const length = formatDuration(end - wait.startNs);
  const isOver = wait.endNs !== null;
  if (wait.kind === 'sleep')
    return `${lane.name} ${isOver ? 'slept' : 'sleeps'} ${isOver ? length : `for ${length} so far`}`;
  const object = wait.label || 'something';
  return isOver
    ? `${lane.name} waited ${length} for ${object}`
    : `${lane.name} is waiting for ${object}, ${length} so far`;
}

/** Where, for whom, who ended it: the lines under the title. */
export function waitLines(
  model: RunModel,
  wait: Wait,
  sourceLine: (site: Site) => string | null,
): string[] {
  const lines: string[] = [];
  if (wait.site) {
    const text = sourceLine(wait.site);
    lines.push(text ? `${siteWords(wait.site)} · ${text}` : siteWords(wait.site));
  }
  const names = wait.on.map(id => model.lanes[id]?.name ?? `lane ${id}`);
  const others = names.filter(name => !wait.label.includes(name));
  if (others.length > 0) {
    const first = others.slice(0, 4).join(', ');
    lines.push(
      `${wait.object === null ? 'on' : 'held by'} ${first}${others.length > 4 ? ` and ${others.length - 4} more` : ''}`,
    );
  }
  const ended = endedWords(model, wait);
  if (ended) lines.push(ended);
  if (wait.readyNs !== null && wait.endNs !== null && wait.endNs - wait.readyNs >= 1e6) {
    lines.push(
      `ready after ${formatDuration(wait.readyNs - wait.startNs)}, resumed ${formatDuration(wait.endNs - wait.readyNs)} later`,
    );
  }
  if (wait.timeoutNs !== null) lines.push(`timeout ${formatDuration(wait.timeoutNs)}`);
  return lines;
}

function endedWords(model: RunModel, wait: Wait): string {
  const outcome = OUTCOME_WORDS[wait.outcome];
  const by = wait.endedBy === null ? undefined : model.lanes[wait.endedBy];
  const where = wait.endedAt
    ? ` at ${wait.endedBy === null ? siteWords(wait.endedAt) : `line ${wait.endedAt.line}`}`
    : '';
  if (by) return `ended by ${by.name}${where}${outcome ? `, ${outcome}` : ''}`;
  if (wait.endedAt) return `ended${where}${outcome ? `, ${outcome}` : ''}`;
  return outcome;
}

export const momentWords = (ns: number): string => `${(ns / 1e9).toFixed(ns < 1e9 ? 3 : 2)} s`;
