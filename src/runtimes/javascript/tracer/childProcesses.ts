/** Owns child processes: a lane for each, its end and status; a Node child is traced by what `NODE_OPTIONS` loads into it. */
import childProcess from 'node:child_process';
import type { ChildProcess, SpawnSyncReturns } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import type { AsyncCalls } from './asyncCalls';
import type { Awaitable } from './awaitable';
import { callerSite } from './callerSite';
import type { Idle, Waker } from './idle';
import type { Listeners } from './listeners';
import { replace } from './replace';
import { linkKey } from './recorder';
import type { LinkKey, Recorder } from './recorder';

/** What a spawn hands to `ChildProcess.prototype.spawn`; the same since Node 12 (lib/internal/child_process.js). */
interface SpawnOptions {
  file?: string;
  args?: string[];
  envPairs?: string[];
}

const SYNC = ['spawnSync', 'execSync', 'execFileSync'] as const;

export class ChildProcesses {
  private readonly laneOf = new WeakMap<object, { lane: number; name: string }>();
  private readonly listeners: Listeners;
  private readonly idle: Idle;
  private readonly recorder: Recorder;
  private readonly calls: AsyncCalls;
  /** Names and values a traced child needs in its environment. */
  private readonly environment: Readonly<Record<string, string>>;

  constructor(
    recorder: Recorder,
    calls: AsyncCalls,
    listeners: Listeners,
    idle: Idle,
    environment: Readonly<Record<string, string>>,
  ) {
    this.recorder = recorder;
    this.calls = calls;
    this.listeners = listeners;
    this.idle = idle;
    this.environment = environment;
  }

  watch(): void {
    const { recorder, environment } = this;
    const started = (child: ChildProcess, name: string, site: number): void => {
      this.started(child, name, site);
    };
    replace(
      childProcess.ChildProcess.prototype as { spawn?: unknown },
      'spawn',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const options = args[0] as SpawnOptions;
          recorder.writer.flush();
          const site = callerSite(recorder);
          const name = programName(options);
          const pairs = options.envPairs;
          if (Array.isArray(pairs)) addMissing(pairs, environment);
          const result: unknown = Reflect.apply(original, this, args);
          if (typeof (this as ChildProcess).pid === 'number')
            started(this as ChildProcess, name, site);
          return result;
        },
    );
    for (const name of SYNC) this.watchSync(name);
    this.watchOwnChannel();
    syncBuiltinESMExports();
  }

  lookUp(emitter: object, event: unknown): Awaitable | undefined {
    const known = this.laneOf.get(emitter);
    if (!known) return undefined;
    const targets = [known.lane];
    if (event === 'exit' || event === 'close') return { kind: 'exit', label: known.name, targets };
    if (event === 'message') return { kind: 'recv', label: known.name, targets };
    return { kind: 'event', label: `${String(event)} of ${known.name}`, targets };
  }

  private started(child: ChildProcess, name: string, site: number): void {
    const { recorder, calls, listeners, idle } = this;
    const t = recorder.now();
    const lane = recorder.lane('subprocess', name, calls.lane, t, { site, token: child.pid! });
    recorder.laneBegin(lane, t);
    this.laneOf.set(child, { lane, name });
    const targets = [lane];
    const exit: Waker = { kind: 'exit', label: name, targets, site: () => 0 };
    const message: Waker = {
      kind: 'recv',
      label: name,
      targets,
      site: () => listeners.siteOf(child),
    };
    // The host has to know of the process even if this thread never gets round to telling.
    recorder.writer.flush();
    const up = linkKey(`ipc up ${child.pid}`);
    // A channel gives each child a `send` of its own.
    if (child.channel) this.watchSend(child, linkKey(`ipc down ${child.pid}`));
    replace(
      child,
      'emit',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const [event, status, signal] = args;
          if (event === 'message') {
            recorder.received(up, idle.wokenBy(message));
          } else if (event === 'exit') {
            idle.wokenBy(exit);
            if (typeof signal === 'string') recorder.laneEnd(lane, 'killed', signal, 0);
            else recorder.laneEnd(lane, 'exited', '', Number(status ?? 0));
          }
          return Reflect.apply(original, this, args);
        },
    );
  }

  private watchSend(owner: { send?: unknown }, key: LinkKey): void {
    const { recorder, calls } = this;
    replace(
      owner,
      'send',
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (!isOfNode(args[0])) recorder.sent(calls.lane, key);
          return Reflect.apply(original, this, args);
        },
    );
  }

  private watchSync(name: (typeof SYNC)[number]): void {
    const { recorder, calls } = this;
    replace(
      childProcess,
      name,
      original =>
        function (this: unknown, ...args: unknown[]) {
          const lane = calls.lane;
          const label = commandName(args[0]);
          const site = callerSite(recorder);
          const child = recorder.lane('subprocess', label, lane, recorder.now(), { site });
          recorder.laneBegin(child, recorder.now());
          const wait = recorder.waitBegin(lane, 'exit', { site, label, target: child });
          recorder.writer.flush();
          try {
            const result: unknown = Reflect.apply(original, this, args);
            const { pid, status, signal } = (result ?? {}) as Partial<SpawnSyncReturns<Buffer>>;
            if (pid) recorder.lanePid(child, pid);
            if (signal) recorder.laneEnd(child, 'killed', signal);
            else recorder.laneEnd(child, 'exited', '', status ?? 0);
            recorder.waitEnd(lane, wait, 'done');
            return result;
          } catch (error) {
            const { status } = error as { status?: number };
            recorder.laneEnd(child, 'exited', '', status ?? 1);
            recorder.waitEnd(lane, wait, 'raised');
            throw error;
          }
        },
    );
  }

  /** This process may itself be a child with a channel to its parent. */
  private watchOwnChannel(): void {
    if (typeof process.send !== 'function') return;
    const { recorder, listeners, idle } = this;
    const message: Waker = {
      kind: 'recv',
      label: 'the parent process',
      site: () => listeners.siteOf(process),
    };
    const down = linkKey(`ipc down ${process.pid}`);
    this.watchSend(process, linkKey(`ipc up ${process.pid}`));
    replace(
      process,
      'emit',
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (args[0] === 'message') recorder.received(down, idle.wokenBy(message));
          return Reflect.apply(original, this, args);
        },
    );
  }
}

/** What `cluster` and the like tell each other is no message of the person's, and arrives as none. */
function isOfNode(message: unknown): boolean {
  const command = (message as { cmd?: unknown } | null | undefined)?.cmd;
  return typeof command === 'string' && command.startsWith('NODE_');
}

/** A child that is given an environment of its own is traced as well; what it sets itself is kept. */
function addMissing(pairs: string[], environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) {
    const at = pairs.findIndex(pair => pair.startsWith(`${name}=`));
    if (at < 0) pairs.push(`${name}=${value}`);
    else if (name === 'NODE_OPTIONS' && !pairs[at]!.includes(value)) pairs[at] += ` ${value}`;
  }
}

function programName(options: SpawnOptions): string {
  const args = options.args ?? [];
  const isShell =
    /^(?:sh|bash|cmd\.exe)$/.test(path.basename(options.file ?? '')) && args[1] === '-c';
  return commandName(isShell ? args[2] : [options.file ?? '', ...args.slice(1)].join(' '));
}

/** `node worker.js 3`: the program and its arguments, without folders, short enough for a lane's name. */
function commandName(command: unknown): string {
  const words = String(command).split(/\s+/).filter(Boolean);
  const text = words.map((word, at) => (at < 2 ? path.basename(word) || word : word)).join(' ');
  return text.length > 40 ? `${text.slice(0, 38)} …` : text;
}
