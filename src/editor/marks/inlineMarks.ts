/**
 * Owns the inline marks of every visible document: which runs speak for it, when its marks are worked out again, and that
 * a mark stays with its line. Bursts become few updates; a live number ticks at most ten times a second.
 */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import type { Translate } from '../../base/translate';
import { documentKey } from '../documentKey';
import { Documents } from '../documents';
import { hostClock } from '../../base/hostClock';
import { isHost } from '../languages';
import { isLive, type RunEntry, type RunSource } from '../runs';
import { onSettingChange, setting } from '../settings';
import { marksOfDocument } from './documentMarks';
import { sameMarks, type Mark, type MarkSink } from './mark';
import { Rested } from '../../base/rested';
import { RunLines } from './runLines';
import type { LineEdit } from './lineTracker';

/** A change of the run reaches the editor within this, well below what the eye calls late. */
const UPDATE_MS = 25;
const TICK_MS = 100;

interface Shown {
  marks: readonly Mark[];
  /** Texts of the lines that carried a mark when typing last paused: those keep theirs while it goes on. */
  settled: ReadonlySet<string>;
  isTyping: boolean;
}

export class InlineMarks implements vscode.Disposable {
  private readonly runs: RunSource;
  private readonly documents: Documents;
  private readonly sink: MarkSink;
  private readonly say: Translate;
  private readonly parts = new Parts();
  private readonly lines = new Map<RunEntry, RunLines>();
  private readonly shown = new Map<string, Shown>();
  private readonly cleared = new Set<RunEntry>();
  /** Working out the marks of a line with a million waits takes its time: then it is done less often. */
  private readonly refreshes: Rested;
  private ticker: NodeJS.Timeout | undefined;
  private settling: NodeJS.Timeout | undefined;

  constructor(runs: RunSource, documents: Documents, sink: MarkSink, say: Translate) {
    this.runs = runs;
    this.documents = documents;
    this.sink = sink;
    this.say = say;
    this.refreshes = this.parts.add(new Rested(() => this.refresh(), UPDATE_MS, hostClock));
    this.parts.add(runs.onDidStart(entry => this.started(entry)));
    this.parts.add(runs.onDidChange(() => this.refreshes.soon()));
    this.parts.add(runs.onDidEnd(() => this.refreshes.now()));
    this.parts.add(runs.onDidSelect(entry => this.restore(entry)));
    this.parts.add(runs.onDidRemove(entry => this.forget(entry)));
    this.parts.add(documents.onDidAnalyze(document => this.analyzed(document)));
    this.parts.add(vscode.workspace.onDidChangeTextDocument(event => this.edited(event)));
    this.parts.add(vscode.workspace.onDidOpenTextDocument(document => this.opened(document)));
    this.parts.add(
      vscode.workspace.onDidCloseTextDocument(one => this.shown.delete(one.uri.toString())),
    );
    this.parts.add(vscode.window.onDidChangeVisibleTextEditors(() => this.refreshes.now()));
    this.parts.add(
      onSettingChange(['marks.enabled', 'marks.beforeRun', 'marks.maxPerFile'], () =>
        this.refresh(),
      ),
    );
    void documents.ready.then(() => this.refresh());
  }

  /** The marks a document shows now. */
  marksOf(document: vscode.TextDocument): readonly Mark[] {
    return this.shown.get(document.uri.toString())?.marks ?? [];
  }

  /**
   * The runs whose waits a document shows: the selected one where it speaks of it, else the latest that does. Notes of
   * several fences show the latest of each.
   */
  runsFor(document: vscode.TextDocument): RunEntry[] {
    const file = documentKey(document.uri);
    const { selected, entries } = this.runs;
    const speaking = entries.filter(
      entry => !this.cleared.has(entry) && (this.lines.get(entry)?.concerns(file) ?? false),
    );
    const first = speaking.find(entry => entry === selected) ?? speaking.at(-1);
    if (!first) return [];
    const runs = [first];
    if (!isHost(document.languageId)) return runs;
    for (const entry of speaking.toReversed()) {
      const lines = this.lines.get(entry);
      if (runs.every(one => !this.lines.get(one)?.overlaps(lines))) runs.push(entry);
    }
    return runs;
  }

  /** Which line of the text that ran stands at `line` now; undefined where it was changed. */
  lineThen(entry: RunEntry, document: vscode.TextDocument, line: number): number | undefined {
    return this.trackerFor(entry, document)?.lineThen(line);
  }

  /** Where a line of the text that ran stands now; undefined where it was changed. */
  lineNowOf(entry: RunEntry, file: string, line: number): number | undefined {
    const lines = this.lines.get(entry);
    // A file that was not open cannot have been edited here.
    return lines?.isTracked(file) ? lines.lineNow(file, line) : line;
  }

  /** Where a line of the last run of a file is now. */
  lineNow(file: string, line: number): number | undefined {
    const entries = this.runs.selected
      ? [this.runs.selected, ...this.runs.entries]
      : this.runs.entries;
    for (const entry of entries) {
      const now = this.lines.get(entry)?.lineNow(file, line);
      if (now !== undefined) return now;
    }
    return undefined;
  }

  /** Edits of the file are followed, so that a line without a place now is one that changed. */
  isTracked(file: string): boolean {
    return [...this.lines.values()].some(lines => lines.isTracked(file));
  }

  /** Takes the marks of runs away, until one is run or selected again. */
  clear(): void {
    for (const entry of this.runs.entries) if (!isLive(entry)) this.cleared.add(entry);
    this.refresh();
  }

  /** Shows the marks of a run that were cleared. */
  restore(entry: RunEntry | undefined): void {
    if (entry) this.cleared.delete(entry);
    this.refresh();
  }

  dispose(): void {
    clearInterval(this.ticker);
    clearTimeout(this.settling);
    for (const uri of this.shown.keys()) this.sink.show(uri, []);
    this.parts.dispose();
  }

  private started(entry: RunEntry): void {
    this.lines.set(entry, new RunLines(entry));
    this.refreshes.now();
  }

  private forget(entry: RunEntry): void {
    this.lines.delete(entry);
    this.cleared.delete(entry);
    this.refreshes.soon();
  }

  private opened(document: vscode.TextDocument): void {
    const file = documentKey(document.uri);
    for (const lines of this.lines.values()) lines.reopened(file, document.getText());
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    if (event.contentChanges.length === 0) return;
    const file = documentKey(event.document.uri);
    const edits = event.contentChanges.map(lineEdit);
    const text = event.document.getText();
    for (const lines of this.lines.values()) lines.edited(file, edits, text);
    this.typed(event.document);
  }

  /** New marks wait for a pause in the typing. */
  private typed(document: vscode.TextDocument): void {
    const shown = this.shown.get(document.uri.toString());
    const delay = setting('marks.delay');
    if (!shown || delay === 0) return;
    shown.isTyping = true;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      for (const one of this.shown.values()) one.isTyping = false;
      this.refresh();
    }, delay);
  }

  /** After an edit, marks that hold stay where their lines went, at once. */
  private analyzed(document: vscode.TextDocument): void {
    if (this.shown.get(document.uri.toString())?.isTyping) this.update(document);
    else this.refreshes.soon();
  }

  private refresh(): void {
    let isTicking = false;
    const seen = new Set<vscode.TextDocument>();
    for (const { document } of vscode.window.visibleTextEditors) {
      if (seen.has(document) || !Documents.isKnown(document)) continue;
      seen.add(document);
      this.update(document);
      isTicking ||= this.marksOf(document).some(mark => mark.phase === 'during');
    }
    this.tick(isTicking);
  }

  private tick(isTicking: boolean): void {
    if (isTicking) this.ticker ??= setInterval(() => this.refreshes.soon(), TICK_MS);
    else {
      clearInterval(this.ticker);
      this.ticker = undefined;
    }
  }

  private update(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const shown = this.shown.get(uri) ?? { marks: [], settled: new Set<string>(), isTyping: false };
    const isFirst = !this.shown.has(uri);
    const textOf = (line: number): string =>
      line <= document.lineCount ? document.lineAt(line - 1).text : '';
    const marks = this.work(document).filter(
      mark => !shown.isTyping || mark.phase !== 'before' || shown.settled.has(textOf(mark.line)),
    );
    if (!shown.isTyping) shown.settled = new Set(marks.map(mark => textOf(mark.line)));
    const isSame = sameMarks(shown.marks, marks);
    shown.marks = marks;
    this.shown.set(uri, shown);
    if (isSame && isFirst && marks.length === 0) return;
    // The same marks go out again all the same: an editor may have come into view that has none yet.
    this.sink.show(uri, marks);
  }

  private work(document: vscode.TextDocument): readonly Mark[] {
    if (!setting('marks.enabled', document.uri)) return [];
    const file = documentKey(document.uri);
    const runs = this.runsFor(document).flatMap(entry => {
      const tracker = this.trackerFor(entry, document);
      return tracker ? [{ entry, file, tracker }] : [];
    });
    const state = {
      points: this.documents.analysisOf(document).waitPoints,
      lineCount: document.lineCount,
      run: runs[0],
      others: runs.slice(1),
      showsBefore: setting('marks.beforeRun', document.uri),
      most: setting('marks.maxPerFile'),
      nearLine: visibleLine(document),
    };
    return marksOfDocument(state, this.say);
  }

  private trackerFor(entry: RunEntry, document: vscode.TextDocument) {
    return this.lines.get(entry)?.trackerOf(documentKey(document.uri), () => document.getText());
  }
}

function lineEdit(change: vscode.TextDocumentContentChangeEvent): LineEdit {
  return {
    startLine: change.range.start.line,
    endLine: change.range.end.line,
    newLines: change.text.split(/\r\n|\r|\n/u).length,
  };
}

function visibleLine(document: vscode.TextDocument): number {
  const editor = vscode.window.visibleTextEditors.find(one => one.document === document);
  const range = editor?.visibleRanges[0];
  return range ? Math.round((range.start.line + range.end.line) / 2) + 1 : 1;
}
