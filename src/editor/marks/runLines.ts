/**
 * Owns, for one run, where the lines of its documents are now: a tracker for each, fed with every edit since the run began.
 * No `vscode`.
 */
import type { RunEntry } from '../runs';
import { LineTracker, type LineEdit } from './lineTracker';

export class RunLines {
  private readonly entry: RunEntry;
  private readonly trackers = new Map<string, LineTracker>();

  constructor(entry: RunEntry) {
    this.entry = entry;
    this.trackers.set(entry.origin.documentPath, new LineTracker(entry.origin.text));
  }

  /** The run says something about this document. */
  concerns(file: string): boolean {
    return file === this.entry.origin.documentPath || this.entry.model.files.includes(file);
  }

  /** `text` is the document's now; for a document seen for the first time it counts as what ran. */
  trackerOf(file: string, text: () => string): LineTracker {
    let tracker = this.trackers.get(file);
    if (!tracker) this.trackers.set(file, (tracker = new LineTracker(text())));
    return tracker;
  }

  isTracked(file: string): boolean {
    return this.trackers.has(file);
  }

  edited(file: string, edits: readonly LineEdit[], text: string): void {
    this.trackers.get(file)?.apply(edits, text);
  }

  /** The document was closed or changed unseen: what it reads now is compared with what ran. */
  reopened(file: string, text: string): void {
    const tracker = this.trackers.get(file);
    if (!tracker) return;
    const fresh = new LineTracker(tracker.text);
    fresh.replaceAll(text);
    this.trackers.set(file, fresh);
  }

  /** Both ran the same lines, wherever these are now. */
  overlaps(other: RunLines | undefined): boolean {
    if (!other) return false;
    const [mine, theirs] = [this.linesNow(), other.linesNow()];
    return mine.first <= theirs.last && theirs.first <= mine.last;
  }

  private linesNow(): { first: number; last: number } {
    const { documentPath, firstLine, lastLine } = this.entry.origin;
    return {
      first: this.lineNow(documentPath, firstLine) ?? firstLine,
      last: this.lineNow(documentPath, lastLine) ?? lastLine,
    };
  }

  lineNow(file: string, line: number): number | undefined {
    return this.trackers.get(file)?.lineNow(line);
  }
}
