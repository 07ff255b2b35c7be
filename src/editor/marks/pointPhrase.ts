/** Owns the words of a mark before any run: what the line would wait for. Pure. */
import { messages, type Message, type Translate } from '../../base/translate';
import type { WaitPoint } from '../../analysis/waitPoint';
import type { WaitKind } from '../../trace/format';
import { SOUGHT, type Sought } from '../../trace/waitSentences';

/** What holds the lane up only when another is in the way, or has nothing to give yet. */
const DEPENDS: ReadonlySet<WaitKind> = new Set(['lock', 'semaphore', 'get', 'put', 'send']);

const WILL: Readonly<Partial<Record<Sought, Message>>> = messages({
  itself: 'will wait for {0}',
  at: 'will wait at {0}',
  work: 'will wait for all work of {0}',
  result: 'will wait for the result of {0}',
  data: 'will wait for data from {0}',
  end: 'will wait for the end of {0}',
});

/** Also where it is not sure what is called. */
const MAY: Readonly<Record<Sought, Message>> = messages({
  itself: 'may wait for {0}',
  at: 'may wait at {0}',
  item: 'may wait for an item from {0}',
  room: 'may wait for room in {0}',
  work: 'may wait for all work of {0}',
  result: 'may wait for the result of {0}',
  data: 'may wait for data from {0}',
  reader: 'may wait to send to {0}',
  end: 'may wait for the end of {0}',
});

/** What a listener or a callback is for: it runs then, and the line itself goes on. */
type Moment = 'end' | 'event' | 'result' | 'data' | 'input' | 'after';

const MOMENT: Partial<Readonly<Record<WaitKind, Moment>>> = {
  join: 'end',
  event: 'event',
  result: 'result',
  recv: 'data',
  exit: 'end',
  io: 'input',
};

const WILL_RUN: Readonly<Record<Moment, Message>> = messages({
  end: 'will run at the end of {0}',
  event: 'will run at an event of {0}',
  result: 'will run with the result of {0}',
  data: 'will run when data comes from {0}',
  input: 'will run with input from {0}',
  after: 'will run after {0}',
});

const MAY_RUN: Readonly<Record<Moment, Message>> = messages({
  end: 'may run at the end of {0}',
  event: 'may run at an event of {0}',
  result: 'may run with the result of {0}',
  data: 'may run when data comes from {0}',
  input: 'may run with input from {0}',
  after: 'may run after {0}',
});

const LONGEST_LABEL = 60;

/** `will wait for Thread T2`, `may wait for an item from q`, `will run when data comes from worker`. */
export function pointPhrase(point: WaitPoint, say: Translate): string {
  const { kind, certain, registers } = point;
  const label =
    point.label.length > LONGEST_LABEL
      ? `${point.label.slice(0, LONGEST_LABEL - 1)}…`
      : point.label;
  if (registers) {
    const moment = MOMENT[kind] ?? 'after';
    return say((certain ? WILL_RUN : MAY_RUN)[moment], label);
  }
  // How long, where the text says it: the name of a variable would say nothing.
  if (kind === 'sleep')
    return /^[\d.]/u.test(point.label) ? say('will sleep {0}', point.label) : say('will sleep');
  const sought = SOUGHT[kind];
  const sure = certain && !DEPENDS.has(kind) ? WILL[sought] : undefined;
  return say(sure ?? MAY[sought], label);
}
