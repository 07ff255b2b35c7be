/** Owns what the timeline needs of a run beyond the model's own queries: handoffs, output and jobs, ordered for windows. */
import { HANDOFF_KINDS } from '../../trace/format';
import type { RunModel } from '../../trace/model';
import type { ArrowArrays, OutputArrays } from '../../webview/messages';

/** More arrows than this in one picture are a felt, not a drawing. */
const MAX_ARROWS = 1_500;
/** Arrows between the same two lanes nearer than this are one. */
const ARROW_PX = 6;

export class RunIndex {
  private handoffs = 0;
  private fromLane: number[] = [];
  private toLane: number[] = [];
  private fromNs: number[] = [];
  private toNs: number[] = [];
  private kinds: number[] = [];
  private jobsSeen = -1;
  private jobsByLane = new Map<number, number[]>();

  private readonly model: RunModel;

  constructor(model: RunModel) {
    this.model = model;
  }

  arrows(fromNs: number, toNs: number, nsPerPx: number, lanes: ReadonlySet<number>): ArrowArrays {
    this.readHandoffs();
    const picked: number[] = [];
    const cells = new Set<string>();
    let leftOut = 0;
    for (let index = 0; index < this.handoffs; index++) {
      const to = this.toNs[index]!;
      const from = this.fromNs[index]!;
      if (to < fromNs || from > toNs) continue;
      const fromLane = this.fromLane[index]!;
      const toLane = this.toLane[index]!;
      if (fromLane === toLane || (!lanes.has(fromLane) && !lanes.has(toLane))) continue;
      const cell = `${fromLane} ${toLane} ${Math.floor(to / (nsPerPx * ARROW_PX))}`;
      if (cells.has(cell) || picked.length >= MAX_ARROWS) {
        leftOut++;
        continue;
      }
      cells.add(cell);
      picked.push(index);
    }
    return {
      count: picked.length,
      fromLane: Uint32Array.from(picked, index => this.fromLane[index]!),
      toLane: Uint32Array.from(picked, index => this.toLane[index]!),
      from: Float32Array.from(picked, index => this.fromNs[index]! - fromNs),
      to: Float32Array.from(picked, index => this.toNs[index]! - fromNs),
      kind: Uint8Array.from(picked, index => this.kinds[index]!),
      leftOut,
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

  /** The job that `lane` works on at that moment, or -1. */
  jobAt(lane: number, ns: number): number {
    this.readJobs();
    const jobs = this.jobsByLane.get(lane);
    if (!jobs) return -1;
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

  private readHandoffs(): void {
    for (; this.handoffs < this.model.handoffCount; this.handoffs++) {
      const handoff = this.model.handoff(this.handoffs);
      this.fromLane.push(handoff.from.lane);
      this.toLane.push(handoff.to.lane);
      this.fromNs.push(handoff.from.ns);
      this.toNs.push(handoff.to.ns);
      this.kinds.push(HANDOFF_KINDS.indexOf(handoff.kind));
    }
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
