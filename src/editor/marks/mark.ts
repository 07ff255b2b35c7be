/** Owns what an inline mark is, and where marks go: a sink, so that tests read the history of marks as text. No `vscode`. */
import { Emitter } from '../../base/emitter';
import type { WaitFamily } from '../../trace/waitFamilies';

/** Before a run, while the line waits, after it waited; `stale` when the text has changed since. */
export type MarkPhase = 'before' | 'during' | 'after' | 'stale';

export interface Mark {
  /** 1-based, in the document as it is now. */
  readonly line: number;
  readonly phase: MarkPhase;
  readonly family: WaitFamily;
  /** Took a share of the run that is worth a colour, or ended badly. */
  readonly isNotable: boolean;
  readonly text: string;
}

export interface MarkSink {
  /** `document` is its uri as text; the marks are all of them, in the order of their lines. */
  show(document: string, marks: readonly Mark[]): void;
}

/** `12 during join: waiting for Thread T2, 1.2 s …` */
export function markAsText(mark: Mark): string {
  return `${mark.line} ${mark.phase} ${mark.family}: ${mark.text}`;
}

export function sameMarks(one: readonly Mark[], other: readonly Mark[]): boolean {
  return (
    one.length === other.length &&
    one.every((mark, index) => {
      const twin = other[index];
      return (
        twin !== undefined &&
        mark.line === twin.line &&
        mark.text === twin.text &&
        mark.phase === twin.phase &&
        mark.family === twin.family &&
        mark.isNotable === twin.isNotable
      );
    })
  );
}

/** Keeps every change of a document's marks, each as lines of text; passes them on. */
export class RecordingSink implements MarkSink {
  private readonly next: MarkSink;
  private readonly limit: number;
  private readonly didShow = new Emitter<string>();
  /** The document's uri; also when its marks stayed the same. */
  readonly onDidShow = this.didShow.event;
  private readonly entries: { document: string; at: number; marks: readonly Mark[] }[] = [];

  constructor(next: MarkSink, limit = 500) {
    this.next = next;
    this.limit = limit;
  }

  show(document: string, marks: readonly Mark[]): void {
    const last = this.entries.findLast(entry => entry.document === document);
    if (!last || !sameMarks(last.marks, marks)) {
      this.entries.push({ document, at: performance.now(), marks });
      if (this.entries.length > this.limit) this.entries.shift();
    }
    this.next.show(document, marks);
    this.didShow.fire(document);
  }

  /** The marks a document showed, change by change; `at` is on the clock of `performance.now()`. */
  historyOf(
    document: string,
  ): readonly { readonly at: number; readonly lines: readonly string[] }[] {
    return this.entries
      .filter(entry => entry.document === document)
      .map(({ at, marks }) => ({ at, lines: marks.map(markAsText) }));
  }

  clear(): void {
    this.entries.length = 0;
  }
}
