/** Owns what a finding is: something about a run that is worth telling the person, at a place in the source. */
import type { Translate } from '../base/translate';
import type { WaitPoint } from '../analysis/waitPoint';
import type { RunModel } from '../trace/model';

/** Each rule is a file of that name. The order is that of importance. */
export const RULES = [
  'uncaught-exception',
  'deadlock',
  'endless-wait',
  'unfinished-drain',
  'never-settled',
  'blocked-loop',
  'lock-held-while-waiting',
  'unseen-exception',
  'sequential-awaits',
  'pool-too-small',
  'daemon-cut-off',
  'never-joined',
] as const;
export type Rule = (typeof RULES)[number];

export type Severity = 'error' | 'warning' | 'info';

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface RelatedPlace extends Place {
  readonly message: string;
}

/** Replaces a range of the finding's file; 1-based, UTF-16, `endColumn` one past the last. */
export interface FixEdit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly FixEdit[];
}

export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly message: string;
  /** Null when the trace does not know the place. */
  readonly file: string | null;
  readonly line: number | null;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
}

/** What rules look at. Source text is at hand for the documents of the run only. */
export interface InsightInput {
  readonly model: RunModel;
  readonly waitPointsOf: (file: string) => readonly WaitPoint[];
  readonly sourceOf: (file: string) => string | null;
  /** What is found is told in its language. */
  readonly say: Translate;
}
