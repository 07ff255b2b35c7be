/**
 * Owns the analysis of open documents: opens one when a document of a known language is seen, brings it up to date after edits,
 * says when it changed. Everything else asks here, so a document is parsed once.
 */
import * as vscode from 'vscode';
import { Emitter } from '../base/emitter';
import { Parts } from '../base/disposable';
import { hostClock } from '../base/hostClock';
import type { Analyzer, DocumentAnalysis } from '../analysis/analyzer';
import { CatchUp } from './catchUp';
import { LANGUAGE_IDS } from './languages';
import { cellsOf, isCell, laterCells, textsAbove } from './notebooks';
import { WorkspaceFiles } from './workspaceFiles';
import type { SourceAnalysis } from '../analysis/waitPoint';

const EMPTY: SourceAnalysis = { waitPoints: [], snippets: [] };

/** Longer documents get neither marks nor lenses: VS Code itself stops tokenizing such lines and files. */
const MOST_CHARACTERS = 5_000_000;

export class Documents implements vscode.Disposable {
  private readonly parts = new Parts();
  private readonly open = new Map<string, DocumentAnalysis>();
  private readonly didAnalyze = new Emitter<vscode.TextDocument>();
  private readonly catchUp: CatchUp<vscode.TextDocument>;
  private readonly files = new WorkspaceFiles();
  private analyzer: Analyzer | undefined;
  private isDisposed = false;
  readonly onDidAnalyze = this.didAnalyze.event;
  /** Settles when the grammars are loaded. */
  readonly ready: Promise<void>;

  constructor(analyzer: Promise<Analyzer>, log: vscode.LogOutputChannel) {
    this.catchUp = this.parts.add(
      new CatchUp<vscode.TextDocument>(
        document => this.update(document),
        document => this.didAnalyze.fire(document),
        hostClock,
      ),
    );
    this.parts.add(vscode.workspace.onDidChangeTextDocument(event => this.edited(event)));
    this.parts.add(vscode.workspace.onDidChangeNotebookDocument(event => this.cellsMoved(event)));
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
    if (found) {
      this.catchUp.settle(document);
      return found;
    }
    const text = document.getText();
    if (text.length > MOST_CHARACTERS) return undefined;
    const made = this.analyzer.open(document.languageId, text, {
      path: document.uri.path,
      ...(document.uri.scheme === 'file' ? { readFile: path => this.files.read(path) } : {}),
      ...(isCell(document) ? { earlierCells: textsAbove(document) } : {}),
    });
    this.open.set(key, made);
    return made;
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    // What earlier cells define holds in those below.
    if (contentChanges.length > 0) this.changed([document, ...laterCells(document)]);
  }

  private cellsMoved({ notebook, contentChanges }: vscode.NotebookDocumentChangeEvent): void {
    if (contentChanges.length > 0) this.changed(cellsOf(notebook));
  }

  private changed(documents: readonly vscode.TextDocument[]): void {
    this.catchUp.changed(documents.filter(one => this.open.has(one.uri.toString())));
  }

  private update(document: vscode.TextDocument): void {
    const cells = isCell(document) ? { earlierCells: textsAbove(document) } : {};
    this.open.get(document.uri.toString())?.update(document.getText(), cells);
  }

  /** Also called when the language of a document changes: VS Code closes and opens it. */
  private close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.catchUp.forget(document);
    this.open.get(key)?.dispose();
    this.open.delete(key);
  }
}
