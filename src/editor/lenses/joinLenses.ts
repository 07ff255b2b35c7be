/** Owns the lenses above joins: what is joined, how long the last wait took, the way to the timeline. Says what the mark says. */
import * as vscode from 'vscode';
import { coalesce } from '../../base/coalesce';
import { Parts } from '../../base/disposable';
import { formatDuration } from '../../base/duration';
import type { WaitPoint } from '../../analysis/waitPoint';
import type { WaitKind } from '../../trace/format';
import { Documents } from '../documents';
import { LANGUAGE_IDS } from '../languages';
import { hostClock } from '../../base/hostClock';
import { LINKS } from '../ids';
import { lastWait, waitNs, waitsOnLine, type LineWaits } from '../lineWaits';
import type { LaneLink } from '../links';
import type { InlineMarks } from '../marks/inlineMarks';
import type { RunSource } from '../runs';
import { onSettingChange, setting } from '../settings';

/** What people write as `join()`: of a thread, a process, a pool; and of a queue, which waits until its work is done. */
const JOINS: ReadonlySet<WaitKind> = new Set(['join', 'drain']);

/** Lenses move the text when they come and go, so their words change at leisure. */
const UPDATE_MS = 500;

export class JoinLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly documents: Documents;
  private readonly marks: InlineMarks;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.didChange.event;

  constructor(runs: RunSource, documents: Documents, marks: InlineMarks) {
    this.documents = documents;
    this.marks = marks;
    const changed = this.parts.add(coalesce(() => this.didChange.fire(), UPDATE_MS, hostClock));
    this.parts.add(
      vscode.languages.registerCodeLensProvider(
        LANGUAGE_IDS.map(language => ({ language })),
        this,
      ),
    );
    this.parts.add(runs.onDidChange(changed));
    this.parts.add(runs.onDidEnd(changed));
    this.parts.add(runs.onDidSelect(changed));
    this.parts.add(onSettingChange(['codeLens.enabled'], changed));
    void documents.ready.then(changed);
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting('codeLens.enabled', document.uri) || !Documents.isKnown(document)) return [];
    await this.documents.ready;
    const joins = this.documents
      .analysisOf(document)
      .waitPoints.filter(point => JOINS.has(point.kind) && !point.registers);
    return joins.flatMap(point => this.lensesOf(document, point));
  }

  dispose(): void {
    this.parts.dispose();
    this.didChange.dispose();
  }

  private lensesOf(document: vscode.TextDocument, point: WaitPoint): vscode.CodeLens[] {
    const range = new vscode.Range(point.line - 1, 0, point.line - 1, 0);
    const lens = (title: string, argument?: LaneLink): vscode.CodeLens =>
      new vscode.CodeLens(
        range,
        argument
          ? { title, command: LINKS.openLane, arguments: [argument] }
          : { title, command: '' },
      );
    const waits = waitsOnLine(this.marks, document, point.line);
    if (!waits) return [lens(vscode.l10n.t('joins {0}', point.label))];
    const last = lastWait(waits);
    const link: LaneLink = {
      run: waits.entry.id,
      lane: last.lane,
      atNs: last.startNs,
      toNs: last.endNs,
      wait: last.id,
    };
    const took = formatDuration(waitNs(waits.entry, last));
    return [
      lens(vscode.l10n.t('joins {0}', joined(waits))),
      ...(last.endNs === null ? [] : [lens(vscode.l10n.t('last wait {0}', took), link)]),
      lens(vscode.l10n.t('Show in Timeline'), link),
    ];
  }
}

/** The names of what was joined here, each once, a few at most. */
function joined(waits: LineWaits): string {
  const labels = new Set<string>();
  const { ids, entry } = waits;
  for (let index = 0; index < ids.length && labels.size < 5; index++)
    labels.add(entry.model.wait(ids[index] ?? 0).label);
  const names = [...labels];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');
}
