/**
 * Owns the words of a run as types: what the run model hands to the editor, the command line, the insights and the exporters.
 * Times are nanoseconds since the run began, as plain numbers (exact up to 104 days).
 */
import type { Event } from '../base/emitter';
import type {
  HandoffKind,
  Language,
  LaneEnd,
  LaneKind,
  ObjectKind,
  Outcome,
  WaitKind,
} from './format';

/** A place in the person's source. `column` is 1-based and null where the interpreter does not know it. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
  readonly endColumn: number | null;
  readonly func: string | null;
}

export interface Lane {
  readonly id: number;
  readonly kind: LaneKind;
  readonly name: string;
  /** The whole command of a program whose name is a short form of it. */
  readonly command: string | null;
  readonly pid: number;
  readonly parent: number | null;
  /** The lane that stands for the process this lane lives in (itself for `main` and `process`). */
  readonly process: number;
  readonly daemon: boolean;
  /** Started by the language itself (resource tracker, queue feeder); folded away by default. */
  readonly helper: boolean;
  readonly traced: boolean;
  readonly language: Language | null;
  readonly createdNs: number;
  /** First step; equal to `createdNs` until it is known. */
  readonly startNs: number;
  readonly endNs: number | null;
  readonly end: LaneEnd;
  /** What it raised, or how it exited. */
  readonly detail: string | null;
  readonly exitCode: number | null;
  readonly site: Site | null;
}

/** An object lanes wait on: a lock, a queue, a pipe ... */
export interface SharedObject {
  readonly id: number;
  readonly kind: ObjectKind;
  /** `results_lock`, or `Lock at notes.py:12` when it has no name. */
  readonly name: string;
  readonly site: Site | null;
  /** The lane that holds it now, for locks. */
  readonly owner: number | null;
  /** Items in a queue, permits of a semaphore, parties at a barrier, after the last operation; null where not recorded. */
  readonly level: number | null;
}

export interface Wait {
  readonly id: number;
  readonly lane: number;
  readonly kind: WaitKind;
  readonly site: Site | null;
  readonly startNs: number;
  /** What it waited for had happened; null while unknown. */
  readonly readyNs: number | null;
  /** Resumed; null while still waiting. */
  readonly endNs: number | null;
  readonly outcome: Outcome;
  /** Lanes it waits for; for a lock, the lane that held it; for a job, the lane that runs it. */
  readonly on: readonly number[];
  /** Jobs it waits for. */
  readonly jobs: readonly number[];
  /** The object it waits on. */
  readonly object: number | null;
  /** Who ended it. */
  readonly endedBy: number | null;
  /** The line that ended it. */
  readonly endedAt: Site | null;
  /** When it was ended by that line. */
  readonly endedAtNs: number | null;
  readonly timeoutNs: number | null;
  /** What it waits for, in the person's words: `Thread T2`, `queue jobs`, `lock results_lock`. */
  readonly label: string;
}

export interface HandoffEnd {
  readonly lane: number;
  readonly ns: number;
  readonly site: Site | null;
}

export interface Handoff {
  readonly kind: HandoffKind;
  readonly from: HandoffEnd;
  readonly to: HandoffEnd;
}

/** A piece of work run by an executor or pool: queued -> running -> done. */
export interface Job {
  readonly id: number;
  readonly name: string;
  readonly submittedBy: number | null;
  readonly submittedNs: number | null;
  readonly submitSite: Site | null;
  readonly lane: number | null;
  readonly startNs: number | null;
  readonly endNs: number | null;
  readonly outcome: Outcome;
  /** What it raised. */
  readonly detail: string | null;
  /** The pool or executor it was handed to. */
  readonly pool: number | null;
}

/** A stretch of time in which a lane held a lock; recorded for contended locks only. */
export interface Hold {
  readonly object: number;
  readonly lane: number;
  readonly fromNs: number;
  /** Null while it is held. */
  readonly toNs: number | null;
  readonly site: Site | null;
}

/** A step of a lane that shares its thread with others (a task): it ran from here to there without giving way. */
export interface Step {
  readonly lane: number;
  /** The lane of the thread it ran on. */
  readonly thread: number | null;
  readonly fromNs: number;
  readonly toNs: number | null;
  /** The line at which it was suspended afterwards. */
  readonly site: Site | null;
}

export interface OutputPiece {
  /** Null when the writer is not known (a program that is not traced). */
  readonly lane: number | null;
  readonly ns: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What an update touched: views repaint only that. */
export interface RunChange {
  readonly lanes: ReadonlySet<number>;
  readonly waits: ReadonlySet<number>;
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Everything known of one run, appended to while it lives. Views hold no copy: they ask on `onDidChange`.
 * Ids are dense indices: `lane(3)` is `lanes[3]`.
 */
export interface RunModel {
  readonly onDidChange: Event<RunChange>;
  /** True once the last process ended and everything it wrote is read. */
  readonly finished: boolean;
  /** The latest moment known; "now" while the run lives. */
  readonly nowNs: number;
  /** What ran it, with its version: `Python 3.12.1`; null until it is known. */
  readonly runtime: string | null;
  readonly lanes: readonly Lane[];
  readonly objects: readonly SharedObject[];
  readonly jobs: readonly Job[];
  /** What was written; of a flood only the beginning and the end are kept. */
  readonly output: readonly OutputPiece[];
  /** Characters of output that were left out between them. */
  readonly outputLeftOut: number;
  readonly notes: readonly string[];
  readonly records: number;
  readonly dropped: number;
  readonly waitCount: number;
  wait(id: number): Wait;
  readonly handoffCount: number;
  handoff(index: number): Handoff;
  /** Wait ids of a lane, in order of their start. */
  waitsOfLane(lane: number): ArrayLike<number>;
  /** Wait ids whose site is on that line of that file, in order of their start. */
  waitsAtLine(file: string, line: number): ArrayLike<number>;
  /** Lines of a file at which a wait happened, in order. */
  linesWithWaits(file: string): readonly number[];
  readonly holdCount: number;
  hold(index: number): Hold;
  /** Hold indices of an object, and of a lane, in order of their start. */
  holdsOfObject(object: number): ArrayLike<number>;
  holdsOfLane(lane: number): ArrayLike<number>;
  readonly stepCount: number;
  step(index: number): Step;
  /** Step indices of a task lane, in order of their start. */
  stepsOfLane(lane: number): ArrayLike<number>;
  /** Handoff indices in order of their effect, and in order of their cause. */
  readonly handoffsByEffect: ArrayLike<number>;
  readonly handoffsByCause: ArrayLike<number>;
  /** The columns behind `wait(id)`, for code that looks at many waits and must not make an object for each. */
  readonly waitColumns: WaitColumns;
  /** Files that waits happened in. */
  readonly files: readonly string[];
  /** The document that the person sees, for a file that ran in its place; any other file is itself. */
  documentOf(file: string): string;
}

/** One entry per wait id, `waitCount` of them valid; a time not known is NaN. Asked for anew on each use: the arrays are replaced as they grow. */
export interface WaitColumns {
  readonly lane: Int32Array;
  /** Index in `WAIT_KINDS`. */
  readonly kind: Uint8Array;
  /** Index in `OUTCOMES`. */
  readonly outcome: Uint8Array;
  readonly startNs: Float64Array;
  readonly readyNs: Float64Array;
  readonly endNs: Float64Array;
}

/** How a lane is doing at a moment. */
export type LaneState =
  | { readonly state: 'not-started' | 'running' | 'ended' }
  | { readonly state: 'waiting'; readonly wait: Wait }
  /** What it waited for has happened, but it has not resumed: the scheduler, the GIL or a blocked loop holds it. */
  | { readonly state: 'ready'; readonly wait: Wait };
