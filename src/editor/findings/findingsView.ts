/** Owns the Findings view: what was found in the selected run, the most important first, with the places it touches. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { messages, type Message } from '../../base/translate';
import type { Finding, Place, Severity } from '../../insights/finding';
import { LINKS, VIEWS } from '../ids';
import type { SiteLink } from '../links';
import { isLive, type RunEntry, type RunSource } from '../runs';
import type { RunFindings } from './runFindings';

type Node =
  | { readonly kind: 'finding'; readonly entry: RunEntry; readonly finding: Finding }
  | {
      readonly kind: 'place';
      readonly entry: RunEntry;
      readonly place: Place;
      readonly message: string;
    };

const LOOKS: Readonly<Record<Severity, { readonly icon: string; readonly colour: string }>> = {
  error: { icon: 'error', colour: 'list.errorForeground' },
  warning: { icon: 'warning', colour: 'list.warningForeground' },
  info: { icon: 'info', colour: 'notificationsInfoIcon.foreground' },
};

const READ_ALOUD: Readonly<Record<Severity, Message>> = messages({
  error: 'error: {0}',
  warning: 'warning: {0}',
  info: 'info: {0}',
});

export class FindingsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly findings: RunFindings;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.didChange.event;

  constructor(runs: RunSource, findings: RunFindings) {
    this.runs = runs;
    this.findings = findings;
    const view = this.parts.add(
      vscode.window.createTreeView(VIEWS.findings, { treeDataProvider: this }),
    );
    const refresh = (): void => {
      const count = runs.selected ? findings.of(runs.selected).length : 0;
      view.description = count > 0 ? String(count) : '';
      // Words instead of the welcome of a window in which nothing has run yet.
      view.message = count > 0 ? '' : wordsForNone(runs.selected);
      this.didChange.fire(undefined);
    };
    this.parts.add(findings.onDidChange(refresh));
    this.parts.add(runs.onDidSelect(refresh));
    this.parts.add(runs.onDidEnd(refresh));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'finding' ? findingItem(node.entry, node.finding) : placeItem(node);
  }

  getChildren(node?: Node): Node[] {
    if (!node) {
      const entry = this.runs.selected;
      return entry
        ? this.findings.of(entry).map(finding => ({ kind: 'finding', entry, finding }))
        : [];
    }
    if (node.kind === 'place') return [];
    const { entry, finding } = node;
    return (finding.related ?? []).map(({ message, ...place }) => ({
      kind: 'place',
      entry,
      place,
      message,
    }));
  }

  dispose(): void {
    this.parts.dispose();
    this.didChange.dispose();
  }
}

function wordsForNone(entry: RunEntry | undefined): string {
  if (!entry) return '';
  if (isLive(entry)) {
    return vscode.l10n.t(
      '{0} is running. What stands out is shown here, a deadlock at once.',
      entry.origin.title,
    );
  }
  const nothing = vscode.l10n.t('Nothing stands out in this run of {0}.', entry.origin.title);
  // What was done to make it run may be why.
  return [nothing, ...(entry.run.request.notes ?? [])].join(' ');
}

function findingItem(entry: RunEntry, finding: Finding): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(finding.message, finding.related?.length ? Collapsed : None);
  const look = LOOKS[finding.severity];
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
  item.tooltip = finding.message;
  item.accessibilityInformation = {
    label: vscode.l10n.t(READ_ALOUD[finding.severity], finding.message),
  };
  if (finding.file !== null && finding.line !== null) {
    item.description = vscode.l10n.t('line {0}', finding.line);
    item.command = openCommand(entry, { file: finding.file, line: finding.line });
  }
  return item;
}

function placeItem(node: Extract<Node, { kind: 'place' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(node.message);
  item.description = vscode.l10n.t('line {0}', node.place.line);
  item.iconPath = new vscode.ThemeIcon('arrow-small-right');
  item.command = openCommand(node.entry, node.place);
  return item;
}

function openCommand(entry: RunEntry, place: Place): vscode.Command {
  const link: SiteLink = { file: place.file, line: place.line, column: null, run: entry.id };
  return { command: LINKS.openSite, title: vscode.l10n.t('Go to Line'), arguments: [link] };
}
