/** Owns the Threads view: live runs and the selected one as a native tree, with what each lane waits for and since when. */
import * as vscode from 'vscode';
import { coalesce } from '../../base/coalesce';
import { Parts } from '../../base/disposable';
import { formatDuration } from '../../base/duration';
import type { Lane, LaneState, RunModel } from '../../trace/model';
import { hostClock } from '../hostClock';
import { COMMANDS, VIEWS } from '../ids';
import { describeState, shortName, stateNow } from '../laneNow';
import { lookOfLane } from '../look';
import { isLive, type RunEntry, type RunSource } from '../runs';
import { describeEnd, shortEnd } from '../runWords';
import { lookOfRun } from '../runLook';
import { childNodes, keyOf, parentNode, runNodes, type ThreadNode } from './laneNodes';

/** Changes of shape and state reach the tree at most this often; durations tick slower, as a tree is read, not watched. */
const CHANGE_EVERY_MS = 200;
const TICK_MS = 1_000;
/** With more lanes than this the tick shows what became of the older ones. */
const MOST_COMPARED = 400;

export class ThreadTree implements vscode.TreeDataProvider<ThreadNode>, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<ThreadNode | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  private readonly view: vscode.TreeView<ThreadNode>;
  private readonly ticker: NodeJS.Timeout;
  private state = '';

  constructor(runs: RunSource) {
    this.runs = runs;
    this.view = this.parts.add(
      vscode.window.createTreeView(VIEWS.threads, {
        treeDataProvider: this,
        showCollapseAll: true,
      }),
    );
    const refresh = this.parts.add(
      coalesce(() => this.refreshIfChanged(), CHANGE_EVERY_MS, hostClock),
    );
    for (const event of [
      runs.onDidStart,
      runs.onDidChange,
      runs.onDidEnd,
      runs.onDidSelect,
      runs.onDidRemove,
    ]) {
      this.parts.add((event as (listener: () => void) => vscode.Disposable)(refresh));
    }
    this.parts.add(this.view.onDidChangeVisibility(() => this.refresh()));
    this.ticker = setInterval(() => {
      if (runs.entries.some(isLive)) this.refresh();
    }, TICK_MS);
  }

  getTreeItem(node: ThreadNode): vscode.TreeItem {
    const item = itemOf(node);
    item.id = keyOf(node);
    return item;
  }

  getChildren(node?: ThreadNode): ThreadNode[] {
    return node ? childNodes(node) : runNodes(this.runs.entries, this.runs.selected);
  }

  getParent(node: ThreadNode): ThreadNode | undefined {
    return parentNode(node);
  }

  /** Selects the row of a lane. */
  async reveal(entry: RunEntry, lane: number): Promise<void> {
    await this.view.reveal(
      { kind: 'lane', entry, lane },
      { select: true, focus: true, expand: true },
    );
  }

  dispose(): void {
    clearInterval(this.ticker);
    this.parts.dispose();
    this.didChange.dispose();
  }

  /** A run that only went on in time is left to the tick. */
  private refreshIfChanged(): void {
    const { entries, selected } = this.runs;
    const state = runNodes(entries, selected)
      .map(({ entry }) => stateKey(entry))
      .join('\n');
    if (state !== this.state) this.refresh();
    this.state = state;
  }

  private refresh(): void {
    if (this.view.visible) this.didChange.fire(undefined);
  }
}

/** What the tree says of a run, but for the durations. */
function stateKey(entry: RunEntry): string {
  const { model } = entry;
  const lanes = model.lanes.slice(-MOST_COMPARED).map(lane => {
    const state = stateNow(model, lane);
    const wait = state.state === 'waiting' || state.state === 'ready' ? state.wait.id : '';
    return `${lane.name} ${state.state} ${wait}`;
  });
  return [entry.id, entry.state, model.lanes.length, ...lanes].join(',');
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function itemOf(node: ThreadNode): vscode.TreeItem {
  const { entry } = node;
  switch (node.kind) {
    case 'run':
      return runItem(entry);
    case 'helpers': {
      const item = new vscode.TreeItem(vscode.l10n.t('Helpers of Python'), Collapsed);
      item.tooltip = vscode.l10n.t('Processes and threads that Python starts by itself.');
      item.iconPath = new vscode.ThemeIcon('gear', new vscode.ThemeColor('disabledForeground'));
      return item;
    }
    case 'more':
      return new vscode.TreeItem(vscode.l10n.t('… {0} more, see the Timeline', node.count), None);
    case 'process':
      return processItem(entry, node.lane);
    default:
      return laneItem(node, entry.model, entry.model.lanes[node.lane]);
  }
}

function runItem(entry: RunEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.origin.title, Expanded);
  const duration = formatDuration(entry.model.nowNs);
  item.description = isLive(entry)
    ? vscode.l10n.t('running {0}', duration)
    : `${shortEnd(entry)} · ${duration}`;
  const look = lookOfRun(entry);
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
  item.contextValue = isLive(entry) ? 'run live' : 'run ended';
  item.tooltip = [
    `${entry.origin.title} ${describeEnd(entry)}`,
    vscode.l10n.t('{0} records, {1} dropped', entry.model.records, entry.model.dropped),
    ...entry.model.notes,
  ].join('\n');
  return item;
}

function processItem(entry: RunEntry, id: number): vscode.TreeItem {
  const lane = entry.model.lanes[id];
  const item = new vscode.TreeItem(
    lane?.kind === 'main' ? 'MainProcess' : (lane?.name ?? ''),
    Expanded,
  );
  item.description = `pid ${lane?.pid ?? ''}`;
  item.iconPath = new vscode.ThemeIcon('server-process');
  item.contextValue = 'process';
  return item;
}

function laneItem(node: ThreadNode, model: RunModel, lane: Lane | undefined): vscode.TreeItem {
  if (!lane) return new vscode.TreeItem('');
  const hasTasks = lane.kind !== 'task' && childNodes(node).length > 0;
  const item = new vscode.TreeItem(shortName(lane.name), hasTasks ? Expanded : None);
  const state = stateNow(model, lane);
  const look = lookOfLane(lane, state);
  const words = describeState(model, lane, state);
  item.description = lane.daemon ? `daemon · ${words}` : words;
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
  item.contextValue = lane.endNs === null ? 'lane live' : 'lane ended';
  item.tooltip = tooltipOf(lane, words, state);
  item.accessibilityInformation = { label: `${lane.kind} ${lane.name}, ${words}` };
  item.command = {
    command: COMMANDS.showWhere,
    title: vscode.l10n.t('Show Where It Is'),
    arguments: [node],
  };
  return item;
}

function tooltipOf(lane: Lane, words: string, state: LaneState): string {
  const isHeld = state.state === 'waiting' || state.state === 'ready';
  const site = isHeld ? state.wait.site : null;
  const waits = site ? vscode.l10n.t('waits at line {0}', site.line) : '';
  const made = lane.site ? vscode.l10n.t('created at line {0}', lane.site.line) : '';
  return [`${lane.name}: ${words}`, waits, made, lane.detail ?? ''].filter(Boolean).join('\n');
}
