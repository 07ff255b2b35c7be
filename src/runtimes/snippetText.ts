/** Owns what a snippet is before it is a program: the document's text, and which of its lines are meant. */
import type { Language } from '../trace/format';

/** What the person wants to run, as the document stands. */
export interface SnippetText {
  /** The document's file; for one that has none, its title (`Untitled-1`). */
  readonly documentPath: string;
  /** Whether `text` is what the file on disk holds. */
  readonly isSaved: boolean;
  readonly language: Language;
  /** The whole document. */
  readonly text: string;
  /** First and last line of the part to run, 1-based; the whole document when absent. */
  readonly lines?: { readonly first: number; readonly last: number } | undefined;
  /** Whether the part stands inside another language: a Markdown fence, whose quote marks and prompts are not code. */
  readonly isEmbedded?: boolean;
  /** Whether the document is one cell of a notebook. */
  readonly isCell?: boolean;
  /** Cells of the same notebook and language above this one, in order. */
  readonly cellsAbove?: readonly CellText[];
  /** What the output calls a document that has no file. */
  readonly shownAs?: string;
  /** TypeScript needs its own file ending; taken from the document's name when absent. */
  readonly extension?: string;
}

export type CellText = Pick<SnippetText, 'documentPath' | 'text' | 'shownAs'>;

/** A part of a document (or all of it) laid out as a program, with what to tell the person about it. */
export interface LaidOutProgram {
  readonly text: string;
  readonly notes: readonly string[];
}

/** The document's lines (without their ends, which stay what they were but for `\r`), those before the part made blank. */
export function keepLines(
  text: string,
  lines: { readonly first: number; readonly last: number },
): string[] {
  return text
    .split('\n')
    .map((line, index) => {
      const number = index + 1;
      if (number >= lines.first && number <= lines.last) return line;
      return line.endsWith('\r') ? '\r' : '';
    })
    .slice(0, lines.last);
}
