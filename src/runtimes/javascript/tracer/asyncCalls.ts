/**
 * Owns the lanes of async calls: what rewritten code (instrument.ts) tells becomes lanes and waits.
 *
 * An async call that is awaited as it is made (`await f()`) goes on in its caller's lane; one that runs on beside its
 * caller gets a lane of its own. Which of the two it is shows right after its first suspension: either the very next thing
 * is its caller's await, or it is something else. Until then the call is undecided.
 *
 * Most awaits resume within microseconds. So a wait is written when it is over, as one record; only one that outlasts a
 * turn of the event loop is written in two, its begin by `flush`.
 *
 * A place whose awaits go on at once over and over is hot: from then on they are counted there, without a look at the
 * clock, which costs as much as the await itself. One that is held up after all is still written, from the last look
 * on; then the place is no longer hot.
 */
import { MOST_MORE_TARGETS } from '../../../trace/format';
import { AsyncCall } from './asyncCall';
import type { ModuleSite } from './asyncCall';
import type { Awaitable } from './awaitable';
import { HotSites } from './hotSites';
import { codeOf } from './recorder';
import type { Recorder } from './recorder';
import { makeStamps } from './stamps';

const AWAIT = codeOf.wait('await');
const DONE = codeOf.outcome('done');
const RAISED = codeOf.outcome('raised');
/** A timer that fires this much late was held up: the event loop was busy. Less is the timer's own grain. */
const LATE_NS = 2e6;
/** Calls listed for `flush`; beyond it those that no longer wait are let go. */
const MANY = 4096;
const NONE: readonly number[] = [];

export class AsyncCalls {
  /** The thread itself: what runs from the event loop and outside every async call. */
  readonly root: AsyncCall;
  current: AsyncCall;
  /** Awaits of the thread's own lane that have been written as lasting. */
  heldUp = 0;
  /** A timer set since the last await: what is awaited next may be a promise that it resolves. */
  latestTimer: Awaitable | undefined;
  private undecided: AsyncCall | undefined;
  /** Calls with a lane whose promise nobody has taken yet, in order. */
  private unclaimed: AsyncCall[] = [];
  private listed: AsyncCall[] = [];
  private readonly callOf = makeStamps<AsyncCall>();
  private readonly awaitables = makeStamps<Awaitable>();
  private readonly hot: HotSites;
  private readonly recorder: Recorder;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
    this.hot = new HotSites(recorder);
    this.root = new AsyncCall(undefined, undefined, recorder.now());
    this.root.lane = 0;
    this.root.isDetached = true;
    this.current = this.root;
    recorder.writer.onFlush = () => this.flush();
  }

  now(): number {
    return this.recorder.now();
  }

  /** Lane of whoever runs now. */
  get lane(): number {
    this.decide();
    return laneOf(this.current);
  }

  describe(promise: object, awaitable: Awaitable): void {
    this.awaitables.set(promise, awaitable);
  }

  /** The lanes that these promises wait for, where they are known, in order. */
  targetsOf(promises: readonly unknown[]): number[] {
    const targets: number[] = [];
    for (const promise of promises) {
      if (typeof promise !== 'object' || promise === null) continue;
      const call = this.callOf.get(promise);
      if (call && call.lane > 0) targets.push(call.lane);
      else {
        for (const target of this.awaitables.get(promise)?.targets ?? NONE) targets.push(target);
      }
    }
    return targets;
  }

  enter(site: ModuleSite | undefined): AsyncCall {
    if (this.undecided) this.decide();
    const ns = site !== undefined && this.hot.isQuick(site) ? 0 : this.hot.now();
    const call = new AsyncCall(this.current, site, ns);
    this.current = call;
    return call;
  }

  /** For an await outside every async function (a module's top level, an async generator): it belongs to whoever runs. */
  borrow(): AsyncCall {
    const { current } = this;
    const call = new AsyncCall(current, undefined, 0);
    call.isBorrowed = true;
    call.isDetached = current.isDetached;
    call.within = current.isBorrowed ? current.within : current;
    this.current = call;
    return call;
  }

  /** Before an await of `value`. */
  beforeAwait(call: AsyncCall, site: ModuleSite | undefined, value: unknown): void {
    const { hot, undecided } = this;
    const isHot = site !== undefined && this.latestTimer === undefined && hot.isHot(site);
    let ns = isHot ? hot.recently() : hot.now();
    if (call.startedNs === 0) call.startedNs = ns;
    if (undecided) {
      if (undecided.caller === call && site?.use === 'call' && this.isItsPromise(value)) {
        undecided.within = call;
        this.undecided = undefined;
        // The wait for the call holds all of it, so that what the call waits for itself lies within.
        ns = undecided.startedNs;
      } else this.decide();
    }
    call.isWaiting = true;
    call.waitNs = ns;
    call.waitSite = site;
    if (isHot) {
      call.waitTurn = hot.turn();
      call.waitValue = value;
    } else call.waitFor = this.knownOf(value, site);
    if (!call.isListed) this.list(call);
    if (call.isDetached) this.current = this.root;
    else {
      call.isDetached = true;
      this.current = call.caller;
      if (!call.isBorrowed) this.undecided = call;
    }
  }

  afterAwait(call: AsyncCall): void {
    this.resume(call, DONE);
  }

  /** The call runs again, by way of an exception or of a loop's next step. */
  resumeIn(call: AsyncCall): void {
    if (call.isWaiting) this.resume(call, RAISED);
    else this.current = call;
  }

  fail(call: AsyncCall, failure: unknown): void {
    if (call.isWaiting) this.resume(call, RAISED);
    call.hasFailed = true;
    call.failure = failure;
  }

  leave(call: AsyncCall): void {
    if (!call.isDetached) {
      this.current = call.caller;
      if (call.site) call.site.quickEnds++;
      return;
    }
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
    if (!last) return;
    this.decide();
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
    const site = call.site?.number ?? 0;
    const name = recorder.writer.string(call.site?.func ?? 'async function');
    call.lane = recorder.callLane(name, laneOf(call.caller), call.startedNs, site);
    this.unclaimed.push(call);
  }

  /** At the end of the thread: what was counted and not listed. */
  tellCounted(): void {
    this.hot.tell();
  }

  /** Writes the begin of every wait that still lasts. */
  flush(): void {
    this.decide();
    const { listed } = this;
    this.listed = [];
    for (const call of listed) call.isListed = false;
    const lasting = listed.filter(call => call.isWaiting && call.waitId === 0);
    // What holds another began before it, but was listed after.
    lasting.sort((one, other) => one.waitNs - other.waitNs);
    for (const call of lasting) {
      this.writeBegin(call);
      if (laneOf(call) === 0) this.heldUp++;
    }
  }

  private list(call: AsyncCall): void {
    call.isListed = true;
    if (this.listed.push(call) === 1) this.recorder.writer.flushSoon();
    if (this.listed.length < MANY) return;
    const waiting = this.listed.filter(one => one.isWaiting && one.waitId === 0);
    for (const one of this.listed) one.isListed = false;
    for (const one of waiting) one.isListed = true;
    this.listed = waiting;
    if (waiting.length >= MANY / 2) this.flush();
  }

  private resume(call: AsyncCall, outcome: number): void {
    if (this.undecided) this.decide();
    if (this.unclaimed.length > 0) this.unclaimed = [];
    this.current = call;
    if (!call.isWaiting) return;
    const { hot } = this;
    const { waitSite, waitTurn } = call;
    if (waitTurn !== 0) {
      call.waitTurn = 0;
      if (call.waitId === 0 && hot.isSameTurn(waitTurn)) {
        call.isWaiting = false;
        call.waitValue = undefined;
        hot.count(waitSite);
        return;
      }
      this.recall(call);
      if (waitSite) hot.cool(waitSite);
    }
    // The thread may have been idle until now: for this, as long as it waits.
    const ns = hot.now();
    call.isWaiting = false;
    const { waitId } = call;
    if (waitSite) hot.note(waitSite, ns - call.waitNs);
    const { waitFor: known } = call;
    call.waitFor = undefined;
    const due = known?.dueNs ?? 0;
    const readyNs = due > 0 && ns - due > LATE_NS ? due : 0;
    const { writer } = this.recorder;
    if (waitId !== 0) {
      call.waitId = 0;
      const lane = laneOf(call);
      if (lane === 0) this.heldUp--;
      writer.waitEnd(lane, waitId, outcome, ns, readyNs);
    } else if (known?.targets && known.targets.length > 1) {
      // Several targets take records of their own, which name the wait.
      call.waitFor = known;
      const id = this.writeBegin(call);
      call.waitId = 0;
      writer.waitEnd(laneOf(call), id, outcome, ns, readyNs);
    } else {
      const site = waitSite?.number ?? 0;
      const target = known?.targets?.[0] ?? -1;
      const label = this.labelOf(known, waitSite);
      writer.waitDone(
        laneOf(call),
        kindOf(known),
        outcome,
        call.waitNs,
        ns,
        site,
        label,
        target,
        readyNs,
      );
    }
  }

  /** What a hot await waits for is looked up only when it turns out to last. */
  private recall(call: AsyncCall): void {
    const { waitValue } = call;
    if (waitValue === undefined) return;
    call.waitValue = undefined;
    call.waitFor = this.knownOf(waitValue, call.waitSite);
  }

  private writeBegin(call: AsyncCall): number {
    const { recorder } = this;
    this.recall(call);
    const lane = laneOf(call);
    const known = call.waitFor;
    const id = recorder.newWait();
    call.waitId = id;
    const site = call.waitSite?.number ?? 0;
    const label = this.labelOf(known, call.waitSite);
    const targets = known?.targets ?? NONE;
    recorder.writer.waitBegin(lane, id, kindOf(known), call.waitNs, site, label, targets[0] ?? -1);
    for (let at = 1; at < targets.length; at++) {
      const first = targets[at]!;
      // Calls made in a row have lanes in a row: one record for all of them.
      while (targets[at + 1] === targets[at]! + 1 && targets[at]! - first < MOST_MORE_TARGETS) at++;
      recorder.writer.waitOnLanes(lane, id, first, targets[at]!, call.waitNs);
    }
    return id;
  }

  private labelOf(known: Awaitable | undefined, site: ModuleSite | undefined): number {
    if (known?.label !== undefined) return this.recorder.writer.string(known.label);
    return site?.label ?? 0;
  }

  private knownOf(value: unknown, site: ModuleSite | undefined): Awaitable | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const timer = this.latestTimer;
    if (timer) this.latestTimer = undefined;
    const known = this.awaitables.get(value);
    if (known) return known;
    const call = this.callOf.get(value);
    if (call && call.lane > 0) {
      return { kind: 'await', targets: [call.lane] };
    }
    return timer && site?.looksLikePause && value instanceof Promise ? timer : undefined;
  }

  /** A promise that something else has claimed is not the one the undecided call has just returned. */
  private isItsPromise(value: unknown): boolean {
    return value instanceof Promise && !this.awaitables.get(value) && !this.callOf.get(value);
  }
}

const kindOf = (known: Awaitable | undefined): number => (known ? codeOf.wait(known.kind) : AWAIT);

function laneOf(call: AsyncCall): number {
  let at = call;
  while (at.lane < 0) at = at.within ?? at.caller;
  return at.lane;
}

export function describeFailure(failure: unknown): string {
  if (failure instanceof Error) {
    return failure.message ? `${failure.name}: ${failure.message}` : failure.name;
  }
  return String(failure);
}
