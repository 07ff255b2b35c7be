/**
 * Owns the shape of the Threads tree: run -> processes -> threads -> tasks, with the language's own helpers folded away.
 * Pure: nodes are told apart by their keys and made again at each change.
 */
import type { Lane, RunModel } from '../../trace/model';
import { isLive, type RunEntry } from '../runs';

export type ThreadNode =
  | { readonly kind: 'run'; readonly entry: RunEntry }
  | { readonly kind: 'process'; readonly entry: RunEntry; readonly lane: number }
  | { readonly kind: 'lane'; readonly entry: RunEntry; readonly lane: number }
  | { readonly kind: 'helpers'; readonly entry: RunEntry }
  | {
      readonly kind: 'more';
      readonly entry: RunEntry;
      readonly under: number;
      readonly count: number;
    };

/** More rows than this under one parent make a tree nobody reads and the workbench slow. */
export const MOST_CHILDREN = 300;

export function keyOf(node: ThreadNode): string {
  const run = `run${node.entry.id}`;
  switch (node.kind) {
    case 'run':
      return run;
    case 'helpers':
      return `${run}/helpers`;
    case 'more':
      return `${run}/more${node.under}-${node.count}`;
    default:
      return `${run}/${node.kind}${node.lane}`;
  }
}

/** Live runs, and the selected one; the newest first. */
export function runNodes(
  entries: readonly RunEntry[],
  selected: RunEntry | undefined,
): ThreadNode[] {
  return entries
    .filter(entry => isLive(entry) || entry === selected)
    .toReversed()
    .map(entry => ({ kind: 'run', entry }));
}

export function childNodes(node: ThreadNode): ThreadNode[] {
  const { entry } = node;
  const { lanes } = entry.model;
  switch (node.kind) {
    case 'run':
      return childrenOfRun(entry);
    case 'process': {
      const own = lanes[node.lane];
      const threads = lanes.filter(
        lane =>
          lane.process === node.lane &&
          lane.id !== node.lane &&
          !lane.helper &&
          lane.kind !== 'task',
      );
      const rest = capped(entry, node.lane, threads, MOST_CHILDREN - 1);
      return own ? [laneNode(entry, own), ...rest] : rest;
    }
    case 'lane':
      return capped(entry, node.lane, tasksUnder(entry.model, node.lane));
    case 'helpers':
      return lanes.filter(lane => lane.helper).map(lane => laneNode(entry, lane));
    default:
      return [];
  }
}

export function parentNode(node: ThreadNode): ThreadNode | undefined {
  const { entry } = node;
  if (node.kind === 'run') return undefined;
  if (node.kind === 'helpers' || node.kind === 'process') return { kind: 'run', entry };
  const lane = entry.model.lanes[node.kind === 'more' ? node.under : node.lane];
  if (!lane) return undefined;
  if (node.kind === 'more') return nodeOfLane(entry, lane);
  if (lane.helper) return { kind: 'helpers', entry };
  if (lane.kind === 'task') return { kind: 'lane', entry, lane: hostOfTask(entry.model, lane) };
  return isGroup(entry.model, lane.process)
    ? { kind: 'process', entry, lane: lane.process }
    : { kind: 'run', entry };
}

/** The row that stands for a lane. */
export function laneNode(entry: RunEntry, lane: Lane): ThreadNode {
  return { kind: 'lane', entry, lane: lane.id };
}

function childrenOfRun(entry: RunEntry): ThreadNode[] {
  const { model } = entry;
  const processes = model.lanes.filter(lane => lane.process === lane.id && !lane.helper);
  const nodes = processes.slice(0, MOST_CHILDREN).map(lane => nodeOfLane(entry, lane));
  if (processes.length > MOST_CHILDREN) {
    nodes.push({ kind: 'more', entry, under: -1, count: processes.length - MOST_CHILDREN });
  }
  if (model.lanes.some(lane => lane.helper)) nodes.push({ kind: 'helpers', entry });
  return nodes;
}

/** A process with threads of its own is a group; one with nothing but its main thread is a row. */
function nodeOfLane(entry: RunEntry, lane: Lane): ThreadNode {
  return { kind: isGroup(entry.model, lane.id) ? 'process' : 'lane', entry, lane: lane.id };
}

function isGroup(model: RunModel, process: number): boolean {
  const lane = model.lanes[process];
  if (lane?.kind === 'main') return true;
  return model.lanes.some(
    one => one.process === process && one.id !== process && !one.helper && one.kind !== 'task',
  );
}

function tasksUnder(model: RunModel, host: number): Lane[] {
  const own = model.lanes[host];
  if (!own || own.kind === 'task') return [];
  return model.lanes.filter(lane => lane.kind === 'task' && hostOfTask(model, lane) === host);
}

/** The thread a task lives in: the nearest lane above it that is no task. */
function hostOfTask(model: RunModel, task: Lane): number {
  let lane: Lane | undefined = task;
  while (lane?.kind === 'task' && lane.parent !== null) lane = model.lanes[lane.parent];
  return !lane || lane.kind === 'task' || lane.process !== task.process ? task.process : lane.id;
}

/** Those still alive come first when there are too many. */
function capped(
  entry: RunEntry,
  under: number,
  lanes: readonly Lane[],
  most = MOST_CHILDREN,
): ThreadNode[] {
  if (lanes.length <= most) return lanes.map(lane => laneNode(entry, lane));
  const alive = lanes.filter(lane => lane.endNs === null);
  const ended = lanes.filter(lane => lane.endNs !== null);
  const shown = [...alive, ...ended.toReversed()].slice(0, most);
  return [
    ...shown.map(lane => laneNode(entry, lane)),
    { kind: 'more', entry, under, count: lanes.length - most },
  ];
}
