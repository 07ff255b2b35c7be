/** Owns the lenses above what can be run: the file, its main guard, a Markdown fence, a cell. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import type { Snippet } from '../../analysis/waitPoint';
import { Documents } from '../documents';
import { LANGUAGE_IDS, runnable } from '../languages';
import { isCell } from '../notebooks';
import { COMMANDS } from '../ids';
import { isLive, type RunEntry, type RunSource } from '../runs';
import { onSettingChange, setting } from '../settings';

export class RunLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly documents: Documents;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.didChange.event;

  constructor(runs: RunSource, documents: Documents) {
    this.runs = runs;
    this.documents = documents;
    const changed = (): void => this.didChange.fire();
    this.parts.add(
      vscode.languages.registerCodeLensProvider(
        LANGUAGE_IDS.map(language => ({ language })),
        this,
      ),
    );
    this.parts.add(runs.onDidStart(changed));
    this.parts.add(runs.onDidEnd(changed));
    this.parts.add(onSettingChange(['codeLens.enabled'], changed));
    this.parts.add(vscode.workspace.onDidGrantWorkspaceTrust(changed));
    void documents.ready.then(changed);
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting('codeLens.enabled', document.uri) || !Documents.isKnown(document)) return [];
    await this.documents.ready;
    const { snippets, waitPoints } = this.documents.analysisOf(document);
    const own = isCell(document) ? [wholeCell(document)] : snippets;
    // A file that waits nowhere is no concurrent snippet; the palette and the title still run it.
    return own
      .filter(snippet => waitPoints.some(point => isWithin(snippet, point.line)))
      .flatMap(snippet => this.lensesOf(document, snippet));
  }

  dispose(): void {
    this.parts.dispose();
    this.didChange.dispose();
  }

  private lensesOf(document: vscode.TextDocument, snippet: Snippet): vscode.CodeLens[] {
    const at = new vscode.Range(lensLine(document, snippet), 0, lensLine(document, snippet), 0);
    const lens = (title: string, command: string, argument: unknown): vscode.CodeLens =>
      new vscode.CodeLens(at, { title, command, arguments: [argument] });
    const target = { uri: document.uri.toString(), snippet };
    const live = this.runOf(document, snippet);
    if (live) return [lens(vscode.l10n.t('$(debug-stop) Stop'), COMMANDS.stop, live.id)];
    const lenses = [lens(vscode.l10n.t('$(play) Run Concurrent Snippet'), COMMANDS.run, target)];
    if (snippet.kind !== 'main-guard')
      lenses.push(lens(vscode.l10n.t('Run With…'), COMMANDS.runWith, target));
    return lenses;
  }

  private runOf(document: vscode.TextDocument, snippet: Snippet): RunEntry | undefined {
    const uri = document.uri.toString();
    return this.runs.entries.findLast(
      entry =>
        isLive(entry) &&
        entry.origin.uri === uri &&
        (snippet.kind !== 'fence' || entry.origin.firstLine === snippet.line),
    );
  }
}

const isWithin = (snippet: Snippet, line: number): boolean =>
  snippet.kind === 'main-guard' || (line >= snippet.line && line <= snippet.endLine);

/** A cell is one snippet, whatever stands before it. */
function wholeCell(document: vscode.TextDocument): Snippet {
  const language = runnable(document.languageId) ?? 'python';
  const endLine = document.lineCount;
  const endColumn = document.lineAt(endLine - 1).text.length + 1;
  return { kind: 'cell', language, label: '', line: 1, column: 1, endLine, endColumn };
}

/** Above the fence's own line, not inside it. */
function lensLine(document: vscode.TextDocument, snippet: Snippet): number {
  const line = snippet.kind === 'fence' ? snippet.line - 2 : snippet.line - 1;
  return Math.min(Math.max(0, line), document.lineCount - 1);
}
