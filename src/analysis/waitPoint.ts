/** Owns the types of analysis: what source text says about waiting, before any run. Lines and columns are 1-based, in UTF-16 units. */
import type { Language, WaitKind } from '../trace/format';

export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** One past the last column. */
  readonly endColumn: number;
}

/** A place in the source where a lane can be held up by another. */
export interface WaitPoint extends SourceRange {
  readonly kind: WaitKind;
  /** The expression waited for, as written: `t1`, `q`, `asyncio.gather(...)`; null where there is none. */
  readonly target: string | null;
  /** What is waited for, in the person's words: `t1`, `3 workers`, `fetch()`. */
  readonly label: string;
  /** False where only the name and the argument shape speak for it. */
  readonly certain: boolean;
  /** True where the call says what shall run then, and the lane goes on: `worker.on("message", ...)`, `.then(...)`. */
  readonly registers: boolean;
}

/** A piece of source that can be run. */
export interface Snippet extends SourceRange {
  readonly kind: 'file' | 'selection' | 'fence' | 'cell' | 'main-guard';
  readonly language: Language;
  /** Fence info string: `python`, `ts`; file name; used in titles. */
  readonly label: string;
}

/** Analysis of one document: kept by its owner and updated in place as the text changes. */
export interface SourceAnalysis {
  readonly waitPoints: readonly WaitPoint[];
  readonly snippets: readonly Snippet[];
}
