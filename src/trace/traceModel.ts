/** Owns the run model: reads the tables for those who ask, takes in trace files as they appear, and closes the run. */
import { Emitter } from '../base/emitter';
import { inEnglish, type Translate } from '../base/translate';
import { closeLanes } from './closeLanes';
import type { RunClosing } from './closeLanes';
import { FileDecoder } from './fileDecoder';
import type { FileHeader } from './fileHeader';
import { OUTCOMES, TARGET, WAIT_KINDS } from './format';
import { HANDOFF_KINDS } from './format';
import type { LaneRow } from './laneTable';
import type {
  Handoff,
  Hold,
  Job,
  Lane,
  OutputPiece,
  RunChange,
  RunModel,
  SharedObject,
  Step,
  Wait,
  WaitColumns,
} from './model';
import type { OutputRecords } from './outputRecords';
import { RunTables } from './runTables';
import { OutputStore } from './outputStore';
import { runNotes } from './runNotes';
import { waitLabel } from './waitLabel';

export interface TraceModelOptions {
  /** Time zero of the run, on the clock of the trace. */
  readonly startedNs: bigint;
  /** Pid of the process that was started; null when not known: the first file is it. */
  readonly rootPid: number | null;
  /** Turns the file that ran into the document the person sees. */
  readonly mapFile?: (file: string) => string;
  /** Now, in ns since the run began, while it lives. Without it the latest record is now. */
  readonly now?: () => number;
  /** The language of the notes; English where it is not said. */
  readonly say?: Translate;
}

export class TraceModel implements RunModel {
  readonly files: string[] = [];
  finished = false;
  /** Notes of the host: what was wrong with a file, output that was left out. */
  readonly hostNotes = new Set<string>();
  readonly decoders: FileDecoder[] = [];
  private readonly outputs = new OutputStore();
  private readonly changes = new Emitter<RunChange>();
  readonly onDidChange = this.changes.event;
  private readonly tables: RunTables;
  private readonly base: readonly [number, number];
  private readonly options: TraceModelOptions;
  private readonly knownFiles = new Set<string>();
  private root: LaneRow | undefined;
  private endNs = 0;

  constructor(options: TraceModelOptions) {
    this.options = options;
    this.tables = new RunTables(options.mapFile ?? (file => file));
    this.base = [Number(options.startedNs >> 32n), Number(options.startedNs & 0xffffffffn)];
  }

  documentOf(file: string): string {
    return this.options.mapFile?.(file) ?? file;
  }

  get nowNs(): number {
    if (this.finished) return this.endNs;
    return Math.max(this.options.now?.() ?? 0, this.tables.lastNs);
  }

  get runtime(): string | null {
    return this.decoders.find(decoder => decoder.root === this.root)?.runtime ?? null;
  }

  get lanes(): readonly Lane[] {
    return this.tables.lanes.rows;
  }

  get objects(): readonly SharedObject[] {
    return this.tables.objects.rows;
  }

  get jobs(): readonly Job[] {
    return this.tables.jobs.rows;
  }

  get output(): readonly OutputPiece[] {
    return this.outputs.pieces;
  }

  get outputLeftOut(): number {
    return this.outputs.leftOutChars;
  }

  get notes(): readonly string[] {
    return runNotes(this, this.decoders, this.hostNotes, this.options.say ?? inEnglish);
  }

  get records(): number {
    return this.tables.records;
  }

  get dropped(): number {
    return this.tables.dropped;
  }

  get waitCount(): number {
    return this.tables.waits.count;
  }

  get handoffCount(): number {
    return this.tables.handoffs.count;
  }

  get holdCount(): number {
    return this.tables.holds.count;
  }

  get stepCount(): number {
    return this.tables.steps.count;
  }

  get outputRecords(): OutputRecords {
    return this.tables.outputs;
  }

  get waitColumns(): WaitColumns {
    const { lane, kind, outcome, start, ready, end } = this.tables.waits;
    return {
      lane: lane.data,
      kind: kind.data,
      outcome: outcome.data,
      startNs: start.data,
      readyNs: ready.data,
      endNs: end.data,
    };
  }

  wait(id: number): Wait {
    const { waits, sites } = this.tables;
    if (!(id >= 0 && id < waits.count)) throw new RangeError(`The run has no wait ${id}.`);
    const targets = waits.targets(id);
    const on = new Set<number>();
    const jobs = new Set<number>();
    let object: number | null = null;
    for (const { type, row } of targets) {
      if (type === TARGET.object) object ??= row;
      else if (type === TARGET.lane) on.add(row);
      else if (type === TARGET.job) {
        jobs.add(row);
        const lane = this.tables.jobs.rows[row]?.lane;
        if (lane !== null && lane !== undefined) on.add(lane);
      }
    }
    const end = waits.end.data[id]!;
    const causeLane = waits.causeLane.data[id]!;
    return {
      id,
      lane: waits.lane.data[id]!,
      kind: WAIT_KINDS[waits.kind.data[id]!]!,
      site: sites.get(waits.site.data[id]!),
      startNs: waits.start.data[id]!,
      readyNs: orNull(waits.ready.data[id]!),
      endNs: orNull(end),
      outcome: OUTCOMES[waits.outcome.data[id]!]!,
      on: [...on],
      jobs: [...jobs],
      object,
      endedBy: causeLane < 0 ? null : causeLane,
      endedAt: sites.get(waits.causeSite.data[id]!),
      endedAtNs: orNull(waits.causeNs.data[id]!),
      timeoutNs: orNull(waits.timeout.data[id]!),
      label: waitLabel(this.tables, this.decoders[waits.source.data[id]!], id, targets),
    };
  }

  handoff(index: number): Handoff {
    const { handoffs, sites } = this.tables;
    if (!(index >= 0 && index < handoffs.count)) {
      throw new RangeError(`The run has no handoff ${index}.`);
    }
    return {
      kind: HANDOFF_KINDS[handoffs.kind.data[index]!]!,
      from: {
        lane: handoffs.fromLane.data[index]!,
        ns: handoffs.fromNs.data[index]!,
        site: sites.get(handoffs.fromSite.data[index]!),
      },
      to: {
        lane: handoffs.toLane.data[index]!,
        ns: handoffs.toNs.data[index]!,
        site: sites.get(handoffs.toSite.data[index]!),
      },
    };
  }

  hold(index: number): Hold {
    const { holds, sites } = this.tables;
    return {
      object: holds.object.at(index),
      lane: holds.lane.at(index),
      fromNs: holds.from.at(index),
      toNs: orNull(holds.to.at(index)),
      site: sites.get(holds.site.at(index)),
    };
  }

  step(index: number): Step {
    const { steps, sites } = this.tables;
    const thread = steps.thread.at(index);
    return {
      lane: steps.lane.at(index),
      thread: thread < 0 ? null : thread,
      fromNs: steps.from.at(index),
      toNs: orNull(steps.to.at(index)),
      site: sites.get(steps.site.at(index)),
    };
  }

  waitsOfLane(lane: number): ArrayLike<number> {
    return this.tables.waits.ofLane(lane);
  }

  waitsAtLine(file: string, line: number): ArrayLike<number> {
    return this.tables.waits.ofSites(this.tables.sites.atLine(file, line));
  }

  holdsOfObject(object: number): ArrayLike<number> {
    return this.tables.holds.ofObject(object);
  }

  holdsOfLane(lane: number): ArrayLike<number> {
    return this.tables.holds.ofLane(lane);
  }

  stepsOfLane(lane: number): ArrayLike<number> {
    return this.tables.steps.ofLane(lane);
  }

  get handoffsByEffect(): ArrayLike<number> {
    return this.tables.handoffs.byEffect;
  }

  get handoffsByCause(): ArrayLike<number> {
    return this.tables.handoffs.byCause;
  }

  /** Lines of a file at which a wait happened, in order. */
  linesWithWaits(file: string): readonly number[] {
    const { sites, waits } = this.tables;
    return sites.linesOf(file).filter(line => sites.atLine(file, line).some(s => waits.hasSite(s)));
  }

  /** From now on changes are collected for `publish`. */
  track(): void {
    this.tables.isTracking = true;
  }

  /**
   * A decoder for a new file of the run. Undefined when it should be asked for again a little later, because the
   * lane that its process stands for is not known yet; `isLate` ends that waiting.
   */
  openFile(header: FileHeader, isLate: boolean): FileDecoder | undefined {
    const { lanes } = this.tables;
    const ns = Math.max(0, this.sinceStart(header.time));
    let lane: LaneRow | undefined;
    if (!this.root) {
      const { rootPid } = this.options;
      if (rootPid !== null && rootPid !== header.pid && !isLate) return undefined;
      lane = lanes.add('main', 'MainThread', ns);
      this.root = lane;
    } else {
      const isWorker = header.worker !== 0;
      lane = isWorker ? lanes.withWorker(header.worker) : this.processLane(header, ns);
      if (!lane && !isLate) return undefined;
      lane ??= this.undeclaredProcess(header, ns);
    }
    if (header.worker === 0) lanes.setPid(lane, header.pid);
    lane.hasFile = true;
    lane.traced = true;
    lane.language = header.language;
    const decoder = new FileDecoder(this.decoders.length, this.tables, header, lane, this.base);
    this.decoders.push(decoder);
    this.tables.touch(lane.id, -1, ns);
    return decoder;
  }

  /** The declared lane with that pid, nearest in time; one that has a file already when the process replaced its program. */
  private processLane(header: FileHeader, ns: number): LaneRow | undefined {
    const rows = this.tables.lanes.withPid(header.pid);
    let best: LaneRow | undefined;
    for (const row of rows) {
      if (row.hasFile && row.endNs !== null) continue;
      const distance = Math.abs(row.createdNs - ns);
      if (!best || distance < Math.abs(best.createdNs - ns)) best = row;
    }
    if (best && best.kind !== 'main') best.kind = 'process';
    return best;
  }

  /** A process of which no parent told: perhaps a shell or another untraced program stands between. */
  private undeclaredProcess(header: FileHeader, ns: number): LaneRow {
    const { lanes } = this.tables;
    const lane = lanes.add('process', `process ${header.pid}`, ns);
    const parents = lanes.withPid(header.parentPid);
    lane.parent = (parents[parents.length - 1] ?? this.root)?.id ?? null;
    return lane;
  }

  sinceStart([high, low]: readonly [number, number]): number {
    return (high - this.base[0]) * 2 ** 32 + (low - this.base[1]);
  }

  /** After a batch of records: settles what they decide together, and tells the views. */
  publish(): void {
    this.tables.decide(this.finished);
    this.updateFiles();
    const change = this.tables.takeChange();
    if (change) this.changes.fire(change);
  }

  private updateFiles(): void {
    const { sites, waits } = this.tables;
    if (waits.newSites.length === 0) return;
    waits.newSites = waits.newSites.filter(row => {
      const site = sites.get(row);
      if (site && !this.knownFiles.has(site.file)) {
        this.knownFiles.add(site.file);
        this.files.push(site.file);
      }
      return site === null;
    });
  }

  /** The host saw that a process is there no more; how it ended is perhaps told later. */
  processGone(pid: number, ns: number): void {
    for (const row of this.tables.lanes.withPid(pid)) {
      if (row.endNs === null) this.tables.endLane(row, ns, 'exited', null, false);
    }
  }

  /** The run is over and everything it wrote is read. */
  finish(closing: RunClosing): void {
    for (const decoder of this.decoders) decoder.strings.giveUp();
    this.endNs = Math.max(closing.ns, this.tables.lastNs);
    const root = (this.root ??= this.untracedRoot());
    closeLanes(this.tables, this.decoders, root, { ...closing, ns: this.endNs });
    this.finished = true;
    this.tables.touch(root.id, -1, this.endNs);
    this.publish();
  }

  private untracedRoot(): LaneRow {
    const lane = this.tables.lanes.add('main', 'MainThread', 0);
    lane.pid = this.options.rootPid ?? 0;
    lane.traced = false;
    return lane;
  }

  /** A sentence of the host's, for the person: it is among the notes from now on. */
  addNote(note: string): void {
    this.hostNotes.add(note);
  }

  addOutput(piece: OutputPiece): void {
    this.outputs.add(piece);
    this.tables.touch(piece.lane ?? -1, -1, piece.ns);
  }

  dispose(): void {
    this.changes.dispose();
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
