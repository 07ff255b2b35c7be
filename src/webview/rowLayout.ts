/** Owns which rows the timeline has and where they are: lanes as a tree of process, thread and task, with groups that fold. */
import type { LaneInfo } from './messages';
import { wordsIn, type Words } from './pageWords';

export const ROW_HEIGHT = 25;
export const BAR_TOP = 5;
export const BAR_HEIGHT = 14;

/** More siblings of one name than this start folded: nobody reads ten thousand rows. */
const FOLD_ABOVE = 200;

export interface Row {
  /** Stable over updates: `lane:3`, `process:0`, `helpers:process:0`. */
  readonly key: string;
  readonly lane: number | null;
  readonly depth: number;
  readonly name: string;
  readonly detail: string;
  readonly isFoldable: boolean;
  readonly isFolded: boolean;
}

export interface Layout {
  readonly rows: readonly Row[];
  /** The row of each lane; of a lane that is folded away, the row it is folded into. */
  readonly rowOf: ReadonlyMap<number, number>;
}

export interface Folding {
  /** Keys the person folded or unfolded; others follow the default. */
  readonly folded: ReadonlySet<string>;
  readonly unfolded: ReadonlySet<string>;
}

interface Group {
  readonly key: string;
  readonly name: string;
  readonly detail: string;
  readonly foldsByDefault: boolean;
  readonly lanes: readonly LaneInfo[];
}

export function layoutRows(
  lanes: readonly LaneInfo[],
  folding: Folding,
  words: Words = wordsIn({}),
): Layout {
  const byId = new Map(lanes.map(lane => [lane.id, lane]));
  const threadOf = threadFinder(byId);
  const childrenOf = new Map<string, LaneInfo[]>();
  const roots: Group[] = [];
  for (const lane of lanes) {
    const home = homeOf(lane, byId, threadOf);
    const list = childrenOf.get(home);
    if (list) list.push(lane);
    else {
      childrenOf.set(home, [lane]);
      const root = rootGroup(home, byId, words);
      if (root) roots.push(root);
    }
  }

  const rows: Row[] = [];
  const rowOf = new Map<number, number>();
  const isFolded = (key: string, byDefault: boolean): boolean =>
    folding.folded.has(key) || (byDefault && !folding.unfolded.has(key));

  /** Everything below a folded row is shown by that row. */
  const hide = (list: readonly LaneInfo[], row: number): void => {
    for (const lane of list) {
      rowOf.set(lane.id, row);
      hide(childrenOf.get(`lane:${lane.id}`) ?? [], row);
    }
  };

  const emitLane = (lane: LaneInfo, depth: number): void => {
    const key = `lane:${lane.id}`;
    const children = childrenOf.get(key) ?? [];
    const folded = children.length > 0 && isFolded(key, false);
    rows.push({
      key,
      lane: lane.id,
      depth,
      name: lane.name,
      detail: '',
      isFoldable: children.length > 0,
      isFolded: folded,
    });
    rowOf.set(lane.id, rows.length - 1);
    if (folded) hide(children, rows.length - 1);
    else emitChildren(key, children, depth + 1);
  };

  const emitGroup = (group: Group, depth: number): void => {
    const folded = isFolded(group.key, group.foldsByDefault);
    const { key, name, detail } = group;
    rows.push({ key, lane: null, depth, name, detail, isFoldable: true, isFolded: folded });
    if (folded) hide(group.lanes, rows.length - 1);
    else for (const lane of group.lanes) emitLane(lane, depth + 1);
  };

  const emitChildren = (home: string, children: readonly LaneInfo[], depth: number): void => {
    for (const part of grouped(home, children, words)) {
      if ('lanes' in part) emitGroup(part, depth);
      else emitLane(part, depth);
    }
  };

  for (const root of roots) {
    const { key, name, detail } = root;
    const folded = isFolded(key, false);
    rows.push({ key, lane: null, depth: 0, name, detail, isFoldable: true, isFolded: folded });
    const children = childrenOf.get(key) ?? [];
    if (folded) hide(children, rows.length - 1);
    else emitChildren(key, children, 1);
  }
  return { rows, rowOf };
}

function rootGroup(home: string, byId: ReadonlyMap<number, LaneInfo>, words: Words): Group | null {
  if (!home.startsWith('process:')) return null;
  const main = byId.get(Number(home.slice('process:'.length)));
  const detail = main?.pid ? `pid ${main.pid}` : '';
  const name = main ? 'MainProcess' : words('otherProcesses');
  return { key: home, name, detail, foldsByDefault: false, lanes: [] };
}

/** Where a lane is listed: tasks below their thread, threads below their process, processes below their parent's process. */
function homeOf(
  lane: LaneInfo,
  byId: ReadonlyMap<number, LaneInfo>,
  threadOf: (lane: LaneInfo) => LaneInfo | null,
): string {
  if (lane.kind === 'main') return `process:${lane.id}`;
  if (lane.kind === 'task' || lane.kind === 'call') {
    const thread = threadOf(lane);
    if (thread) return `lane:${thread.id}`;
  }
  const isProcess = lane.kind === 'process' || lane.kind === 'subprocess';
  const owner = byId.get(isProcess ? (byId.get(lane.parent ?? -1)?.process ?? -1) : lane.process);
  if (!owner || owner.id === lane.id) return 'process:none';
  return owner.kind === 'main' ? `process:${owner.id}` : `lane:${owner.id}`;
}

/**
 * The thread that runs a task's loop: its nearest ancestor that is neither a task nor a call. Each task may be the parent of
 * the next, thousands deep, so every answer is kept for those that ask through it.
 */
function threadFinder(byId: ReadonlyMap<number, LaneInfo>): (lane: LaneInfo) => LaneInfo | null {
  const known = new Map<number, LaneInfo | null>();
  return lane => {
    const path: number[] = [];
    let at: LaneInfo | undefined = lane;
    let found: LaneInfo | null = null;
    while (at) {
      if (at.kind !== 'task' && at.kind !== 'call') {
        found = at;
        break;
      }
      const before = known.get(at.id);
      if (before !== undefined) {
        found = before;
        break;
      }
      // Marked at once, so that a circle of parents ends here.
      known.set(at.id, null);
      path.push(at.id);
      at = byId.get(at.parent ?? -1);
    }
    for (const id of path) known.set(id, found);
    return found;
  };
}

/** Workers of a pool are a group from two on; plain siblings that are merely numbered only when there are very many. */
const POOLS = [
  /^((?:Fork|Spawn|ForkServer)PoolWorker)-\d+$/,
  /^(ThreadPoolExecutor-\d+)_\d+$/,
  /^(asyncio)_\d+$/,
];
const NUMBERED = /^(.*?)[-_ #]?\d+(?: \(.*\))?$/;

function grouped(home: string, lanes: readonly LaneInfo[], words: Words): (Group | LaneInfo)[] {
  const sizes = new Map<string, number>();
  for (const lane of lanes) {
    const stem = stemOf(lane);
    if (stem) sizes.set(stem, (sizes.get(stem) ?? 0) + 1);
  }
  const parts: (Group | LaneInfo)[] = [];
  const groups = new Map<string, LaneInfo[]>();
  const isGroup = (lane: LaneInfo, stem: string): boolean => {
    const size = sizes.get(stem) ?? 0;
    return (
      lane.isHelper || size > FOLD_ABOVE || (size > 1 && POOLS.some(pool => pool.test(lane.name)))
    );
  };
  for (const lane of lanes) {
    const stem = stemOf(lane);
    if (!stem || !isGroup(lane, stem)) {
      parts.push(lane);
      continue;
    }
    const members = groups.get(stem);
    if (members) {
      members.push(lane);
      continue;
    }
    const list = [lane];
    groups.set(stem, list);
    const size = sizes.get(stem) ?? 0;
    parts.push({
      key: `${lane.isHelper ? 'helpers' : `group:${stem}`}:${home}`,
      name: lane.isHelper ? words('helpers') : stem,
      detail: lane.isHelper ? words('helpersTip') : words(nounOf(lane), size),
      foldsByDefault: lane.isHelper || size > FOLD_ABOVE,
      lanes: list,
    });
  }
  return parts;
}

function stemOf(lane: LaneInfo): string | null {
  if (lane.isHelper) return '\0helper';
  for (const pool of POOLS) {
    const stem = pool.exec(lane.name)?.[1];
    if (stem) return stem;
  }
  return NUMBERED.exec(lane.name)?.[1] ?? null;
}

function nounOf(lane: LaneInfo): 'tasks' | 'calls' | 'workers' | 'processes' | 'threads' {
  if (lane.kind === 'task') return 'tasks';
  if (lane.kind === 'call') return 'calls';
  if (POOLS.some(pool => pool.test(lane.name))) return 'workers';
  if (lane.kind === 'process' || lane.kind === 'subprocess') return 'processes';
  return lane.kind === 'worker' ? 'workers' : 'threads';
}
