/** Owns findings in Problems and under the code: those of the run that speaks for a file, on the lines where they now are, with their fixes. */
import * as vscode from 'vscode';
import { coalesce } from '../../base/coalesce';
import { Parts } from '../../base/disposable';
import type { Finding, FixEdit, Place, Severity } from '../../insights/finding';
import { documentKey, keyToUri } from '../documentKey';
import { LANGUAGE_IDS } from '../languages';
import { hostClock } from '../../base/hostClock';
import type { InlineMarks } from '../marks/inlineMarks';
import type { RunEntry, RunSource } from '../runs';
import type { RunFindings } from './runFindings';

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};
export const SOURCE = 'Concurrency Lens';
const UPDATE_MS = 200;

export class FindingDiagnostics implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly findings: RunFindings;
  private readonly marks: InlineMarks;
  private readonly parts = new Parts();
  private readonly collection: vscode.DiagnosticCollection;
  private shown: {
    readonly diagnostic: vscode.Diagnostic;
    readonly uri: string;
    readonly edits: vscode.TextEdit[];
    readonly title: string;
  }[] = [];

  constructor(runs: RunSource, findings: RunFindings, marks: InlineMarks) {
    this.runs = runs;
    this.findings = findings;
    this.marks = marks;
    this.collection = this.parts.add(
      vscode.languages.createDiagnosticCollection('concurrencyLens.findings'),
    );
    const refresh = this.parts.add(coalesce(() => this.refresh(), UPDATE_MS, hostClock));
    this.parts.add(findings.onDidChange(refresh));
    this.parts.add(runs.onDidSelect(refresh));
    this.parts.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.collection.has(document.uri)) refresh();
      }),
    );
    this.parts.add(
      vscode.languages.registerCodeActionsProvider(
        LANGUAGE_IDS.map(language => ({ language })),
        this,
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    );
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.shown
      .filter(one => one.uri === document.uri.toString() && one.edits.length > 0)
      .filter(one => context.diagnostics.some(other => isSame(other, one.diagnostic)))
      .map(({ diagnostic, edits, title }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = [diagnostic];
        action.edit = new vscode.WorkspaceEdit();
        action.edit.set(document.uri, edits);
        return action;
      });
  }

  dispose(): void {
    this.parts.dispose();
  }

  private refresh(): void {
    this.shown = [];
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const entry of this.speaking()) {
      for (const finding of this.findings.of(entry)) this.place(entry, finding, byFile);
    }
    this.collection.clear();
    this.collection.set([...byFile].map(([file, list]) => [keyToUri(file), list]));
  }

  /** The selected run, and of the other documents the latest. */
  private speaking(): RunEntry[] {
    const { selected, entries } = this.runs;
    const speaking = new Map<string, RunEntry>();
    for (const entry of entries) speaking.set(entry.origin.uri, entry);
    if (selected) speaking.set(selected.origin.uri, selected);
    return [...speaking.values()];
  }

  private place(entry: RunEntry, finding: Finding, byFile: Map<string, vscode.Diagnostic[]>): void {
    const { file, line } = finding;
    if (file === null || line === null) return;
    const now = this.marks.lineNow(file, line);
    // The line reads differently now: what was found there may be mended.
    if (now === undefined && this.marks.isTracked(file)) return;
    const diagnostic = new vscode.Diagnostic(
      rangeOfLine(file, now ?? line),
      finding.message,
      SEVERITIES[finding.severity],
    );
    diagnostic.source = SOURCE;
    diagnostic.code = finding.rule;
    diagnostic.relatedInformation = (finding.related ?? []).map(
      related => new vscode.DiagnosticRelatedInformation(this.locationOf(related), related.message),
    );
    const list = byFile.get(file);
    if (list) list.push(diagnostic);
    else byFile.set(file, [diagnostic]);
    this.shown.push({
      diagnostic,
      uri: file === entry.origin.documentPath ? entry.origin.uri : keyToUri(file).toString(),
      title: finding.fix?.title ?? '',
      edits: this.editsNow(file, finding.fix?.edits ?? []),
    });
  }

  private locationOf(place: Place): vscode.Location {
    const line = this.marks.lineNow(place.file, place.line) ?? place.line;
    return new vscode.Location(keyToUri(place.file), rangeOfLine(place.file, line));
  }

  /** None at all when a line that an edit touches is no longer what it was. */
  private editsNow(file: string, edits: readonly FixEdit[]): vscode.TextEdit[] {
    const moved = edits.map(edit => {
      const first = this.marks.lineNow(file, edit.line);
      const last = this.marks.lineNow(file, edit.endLine);
      if (first === undefined || last === undefined) return undefined;
      const range = new vscode.Range(first - 1, edit.column - 1, last - 1, edit.endColumn - 1);
      return new vscode.TextEdit(range, edit.newText);
    });
    return moved.every(edit => edit !== undefined) ? moved : [];
  }
}

/** The code of a line, without its indent. */
function rangeOfLine(file: string, line: number): vscode.Range {
  const document = vscode.workspace.textDocuments.find(one => documentKey(one.uri) === file);
  if (!document || line > document.lineCount) return new vscode.Range(line - 1, 0, line - 1, 1000);
  const text = document.lineAt(line - 1);
  return new vscode.Range(
    line - 1,
    text.firstNonWhitespaceCharacterIndex,
    line - 1,
    text.text.trimEnd().length,
  );
}

function isSame(one: vscode.Diagnostic, other: vscode.Diagnostic): boolean {
  return (
    one.source === other.source &&
    one.code === other.code &&
    one.message === other.message &&
    one.range.isEqual(other.range)
  );
}
