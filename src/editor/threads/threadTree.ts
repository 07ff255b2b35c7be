/** Owns the Threads view: live runs and the selected one as a native tree, with what each lane waits for and since when. */
import * as vscode from 'vscode';
import { coalesce } from '../../base/coalesce';
import { Parts, type Disposable } from '../../base/disposable';
import { hostClock } from '../../base/hostClock';
import { VIEWS } from '../ids';
import { stateNow } from '../laneNow';
import { isLive, type RunEntry, type RunSource } from '../runs';
import { childNodes, keyOf, laneNode, parentNode, runNodes, type ThreadNode } from './laneNodes';
import { threadItem } from './threadItems';

/** Changes reach the tree at once, but at most this often. */
const REFRESH_EVERY_MS = 400;
/**
 * VS Code fetches the rows level by level, and drops what it has when the next refresh comes: on a slow machine a busy run
 * would show nothing until its end. So the next one waits until no rows were asked for during a moment, or for long enough.
 */
const SETTLED_MS = 150;
const FETCH_AT_MOST_MS = 3_000;
/** Durations tick slower: a tree is read, not watched. */
const TICK_MS = 1_000;
/** The row of a run ticks with every row under it: where they are many, only now and then. */
const FEW_ROWS = 60;
const MANY_ROWS_TICKS = 10;
/** More rows than this are not looked at by a person while the run goes on. */
const MOST_ROWS = 200;

export class ThreadTree implements vscode.TreeDataProvider<ThreadNode>, vscode.Disposable {
  private readonly runs: RunSource;
  private readonly parts = new Parts();
  private readonly didChange = new vscode.EventEmitter<ThreadNode[] | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  private readonly view: vscode.TreeView<ThreadNode>;
  private readonly ticker: NodeJS.Timeout;
  private retry: Disposable | undefined;
  /** VS Code may be fetching rows until then. */
  private busyUntil = 0;
  /** VS Code knows a row by its object: the same row is always the same one. */
  private readonly nodes = new Map<string, ThreadNode>();
  private shape = '';
  private states = new Map<string, string>();
  private isTicked = false;
  private ticks = 0;

  constructor(runs: RunSource) {
    this.runs = runs;
    this.view = this.parts.add(
      vscode.window.createTreeView(VIEWS.threads, {
        treeDataProvider: this,
        showCollapseAll: true,
      }),
    );
    const update = this.parts.add(coalesce(() => this.update(), REFRESH_EVERY_MS, hostClock));
    this.parts.add(runs.onDidStart(update));
    this.parts.add(runs.onDidChange(update));
    this.parts.add(
      runs.onDidEnd(() => {
        // The last word on a run does not wait: no other refresh comes that could drop its rows.
        this.busyUntil = 0;
        update();
      }),
    );
    this.parts.add(runs.onDidSelect(update));
    this.parts.add(runs.onDidRemove(entry => this.forget(entry)));
    this.parts.add(this.view.onDidChangeVisibility(() => this.refresh()));
    this.ticker = setInterval(() => {
      this.isTicked = true;
      if (runs.entries.some(isLive)) update();
    }, TICK_MS);
  }

  getTreeItem(node: ThreadNode): vscode.TreeItem {
    return threadItem(node);
  }

  getChildren(node?: ThreadNode): ThreadNode[] {
    const { entries, selected } = this.runs;
    const children = node ? childNodes(node) : runNodes(entries, selected);
    if (node || children.length === 0) this.busyUntil = hostClock.now() + SETTLED_MS;
    return children.map(child => this.known(child));
  }

  getParent(node: ThreadNode): ThreadNode | undefined {
    const parent = parentNode(node);
    return parent && this.known(parent);
  }

  /** Selects the row of a lane. */
  async reveal(entry: RunEntry, lane: number): Promise<void> {
    const row = entry.model.lanes[lane];
    if (!row) return;
    const node = this.known(laneNode(entry, row));
    await this.view.reveal(node, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    clearInterval(this.ticker);
    this.retry?.dispose();
    this.parts.dispose();
    this.didChange.dispose();
  }

  private known(node: ThreadNode): ThreadNode {
    const key = keyOf(node);
    const found = this.nodes.get(key);
    if (found) return found;
    this.nodes.set(key, node);
    return node;
  }

  private forget(entry: RunEntry): void {
    for (const [key, node] of this.nodes) if (node.entry === entry) this.nodes.delete(key);
    this.update();
  }

  /** Rows that come or go need the whole tree; a lane that does something else only its own row. */
  private update(): void {
    const wait = this.busyUntil - hostClock.now();
    if (wait > 0) {
      this.retry ??= hostClock.after(wait, () => {
        this.retry = undefined;
        this.update();
      });
      return;
    }
    const runs = runNodes(this.runs.entries, this.runs.selected).map(node => node.entry);
    const shape = runs.map(shapeOf).join('\n');
    const states = new Map<string, string>();
    const changed: ThreadNode[] = [];
    const isDue = this.isTicked;
    const lanes = runs.reduce((sum, entry) => sum + entry.model.lanes.length, 0);
    const areFew = lanes <= FEW_ROWS;
    if (isDue) this.ticks++;
    for (const entry of runs) {
      const ticks = isDue && isLive(entry);
      // Its row is drawn with all that is under it.
      const root = this.nodes.get(keyOf({ kind: 'run', entry }));
      const withRoot = ticks && root && (areFew || this.ticks % MANY_ROWS_TICKS === 0);
      if (withRoot) changed.push(root);
      for (const lane of entry.model.lanes) {
        const node = this.nodes.get(keyOf(laneNode(entry, lane)));
        if (!node) continue;
        const key = keyOf(node);
        const state = stateNow(entry.model, lane);
        const isHeld = state.state === 'waiting' || state.state === 'ready';
        const words = `${state.state} ${isHeld ? state.wait.id : ''}`;
        states.set(key, words);
        if (withRoot) continue;
        if ((ticks && isHeld) || this.states.get(key) !== words) changed.push(node);
      }
    }
    if (shape !== this.shape) this.refresh();
    else if (changed.length > 0) this.refresh(changed.slice(0, MOST_ROWS));
    this.shape = shape;
    this.states = states;
    this.isTicked = false;
  }

  private refresh(nodes?: ThreadNode[]): void {
    if (!this.view.visible) return;
    if (!nodes) this.busyUntil = hostClock.now() + FETCH_AT_MOST_MS;
    this.didChange.fire(nodes);
  }
}

/** What decides which rows there are. */
function shapeOf(entry: RunEntry): string {
  const lanes = entry.model.lanes.map(
    lane => `${lane.name}|${lane.kind}|${lane.process}|${lane.parent}|${lane.helper}`,
  );
  return [entry.id, entry.state, ...lanes].join(',');
}
