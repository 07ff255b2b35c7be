/** Owns "Compare with the Run Before": lines whose waiting changed between two runs of the same text, to choose from and go to. */
import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration';
import {
  changeNs,
  compareRuns,
  type ComparedRun,
  type LineChange,
  type LineTotals,
} from '../../insights/runComparison';
import type { InlineMarks } from '../marks/inlineMarks';
import { runBefore, type RunEntry, type RunSource } from '../runs';

/** The rest changed by less. */
const MOST_ROWS = 50;

/** The place that was chosen; undefined when nothing was. */
export async function chooseChange(
  entry: RunEntry,
  runs: RunSource,
  marks: InlineMarks,
): Promise<{ readonly file: string; readonly line: number } | undefined> {
  const earlier = runBefore(runs, entry);
  if (!earlier) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no earlier run of {0} to compare with. Run it again; runs are kept until the window closes.',
        entry.origin.title,
      ),
    );
    return undefined;
  }
  const linesOf = (one: RunEntry): ComparedRun => ({
    model: one.model,
    lineNow: (file, line) => marks.lineNowOf(one, file, line),
  });
  const items = compareRuns(linesOf(earlier), linesOf(entry))
    .slice(0, MOST_ROWS)
    .map(change => ({
      label: describe(change),
      description: vscode.l10n.t('line {0}', change.line),
      detail: sourceLine(entry, change),
      change,
    }));
  const whole = vscode.l10n.t(
    '{0}: {1} before, {2} now',
    entry.origin.title,
    formatDuration(earlier.model.nowNs),
    formatDuration(entry.model.nowNs),
  );
  const chosen = await vscode.window.showQuickPick(items, {
    title: whole,
    placeHolder: vscode.l10n.t('The lines whose waiting changed most; choose one to go to it'),
    matchOnDetail: true,
  });
  return chosen?.change;
}

/** `4.00 s → 2.01 s  (1.99 s less)`. */
function describe(change: LineChange): string {
  const delta = changeNs(change);
  const length = formatDuration(Math.abs(delta));
  const words = delta < 0 ? vscode.l10n.t('{0} less', length) : vscode.l10n.t('{0} more', length);
  return `${totals(change.before)} → ${totals(change.now)}  (${words})`;
}

function totals({ waits, totalNs }: LineTotals): string {
  if (waits === 0) return vscode.l10n.t('no wait');
  const time = formatDuration(totalNs);
  return waits === 1 ? time : vscode.l10n.t('{0} in {1} waits', time, waits);
}

function sourceLine(entry: RunEntry, { file, line }: LineChange): string {
  const document = vscode.workspace.textDocuments.find(
    one => one.uri.toString() === entry.origin.uri,
  );
  if (file !== entry.origin.documentPath || !document || line > document.lineCount) return file;
  return document.lineAt(line - 1).text.trim();
}
