/** Owns the question "what would Run run here?": the file, the selection, the fence under the cursor, the cell. */
import * as vscode from 'vscode';
import type { Snippet } from '../../analysis/waitPoint';
import type { Language } from '../../trace/format';
import type { Documents } from '../documents';
import { isHost, LANGUAGE_IDS, runnable } from '../languages';
import { cellNumber, isCell } from '../notebooks';

export interface RunTarget {
  readonly document: vscode.TextDocument;
  readonly kind: Snippet['kind'];
  readonly language: Language;
  /** What names the language: a fence's info string, else the document's language. */
  readonly info: string;
  /** 1-based and inclusive; absent for the whole document. */
  readonly lines?: { readonly first: number; readonly last: number };
  readonly title: string;
}

/** A target, or the sentence that says why there is none and what to do. */
export type Picked = { readonly target: RunTarget } | { readonly problem: string };

export interface PickRequest {
  /** Only these lines; `end` as VS Code gives selections. */
  readonly selection?: vscode.Range;
  /** 0-based line that says which fence, where there are several. */
  readonly line?: number;
}

export function pickTarget(
  document: vscode.TextDocument,
  documents: Documents,
  request: PickRequest,
): Picked {
  const language = runnable(document.languageId);
  const lines = request.selection && linesOf(request.selection);
  if (language) {
    const info = document.languageId;
    if (document.getText().trim() === '') return { problem: emptyProblem(document) };
    if (!lines) {
      const kind = isCell(document) ? 'cell' : 'file';
      return { target: { document, kind, language, info, title: titleOf(document) } };
    }
    return selectionTarget(document, { language, info }, lines);
  }
  if (document.languageId === 'plaintext') {
    return {
      problem: vscode.l10n.t(
        '{0} is plain text to the editor. Choose its language, such as Python, in the status bar below; then it can be run.',
        nameOf(document.uri),
      ),
    };
  }
  if (!isHost(document.languageId)) {
    return {
      problem: vscode.l10n.t(
        '{0} is {1}, which cannot be run as a concurrent snippet. Open a Python, JavaScript or TypeScript file, or Markdown with such fences.',
        nameOf(document.uri),
        document.languageId,
      ),
    };
  }
  const line = lines?.first ?? (request.line ?? 0) + 1;
  const fences = documents.analysisOf(document).snippets.filter(one => one.kind === 'fence');
  const fence = fences.find(one => line >= one.line - 1 && line <= one.endLine + 1);
  if (!fence) return { problem: noFenceProblem(document, fences.length) };
  return lines
    ? selectionTarget(document, { language: fence.language, info: fence.label }, lines)
    : { target: fenceTarget(document, fence) };
}

/** The document has something that can be run. */
export function canRun(document: vscode.TextDocument | undefined): boolean {
  return document !== undefined && LANGUAGE_IDS.includes(document.languageId);
}

export function fenceTarget(document: vscode.TextDocument, fence: Snippet): RunTarget {
  return {
    document,
    kind: 'fence',
    language: fence.language,
    info: fence.label,
    lines: { first: fence.line, last: fence.endLine },
    title: vscode.l10n.t('{0} · line {1}', titleOf(document), fence.line),
  };
}

function selectionTarget(
  document: vscode.TextDocument,
  how: { readonly language: Language; readonly info: string },
  lines: { first: number; last: number },
): Picked {
  const range = new vscode.Range(lines.first - 1, 0, lines.last, 0);
  if (document.getText(range).trim() === '') {
    return { problem: vscode.l10n.t('The selected lines are blank. Select the lines to run.') };
  }
  const title =
    lines.first === lines.last
      ? vscode.l10n.t('{0} · line {1}', titleOf(document), lines.first)
      : vscode.l10n.t('{0} · lines {1}-{2}', titleOf(document), lines.first, lines.last);
  return { target: { document, kind: 'selection', ...how, lines, title } };
}

/** A selection that ends at the start of a line does not mean that line. */
function linesOf(selection: vscode.Range): { first: number; last: number } {
  const endsBefore = selection.end.character === 0 && selection.end.line > selection.start.line;
  return { first: selection.start.line + 1, last: selection.end.line + (endsBefore ? 0 : 1) };
}

function emptyProblem(document: vscode.TextDocument): string {
  return vscode.l10n.t(
    '{0} is empty: there is nothing to run. Write a snippet, or open an example with Concurrency: Open Example…',
    nameOf(document.uri),
  );
}

function noFenceProblem(document: vscode.TextDocument, fences: number): string {
  return fences === 0
    ? vscode.l10n.t(
        '{0} has no fence that can be run. Start one with ```python or ```js on a line of its own.',
        nameOf(document.uri),
      )
    : vscode.l10n.t(
        'The cursor is not in a fence of {0} that can be run. Put it into one, or choose Run above the fence.',
        nameOf(document.uri),
      );
}

/** How a person calls it. */
export function titleOf(document: vscode.TextDocument): string {
  const name = nameOf(document.uri);
  const number = cellNumber(document);
  return number === undefined ? name : vscode.l10n.t('{0} · cell {1}', name, number);
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
