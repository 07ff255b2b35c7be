/** Owns what every language runtime offers: launch a snippet with its tracer, talk to it, stop everything it started. */
import type { Event } from '../base/emitter';
import type { Language } from '../trace/format';

/** Lines of a document (a selection, a fence), or one cell of a notebook. */
export type SnippetPart = 'lines' | 'cell';

/** A document's part in a program: the file that runs, with line N of it being line N of the document. */
export interface ProgramFile {
  readonly documentPath: string;
  readonly programPath: string;
  /** What the output calls the document, where it has no file. */
  readonly shownAs?: string;
}

/** A snippet made ready to run: a real file, with line N of it being line N of the document. */
export interface RunRequest {
  /** The document the person sees; sites in this run refer to it. */
  readonly documentPath: string;
  /** The file to execute: the document itself, or a padded copy of a selection, fence or unsaved document. */
  readonly programPath: string;
  readonly language: Language;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The person's environment, whole; the runtime adds what the tracer needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Existing empty folder for the trace files. */
  readonly traceFolder: string;
  /** Interpreter to use, when the person chose one. */
  readonly interpreter?: string;
  /** JavaScript only: where to run it. */
  readonly inProcess?: 'worker' | 'process';
  /** JavaScript only: memory in MB that a snippet in a worker may use; 512 when not said. */
  readonly memoryMb?: number;
  /** What of the document it is, where it is not all of it: what stands around it does not run. */
  readonly part?: SnippetPart;
  /** What the output calls the document, where it has no file: a notebook's cell, an unsaved document. */
  readonly shownAs?: string;
  /** For a cell of a notebook: those above it, in order; the ones whose names it uses run first. */
  readonly cellsAbove?: readonly ProgramFile[];
  /** What was done to make the snippet run, in sentences for the person: part of the run's notes. */
  readonly notes?: readonly string[];
}

/** A process of the run that its trace declared and that has not ended; `seenNs` is when, on the clock of the trace. */
export interface KnownProcess {
  readonly pid: number;
  readonly seenNs?: number | bigint;
}

export interface RunEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it failed and what to do, in sentences for the person, where the runtime knows: part of the run's notes. */
  readonly notes?: readonly string[];
}

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

export interface RunHandle {
  readonly pid: number | undefined;
  /** When the run began, in ns of the clock the trace uses (process.hrtime). */
  readonly startedNs: bigint;
  readonly onOutput: Event<OutputChunk>;
  /** Settles when the last process of the run has ended; never rejects. */
  readonly ended: Promise<RunEnd>;
  write(text: string): void;
  endInput(): void;
  /** As Ctrl+C in a terminal. */
  interrupt(): void;
  /** Ends every process the run started; resolves when none is left. */
  stop(): Promise<void>;
}

/** The files a program is made of: the cells above first, the one that was asked for last. */
export function programFiles({
  cellsAbove = [],
  ...program
}: ProgramFile & Pick<RunRequest, 'cellsAbove'>): readonly ProgramFile[] {
  return [...cellsAbove, program];
}

/** A failure to start that a person can act on. `message` is a sentence: what failed, on what, what to do. */
export class LaunchError extends Error {
  readonly reason: 'no-interpreter' | 'too-old' | 'unreadable' | 'unsupported' | 'failed';

  constructor(reason: LaunchError['reason'], message: string) {
    super(message);
    this.name = 'LaunchError';
    this.reason = reason;
  }
}

export interface Runtime {
  readonly language: Language;
  /**
   * Rejects with a LaunchError. `known` is asked, when the run ends or is stopped, for processes that the trace speaks
   * of: a child that left its group, its parent and its environment is found by nothing else.
   */
  launch(request: RunRequest, known?: () => Iterable<KnownProcess>): Promise<RunHandle>;
}
