/** Owns the marks without certainty: an unknown receiver whose name, with the method and the shape of its arguments, leaves no other reading. */
import type { WaitKind } from '../../trace/format';
import { lastName } from './programIndex';
import type { AttrExpr, CallExpr, Expr } from './syntax';
import type { Values } from './values';

interface Guess {
  readonly method: string;
  readonly receiver: RegExp;
  readonly kind: WaitKind;
  /** Most positional arguments; named ones must be in `named`. */
  readonly most: number;
  readonly named: readonly string[];
}

const THREADS =
  /(^|_)(t|th|thr|threads?|proc|procs|process|processes|p|workers?|timer|producer|consumer)\d*$/i;
const QUEUES = /(^|_)(q|queues?|inbox|outbox)\d*$/i;
const GUESSES: readonly Guess[] = [
  { method: 'join', receiver: THREADS, kind: 'join', most: 0, named: ['timeout'] },
  { method: 'join', receiver: QUEUES, kind: 'drain', most: 0, named: [] },
  { method: 'join', receiver: /(^|_)pool\d*$/i, kind: 'join', most: 0, named: [] },
  { method: 'get', receiver: QUEUES, kind: 'get', most: 0, named: ['timeout'] },
  {
    method: 'acquire',
    receiver: /(^|_)(lock|mutex|rlock)\d*$/i,
    kind: 'lock',
    most: 0,
    named: ['timeout'],
  },
  {
    method: 'acquire',
    receiver: /(^|_)(sem|semaphore)\d*$/i,
    kind: 'semaphore',
    most: 0,
    named: ['timeout'],
  },
  {
    method: 'wait',
    receiver: /(^|_)(event|evt|stop_event|ready_event)\d*$/i,
    kind: 'event',
    most: 0,
    named: ['timeout'],
  },
  {
    method: 'wait',
    receiver: /(^|_)(cond|condition)\d*$/i,
    kind: 'condition',
    most: 0,
    named: ['timeout'],
  },
  { method: 'wait', receiver: /(^|_)barrier\d*$/i, kind: 'barrier', most: 0, named: ['timeout'] },
  {
    method: 'result',
    receiver: /(^|_)(fut|future)\d*$/i,
    kind: 'result',
    most: 0,
    named: ['timeout'],
  },
];

export function guess(fn: AttrExpr, call: CallExpr, receiver: Values): WaitKind | undefined {
  // What another library made may be called anything.
  if (receiver.length > 0) return undefined;
  const name = receiverName(fn.object);
  if (name === null) return undefined;
  const positional = call.args.filter(arg => arg.name === null).length;
  for (const known of GUESSES) {
    if (known.method !== fn.name || !known.receiver.test(name) || positional > known.most) continue;
    if (call.args.every(arg => arg.name === null || known.named.includes(arg.name)))
      return known.kind;
  }
  return undefined;
}

/** `with lock:` where nobody knows what `lock` is. */
export function guessWith(value: Expr, values: Values): WaitKind | undefined {
  if (values.length > 0) return undefined;
  const name = lastName(value);
  return name !== null && /(^|_)(lock|mutex|rlock)\d*$/i.test(name) ? 'lock' : undefined;
}

function receiverName(expr: Expr): string | null {
  if (expr.kind === 'sub') return receiverName(expr.object);
  return lastName(expr);
}
