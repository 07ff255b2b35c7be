/** Owns a part of a document in one language: its own text, and the way back to lines and columns of the document. */
import type { LineTable } from './lines';
import type { SourceRange } from './waitPoint';

/** `javascript` knows tags as well (JSX, TSX), `typescript` casts in their place. */
export type GrammarName = 'python' | 'javascript' | 'typescript';

export interface Region {
  readonly grammar: GrammarName;
  readonly text: string;
  /** 0-based line of the document that the region's first line is. */
  readonly firstLine: number;
  /** Characters taken off the front of each line of the region (quote marks, indentation); missing is 0. */
  readonly shifts: readonly number[];
  /** Offset from which on the region's points count: what is before it only defines names. */
  readonly from: number;
}

export function wholeRegion(text: string, grammar: GrammarName): Region {
  return { grammar, text, firstLine: 0, shifts: [], from: 0 };
}

/** The range in the document of a range of the text that was parsed, which may be longer at line ends than the region's. */
export function rangeIn(
  region: Region,
  parsed: LineTable,
  start: number,
  end: number,
): SourceRange {
  const first = parsed.lineAt(start);
  const last = parsed.lineAt(end);
  const shiftOf = (line: number): number => region.shifts[line] ?? 0;
  return {
    line: region.firstLine + first + 1,
    column: start - parsed.startOf(first) + shiftOf(first) + 1,
    endLine: region.firstLine + last + 1,
    endColumn: end - parsed.startOf(last) + shiftOf(last) + 1,
  };
}
