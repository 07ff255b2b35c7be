/**
 * Owns the runs of this window: starts and ends them, keeps finished ones to look at again, says which one is selected.
 * Every view subscribes here and asks the run model for the rest. Knows neither `vscode` nor a language.
 */
import { Emitter, type Event } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import type { OutputPiece, RunChange, RunModel } from '../trace/model';
import type { RunEnd, RunRequest } from '../runtimes/runtime';

/** A run as the engine hands it over (src/runtimes/recordRun.ts). */
export interface LiveRun extends Disposable {
  readonly request: RunRequest;
  readonly model: RunModel;
  readonly startedAt: Date;
  readonly onDidWrite: Event<OutputPiece>;
  /** Settles when everything the run wrote is in the model; never rejects. */
  readonly ended: Promise<RunEnd>;
  write(text: string): void;
  endInput(): void;
  interrupt(): void;
  stop(): Promise<void>;
}

/** What was run, as the person sees it. */
export interface RunOrigin {
  /** `two_threads.py`, `notes.md · line 120`. */
  readonly title: string;
  /** The document's uri, as text. */
  readonly uri: string;
  /** How sites name the document: `RunRequest.documentPath`. */
  readonly documentPath: string;
  /** Lines of the document that ran, 1-based and inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** The document's text when the run began: marks follow edits from here. */
  readonly text: string;
}

export type RunState = 'running' | 'stopping' | 'succeeded' | 'failed' | 'stopped';

export interface RunEntry {
  readonly id: number;
  readonly origin: RunOrigin;
  readonly run: LiveRun;
  readonly model: RunModel;
  readonly startedAt: Date;
  readonly state: RunState;
  /** Null while the run lives. */
  readonly end: RunEnd | null;
}

export interface RunUpdate {
  readonly entry: RunEntry;
  readonly change: RunChange;
}

/** What views need of the runs. */
export interface RunSource {
  readonly entries: readonly RunEntry[];
  readonly selected: RunEntry | undefined;
  readonly onDidStart: Event<RunEntry>;
  readonly onDidChange: Event<RunUpdate>;
  /** The run ended, and `end` and `state` say how. */
  readonly onDidEnd: Event<RunEntry>;
  readonly onDidSelect: Event<RunEntry | undefined>;
  readonly onDidRemove: Event<RunEntry>;
  select(entry: RunEntry | undefined): void;
}

interface MutableEntry extends RunEntry {
  state: RunState;
  end: RunEnd | null;
}

export const isLive = (entry: RunEntry): boolean => entry.end === null;

/** The latest finished run of the same snippet that began before this one. */
export function runBefore(runs: Pick<RunSource, 'entries'>, entry: RunEntry): RunEntry | undefined {
  return runs.entries.findLast(
    one =>
      one.id < entry.id &&
      !isLive(one) &&
      one.origin.uri === entry.origin.uri &&
      one.origin.title === entry.origin.title,
  );
}

export class RunService implements RunSource, Disposable {
  private readonly didStart = new Emitter<RunEntry>();
  private readonly didChange = new Emitter<RunUpdate>();
  private readonly didEnd = new Emitter<RunEntry>();
  private readonly didSelect = new Emitter<RunEntry | undefined>();
  private readonly didRemove = new Emitter<RunEntry>();
  readonly onDidStart = this.didStart.event;
  readonly onDidChange = this.didChange.event;
  readonly onDidEnd = this.didEnd.event;
  readonly onDidSelect = this.didSelect.event;
  readonly onDidRemove = this.didRemove.event;

  private readonly list: MutableEntry[] = [];
  private readonly subscriptions = new Map<number, Disposable>();
  private readonly keep: () => number;
  private current: RunEntry | undefined;
  private nextId = 1;

  /** `keep` says how many finished runs stay browsable; it is asked again each time one ends. */
  constructor(keep: () => number) {
    this.keep = keep;
  }

  /** Oldest first. */
  get entries(): readonly RunEntry[] {
    return this.list;
  }

  get selected(): RunEntry | undefined {
    return this.current;
  }

  get live(): readonly RunEntry[] {
    return this.list.filter(isLive);
  }

  find(id: number): RunEntry | undefined {
    return this.list.find(entry => entry.id === id);
  }

  /** Rejects with the launcher's LaunchError; then nothing was added. */
  async start(origin: RunOrigin, launch: () => Promise<LiveRun>): Promise<RunEntry> {
    const run = await launch();
    const entry: MutableEntry = {
      id: this.nextId++,
      origin,
      run,
      model: run.model,
      startedAt: run.startedAt,
      state: 'running',
      end: null,
    };
    this.list.push(entry);
    this.subscriptions.set(
      entry.id,
      run.model.onDidChange(change => this.didChange.fire({ entry, change })),
    );
    this.didStart.fire(entry);
    this.select(entry);
    void run.ended.then(end => this.finish(entry, end));
    return entry;
  }

  select(entry: RunEntry | undefined): void {
    if (this.current === entry) return;
    this.current = entry;
    this.didSelect.fire(entry);
  }

  /** Ends every process of the run; resolves when none is left. */
  async stop(entry: RunEntry): Promise<void> {
    const own = this.list.find(one => one.id === entry.id);
    if (!own || own.end) return;
    own.state = 'stopping';
    await own.run.stop();
    await own.run.ended;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.live.map(entry => this.stop(entry)));
  }

  /** Forgets a finished run. */
  remove(entry: RunEntry): void {
    const index = this.list.findIndex(one => one.id === entry.id);
    if (index < 0 || isLive(entry)) return;
    this.list.splice(index, 1);
    this.subscriptions.get(entry.id)?.dispose();
    this.subscriptions.delete(entry.id);
    entry.run.dispose();
    this.didRemove.fire(entry);
    if (this.current === entry) this.select(this.list.at(-1));
  }

  dispose(): void {
    for (const subscription of this.subscriptions.values()) subscription.dispose();
    for (const entry of this.list) {
      if (isLive(entry)) void entry.run.stop().then(() => entry.run.dispose());
      else entry.run.dispose();
    }
    for (const emitter of [
      this.didStart,
      this.didChange,
      this.didEnd,
      this.didSelect,
      this.didRemove,
    ]) {
      emitter.dispose();
    }
  }

  private finish(entry: MutableEntry, end: RunEnd): void {
    entry.end = end;
    if (entry.state === 'stopping') entry.state = 'stopped';
    else entry.state = end.exitCode === 0 ? 'succeeded' : 'failed';
    this.didEnd.fire(entry);
    const finished = this.list.filter(one => !isLive(one) && one !== this.current);
    const kept = Math.max(1, this.keep());
    for (const old of finished.slice(0, Math.max(0, finished.length - kept))) this.remove(old);
  }
}
