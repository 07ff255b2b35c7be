/** Owns what the timeline needs of a run beyond the model's own queries: handoffs, output and jobs, ordered for windows. */
import { HANDOFF_KINDS } from '../../trace/format';
import type { RunModel } from '../../trace/model';
import type { ArrowArrays, OutputArrays } from '../../webview/messages';

/** More arrows than this in one picture are a felt, not a drawing. */
const MAX_ARROWS = 600;
/** Arrows between the same two lanes nearer than this are one. */
const ARROW_PX = 6;

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The handoffs as columns, in the order they were recorded. */
class HandoffColumns {
  count = 0;
  fromLane = new Uint32Array(1024);
  toLane = new Uint32Array(1024);
  fromNs = new Float64Array(1024);
  toNs = new Float64Array(1024);
  kind = new Uint8Array(1024);

  read(model: RunModel): void {
    if (model.handoffCount > this.fromLane.length) this.grow(model.handoffCount);
    for (; this.count < model.handoffCount; this.count++) {
      const { kind, from, to } = model.handoff(this.count);
      this.fromLane[this.count] = from.lane;
      this.toLane[this.count] = to.lane;
      this.fromNs[this.count] = from.ns;
      this.toNs[this.count] = to.ns;
      this.kind[this.count] = HANDOFF_KINDS.indexOf(kind);
    }
  }

  private grow(wanted: number): void {
    const size = 2 ** Math.ceil(Math.log2(wanted + 1));
    this.fromLane = larger(this.fromLane, new Uint32Array(size));
    this.toLane = larger(this.toLane, new Uint32Array(size));
    this.fromNs = larger(this.fromNs, new Float64Array(size));
    this.toNs = larger(this.toNs, new Float64Array(size));
    this.kind = larger(this.kind, new Uint8Array(size));
  }
}

export class RunIndex {
  private readonly handoffs = new HandoffColumns();
  private jobsSeen = -1;
  private jobsByLane = new Map<number, number[]>();

  private readonly model: RunModel;

  constructor(model: RunModel) {
    this.model = model;
  }

  arrows(fromNs: number, toNs: number, nsPerPx: number, lanes: ReadonlySet<number>): ArrowArrays {
    const { handoffs } = this;
    handoffs.read(this.model);
    const laneCount = this.model.lanes.length;
    const shown = new Uint8Array(laneCount);
    for (const lane of lanes) shown[lane] = 1;
    const inView = (index: number): boolean =>
      handoffs.toNs[index]! >= fromNs &&
      handoffs.fromNs[index]! <= toNs &&
      (shown[handoffs.fromLane[index]!] === 1 || shown[handoffs.toLane[index]!] === 1);
    let total = 0;
    for (let index = 0; index < handoffs.count; index++) if (inView(index)) total++;
    // Where there are far too many, a few from everywhere rather than all from the left.
    const stride = Math.max(1, Math.ceil(total / MAX_ARROWS));
    const picked: number[] = [];
    const cells = new Set<number>();
    const cellNs = nsPerPx * ARROW_PX;
    const cellCount = Math.ceil((toNs - fromNs) / cellNs) + 1;
    let seen = 0;
    for (let index = 0; index < handoffs.count && picked.length < MAX_ARROWS; index++) {
      if (!inView(index) || seen++ % stride !== 0) continue;
      const at = Math.min(cellCount - 1, Math.floor((handoffs.toNs[index]! - fromNs) / cellNs));
      const pair = handoffs.fromLane[index]! * laneCount + handoffs.toLane[index]!;
      const cell = pair * cellCount + at;
      if (cells.has(cell)) continue;
      cells.add(cell);
      picked.push(index);
    }
    return {
      count: picked.length,
      fromLane: Uint32Array.from(picked, index => handoffs.fromLane[index]!),
      toLane: Uint32Array.from(picked, index => handoffs.toLane[index]!),
      from: Float32Array.from(picked, index => handoffs.fromNs[index]! - fromNs),
      to: Float32Array.from(picked, index => handoffs.toNs[index]! - fromNs),
      kind: Uint8Array.from(picked, index => handoffs.kind[index]!),
      total,
    };
  }

  /** One tick for all output of a lane within a pixel or two. */
  output(fromNs: number, toNs: number, nsPerPx: number, lanes: ReadonlySet<number>): OutputArrays {
    const { output } = this.model;
    let low = 0;
    let high = output.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((output[middle]?.ns ?? 0) < fromNs) low = middle + 1;
      else high = middle;
    }
    const cells = new Map<string, { lane: number; at: number; stream: number }>();
    for (let index = low; index < output.length; index++) {
      const piece = output[index];
      if (!piece || piece.ns > toNs) break;
      if (piece.lane === null || !lanes.has(piece.lane)) continue;
      const cell = `${piece.lane} ${Math.floor(piece.ns / (2 * nsPerPx))}`;
      const stream = piece.stream === 'stdout' ? 1 : 2;
      const known = cells.get(cell);
      if (known) known.stream |= stream;
      else cells.set(cell, { lane: piece.lane, at: piece.ns - fromNs, stream });
    }
    const list = [...cells.values()];
    return {
      count: list.length,
      lane: Uint32Array.from(list, cell => cell.lane),
      at: Float32Array.from(list, cell => cell.at),
      stream: Uint8Array.from(list, cell => cell.stream),
    };
  }

  /** Jobs that ran on `lane`, in order of their start. */
  jobsOf(lane: number): readonly number[] {
    this.readJobs();
    return this.jobsByLane.get(lane) ?? [];
  }

  /** The job that `lane` works on at that moment, or -1. */
  jobAt(lane: number, ns: number): number {
    const jobs = this.jobsOf(lane);
    let low = 0;
    let high = jobs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.model.jobs[jobs[middle]!]?.startNs ?? 0) <= ns) low = middle + 1;
      else high = middle;
    }
    const id = jobs[low - 1];
    const job = id === undefined ? undefined : this.model.jobs[id];
    return job && (job.endNs === null || job.endNs > ns) ? job.id : -1;
  }

  private readJobs(): void {
    if (this.jobsSeen === this.model.records) return;
    this.jobsSeen = this.model.records;
    this.jobsByLane = new Map();
    for (const job of this.model.jobs) {
      if (job.lane === null || job.startNs === null) continue;
      const list = this.jobsByLane.get(job.lane);
      if (list) list.push(job.id);
      else this.jobsByLane.set(job.lane, [job.id]);
    }
    const startOf = (id: number): number => this.model.jobs[id]?.startNs ?? 0;
    for (const list of this.jobsByLane.values()) list.sort((a, b) => startOf(a) - startOf(b));
  }
}
