/** Owns the plain words for each kind of wait, for someone who meets it for the first time. No `vscode`. */
import { formatDuration } from '../../base/duration';
import { messages, type Message, type Translate } from '../../base/translate';
import type { WaitPoint } from '../../analysis/waitPoint';
import type { Outcome, WaitKind } from '../../trace/format';

const EXPLAINED: Readonly<Record<WaitKind, Message>> = messages({
  join: 'Waits until {0} has ended.',
  lock: 'Waits until {0} is free, and takes it.',
  condition: 'Gives up the lock of {0} and waits to be notified.',
  event: 'Waits until {0} is set.',
  semaphore: 'Waits until {0} has a permit to give.',
  barrier: 'Waits at {0} until all parties are there.',
  get: 'Waits until there is an item in {0}, and takes it.',
  put: 'Waits until there is room in {0}, and puts an item there.',
  drain: 'Waits until every item of {0} is marked as done.',
  result: 'Waits for the result of {0}.',
  wait: 'Waits for several: {0}.',
  await: 'Lets other tasks run until {0} is done.',
  recv: 'Waits until something arrives through {0}.',
  send: 'Waits until {0} takes what is sent.',
  exit: 'Waits until the program {0} has ended.',
  shutdown: 'Waits until the work handed to {0} is done.',
  sleep: 'Does nothing for a while: {0}.',
  io: 'Waits for input or output: {0}.',
  idle: 'Has nothing to do until there is an event: {0}.',
});

/** Of calls that only say what shall run then; the line itself does not wait. */
type Moment = 'end' | 'event' | 'data' | 'input' | 'after';

const MOMENT: Partial<Readonly<Record<WaitKind, Moment>>> = {
  join: 'end',
  exit: 'end',
  event: 'event',
  recv: 'data',
  io: 'input',
};

const RUNS: Readonly<Record<Moment, Message>> = messages({
  end: 'The function runs when {0} has ended.',
  event: 'The function runs at an event of {0}.',
  data: 'The function runs when something arrives through {0}.',
  input: 'The function runs when there is input from {0}.',
  after: 'The function runs when {0} is done.',
});

const LONGEST_TARGET = 80;

/** What the line does, as Markdown: ``Waits until `t` has ended.`` */
export function explained({ kind, registers, target, label }: WaitPoint, say: Translate): string {
  const code = `\`${(target ?? label).replaceAll('`', "'").slice(0, LONGEST_TARGET)}\``;
  if (!registers) return say(EXPLAINED[kind], code);
  const moment = MOMENT[kind] ?? 'after';
  return say(RUNS[moment], code);
}

const OUTCOMES: Readonly<Record<Exclude<Outcome, 'done'>, Message>> = messages({
  'timed-out': '{0}, timed out',
  raised: '{0}, raised',
  cancelled: '{0}, cancelled',
  waiting: '{0}, still waiting',
  'cut-off': '{0}, cut off by the end of the process',
});

/** `1.20 s, timed out`. */
export function waitedWords(ns: number, outcome: Outcome, say: Translate): string {
  const time = formatDuration(ns);
  return outcome === 'done' ? time : say(OUTCOMES[outcome], time);
}
