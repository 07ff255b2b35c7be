/** Owns the hover of a wait point: what the line waits for, and a table of its waits with the ways on. Reads well aloud. */
import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration';
import type { WaitPoint } from '../../analysis/waitPoint';
import type { Wait } from '../../trace/model';
import { lineTotals } from '../../insights/runComparison';
import { documentKey } from '../documentKey';
import { Documents } from '../documents';
import { LANGUAGE_IDS } from '../languages';
import { LINKS } from '../ids';
import { waitsOnLine, waitNs, type LineWaits } from '../lineWaits';
import { laneLink, siteLink } from '../links';
import type { InlineMarks } from '../marks/inlineMarks';
import { runBefore, type RunEntry, type RunSource } from '../runs';
import { explained, waitedWords } from './waitWords';

/** Rows shown; more is a list nobody reads in a hover. */
const MOST_ROWS = 8;
/** Waits looked at: a loop may have a million. */
const MOST_SCANNED = 20_000;

export class WaitHover implements vscode.HoverProvider, vscode.Disposable {
  private readonly documents: Documents;
  private readonly marks: InlineMarks;
  private readonly runs: RunSource;
  private readonly registration: vscode.Disposable;

  constructor(documents: Documents, marks: InlineMarks, runs: RunSource) {
    this.documents = documents;
    this.marks = marks;
    this.runs = runs;
    this.registration = vscode.languages.registerHoverProvider(
      LANGUAGE_IDS.map(language => ({ language })),
      this,
    );
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!Documents.isKnown(document)) return undefined;
    const line = position.line + 1;
    const points = this.documents
      .analysisOf(document)
      .waitPoints.filter(point => point.line <= line && point.endLine >= line);
    const waits = waitsOnLine(this.marks, document, line);
    const isOnMark = position.character >= document.lineAt(position.line).text.length;
    const point =
      points.find(one => rangeOf(one).contains(position)) ?? (isOnMark ? points[0] : undefined);
    if (!point && !(waits && (isOnMark || points.length === 0))) return undefined;
    const text = new vscode.MarkdownString('', true);
    text.isTrusted = { enabledCommands: Object.values(LINKS) };
    if (point) appendPoint(text, point);
    if (waits) {
      appendWaits(text, waits);
      this.appendBefore(text, waits, document, line);
    }
    return new vscode.Hover(text, point ? rangeOf(point) : undefined);
  }

  /** How long the line waited in the run before: what a change of the text has brought. */
  private appendBefore(
    text: vscode.MarkdownString,
    { entry }: LineWaits,
    document: vscode.TextDocument,
    line: number,
  ): void {
    const earlier = runBefore(this.runs, entry);
    if (!earlier) return;
    const then = this.marks.lineThen(earlier, document, line);
    if (then === undefined) return;
    const ids = earlier.model.waitsAtLine(documentKey(document.uri), then);
    if (ids.length === 0) return;
    const { waits, totalNs } = lineTotals(earlier.model, ids);
    const time = formatDuration(totalNs);
    const words =
      waits === 1
        ? vscode.l10n.t('The run before: {0}.', time)
        : vscode.l10n.t('The run before: {0} waits, {1} together.', waits, time);
    text.appendMarkdown(`\n\n${words}`);
  }

  dispose(): void {
    this.registration.dispose();
  }
}

function rangeOf(point: WaitPoint): vscode.Range {
  return new vscode.Range(point.line - 1, point.column - 1, point.endLine - 1, point.endColumn - 1);
}

function appendPoint(text: vscode.MarkdownString, point: WaitPoint): void {
  text.appendMarkdown(explained(point, vscode.l10n.t));
  if (!point.certain)
    text.appendMarkdown(
      ` ${vscode.l10n.t('(judged by its name: what it is called on is not known)')}`,
    );
  text.appendMarkdown('\n\n');
}

function appendWaits(text: vscode.MarkdownString, waits: LineWaits): void {
  const { entry, ids } = waits;
  const first = Math.max(0, ids.length - MOST_SCANNED);
  const scanned: Wait[] = [];
  for (let index = first; index < ids.length; index++)
    scanned.push(entry.model.wait(ids[index] ?? 0));
  const total = scanned.reduce((sum, wait) => sum + waitNs(entry, wait), 0);
  // The longest say most; they stand in the order they happened.
  const rows = scanned
    .toSorted((one, other) => waitNs(entry, other) - waitNs(entry, one))
    .slice(0, MOST_ROWS)
    .toSorted((one, other) => one.startNs - other.startNs);
  text.appendMarkdown(
    `| ${vscode.l10n.t('Lane')} | ${vscode.l10n.t('Waited')} | ${vscode.l10n.t('For')} | ${vscode.l10n.t('Ended by')} |\n| :--- | :--- | :--- | :--- |\n`,
  );
  for (const wait of rows) text.appendMarkdown(rowOf(entry, wait));
  if (ids.length > rows.length) {
    const words = vscode.l10n.t(
      '{0} waits in all, {1} together; the {2} longest are listed.',
      ids.length,
      formatDuration(total),
      rows.length,
    );
    text.appendMarkdown(`\n${words}`);
  }
}

function rowOf(entry: RunEntry, wait: Wait): string {
  const { lanes } = entry.model;
  const lane = link(
    lanes[wait.lane]?.name ?? '?',
    laneLink(entry, wait.lane, wait.startNs, wait.id),
  );
  const waited = waitedWords(waitNs(entry, wait), wait.outcome, vscode.l10n.t);
  const target = wait.on.length === 1 ? lanes[wait.on[0] ?? -1] : undefined;
  const label = target
    ? link(wait.label, laneLink(entry, target.id, wait.endNs ?? wait.startNs, null))
    : escape(wait.label);
  return `| ${lane} | ${waited} | ${label} | ${enderOf(entry, wait)} |\n`;
}

function enderOf(entry: RunEntry, wait: Wait): string {
  const name = wait.endedBy === null ? '' : (entry.model.lanes[wait.endedBy]?.name ?? '');
  if (!wait.endedAt) return escape(name);
  const words = name
    ? vscode.l10n.t('{0}, line {1}', name, wait.endedAt.line)
    : vscode.l10n.t('line {0}', wait.endedAt.line);
  return link(words, siteLink(entry, wait.endedAt));
}

const link = (words: string, uri: string): string => `[${escape(words)}](${uri})`;

const escape = (words: string): string =>
  words.replace(/[\\`*_{}[\]()#+\-.!|<>~]/gu, '\\$&').replaceAll('\n', ' ');
