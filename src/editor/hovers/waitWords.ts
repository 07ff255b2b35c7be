/** Owns the plain words for each kind of wait, for someone who meets it for the first time. */
import type { WaitPoint } from '../../analysis/waitPoint';
import type { Outcome, WaitKind } from '../../trace/format';

interface Words {
  /** Stands before the expression that is waited for. */
  readonly before: string;
  /** And after it. */
  readonly after: string;
}

const EXPLAINED: Readonly<Record<WaitKind, Words>> = {
  join: { before: 'Waits until', after: ' has ended.' },
  lock: { before: 'Waits until', after: ' is free, and takes it.' },
  condition: { before: 'Gives up the lock of', after: ' and waits to be notified.' },
  event: { before: 'Waits until', after: ' is set.' },
  semaphore: { before: 'Waits until', after: ' has a permit to give.' },
  barrier: { before: 'Waits at', after: ' until all parties are there.' },
  get: { before: 'Waits until there is an item in', after: ', and takes it.' },
  put: { before: 'Waits until there is room in', after: ', and puts an item there.' },
  drain: { before: 'Waits until every item of', after: ' is marked as done.' },
  result: { before: 'Waits for the result of', after: '.' },
  wait: { before: 'Waits for several:', after: '.' },
  await: { before: 'Lets other tasks run until', after: ' is done.' },
  recv: { before: 'Waits until something arrives through', after: '.' },
  send: { before: 'Waits until', after: ' takes what is sent.' },
  exit: { before: 'Waits until the program', after: ' has ended.' },
  shutdown: { before: 'Waits until the work handed to', after: ' is done.' },
  sleep: { before: 'Does nothing for a while:', after: '.' },
  io: { before: 'Waits for input or output:', after: '.' },
  idle: { before: 'Has nothing to do until there is an event:', after: '.' },
};

const AT_ITS_END: Words = { before: 'The function runs when', after: ' has ended.' };
const AFTERWARDS: Words = { before: 'The function runs when', after: ' is done.' };
/** Of calls that only say what shall run then; the line itself does not wait. */
const REGISTERED: Partial<Readonly<Record<WaitKind, Words>>> = {
  join: AT_ITS_END,
  exit: AT_ITS_END,
  event: { before: 'The function runs at an event of', after: '.' },
  recv: { before: 'The function runs when something arrives through', after: '.' },
  io: { before: 'The function runs when there is input from', after: '.' },
};

export const explained = ({ kind, registers }: WaitPoint): Words =>
  registers ? (REGISTERED[kind] ?? AFTERWARDS) : EXPLAINED[kind];

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  done: '',
  'timed-out': 'timed out',
  raised: 'raised',
  cancelled: 'cancelled',
  waiting: 'still waiting',
  'cut-off': 'cut off by the end of the process',
};
