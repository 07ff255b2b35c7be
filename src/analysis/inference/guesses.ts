/** Owns the marks without certainty: an unknown receiver whose name, with the method and the shape of its arguments, leaves no other reading. */
import type { WaitKind } from '../../trace/format';
import { type ProgramIndex, lastName } from './programIndex';
import type { Arg, AttrExpr, CallExpr, Expr, Scope, Unit } from './syntax';
import type { Value, Values } from './values';

interface Guess {
  readonly method: string;
  readonly receiver: RegExp;
  readonly kind: WaitKind;
  readonly fits: Fits;
}

/** The arguments, with what stands around the call, leave no other reading. */
type Fits = (args: readonly Arg[], object: Expr, index: ProgramIndex) => boolean;

/** The first argument is a time-out, and nothing but a time-out stands there. */
const timeout: Fits = args => areTimeouts(args, true);
const noTimeout: Fits = args => areTimeouts(args, false);
/** Names that nothing else has, whatever they are called with. */
const anything: Fits = () => true;
const ofThreads: Fits = (args, object, index) =>
  !mayBeAsyncio(object, index) && areTimeouts(args, true);
/** Other things have pipes and connections too, but none of them beside `multiprocessing` receives without a size. */
const ofPipes =
  (fits: (args: readonly Arg[]) => boolean): Fits =>
  (args, _object, index) =>
    index.importsMultiprocessing && fits(args);

const THREADS =
  /(^|_)(t|th|thr|threads?|proc|procs|process|processes|p|workers?|timer|producer|consumer)\d*$/i;
const QUEUES = /(^|_)(q|queues?|inbox|outbox)\d*$/i;
const PROGRAMS = /(^|_)(p|proc|process|popen|child|subproc|subprocess)\d*$/i;
const PIPES = /(^|_)(pipe|conn|connection)\d*$/i;
const LOCKS = /(^|_)(lock|mutex|rlock)\d*$/i;

const guessed = (method: string, receiver: RegExp, kind: WaitKind, fits = timeout): Guess => ({
  method,
  receiver,
  kind,
  fits,
});

const GUESSES: readonly Guess[] = [
  guessed('join', THREADS, 'join'),
  guessed('join', QUEUES, 'drain', noTimeout),
  guessed('join', /(^|_)pool\d*$/i, 'join', noTimeout),
  guessed('get', QUEUES, 'get', noTimeout),
  guessed('acquire', LOCKS, 'lock', noTimeout),
  guessed('acquire', /(^|_)(sem|semaphore)\d*$/i, 'semaphore', noTimeout),
  guessed('wait', /(^|_)(event|evt|stop_event|ready_event)\d*$/i, 'event'),
  guessed('wait', /(^|_)(cond|condition)\d*$/i, 'condition'),
  guessed('wait', /(^|_)barrier\d*$/i, 'barrier'),
  guessed('wait', /(^|_)(proc|process|popen|child|subproc|subprocess)\d*$/i, 'exit'),
  guessed('communicate', PROGRAMS, 'exit', anything),
  guessed('result', /(^|_)(fut|future)\d*$/i, 'result', ofThreads),
  guessed('run_until_complete', /./, 'await', anything),
  guessed('run_forever', /(^|_)loop$/i, 'await'),
  guessed(
    'recv',
    PIPES,
    'recv',
    ofPipes(args => args.length === 0),
  ),
  guessed(
    'poll',
    PIPES,
    'recv',
    ofPipes(args => args.length === 1 && areTimeouts(args, true)),
  ),
  guessed('send', PIPES, 'send', ofPipes(isOneValue)),
];

/** `pool.apply_async(f, xs).get()`: what was called tells more than what it was called on. */
const GIVEN_BY = new Map<string, ReadonlySet<string>>([
  ['get', new Set(['apply_async', 'map_async', 'starmap_async'])],
  ['result', new Set(['submit', 'run_coroutine_threadsafe'])],
]);

/** What the file says little about: a result of a function without one, or what another library made. */
export const isLittleKnown = (value: Value): boolean =>
  value.k === 'plain' || value.k === 'foreign';

/** Names that mean one thing even on what the file says little about. */
const UNIQUE = new Set(['run_until_complete', 'run_forever']);

export function guess(
  fn: AttrExpr,
  call: CallExpr,
  receiver: Values,
  index: ProgramIndex,
): WaitKind | undefined {
  // What another library made may be called anything.
  const isVague = UNIQUE.has(fn.name) && receiver.every(isLittleKnown);
  if (receiver.length > 0 && !isVague) return undefined;
  const { object } = fn;
  if (object.kind === 'call') {
    const maker = lastName(object.fn);
    const isGiven = maker !== null && GIVEN_BY.get(fn.name)?.has(maker) === true;
    return isGiven && areTimeouts(call.args, true) ? 'result' : undefined;
  }
  const name = receiverName(object);
  if (name === null || isDone(object, index)) return undefined;
  for (const known of GUESSES) {
    if (known.method !== fn.name || !known.receiver.test(name)) continue;
    if (known.fits(call.args, object, index)) return known.kind;
  }
  return undefined;
}

/** Who sends what is listened for, by the last word of its name. */
const SENDERS: readonly {
  readonly name: RegExp;
  readonly events: ReadonlyMap<string, WaitKind>;
}[] = [
  { name: /port\d*$/i, events: new Map([['message', 'recv']]) },
  {
    name: /worker\d*$/i,
    events: new Map([
      ['message', 'recv'],
      ['exit', 'join'],
    ]),
  },
  {
    name: /child\d*$/i,
    events: new Map([
      ['message', 'recv'],
      ['exit', 'exit'],
    ]),
  },
];

/** `port.on("message", reply)` where nobody knows which port it is, as one that came in a message. */
export function guessListener(
  fn: AttrExpr,
  call: CallExpr,
  receiver: Values,
): WaitKind | undefined {
  const [event, listener, ...more] = call.args;
  if (!LISTENS.has(fn.name) || event?.value.kind !== 'text' || !listener || more.length > 0)
    return undefined;
  const isKnown = receiver.some(
    value => value.k !== 'foreign' || !value.name.startsWith('worker_threads.'),
  );
  const name = receiverName(fn.object);
  if (isKnown || name === null) return undefined;
  const { value } = event.value;
  return SENDERS.find(sender => sender.name.test(name))?.events.get(value);
}

const LISTENS = new Set(['on', 'once', 'addListener']);

/** `with lock:` where nobody knows what `lock` is. */
export function guessWith(value: Expr, values: Values): WaitKind | undefined {
  if (values.length > 0) return undefined;
  const name = lastName(value);
  return name !== null && LOCKS.test(name) ? 'lock' : undefined;
}

function isOneValue([first, ...more]: readonly Arg[]): boolean {
  return first?.name === null && first.stars === 0 && more.length === 0;
}

/** No arguments, or such as say how long to wait; one that says not to wait is none of them. */
function areTimeouts(args: readonly Arg[], takesTimeout: boolean): boolean {
  return args.every(({ name, stars, value }, place) => {
    if (stars > 0) return false;
    if (name === 'timeout') return !isZero(value);
    if (name === 'block' || name === 'blocking')
      return value.kind === 'constant' && value.value === 'True';
    return name === null && place === 0 && takesTimeout && isTimeout(value);
  });
}

const isZero = (value: Expr): boolean => value.kind === 'number' && value.value === 0;

function isTimeout(value: Expr): boolean {
  if (value.kind === 'number') return value.value > 0;
  if (value.kind === 'constant') return value.value === 'None';
  const name = lastName(value);
  return name !== null && /timeout|delay|seconds|secs|interval/i.test(name);
}

/** The result of a future of asyncio is there or raises, it is never waited for. */
function mayBeAsyncio(object: Expr, index: ProgramIndex): boolean {
  if ((index.importsAsyncio || index.awaits) && !index.callsOf.has('submit')) return true;
  for (let scope = scopeAt(object); scope; scope = scope.parent)
    if (scope.fn) return scope.fn.isAsync;
  return false;
}

/** What `add_done_callback` hands to the function is done. */
function isDone(object: Expr, index: ProgramIndex): boolean {
  if (object.kind !== 'name') return false;
  const { fn } = object.scope;
  if (!fn?.parameters.some(({ name }) => name === object.id)) return false;
  const mentions = index.mentions.get(fn.name) ?? [];
  return mentions.some(call => lastName(call.fn) === 'add_done_callback');
}

function scopeAt(expr: Expr): Scope | null {
  if (expr.kind === 'name') return expr.scope;
  return expr.kind === 'attr' || expr.kind === 'sub' ? scopeAt(expr.object) : null;
}

function receiverName(expr: Expr): string | null {
  if (expr.kind === 'sub') return receiverName(expr.object);
  return lastName(expr);
}

/** Functions of asyncio that take a coroutine, which waits only where it is awaited. */
const TAKES_COROUTINES = new Set(
  'create_task ensure_future gather wait_for shield wait as_completed run_coroutine_threadsafe run_until_complete run'.split(
    ' ',
  ),
);

export function coroutinesHandedOn(unit: Unit): ReadonlySet<Expr> {
  const found = new Set<Expr>();
  for (const call of unit.calls) {
    const name = lastName(call.fn);
    if (name === null || !TAKES_COROUTINES.has(name)) continue;
    for (const { value } of call.args) {
      if (value.kind === 'call') found.add(value);
      else if (value.kind === 'list' || value.kind === 'set' || value.kind === 'tuple')
        for (const item of value.items) if (item.kind === 'call') found.add(item);
    }
  }
  return found;
}
