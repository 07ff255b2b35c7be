/** Owns the question "what waited on this line?", for hovers and lenses: the waits of the runs that speak for the document. */
import type * as vscode from 'vscode';
import type { Wait } from '../trace/model';
import { documentKey } from './documentKey';
import type { InlineMarks } from './marks/inlineMarks';
import type { RunEntry } from './runs';

export interface LineWaits {
  readonly entry: RunEntry;
  /** Ids, in order of their start. */
  readonly ids: ArrayLike<number>;
}

/** `line` is 1-based in the document as it is now. Undefined where no run says anything about the line. */
export function waitsOnLine(
  marks: InlineMarks,
  document: vscode.TextDocument,
  line: number,
): LineWaits | undefined {
  for (const entry of marks.runsFor(document)) {
    const then = marks.lineThen(entry, document, line);
    const ids = then === undefined ? [] : entry.model.waitsAtLine(documentKey(document.uri), then);
    if (ids.length > 0) return { entry, ids };
  }
  return undefined;
}

export function lastWait(waits: LineWaits): Wait {
  return waits.entry.model.wait(waits.ids[waits.ids.length - 1] ?? 0);
}

export function waitNs(entry: RunEntry, wait: Wait): number {
  return (wait.endNs ?? entry.model.nowNs) - wait.startNs;
}
