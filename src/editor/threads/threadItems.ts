/** Owns how the rows of the Threads tree read and look. */
import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration';
import { messages, type Message } from '../../base/translate';
import type { LaneKind } from '../../trace/format';
import type { Lane, LaneState, RunModel } from '../../trace/model';
import { COMMANDS } from '../ids';
import { describeState, shortName, stateNow } from '../laneNow';
import { lookOfLane } from '../look';
import { isLive, type RunEntry } from '../runs';
import { lookOfRun } from '../runLook';
import { describeRunEnd, shortEnd } from '../runWords';
import { childNodes, keyOf, type ThreadNode } from './laneNodes';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const READ_ALOUD: Readonly<Record<LaneKind, Message>> = messages({
  main: 'main {0}',
  thread: 'thread {0}',
  process: 'process {0}',
  subprocess: 'subprocess {0}',
  task: 'task {0}',
  worker: 'worker {0}',
  call: 'call {0}',
});

export function threadItem(node: ThreadNode): vscode.TreeItem {
  const item = itemOf(node);
  item.id = keyOf(node);
  return item;
}

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
  const time = formatDuration(entry.model.nowNs);
  const state = isLive(entry)
    ? `${vscode.l10n.t('running')} ${time}`
    : `${shortEnd(entry, vscode.l10n.t)} · ${time}`;
  const { runtime } = entry.model;
  item.description = runtime === null ? state : `${state} · ${runtime}`;
  const look = lookOfRun(entry);
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
  item.contextValue = isLive(entry) ? 'run live' : 'run ended';
  item.tooltip = [
    describeRunEnd(entry, vscode.l10n.t),
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
  if (lane?.command) item.tooltip = lane.command;
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
  const words = describeState(model, lane, state, vscode.l10n.t);
  item.description = lane.daemon ? `${words} · ${vscode.l10n.t('daemon')}` : words;
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.colour));
  item.contextValue = lane.endNs === null ? 'lane live' : 'lane ended';
  item.tooltip = tooltipOf(lane, words, state);
  item.accessibilityInformation = {
    label: `${vscode.l10n.t(READ_ALOUD[lane.kind], lane.name)}, ${words}`,
  };
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
  return [`${lane.name}: ${words}`, lane.command ?? '', waits, made, lane.detail ?? '']
    .filter(Boolean)
    .join('\n');
}
