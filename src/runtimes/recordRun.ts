/** Owns a run from launch to end: starts the runtime, follows its trace while it is written, tells which lane wrote what. */
import { realpathSync } from 'node:fs';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Event } from '../base/emitter';
import { inEnglish, type Translate } from '../base/translate';
import type { OutputPiece, RunModel } from '../trace/model';
import { OutputMatcher } from '../trace/outputMatcher';
import { TraceModel } from '../trace/traceModel';
import { TraceReader } from '../trace/traceReader';
import {
  type KnownProcess,
  type OutputChunk,
  programFiles,
  type RunEnd,
  type RunHandle,
  type RunRequest,
  type Runtime,
} from './runtime';

export interface Run extends Disposable {
  readonly request: RunRequest;
  readonly model: RunModel & { addNote(note: string): void };
  readonly startedAt: Date;
  /** Every piece of output, in order, also those that the model does not keep. */
  readonly onDidWrite: Event<OutputPiece>;
  /** Settles when everything the run wrote is in the model, which is then finished; never rejects. */
  readonly ended: Promise<RunEnd>;
  write(text: string): void;
  endInput(): void;
  /** As Ctrl+C in a terminal. */
  interrupt(): void;
  /** Ends every process of the run; resolves when none is left. */
  stop(): Promise<void>;
}

/** Mapped files announce no writes. A look at an idle run costs a few system calls. */
const POLL_MS = 15;
/** Looking at a hundred files takes 3 ms: no more than a tenth of the host's time goes into it. */
const REST = 10;
/** Asking whether a process lives is one system call for each. */
const PROBE_MS = 100;
/** Output that may still be matched with a write is held back no longer. */
const MATCH_PATIENCE_MS = 150;

/** Rejects with a LaunchError when the snippet cannot be started. */
export async function startRun(
  runtime: Runtime,
  request: RunRequest,
  clock: Clock,
  probe: (pid: number) => boolean = isAlive,
  say: Translate = inEnglish,
): Promise<Run> {
  let run: RecordedRun | undefined;
  const handle = await runtime.launch(request, () => run?.livingProcesses() ?? []);
  run = new RecordedRun(handle, request, clock, probe, say);
  return run;
}

class RecordedRun implements Run {
  readonly request: RunRequest;
  readonly model: TraceModel;
  readonly startedAt = new Date();
  readonly ended: Promise<RunEnd>;
  private readonly writes = new Emitter<OutputPiece>();
  readonly onDidWrite = this.writes.event;
  private readonly handle: RunHandle;
  private readonly clock: Clock;
  private readonly probe: (pid: number) => boolean;
  private readonly reader: TraceReader;
  private readonly matchers: Readonly<Record<OutputChunk['stream'], OutputMatcher>>;
  private timer: Disposable | undefined;
  private isHurried = false;
  private isStopped = false;
  private nextProbeMs = 0;
  private hasEnded = false;
  /** Since when output is held back; undefined when none is. */
  private heldSinceMs: number | undefined;

  constructor(
    handle: RunHandle,
    request: RunRequest,
    clock: Clock,
    probe: (pid: number) => boolean,
    say: Translate,
  ) {
    this.handle = handle;
    this.probe = probe;
    this.request = request;
    this.clock = clock;
    this.model = new TraceModel({
      startedNs: handle.startedNs,
      rootPid: handle.pid ?? null,
      mapFile: fileMap(request),
      now: () => this.nowNs(),
      say,
    });
    for (const note of request.notes ?? []) this.model.hostNotes.add(note);
    this.model.track();
    this.reader = new TraceReader(request.traceFolder, this.model, () => clock.now());
    const emit = (piece: OutputPiece): void => {
      this.model.addOutput(piece);
      this.writes.fire(piece);
    };
    const records = this.model.outputRecords;
    this.matchers = {
      stdout: new OutputMatcher('stdout', records, emit),
      stderr: new OutputMatcher('stderr', records, emit),
    };
    handle.onOutput(chunk => {
      this.matchers[chunk.stream].add(chunk.bytes);
      this.hurry();
    });
    this.timer = clock.after(0, () => this.look());
    this.ended = handle.ended.then(end => this.finish(end));
  }

  write(text: string): void {
    this.handle.write(text);
  }

  endInput(): void {
    this.handle.endInput();
  }

  interrupt(): void {
    this.handle.interrupt();
  }

  async stop(): Promise<void> {
    if (!this.hasEnded) this.isStopped = true;
    await this.handle.stop();
    await this.ended;
  }

  dispose(): void {
    if (!this.hasEnded) void this.handle.stop();
    this.timer?.dispose();
    this.writes.dispose();
    this.model.dispose();
  }

  /** What the runtime has to know to end everything that belongs to the run. */
  livingProcesses(): KnownProcess[] {
    return this.model.lanes
      .filter(lane => lane.process === lane.id && lane.pid > 0 && lane.endNs === null)
      .map(lane => ({
        pid: lane.pid,
        seenNs: this.handle.startedNs + BigInt(Math.round(lane.createdNs)),
      }));
  }

  private nowNs(): number {
    return Number(process.hrtime.bigint() - this.handle.startedNs);
  }

  /** Output has come: who wrote it is in the trace already. */
  private hurry(): void {
    if (this.isHurried || this.hasEnded) return;
    this.isHurried = true;
    this.timer?.dispose();
    this.timer = this.clock.after(0, () => this.look());
  }

  private look(): void {
    if (this.hasEnded) return;
    this.isHurried = false;
    const began = this.clock.now();
    const hasMore = this.reader.poll();
    // With records still to read, whose output it is cannot be known yet, nor what a process did last.
    if (!hasMore) {
      this.lookForEnds();
      this.match();
    }
    if (this.isHurried) return;
    const rest = Math.max(POLL_MS, (this.clock.now() - began) * REST);
    this.timer = this.clock.after(hasMore ? 0 : rest, () => this.look());
  }

  /** A process that is gone may have told nobody: its parent does not wait for it, or ended before it. */
  private lookForEnds(): void {
    const now = this.clock.now();
    if (now < this.nextProbeMs) return;
    this.nextProbeMs = now + PROBE_MS;
    for (const { pid } of this.livingProcesses()) {
      if (!this.probe(pid)) this.model.processGone(pid, this.nowNs());
    }
  }

  private match(): void {
    const now = this.clock.now();
    const isPatient = this.heldSinceMs === undefined || now - this.heldSinceMs < MATCH_PATIENCE_MS;
    const nowNs = this.nowNs();
    const { isBehind } = this.reader;
    let held = 0;
    for (const matcher of Object.values(this.matchers)) {
      matcher.pass(nowNs, isPatient, isBehind);
      held += matcher.waiting;
    }
    this.heldSinceMs = held === 0 ? undefined : isPatient ? (this.heldSinceMs ?? now) : now;
    this.model.publish();
  }

  private async finish(end: RunEnd): Promise<RunEnd> {
    const endNs = this.nowNs();
    // A flood is taken in pieces, so that the host stays responsive.
    while (this.reader.poll()) await new Promise<void>(resolve => void setImmediate(resolve));
    this.timer?.dispose();
    this.hasEnded = true;
    this.reader.drain();
    for (const matcher of Object.values(this.matchers)) matcher.end(endNs);
    for (const note of end.notes ?? []) this.model.hostNotes.add(note);
    this.model.finish({
      ns: endNs,
      exitCode: end.exitCode,
      signal: end.signal,
      isStopped: this.isStopped,
    });
    return end;
  }
}

/** Sites in the files that ran are shown in the documents they were made from. */
function fileMap(request: RunRequest): (file: string) => string {
  const documents = new Map<string, string>();
  for (const { programPath, documentPath } of programFiles(request)) {
    documents.set(programPath, documentPath);
    try {
      documents.set(realpathSync(programPath), documentPath);
    } catch {
      // The launch found it; if it is gone since, its name alone will do.
    }
  }
  return file => documents.get(file) ?? file;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not being allowed to signal it means that it is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
