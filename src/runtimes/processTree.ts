/**
 * Owns the question "which processes belong to this run?". A run's processes are those in its session or group, their
 * descendants, those that carry the run's mark in their environment, those that hold its output, and those its trace
 * declared: a process that left the group and lost its parent is still found by one of the others.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { KnownProcess } from './runtime';

/** What tells a run's processes from all others. */
export interface RunMark {
  /** The first process; it leads the run's group and session. */
  readonly root: number;
  /** `NAME=value`, as the environment of a process of this run has it. */
  readonly environment: string;
  /** What the run's output descriptors are, as the system names them (`pipe:[123]`, or a path that is gone). */
  readonly outputs: ReadonlySet<string>;
  readonly known: () => Iterable<KnownProcess>;
}

/** One process, told from a later one with the same pid by its start. */
export interface Member {
  readonly pid: number;
  readonly started: string;
  readonly group: number;
}

interface Row extends Member {
  readonly parent: number;
  readonly session: number;
}

/** The processes of the run that are alive now (a zombie is not). Empty on Windows, where the system keeps no such table. */
export function findMembers(mark: RunMark): Member[] {
  if (process.platform === 'win32') return [];
  const rows = process.platform === 'linux' ? readLinuxTable() : readPsTable();
  const known = new Map<number, KnownProcess>();
  for (const one of mark.known()) known.set(one.pid, one);
  const children = new Map<number, Row[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent);
    if (siblings) siblings.push(row);
    else children.set(row.parent, [row]);
  }
  const found = new Map<number, Member>();
  const add = (row: Row): void => {
    if (found.has(row.pid) || row.pid === process.pid) return;
    found.set(row.pid, row);
    for (const child of children.get(row.pid) ?? []) add(child);
  };
  for (const row of rows) if (belongs(row, mark, known)) add(row);
  return [...found.values()];
}

/** Whether that very process still runs. */
export function isAlive(member: Member): boolean {
  if (process.platform === 'linux') {
    const row = readLinuxRow(member.pid);
    return row !== undefined && row.started === member.started;
  }
  try {
    process.kill(member.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Signals a process; one that has just ended is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or it is no longer ours to signal.
  }
}

/** What the descriptors 1 and 2 of a process are; empty where the system does not tell. */
export function outputsOf(pid: number): Set<string> {
  const outputs = new Set<string>();
  for (const descriptor of [1, 2]) {
    const target = readLink(linkOf(pid, descriptor));
    if (target && /^(pipe|socket):/.test(target)) outputs.add(target);
  }
  return outputs;
}

function linkOf(pid: number, descriptor: number): string {
  return `/proc/${pid}/fd/${descriptor}`;
}

function belongs(row: Row, mark: RunMark, known: ReadonlyMap<number, KnownProcess>): boolean {
  if (row.pid === mark.root || row.group === mark.root || row.session === mark.root) return true;
  const declared = known.get(row.pid);
  if (declared && startedBefore(row, declared)) return true;
  if (process.platform !== 'linux') return false;
  if (environmentOf(row.pid).includes(mark.environment)) return true;
  if (mark.outputs.size === 0) return false;
  return [1, 2].some(descriptor => mark.outputs.has(readLink(linkOf(row.pid, descriptor)) ?? ''));
}

/** Clock ticks of /proc are 100 a second on every Linux that Node supports; they count from boot, as the trace's clock does. */
const NS_PER_TICK = 10_000_000;
const START_SLACK_NS = 2 * NS_PER_TICK;

function startedBefore(row: Row, declared: KnownProcess): boolean {
  if (declared.seenNs === undefined || process.platform !== 'linux') return true;
  return Number(row.started) * NS_PER_TICK <= Number(declared.seenNs) + START_SLACK_NS;
}

function readLinuxTable(): Row[] {
  const rows: Row[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const row = readLinuxRow(Number(name));
    if (row) rows.push(row);
  }
  return rows;
}

function readLinuxRow(pid: number): Row | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const started = fields[19];
  if (started === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), started };
}

function readPsTable(): Row[] {
  const rows: Row[] = [];
  let text: string;
  try {
    text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,stat='], { encoding: 'latin1' });
  } catch {
    return rows;
  }
  for (const line of text.split('\n')) {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (!pid || state === undefined || state.startsWith('Z')) continue;
    rows.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: -1,
      started: '',
    });
  }
  return rows;
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
