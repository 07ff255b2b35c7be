/** Owns the words of a mark before any run: what the line would wait for. Pure. */
import type { WaitPoint } from '../../analysis/waitPoint';
import type { WaitKind } from '../../trace/format';

/** What is certain to hold the lane up, and what does only when another is in the way. */
const WORDS: Readonly<Record<WaitKind, string>> = {
  join: 'will wait for',
  lock: 'may wait for',
  condition: 'will wait for',
  event: 'will wait for',
  semaphore: 'may wait for',
  barrier: 'will wait at',
  get: 'may wait for an item from',
  put: 'may wait for room in',
  drain: 'will wait for all work of',
  result: 'will wait for the result of',
  wait: 'will wait for',
  await: 'will wait for',
  recv: 'will wait for data from',
  send: 'may wait to send to',
  exit: 'will wait for the end of',
  shutdown: 'will wait for the end of',
  sleep: 'will sleep',
  io: 'will wait for',
  idle: 'will wait for',
};

/** What a listener or a callback is for: it runs then, and the line itself goes on. */
const REGISTERED: Partial<Readonly<Record<WaitKind, string>>> = {
  join: 'will run at the end of',
  event: 'will run at an event of',
  result: 'will run with the result of',
  recv: 'will run when data comes from',
  exit: 'will run at the end of',
  sleep: 'will run after',
  io: 'will run with input from',
};

const LONGEST_LABEL = 60;

/** `will wait for Thread T2`, `may wait for an item from q`, `will run when data comes from worker`. */
export function pointPhrase(point: WaitPoint): string {
  const words = point.registers ? (REGISTERED[point.kind] ?? 'will run after') : WORDS[point.kind];
  // How long, where the text says it: the name of a variable would say nothing.
  if (point.kind === 'sleep' && !point.registers)
    return /^[\d.]/u.test(point.label) ? `${words} ${point.label}` : words;
  const verb = point.certain ? words : words.replace(/^will/u, 'may');
  const label =
    point.label.length > LONGEST_LABEL
      ? `${point.label.slice(0, LONGEST_LABEL - 1)}…`
      : point.label;
  return `${verb} ${label}`;
}
