/** What a scorer sees of a program that ran: the call sites that waited or could have, and which parts ran. */

export interface Site {
  readonly op: string;
  readonly file: string;
  readonly line: number;
  /** 0 where the runtime does not say. */
  readonly column: number;
}

export interface Observed {
  readonly sites: readonly Site[];
  /** True where the code at a place ran; a runtime that knows lines only leaves the column out of account. */
  readonly ran: (file: string, line: number, column: number) => boolean;
}

export interface Options {
  readonly by: 'tracer' | 'witness';
  readonly python: string;
  readonly timeoutS: number;
}

/** One way to watch programs of a language. */
export interface Watcher {
  readonly languageId: (file: string) => string;
  readonly isProgram: (name: string) => boolean;
  /** What really waited, which recall is counted over, and what was called, which proves a mark right. */
  readonly watch: (
    program: string,
    options: Options,
  ) => { readonly waited: Observed; readonly called: Observed };
}

export const lastLine = (text: string | null): string =>
  (text ?? '').trim().split('\n').at(-1) ?? '';
