/** Owns a JavaScript snippet in a worker thread of this process: starts at once, has a heap limit, ends on `terminate`. */
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setEnvironmentData, Worker } from 'node:worker_threads';
import { Emitter } from '../../base/emitter';
import { findMembers, signalProcess } from '../processTree';
import type { Translate } from '../../base/translate';
import type { Member } from '../processTree';
import type { KnownProcess, OutputChunk, RunEnd, RunHandle, RunRequest } from '../runtime';
import { RUN_VARIABLE } from './environment';
import { guardMemory, HARD_LIMIT_FACTOR } from './memoryGuard';
import { loadOptions, nodeOptionsWith } from './nodeOptions';
import { MAIN_THREAD, RecordKeeper, SHARED_RECORDS, shareRecords } from './sharedRecords';

const STRAY_POLL_MS = 100;
const GRACE_MS = 1000;
const REAP_MS = 50;
/** A worker that is busy does not write what it has recorded. */
const LOOK_MS = 25;

export function launchWorker(
  request: RunRequest,
  preload: string,
  known: (() => Iterable<KnownProcess>) | undefined,
  memoryMb: number,
  say: Translate,
): Promise<RunHandle> {
  return Promise.resolve(new WorkerRun(request, preload, known ?? (() => []), memoryMb, say));
}

class WorkerRun implements RunHandle {
  /** The process is the host's own, and not to be ended. */
  readonly pid = undefined;
  readonly startedNs = process.hrtime.bigint();
  readonly ended: Promise<RunEnd>;
  private readonly output = new Emitter<OutputChunk>();
  readonly onOutput = this.output.event;
  private readonly worker: Worker;
  private readonly keeper: RecordKeeper;
  private readonly environment: string;
  private readonly known: () => Iterable<KnownProcess>;
  private stopping: Promise<void> | undefined;

  constructor(
    request: RunRequest,
    preload: string,
    known: () => Iterable<KnownProcess>,
    memoryMb: number,
    say: Translate,
  ) {
    const nodeOptions = nodeOptionsWith(preload, request.env['NODE_OPTIONS']);
    this.known = known;
    this.environment = `${RUN_VARIABLE}=${request.traceFolder}`;
    const shared = shareRecords({
      folder: request.traceFolder,
      nodeOptions,
      isRoot: true,
      name: MAIN_THREAD,
      parent: '',
    });
    this.keeper = new RecordKeeper(shared);
    setEnvironmentData(SHARED_RECORDS, shared);
    this.worker = new Worker(request.programPath, {
      argv: [...request.args],
      execArgv: loadOptions(preload),
      env: {
        ...request.env,
        // For its child processes; a worker's own options are `execArgv`.
        NODE_OPTIONS: nodeOptions,
        [RUN_VARIABLE]: request.traceFolder,
      },
      stdin: true,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb * HARD_LIMIT_FACTOR },
    });
    setEnvironmentData(SHARED_RECORDS);
    this.ended = this.untilEnded(memoryMb, say);
  }

  write(text: string): void {
    this.worker.stdin?.write(text);
  }

  endInput(): void {
    this.worker.stdin?.end();
  }

  /** A thread takes no signal; Ctrl+C ends it as it would end a program that does not handle it. */
  interrupt(): void {
    void this.stop();
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopEverything();
    return this.stopping;
  }

  private async untilEnded(memoryMb: number, say: Translate): Promise<RunEnd> {
    const { worker } = this;
    const notes: string[] = [];
    worker.stdout.on('data', (bytes: Buffer) => this.output.fire({ stream: 'stdout', bytes }));
    worker.stderr.on('data', (bytes: Buffer) => this.output.fire({ stream: 'stderr', bytes }));
    worker.on('error', (error: unknown) => {
      if (isOutOfMemory(error)) notes.push(tooMuchMemory(memoryMb, say));
      else this.tellError(error);
    });
    const unguard = guardMemory(worker, memoryMb, () => {
      notes.push(tooMuchMemory(memoryMb, say));
      void worker.terminate();
    });
    const looking = setInterval(() => this.keeper.look(), LOOK_MS);
    const exitCode = await new Promise<number>(resolve => void worker.once('exit', resolve));
    unguard();
    clearInterval(looking);
    this.keeper.close();
    while (this.strays().length > 0) await delay(STRAY_POLL_MS);
    // What the thread wrote last is read in the turns after its exit.
    await Promise.all([ended(worker.stdout), ended(worker.stderr)]);
    const wasStopped = this.stopping !== undefined;
    const end: RunEnd = wasStopped
      ? { exitCode: null, signal: 'SIGTERM' }
      : { exitCode, signal: null };
    return notes.length > 0 ? { ...end, notes } : end;
  }

  /** As Node itself says it, for a thread that is a program. */
  private tellError(error: unknown): void {
    // With what caused it: `fetch failed` alone tells nobody why.
    const text = typeof error === 'string' ? error : inspect(error);
    // Where it begins with its place, it reads as a process says it.
    const said = /^\S+:\d+\n/.test(text) ? text : `Uncaught ${text}`;
    this.output.fire({ stream: 'stderr', bytes: Buffer.from(`${said}\n`) });
  }

  private async stopEverything(): Promise<void> {
    // While the thread lives it can still collect its children; afterwards they would stay behind as zombies.
    if (this.strays().length > 0) {
      this.signalStrays('SIGTERM');
      await delay(REAP_MS);
    }
    await this.worker.terminate();
    this.signalStrays('SIGTERM');
    const until = Date.now() + GRACE_MS;
    while (this.strays().length > 0 && Date.now() < until) await delay(STRAY_POLL_MS / 5);
    while (this.strays().length > 0) {
      this.signalStrays('SIGKILL');
      await delay(STRAY_POLL_MS / 5);
    }
    await this.ended;
  }

  /** Processes that the snippet started and that still run. */
  private strays(): Member[] {
    const known = [...this.known()].filter(({ pid }) => pid !== process.pid);
    return findMembers({
      root: -1,
      environment: this.environment,
      outputs: new Set(),
      known: () => known,
    });
  }

  private signalStrays(signal: NodeJS.Signals): void {
    for (const { pid } of this.strays()) signalProcess(pid, signal);
  }
}

const tooMuchMemory = (limitMb: number, say: Translate): string =>
  say(
    'The snippet needed more than the {0} MB of memory that it may have, and was ended. Let it keep less, raise the limit in the settings, or run it in a process of its own.',
    limitMb,
  );

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function ended(
  stream: NodeJS.ReadableStream & { readableEnded?: boolean; destroyed?: boolean },
): Promise<void> {
  if (stream.readableEnded === true || stream.destroyed === true) return Promise.resolve();
  return new Promise(resolve => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
}
