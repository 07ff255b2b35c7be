/** Owns the Runs view: every run of this window, newest first; selecting one shows its marks, its tree and its timeline again. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { formatDuration } from '../../base/duration';
import { COMMANDS, VIEWS } from '../ids';
import { lookOfRun } from '../runLook';
import { isLive, type RunEntry, type RunSource } from '../runs';
import { describeAge, describeEnd, describeRunEnd, shortEnd } from '../runWords';

/** `3 min ago` needs no finer tick. */
const AGE_EVERY_MS = 30_000;

export class RunsView implements vscode.TreeDataProvider<RunEntry>, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<RunEntry | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  private readonly view: vscode.TreeView<RunEntry>;
  private readonly ticker: NodeJS.Timeout;

  constructor(runs: RunSource) {
    this.runs = runs;
    this.view = this.parts.add(
      vscode.window.createTreeView(VIEWS.runs, { treeDataProvider: this }),
    );
    const refresh = (): void => this.didChange.fire(undefined);
    this.parts.add(runs.onDidStart(refresh));
    this.parts.add(runs.onDidEnd(refresh));
    this.parts.add(runs.onDidRemove(refresh));
    this.parts.add(
      runs.onDidSelect(entry => {
        refresh();
        if (entry) void this.highlight(entry);
      }),
    );
    this.ticker = setInterval(() => this.view.visible && refresh(), AGE_EVERY_MS);
  }

  getTreeItem(entry: RunEntry): vscode.TreeItem {
    const item = new vscode.TreeItem(entry.origin.title);
    const look = lookOfRun(entry);
    item.id = `run${entry.id}`;
    item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
    item.description = isLive(entry) ? vscode.l10n.t('now') : describeRun(entry);
    item.tooltip = `${describeRunEnd(entry, vscode.l10n.t)}\n${entry.startedAt.toLocaleString()}`;
    item.contextValue = isLive(entry) ? 'run live' : 'run ended';
    item.command = {
      command: COMMANDS.selectRun,
      title: vscode.l10n.t('Show This Run'),
      arguments: [entry],
    };
    item.accessibilityInformation = {
      label: `${entry.origin.title}, ${item.description}, ${describeEnd(entry, vscode.l10n.t)}`,
    };
    return item;
  }

  getChildren(entry?: RunEntry): RunEntry[] {
    return entry ? [] : this.runs.entries.toReversed();
  }

  getParent(): undefined {
    return undefined;
  }

  /** The highlighted row is the run that marks, tree and timeline show, also when a new run took over. */
  private async highlight(entry: RunEntry): Promise<void> {
    if (!this.view.visible || this.view.selection[0] === entry) return;
    try {
      await this.view.reveal(entry, { select: true, focus: false });
    } catch {
      // The row went before VS Code came to it; the next selection tries again.
    }
  }

  dispose(): void {
    clearInterval(this.ticker);
    this.parts.dispose();
    this.didChange.dispose();
  }
}

/** `3 min ago · 6.10 s`, or what it died of. */
function describeRun(entry: RunEntry): string {
  const age = describeAge(entry.startedAt, new Date(), vscode.l10n.t);
  if (entry.state === 'succeeded') return `${age} · ${formatDuration(entry.model.nowNs)}`;
  // The signal that Stop sends is no cause of death to show.
  const raised =
    entry.state === 'stopped' ? undefined : entry.model.lanes[0]?.detail?.split(':')[0];
  return `${age} · ${raised ?? shortEnd(entry, vscode.l10n.t)}`;
}
