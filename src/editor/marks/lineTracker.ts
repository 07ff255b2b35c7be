/**
 * Owns where the lines of a text went while it was edited: a mark made for line 12 of the text that ran stays on that line
 * wherever it moves, is dropped while the line reads differently, and comes back when the edit is undone. Pure.
 */

/** One edit, in 0-based lines of the text before it. */
export interface LineEdit {
  readonly startLine: number;
  readonly endLine: number;
  /** Lines the new text has; 1 for an edit within a line. */
  readonly newLines: number;
}

export class LineTracker {
  private readonly original: readonly string[];
  private readonly originalText: string;
  /** For each line now, the 0-based original line it came from, or -1. */
  private origins: number[];
  private lines: readonly string[];
  private stale = false;
  private places: Map<number, number> | undefined;

  constructor(text: string) {
    this.originalText = text;
    this.original = splitLines(text);
    this.lines = this.original;
    this.origins = this.original.map((_, index) => index);
  }

  /** The text differs from the one that ran. */
  get isStale(): boolean {
    return this.stale;
  }

  /** Edits as VS Code gives them, each for the text the earlier ones left, and the text after all of them. */
  apply(edits: readonly LineEdit[], text: string): void {
    this.places = undefined;
    this.lines = splitLines(text);
    if (text === this.originalText) {
      this.stale = false;
      this.origins = this.original.map((_, index) => index);
      return;
    }
    this.stale = true;
    // From the bottom up, so that the lines of the edits still to come have not moved.
    const sorted = edits.toSorted((one, other) => other.startLine - one.startLine);
    let moved = sorted.reduce(
      (sum, edit) => sum + edit.newLines - 1 - (edit.endLine - edit.startLine),
      0,
    );
    for (const edit of sorted) {
      const grown = edit.newLines - 1 - (edit.endLine - edit.startLine);
      moved -= grown;
      this.replace(edit, edit.startLine + moved);
    }
  }

  /** The text that ran. */
  get text(): string {
    return this.originalText;
  }

  /** The whole text became another, it is not known how. */
  replaceAll(text: string): void {
    this.origins = this.original.map((_, index) => index);
    const edit = {
      startLine: 0,
      endLine: this.original.length - 1,
      newLines: splitLines(text).length,
    };
    this.apply([edit], text);
  }

  /** Where an original line (1-based) is now (1-based); undefined when it is gone or reads differently. */
  lineNow(line: number): number | undefined {
    this.places ??= this.findPlaces();
    return this.places.get(line);
  }

  /** Which original line (1-based) the line now is. */
  lineThen(line: number): number | undefined {
    const origin = this.origins[line - 1] ?? -1;
    return origin >= 0 && this.lineNow(origin + 1) === line ? origin + 1 : undefined;
  }

  private findPlaces(): Map<number, number> {
    const places = new Map<number, number>();
    this.origins.forEach((origin, index) => {
      if (origin < 0 || places.has(origin + 1)) return;
      if (this.original[origin] === this.lines[index]) places.set(origin + 1, index + 1);
    });
    return places;
  }

  /** `at` is the edit's first line in the new text. */
  private replace(edit: LineEdit, at: number): void {
    const old = this.origins.slice(edit.startLine, edit.endLine + 1);
    const made = Array.from({ length: edit.newLines }, () => -1);
    const isSame = (origin: number, line: number): boolean =>
      origin >= 0 && this.original[origin] === this.lines[at + line];
    let head = 0;
    while (head < Math.min(old.length, made.length) && isSame(old[head] ?? -1, head)) {
      made[head] = old[head] ?? -1;
      head++;
    }
    let tail = 0;
    while (tail < Math.min(old.length, made.length) - head) {
      const origin = old[old.length - 1 - tail] ?? -1;
      const line = made.length - 1 - tail;
      if (!isSame(origin, line)) break;
      made[line] = origin;
      tail++;
    }
    // A line that is being edited keeps its origin, so that the mark is back when its words are.
    if (head < old.length - tail && head < made.length - tail) {
      made[head] = old[head] ?? -1;
      const last = made.length - 1 - tail;
      if (last > head && old.length - 1 - tail > head)
        made[last] = old[old.length - 1 - tail] ?? -1;
    }
    this.origins.splice(edit.startLine, old.length, ...made);
  }
}

function splitLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}
