/**
 * Owns the stretches in which this thread sat in its event loop with nothing to do. How long it did so in all, libuv counts
 * by itself; when, shows between two looks at that count. A stretch is told only where its place is known: there was one
 * turn of the loop between the looks, or hardly any time in which anything else could have run.
 *
 * A look is a record, at most one a millisecond, and each flush; while the thread is idle, an immediate that does not keep
 * the loop alive is one after every turn. A busy thread pays for a few immediates every 10 ms.
 */
import { OUTCOMES, RECORD_KINDS, TARGET } from '../../../trace/format';
import type { WaitKind } from '../../../trace/format';
import type { AsyncCalls } from './asyncCalls';
import type { Awaitable } from './awaitable';
import { codeOf } from './recorder';
import type { Recorder } from './recorder';

/** Shorter ones are no rest. Also the time that may be told wrongly. */
const SHORT_NS = 1e6;
/** Busy turns that are watched after each flush: a rest often follows a few of them. */
const TURNS = 8;
const LONG_WAY_NS = 20e6;
const DONE = OUTCOMES.indexOf('done') + 1;

// The snippet may replace it.
const afterThisTurn = setImmediate;
const { nodeTiming } = performance;

interface Stretch {
  readonly startNs: number;
  endNs: number;
  /** Number of its wait; 0 while that is not written. */
  wait: number;
  /** It is known what it waits for. */
  isKnown: boolean;
  /** The loop has gone on, though not for us; what woke it may still show. */
  isOver: boolean;
}

/** What an idle thread waits for, where only few can wake it. */
export interface IdleFor {
  readonly kind: WaitKind;
  readonly label: string;
  readonly site: number;
}

/** What woke it. */
export interface Waker extends Awaitable {
  readonly label: string;
  /** The line that listens for it; 0 unknown. */
  site(): number;
}

export class Idle {
  private readonly recorder: Recorder;
  private readonly calls: AsyncCalls;
  private readonly idleFor: () => IdleFor | undefined;
  private lookedNs: number;
  private idleNs = 0;
  private stretch: Stretch | undefined;
  private isOwnLook = false;
  private isArmed = false;
  private turnsLeft = TURNS;
  private waker: Waker | undefined;
  private woken = 0;

  constructor(recorder: Recorder, calls: AsyncCalls, idleFor: () => IdleFor | undefined) {
    this.recorder = recorder;
    this.calls = calls;
    this.idleFor = idleFor;
    this.lookedNs = recorder.now();
  }

  watch(): void {
    const { writer } = this.recorder;
    const { onFlush } = writer;
    writer.onFlush = () => {
      onFlush();
      this.atFlush();
    };
    writer.onLook = (beforeNs, ns) => this.look(beforeNs, ns);
    writer.lookFromNs = this.lookedNs + SHORT_NS;
    this.arm();
  }

  /** The thread has been woken by that, if it was idle. Returns the number of the wait that ended so, or 0. */
  wokenBy(waker: Waker): number {
    this.waker = waker;
    this.woken = 0;
    this.recorder.now();
    this.waker = undefined;
    return this.woken;
  }

  private look(beforeNs: number, ns: number): void {
    this.measure(beforeNs, ns);
    const { stretch, waker } = this;
    if (!stretch || this.isOwnLook) return;
    const isNext = !stretch.isOver || ns - stretch.endNs < SHORT_NS;
    if (!waker || !isNext) this.close();
    else {
      // What is left is the way there, on a busy machine a long one.
      if (ns - stretch.endNs < LONG_WAY_NS) stretch.endNs = ns;
      this.woken = this.close(waker);
    }
  }

  private ownLook(): boolean {
    this.isOwnLook = true;
    const idleNs = this.idleNs;
    this.recorder.writer.lookFromNs = 0;
    this.recorder.now();
    this.isOwnLook = false;
    return this.idleNs - idleNs >= SHORT_NS;
  }

  private atFlush(): void {
    this.ownLook();
    const { stretch, calls, recorder } = this;
    if (stretch && (stretch.isOver || this.lookedNs - stretch.endNs > SHORT_NS)) this.close();
    else if (stretch && !stretch.isKnown) this.begin(stretch);
    this.turnsLeft = TURNS;
    this.arm();
    // The thread may have come to rest just now, and there will be no record to tell it.
    if (!this.stretch && calls.heldUp === 0) recorder.writer.flushSoon();
  }

  private arm(): void {
    if (this.isArmed) return;
    this.isArmed = true;
    afterThisTurn(() => this.afterTurn()).unref();
  }

  private afterTurn(): void {
    const { writer } = this.recorder;
    const wasIdle = this.ownLook();
    this.isArmed = false;
    // Not woken by our own timer: something else is about to run, or has.
    if (this.stretch && !writer.isFlushing) this.stretch.isOver = true;
    if (wasIdle) this.turnsLeft = TURNS;
    if (this.calls.heldUp === 0 && this.turnsLeft-- > 0) this.arm();
    writer.flushSoon();
  }

  /** Extends the stretch, or begins another, by what is known of the time since the latest look. */
  private measure(beforeNs: number, ns: number): void {
    const { lookedNs, calls, recorder } = this;
    const idleNs = nodeTiming.idleTime * 1e6;
    const idle = idleNs - this.idleNs;
    this.idleNs = idleNs;
    this.lookedNs = ns;
    recorder.writer.lookFromNs = this.stretch ? 0 : ns + SHORT_NS;
    if (idle < SHORT_NS || (!this.isArmed && ns - lookedNs - idle > SHORT_NS)) return;
    calls.flush();
    if (calls.heldUp > 0) return;
    const startNs = Math.max(beforeNs, lookedNs);
    const endNs = Math.min(ns, startNs + idle);
    const { stretch } = this;
    if (stretch && !stretch.isOver && startNs - stretch.endNs < SHORT_NS) {
      stretch.endNs = endNs;
      return;
    }
    if (stretch) this.close();
    this.stretch = { startNs, endNs, wait: 0, isKnown: false, isOver: false };
    recorder.writer.lookFromNs = 0;
  }

  /** Or tells more of one that is told: what else could have woken it is gone. */
  private begin(from: Stretch): void {
    const { recorder } = this;
    const known = this.idleFor();
    let stretch = from;
    if (stretch.wait !== 0) {
      if (!known) return;
      this.close();
      stretch = { ...from, startNs: from.endNs };
      this.stretch = stretch;
      recorder.writer.lookFromNs = 0;
    }
    stretch.isKnown = known !== undefined;
    stretch.wait = recorder.newWait();
    const { kind, label, site } = known ?? { kind: 'idle', label: '', site: 0 };
    recorder.writer.write(RECORD_KINDS.waitBegin, {
      id: stretch.wait,
      a: codeOf.wait(kind),
      t: stretch.startNs,
      site,
      text: recorder.writer.string(label),
    });
  }

  private close(waker?: Waker): number {
    const { stretch, recorder } = this;
    if (!stretch) return 0;
    this.stretch = undefined;
    recorder.writer.lookFromNs = this.lookedNs + SHORT_NS;
    const { startNs, endNs } = stretch;
    const { writer } = recorder;
    const what = waker && {
      a: codeOf.wait(waker.kind),
      site: waker.site(),
      text: writer.string(waker.label),
    };
    const target = waker?.targets?.[0];
    if (stretch.wait !== 0) {
      const id = stretch.wait;
      if (target !== undefined) {
        writer.write(RECORD_KINDS.waitOn, { id, c: TARGET.lane, ref: target, t: endNs });
      }
      writer.write(RECORD_KINDS.waitEnd, { id, b: DONE, t: endNs, ...what });
      return id;
    }
    if (endNs - startNs < SHORT_NS) return 0;
    const id = recorder.newWait();
    writer.write(RECORD_KINDS.waitDone, {
      id,
      a: codeOf.wait('idle'),
      b: DONE,
      c: target === undefined ? TARGET.none : TARGET.lane,
      ref: target ?? 0,
      t: startNs,
      t2: endNs,
      ...what,
    });
    return id;
  }
}
