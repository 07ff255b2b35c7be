/**
 * Owns one child process with everything it starts: its pipes, its end (that of its last descendant) and its stop.
 * The child leads a group and session of its own, so that one signal reaches the whole run; what left the group is
 * found by `processTree`. Nothing survives the host either: at the host's exit the run is killed, and `hostGuard` sees to
 * a host that has no time to.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import treeKill from 'tree-kill';
import { Emitter } from '../base/emitter';
import { atHostExit } from './atHostExit';
import { guardGroup } from './hostGuard';
import {
  findMembers,
  isAlive,
  outputsOf,
  signalProcess,
  type Member,
  type RunMark,
} from './processTree';
import type { KnownProcess, OutputChunk, RunEnd, RunHandle } from './runtime';
import { prepareStreams, type StandardStreams } from './standardStreams';

export interface ProcessStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The variable of `env` that marks every process of this run. */
  readonly markedBy: string;
  /** Processes of the run that its trace declared and that have not ended. */
  readonly known?: (() => Iterable<KnownProcess>) | undefined;
  /** How long a process may take to end by itself once told to; then it is killed. */
  readonly graceMs?: number;
}

const DEFAULT_GRACE_MS = 1000;
/** How often a run whose first process has ended is asked whether the others have, too. */
const STRAY_POLL_MS = 100;
const STOP_POLL_MS = 20;
/** A process that even SIGKILL does not end (it hangs in the kernel) must not hang the editor as well. */
const KILL_PATIENCE_MS = 5000;

/** Starts the process; rejects with the system's error when it cannot be started. */
export async function startProcess(start: ProcessStart): Promise<RunHandle> {
  const prepared = await prepareStreams();
  const startedNs = process.hrtime.bigint();
  let child: ChildProcess;
  try {
    child = spawn(start.command, start.args, {
      cwd: start.cwd,
      env: { ...start.env },
      stdio: prepared.stdio,
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } catch (error) {
    prepared.abandon();
    throw error;
  }
  return new ProcessRun(child, prepared.connect(child), start, startedNs);
}

class ProcessRun implements RunHandle {
  readonly pid: number;
  readonly startedNs: bigint;
  readonly ended: Promise<RunEnd>;
  private readonly output = new Emitter<OutputChunk>();
  readonly onOutput = this.output.event;
  private readonly mark: RunMark;
  private hasExited = false;
  private hasEnded = false;
  private stopping: Promise<void> | undefined;
  private readonly child: ChildProcess;
  private readonly streams: StandardStreams;
  private readonly graceMs: number;

  constructor(
    child: ChildProcess,
    streams: StandardStreams,
    start: ProcessStart,
    startedNs: bigint,
  ) {
    this.child = child;
    this.streams = streams;
    this.startedNs = startedNs;
    this.graceMs = start.graceMs ?? DEFAULT_GRACE_MS;
    this.pid = child.pid ?? 0;
    this.mark = {
      root: this.pid,
      environment: `${start.markedBy}=${start.env[start.markedBy] ?? ''}`,
      outputs: streams.names ?? outputsOf(this.pid),
      known: start.known ?? (() => []),
    };
    const { input, output, error } = streams;
    output?.on('data', (bytes: Buffer) => this.output.fire({ stream: 'stdout', bytes }));
    error?.on('data', (bytes: Buffer) => this.output.fire({ stream: 'stderr', bytes }));
    // The snippet may end, or close its input, before it has read all that was typed.
    input?.on('error', () => {});
    child.on('error', () => {});
    this.ended = this.untilEnded();
  }

  write(text: string): void {
    if (this.streams.input?.writable) this.streams.input.write(text);
  }

  endInput(): void {
    this.streams.input?.end();
  }

  interrupt(): void {
    if (this.hasEnded) return;
    signalProcess(process.platform === 'win32' ? this.pid : -this.pid, 'SIGINT');
  }

  stop(): Promise<void> {
    if (this.hasEnded) return Promise.resolve();
    this.stopping ??= process.platform === 'win32' ? this.stopOnWindows() : this.stopEverything();
    return this.stopping;
  }

  private async untilEnded(): Promise<RunEnd> {
    const outlived = atHostExit(() => this.killNow());
    const guard = guardGroup(this.pid);
    const closed = Promise.all([this.streams.output, this.streams.error].map(untilClosed));
    const end = await new Promise<RunEnd>(resolve => {
      this.child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    this.hasExited = true;
    // What is still running reads the end of its input, as under a shell that has ended.
    this.streams.input?.destroy();
    await this.untilNoneIsLeft();
    await closed;
    this.hasEnded = true;
    outlived();
    guard?.kill('SIGKILL');
    return end;
  }

  /** A process found earlier is asked by itself, so that waiting for one long-lived stray does not read the whole table. */
  private async untilNoneIsLeft(): Promise<void> {
    for (let strays = this.members(); strays.length > 0; strays = this.members()) {
      while (strays.some(isAlive)) await delay(STRAY_POLL_MS);
    }
  }

  private members(): Member[] {
    const members = findMembers(this.mark);
    // Once the first process has been reaped, its pid may already be another's.
    return this.hasExited ? members.filter(member => member.pid !== this.pid) : members;
  }

  private async stopEverything(): Promise<void> {
    this.streams.input?.destroy();
    this.signalAll('SIGTERM');
    let left = await this.untilGone(this.graceMs);
    if (left) {
      const until = Date.now() + KILL_PATIENCE_MS;
      // A process may have forked between the look and the kill: kill until none is found.
      while (left && Date.now() < until) {
        this.signalAll('SIGKILL');
        left = await this.untilGone(STOP_POLL_MS * 5);
      }
    }
    this.streams.output?.destroy();
    this.streams.error?.destroy();
    if (!left) await this.ended;
  }

  private async stopOnWindows(): Promise<void> {
    const pids = new Set([this.pid, ...[...this.mark.known()].map(known => known.pid)]);
    await Promise.all(
      [...pids].map(pid => new Promise<void>(resolve => treeKill(pid, 'SIGKILL', () => resolve()))),
    );
    await this.ended;
  }

  /** The group at one blow, since a process may be forking meanwhile; those outside it one by one, each only once. */
  private signalAll(signal: NodeJS.Signals): void {
    const members = this.members();
    const hasGroup = !this.hasExited || members.some(member => member.group === this.pid);
    if (hasGroup) signalProcess(-this.pid, signal);
    for (const member of members) {
      if (member.group !== this.pid) signalProcess(member.pid, signal);
    }
  }

  /** Whether something is left after `ms`. */
  private async untilGone(ms: number): Promise<boolean> {
    const until = Date.now() + ms;
    for (;;) {
      if (this.hasExited && this.members().length === 0) return false;
      if (Date.now() >= until) return true;
      await delay(STOP_POLL_MS);
    }
  }

  private killNow(): void {
    if (process.platform !== 'win32') this.signalAll('SIGKILL');
    else this.child.kill();
  }
}

function untilClosed(stream: Readable | null): Promise<void> {
  return new Promise(resolve => {
    if (!stream || stream.closed) resolve();
    else stream.once('close', resolve);
  });
}
