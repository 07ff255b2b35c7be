/**
 * Owns the lanes of async calls: what rewritten code (instrument.ts) tells becomes lanes and waits.
 *
 * An async call that is awaited as it is made (`await f()`) goes on in its caller's lane; one that runs on beside its
 * caller gets a lane of its own. Which of the two it is shows right after its first suspension: either the very next thing
 * is its caller's await, or it is something else. Until then the call is undecided, and its first wait is held back.
 */
import type { WaitKind } from '../../../trace/format';
import type { SiteRow } from '../siteList';
import { codeOf } from './recorder';
import type { Recorder, WaitTarget } from './recorder';

/** What is known of a promise or another thing that is awaited. */
export interface Awaitable {
  readonly kind: WaitKind;
  readonly label?: string;
  readonly targets?: readonly WaitTarget[];
  /** When it is due to settle, in ns, for timers. */
  readonly dueNs?: number;
}

/** The sites of one module, by their row. */
export interface ModuleSites {
  readonly file: string;
  readonly rows: readonly SiteRow[];
  readonly numbers: number[];
}

/** One execution of an async function. */
export class AsyncCall {
  /** Lane number; -1 while it has none of its own. */
  lane = -1;
  /** Awaited by its caller as it was made: it goes on in that caller's lane. */
  within: AsyncCall | undefined;
  readonly caller: AsyncCall;
  readonly sites: ModuleSites | undefined;
  readonly site: number;
  readonly startedNs: number;
  /** It has been suspended at least once: what follows runs from the event loop, not from its caller. */
  isDetached = false;
  isBorrowed = false;
  openWait = 0;
  openDueNs = 0;
  /** Waits that cannot be written before the call's lane is known. */
  held: readonly HeldWait[] = [];
  failure: unknown = undefined;
  hasFailed = false;

  constructor(
    caller: AsyncCall | undefined,
    sites: ModuleSites | undefined,
    site: number,
    ns: number,
  ) {
    this.caller = caller ?? this;
    this.sites = sites;
    this.site = site;
    this.startedNs = ns;
  }
}

interface HeldWait {
  readonly id: number;
  readonly ns: number;
  readonly site: number;
  readonly label: number;
  readonly kind: WaitKind;
  readonly targets: readonly WaitTarget[];
}

/** How a promise that a timer resolves is written. */
const SLEEP_WORDS = /\bsetTimeout\b|sleep|delay|pause|wait/i;
/** The snippet may replace it. */
const then = Reflect.get(Promise.prototype, 'then') as (...handlers: unknown[]) => Promise<unknown>;
const NO_TARGETS: readonly WaitTarget[] = [];
const AWAIT = codeOf.wait('await');
const DONE = codeOf.outcome('done');
const RAISED = codeOf.outcome('raised');
/** A timer that fires this much late was held up: the event loop was busy. Less is the timer's own grain. */
const LATE_NS = 2e6;

export class AsyncCalls {
  /** The thread itself: what runs from the event loop and outside every async call. */
  readonly root: AsyncCall;
  current: AsyncCall;
  /** A timer set since the last await: what is awaited next may be a promise that it resolves. */
  latestTimer: Awaitable | undefined;
  private undecided: AsyncCall | undefined;
  /** Calls with a lane whose promise nobody has taken yet, in order. */
  private unclaimed: AsyncCall[] = [];
  private readonly callOf = new WeakMap<object, AsyncCall>();
  private readonly awaitables = new WeakMap<object, Awaitable>();
  private readonly recorder: Recorder;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
    this.root = new AsyncCall(undefined, undefined, -1, recorder.now());
    this.root.lane = 0;
    this.root.isDetached = true;
    this.current = this.root;
  }

  now(): number {
    return this.recorder.now();
  }

  /** Lane of whoever runs now. */
  get lane(): number {
    this.decide();
    return this.laneOf(this.current);
  }

  describe(promise: object, awaitable: Awaitable): void {
    this.awaitables.set(promise, awaitable);
  }

  /** The lane that ends when the promise settles, where that is known. */
  laneOfPromise(promise: unknown): WaitTarget | undefined {
    if (typeof promise !== 'object' || promise === null) return undefined;
    const call = this.callOf.get(promise);
    return call && call.lane > 0 ? { type: 'lane', number: call.lane } : undefined;
  }

  enter(sites: ModuleSites | undefined, site: number): AsyncCall {
    this.decide();
    const call = new AsyncCall(this.current, sites, site, this.recorder.now());
    this.current = call;
    return call;
  }

  /** For an await outside every async function (a module's top level, an async generator): it belongs to whoever runs. */
  borrow(): AsyncCall {
    const { current } = this;
    const call = new AsyncCall(current, undefined, -1, 0);
    call.isBorrowed = true;
    call.isDetached = current.isDetached;
    call.within = current.isBorrowed ? current.within : current;
    this.current = call;
    return call;
  }

  /** Before an await; hands the value through, so that the await itself is the person's own. */
  beforeAwait(call: AsyncCall, sites: ModuleSites | undefined, site: number, value: unknown): void {
    const use = sites?.rows[site]?.[3];
    const { recorder } = this;
    let ns = recorder.now();
    let inner: readonly HeldWait[] = [];
    const undecided = this.undecided;
    if (undecided?.caller === call && use === 'call' && this.isItsPromise(value)) {
      undecided.within = call;
      this.undecided = undefined;
      inner = undecided.held;
      undecided.held = [];
      // The wait for the call holds all of it, so that what the call waits for itself lies within.
      ns = undecided.startedNs;
    } else this.decide();
    const known = this.knownOf(value, SLEEP_WORDS.test(sites?.rows[site]?.[4] ?? ''));
    this.latestTimer = undefined;
    const id = recorder.newWait();
    const label = recorder.writer.string(known?.label ?? sites?.rows[site]?.[4] ?? '');
    const kind = known?.kind ?? 'await';
    const targets = known?.targets ?? NO_TARGETS;
    const siteNumber = this.siteNumber(sites, site);
    call.openWait = id;
    call.openDueNs = known?.dueNs ?? 0;
    const waits = [{ id, ns, site: siteNumber, label, kind, targets }, ...inner];
    if (call.isDetached || call.isBorrowed) this.writeWaits(this.laneOf(call), waits);
    else {
      call.held = waits;
      this.undecided = call;
    }
    if (call.isBorrowed && value instanceof Promise) {
      // No catch clause of its own tells of a rejection.
      void Reflect.apply(then, value, [undefined, () => this.resumeIn(call)]);
    }
    this.current = call.isDetached ? this.root : call.caller;
    call.isDetached = true;
  }

  afterAwait(call: AsyncCall): void {
    this.resume(call, DONE);
  }

  /** The call runs again, by way of an exception or of a loop's next step. */
  resumeIn(call: AsyncCall): void {
    if (call.openWait !== 0) this.resume(call, RAISED);
    else this.current = call;
  }

  fail(call: AsyncCall, failure: unknown): void {
    if (call.openWait !== 0) this.resume(call, RAISED);
    call.hasFailed = true;
    call.failure = failure;
  }

  leave(call: AsyncCall): void {
    if (!call.isDetached) {
      this.current = call.caller;
      return;
    }
    if (this.undecided === call) this.decide();
    if (call.lane > 0) {
      const detail = call.hasFailed ? describeFailure(call.failure) : '';
      this.recorder.laneEnd(call.lane, call.hasFailed ? 'raised' : 'returned', detail);
    }
    this.current = this.root;
  }

  /** A promise, or an array of promises, that calls made just now have returned. */
  claim(value: unknown): void {
    // Without one that was suspended just now, the call has come to its end at once and never was a lane.
    const last = this.undecided;
    this.decide();
    if (!last) return;
    if (value instanceof Promise) this.callOf.set(value, last);
    else if (Array.isArray(value) && this.unclaimed.length === value.length) {
      for (const [at, one] of (value as unknown[]).entries()) {
        if (one instanceof Promise) this.callOf.set(one, this.unclaimed[at]!);
      }
    } else return;
    this.unclaimed = [];
  }

  /** The undecided call runs beside its caller after all: it becomes a lane, from its start on. */
  decide(): void {
    const call = this.undecided;
    if (!call) return;
    this.undecided = undefined;
    const { recorder } = this;
    const name = call.sites?.rows[call.site]?.[5] ?? 'async function';
    const site = this.siteNumber(call.sites, call.site);
    call.lane = recorder.lane('call', name, this.laneOf(call.caller), call.startedNs, { site });
    recorder.laneBegin(call.lane, call.startedNs);
    this.unclaimed.push(call);
    this.writeWaits(call.lane, call.held);
    call.held = [];
  }

  siteNumber(sites: ModuleSites | undefined, row: number): number {
    if (!sites) return 0;
    const known = sites.numbers[row];
    if (known !== undefined) return known;
    const [line, column, endColumn, , , func] = sites.rows[row]!;
    const number = this.recorder.writer.site(sites.file, line, column, endColumn, func);
    sites.numbers[row] = number;
    return number;
  }

  private laneOf(call: AsyncCall): number {
    let at = call;
    while (at.lane < 0) at = at.within ?? at.caller;
    return at.lane;
  }

  private resume(call: AsyncCall, outcome: number): void {
    this.decide();
    this.unclaimed.length = 0;
    this.current = call;
    const wait = call.openWait;
    if (wait === 0) return;
    call.openWait = 0;
    const ns = this.recorder.now();
    const due = call.openDueNs;
    const ready = due > 0 && ns - due > LATE_NS ? due : 0;
    this.recorder.writer.waitEnd(this.laneOf(call), wait, outcome, ns, ready);
  }

  private writeWaits(lane: number, waits: readonly HeldWait[]): void {
    for (const { id, ns, site, label, kind, targets } of waits) {
      const code = kind === 'await' ? AWAIT : codeOf.wait(kind);
      this.recorder.writer.waitBegin(lane, id, code, ns, site, label);
      for (const target of targets) this.recorder.waitOn(lane, id, target);
    }
  }

  private knownOf(value: unknown, looksLikeSleep: boolean): Awaitable | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const known = this.awaitables.get(value);
    if (known) return known;
    if (looksLikeSleep && this.latestTimer && value instanceof Promise) return this.latestTimer;
    const target = this.laneOfPromise(value);
    return target ? { kind: 'await', targets: [target] } : undefined;
  }

  /** A promise that something else has claimed is not the one the undecided call has just returned. */
  private isItsPromise(value: unknown): boolean {
    return value instanceof Promise && !this.awaitables.has(value) && !this.callOf.has(value);
  }
}

export function describeFailure(failure: unknown): string {
  if (failure instanceof Error) {
    return failure.message ? `${failure.name}: ${failure.message}` : failure.name;
  }
  return String(failure);
}
