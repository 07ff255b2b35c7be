/**
 * Owns the analysis of open documents: opens one when a document of a known language is seen, feeds it the edits, says when
 * it changed. Everything else asks here, so a document is parsed once.
 */
import * as vscode from 'vscode';
import { Emitter } from '../base/emitter';
import { Parts } from '../base/disposable';
import type { Analyzer, DocumentAnalysis } from '../analysis/analyzer';
import { LANGUAGE_IDS } from './languages';
import { earlierCells, isCell, laterCells } from './notebooks';
import { readNeighbour } from './workspaceFiles';
import type { SourceAnalysis, TextEdit } from '../analysis/waitPoint';

const EMPTY: SourceAnalysis = { waitPoints: [], snippets: [] };

/** Longer documents get neither marks nor lenses: VS Code itself stops tokenizing such lines and files. */
const MOST_CHARACTERS = 5_000_000;

export class Documents implements vscode.Disposable {
  private readonly parts = new Parts();
  private readonly open = new Map<string, DocumentAnalysis>();
  private readonly didAnalyze = new Emitter<vscode.TextDocument>();
  private analyzer: Analyzer | undefined;
  private isDisposed = false;
  readonly onDidAnalyze = this.didAnalyze.event;
  /** Settles when the grammars are loaded. */
  readonly ready: Promise<void>;

  constructor(analyzer: Promise<Analyzer>, log: vscode.LogOutputChannel) {
    this.parts.add(vscode.workspace.onDidChangeTextDocument(event => this.update(event)));
    this.parts.add(vscode.workspace.onDidCloseTextDocument(document => this.close(document)));
    this.parts.add(vscode.workspace.onDidOpenTextDocument(document => this.seen(document)));
    this.ready = analyzer.then(
      loaded => this.start(loaded),
      (problem: unknown) => {
        log.error(`The grammars could not be loaded, so no marks are shown: ${String(problem)}`);
      },
    );
  }

  analysisOf(document: vscode.TextDocument): SourceAnalysis {
    return this.analyze(document)?.analysis ?? EMPTY;
  }

  static isKnown(document: vscode.TextDocument): boolean {
    return LANGUAGE_IDS.includes(document.languageId) && document.uri.scheme !== 'git';
  }

  dispose(): void {
    this.isDisposed = true;
    this.parts.dispose();
    for (const analysis of this.open.values()) analysis.dispose();
    this.open.clear();
    this.didAnalyze.dispose();
  }

  private start(analyzer: Analyzer): void {
    if (this.isDisposed) return;
    this.analyzer = analyzer;
    for (const editor of vscode.window.visibleTextEditors) this.seen(editor.document);
  }

  private seen(document: vscode.TextDocument): void {
    if (this.analyzer && Documents.isKnown(document)) this.didAnalyze.fire(document);
  }

  private analyze(document: vscode.TextDocument): DocumentAnalysis | undefined {
    if (!this.analyzer || !Documents.isKnown(document)) return undefined;
    const key = document.uri.toString();
    const found = this.open.get(key);
    if (found) return found;
    const text = document.getText();
    if (text.length > MOST_CHARACTERS) return undefined;
    const made = this.analyzer.open(document.languageId, text, {
      path: document.uri.path,
      ...(document.uri.scheme === 'file' ? { readFile: readNeighbour } : {}),
      ...(isCell(document) ? { earlierCells: earlierCells(document) } : {}),
    });
    this.open.set(key, made);
    return made;
  }

  private update(event: vscode.TextDocumentChangeEvent): void {
    const found = this.open.get(event.document.uri.toString());
    if (!found || event.contentChanges.length === 0) return;
    found.update(editsOf(event), event.document.getText());
    this.didAnalyze.fire(event.document);
    for (const cell of laterCells(event.document)) this.updateCell(cell);
  }

  /** What earlier cells define holds in a cell. */
  private updateCell(cell: vscode.TextDocument): void {
    const found = this.open.get(cell.uri.toString());
    if (!found) return;
    found.setEarlierCells(earlierCells(cell));
    this.didAnalyze.fire(cell);
  }

  /** Also called when the language of a document changes: VS Code closes and opens it. */
  private close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.open.get(key)?.dispose();
    this.open.delete(key);
  }
}

/** VS Code lists changes so that each can be applied to the text the earlier ones left. */
function editsOf(event: vscode.TextDocumentChangeEvent): TextEdit[] {
  return event.contentChanges.map(change => ({
    start: change.rangeOffset,
    oldEnd: change.rangeOffset + change.rangeLength,
    newText: change.text,
  }));
}
