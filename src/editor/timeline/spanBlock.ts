/**
 * Owns the reduction of lanes to what a window of so many pixels can show: pieces as flat arrays, those finer than a pixel or two
 * merged. Pixels lie on a grid of powers of two from time zero, so that panning does not make merged spans flicker.
 */
import type { Job, Lane, RunModel } from '../../trace/model';
import type { SpanArrays } from '../../webview/messages';
import { FLAG, RUNNING } from '../../webview/spanState';
import { walkLane, type PieceSink } from './lanePieces';

/** Spans narrower than this have no room for a label. */
const LABEL_PX = 22;

/** Where the builder gets words from; asked only for spans with room for them. */
export interface LabelSource {
  text(wait: number): string;
  /** Jobs that ran on a lane, in order of their start. */
  jobs(lane: number): readonly number[];
  job(id: number): Job | undefined;
}

/** Nanoseconds of a grid cell: the smallest power of two that is not narrower than a pixel. Finer cells cost frames and show no more. */
export const gridOf = (nsPerPx: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, nsPerPx)));

export class SpanBlockBuilder implements PieceSink {
  readonly labels: string[] = [];
  private readonly labelIndex = new Map<string, number>();
  private readonly grid: number;
  private capacity = 1024;
  private count = 0;
  private lanes = new Uint32Array(this.capacity);
  private starts = new Float32Array(this.capacity);
  private ends = new Float32Array(this.capacity);
  private states = new Uint8Array(this.capacity);
  private flagsOf = new Uint8Array(this.capacity);
  private refs = new Uint32Array(this.capacity);
  private labelsOf = new Uint32Array(this.capacity);

  private lane!: Lane;
  private jobs: readonly number[] = [];
  private nextJob = 0;
  // What has been gathered of the current grid cell.
  private cell = 0;
  private cellEnd = 0;
  private gathered = 0;
  private from = 0;
  private to = 0;
  private best = 0;
  private bestState = 0;
  private onlyFlags = 0;
  private onlyWait = -1;
  private readonly share = new Float64Array(256);
  private readonly touched: number[] = [];

  private readonly model: RunModel;
  private readonly originNs: number;
  private readonly toNs: number;
  private readonly nsPerPx: number;
  private readonly words: LabelSource;

  constructor(
    model: RunModel,
    originNs: number,
    toNs: number,
    nsPerPx: number,
    words: LabelSource,
  ) {
    this.model = model;
    this.originNs = originNs;
    this.toNs = toNs;
    this.nsPerPx = nsPerPx;
    this.words = words;

    this.grid = gridOf(nsPerPx);
  }

  addLane(lane: Lane): void {
    this.lane = lane;
    this.jobs = this.words.jobs(lane.id);
    this.nextJob = 0;
    walkLane(this.model, lane, this.originNs, this.toNs, this);
    this.flush();
  }

  piece(startNs: number, endNs: number, state: number, flags: number, wait: number): void {
    if (endNs - startNs >= this.grid) {
      this.flush();
      if (state === RUNNING && this.jobs.length > 0) this.emitByJobs(startNs, endNs, flags);
      else this.emit(startNs, endNs, state, flags, wait);
      return;
    }
    const cell = Math.floor(startNs / this.grid);
    if (this.gathered > 0 && cell !== this.cell) this.flush();
    if (this.gathered === 0) {
      this.cell = cell;
      this.cellEnd = (cell + 1) * this.grid;
      this.from = startNs;
      this.onlyFlags = 0;
    }
    this.gathered++;
    this.to = endNs;
    this.onlyFlags |= flags;
    this.onlyWait = wait;
    const sum = (this.share[state] ?? 0) + (endNs - startNs);
    if (sum === endNs - startNs) this.touched.push(state);
    this.share[state] = sum;
    if (sum > this.best) {
      this.best = sum;
      this.bestState = state;
    }
    if (endNs >= this.cellEnd) this.flush();
  }

  finish(): SpanArrays {
    const { count } = this;
    return {
      count,
      lane: this.lanes.slice(0, count),
      start: this.starts.slice(0, count),
      end: this.ends.slice(0, count),
      state: this.states.slice(0, count),
      flags: this.flagsOf.slice(0, count),
      ref: this.refs.slice(0, count),
      label: this.labelsOf.slice(0, count),
    };
  }

  private flush(): void {
    if (this.gathered === 0) return;
    const isOne = this.gathered === 1;
    const flags = isOne ? this.onlyFlags : FLAG.mixed | (this.onlyFlags & (FLAG.cap | FLAG.open));
    this.gathered = 0;
    this.best = 0;
    for (const state of this.touched) this.share[state] = 0;
    this.touched.length = 0;
    if (!isOne && this.extendLast(flags)) return;
    this.emit(this.from, this.to, this.bestState, flags, isOne ? this.onlyWait : -1);
  }

  /** Running is cut where one job ends and the next begins, so that each bears its name. */
  private emitByJobs(startNs: number, endNs: number, flags: number): void {
    const { jobs, words } = this;
    let at = startNs;
    const upTo = (end: number, job: Job | undefined): void => {
      if (end <= at) return;
      this.emit(at, end, RUNNING, end < endNs ? flags & ~(FLAG.cap | FLAG.open) : flags, -1, job);
      at = end;
    };
    for (; this.nextJob < jobs.length; this.nextJob++) {
      const job = words.job(jobs[this.nextJob]!);
      const jobStart = job?.startNs ?? endNs;
      if (jobStart >= endNs) break;
      const jobEnd = job?.endNs ?? endNs;
      if (jobEnd <= at) continue;
      // What is too thin to see is not worth a cut.
      upTo(jobStart - at >= this.grid ? jobStart : at, undefined);
      upTo(Math.min(endNs - jobEnd >= this.grid ? jobEnd : endNs, endNs), job);
      // It goes on after the wait that ends this piece.
      if (jobEnd >= endNs) break;
    }
    upTo(endNs, undefined);
  }

  /** A run of like merged cells is one span. */
  private extendLast(flags: number): boolean {
    const last = this.count - 1;
    if (last < 0 || this.lanes[last] !== this.lane.id || this.states[last] !== this.bestState)
      return false;
    const before = this.flagsOf[last] ?? 0;
    if (before !== FLAG.mixed) return false;
    const gap = this.from - this.originNs - (this.ends[last] ?? 0);
    if (Math.abs(gap) > this.grid / 2) return false;
    this.ends[last] = this.to - this.originNs;
    this.flagsOf[last] = flags;
    return true;
  }

  private emit(
    startNs: number,
    endNs: number,
    state: number,
    flags: number,
    wait: number,
    job?: Job,
  ): void {
    if (endNs < this.originNs || startNs > this.toNs) return;
    const at = this.count++;
    if (at >= this.capacity) this.grow();
    this.lanes[at] = this.lane.id;
    this.starts[at] = startNs - this.originNs;
    this.ends[at] = endNs - this.originNs;
    this.states[at] = state;
    // What is open may become wide without anything more being recorded.
    const isWide = endNs - startNs >= LABEL_PX * this.nsPerPx || (flags & FLAG.open) !== 0;
    if (isWide && job) this.labelsOf[at] = this.intern(job.name);
    else if (isWide && wait >= 0) this.labelsOf[at] = this.intern(this.words.text(wait));
    this.flagsOf[at] = job ? flags | FLAG.job : flags;
    this.refs[at] = (job?.id ?? wait) + 1;
  }

  private intern(text: string): number {
    if (!text) return 0;
    const known = this.labelIndex.get(text);
    if (known !== undefined) return known;
    const index = this.labels.push(text);
    this.labelIndex.set(text, index);
    return index;
  }

  private grow(): void {
    this.capacity *= 2;
    this.lanes = enlarge(this.lanes, new Uint32Array(this.capacity));
    this.starts = enlarge(this.starts, new Float32Array(this.capacity));
    this.ends = enlarge(this.ends, new Float32Array(this.capacity));
    this.states = enlarge(this.states, new Uint8Array(this.capacity));
    this.flagsOf = enlarge(this.flagsOf, new Uint8Array(this.capacity));
    this.refs = enlarge(this.refs, new Uint32Array(this.capacity));
    this.labelsOf = enlarge(this.labelsOf, new Uint32Array(this.capacity));
  }
}

function enlarge<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
