/** Owns worker threads: a lane per worker, messages as handoffs, a terminated worker's end. Traces of the workers themselves are files of their own. */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';
import type { MessagePort, Worker, WorkerOptions } from 'node:worker_threads';
import path from 'node:path';
import { workerToken } from '../environment';
import { loadOptions } from '../nodeOptions';
import { RecordKeeper, SHARED_RECORDS, shareRecords } from '../sharedRecords';
import { describeFailure } from './asyncCalls';
import type { AsyncCalls } from './asyncCalls';
import type { Awaitable } from './awaitable';
import { callerSite, callerSiteUnlessNode } from './callerSite';
import type { Idle, IdleFor, Waker } from './idle';
import type { Listeners } from './listeners';
import { markPassedOn } from './output';
import { disguise, replace } from './replace';
import { linkKey } from './recorder';
import type { LinkKey, Recorder } from './recorder';
import { makeStamps } from './stamps';

// The snippet may replace it.
const { setEnvironmentData } = workerThreads;

/** What is known of a worker that this thread has started. */
interface KnownWorker {
  readonly worker: Worker;
  readonly lane: number;
  readonly name: string;
  /** Messages to it and from it. */
  readonly down: LinkKey;
  readonly up: LinkKey;
  readonly exit: Waker;
  readonly message: Waker;
  readonly keeper: RecordKeeper;
  /** What it raised, in words. */
  failure: string | undefined;
}

/** What a worker has to be given so that it is traced as well. */
export interface WorkersInput {
  readonly folder: string;
  /** Load the tracer into processes. */
  readonly nodeOptions: string;
  /** The tracer. */
  readonly preload: string;
  /** Names of this thread's lane, and of its parent's. */
  readonly name: string;
  readonly parent: string;
}

export class Workers {
  private readonly laneOf = makeStamps<KnownWorker>();
  private readonly living = new Set<KnownWorker>();
  private readonly recorder: Recorder;
  private readonly calls: AsyncCalls;
  private readonly listeners: Listeners;
  private readonly input: WorkersInput;
  private readonly idle: Idle;

  constructor(
    recorder: Recorder,
    calls: AsyncCalls,
    listeners: Listeners,
    idle: Idle,
    input: WorkersInput,
  ) {
    this.recorder = recorder;
    this.calls = calls;
    this.listeners = listeners;
    this.idle = idle;
    this.input = input;
  }

  watch(): void {
    this.watchConstructor();
    this.watchPorts();
    syncBuiltinESMExports();
  }

  /** What waiting for an event of a worker or a port is. */
  lookUp(emitter: object, event: unknown): Awaitable | undefined {
    const known = this.laneOf.get(emitter);
    if (known) {
      if (event === 'exit') return known.exit;
      if (event === 'message') return known.message;
      const { lane, name } = known;
      return { kind: 'event', label: `${String(event)} of ${name}`, targets: [lane] };
    }
    if (emitter instanceof workerThreads.MessagePort) {
      return event === 'message'
        ? { kind: 'recv', label: 'a port' }
        : { kind: 'event', label: `event ${String(event)}` };
    }
    return undefined;
  }

  /** This thread ends: what its workers have told and not written. */
  close(): void {
    for (const { keeper } of this.living) keeper.close();
  }

  /** What this thread waits for while it is idle, where nothing but its parent or its workers can wake it. */
  idleFor(): IdleFor | undefined {
    const { listeners, living, input } = this;
    const parent = workerThreads.parentPort;
    const heard = parent && parent.listenerCount('message') > 0 ? parent : undefined;
    if (living.size === 0 && !heard) return undefined;
    const awake = keepsAwake();
    if (awake.some(resource => resource !== 'MessagePort')) return undefined;
    if (living.size === 0) {
      const site = heard && awake.length === 1 ? listeners.siteOf(heard) : 0;
      return site ? { kind: 'recv', label: input.parent, site } : undefined;
    }
    // Each worker whose messages are listened for has a port of its own.
    const ports = [...living].filter(({ worker }) => worker.listenerCount('message') > 0);
    if (heard || awake.length > ports.length) return undefined;
    return { kind: 'idle', label: list([...living].map(({ name }) => name)), site: 0 };
  }

  private watchConstructor(): void {
    const { recorder, listeners, input } = this;
    const { folder, nodeOptions, preload } = input;
    const Original = workerThreads.Worker;
    const started = (worker: Worker, name: string, site: number, keeper: RecordKeeper): void =>
      this.started(worker, name, site, keeper);
    const Watched = class extends Original {
      constructor(file: string | URL, options: WorkerOptions = {}) {
        recorder.writer.flush();
        const site = callerSite(recorder);
        const name = options.name ?? workerName(file, options);
        const parent = input.name;
        const shared = shareRecords({ folder, nodeOptions, isRoot: false, name, parent });
        // Options of its own would leave the tracer behind.
        const own = options.execArgv;
        setEnvironmentData(SHARED_RECORDS, shared);
        const wasPaused = listeners.pause();
        try {
          super(file, own ? { ...options, execArgv: [...loadOptions(preload), ...own] } : options);
        } finally {
          listeners.resume(wasPaused);
          setEnvironmentData(SHARED_RECORDS);
        }
        passOn(this, options);
        started(this, name, site, new RecordKeeper(shared));
      }
    };
    disguise(Watched as never, Original as never);
    workerThreads.Worker = Watched;
  }

  private started(worker: Worker, name: string, site: number, keeper: RecordKeeper): void {
    const { recorder, calls, listeners } = this;
    const lane = recorder.lane('worker', name, calls.lane, recorder.now(), {
      site,
      token: workerToken(process.pid, worker.threadId),
    });
    // Its own file may be read before this thread has time to write again.
    recorder.writer.flush();
    const key = `${process.pid}:${worker.threadId}`;
    const known: KnownWorker = {
      worker,
      lane,
      name,
      down: linkKey(`down ${key}`),
      up: linkKey(`up ${key}`),
      exit: { kind: 'join', label: name, targets: [lane], site: () => 0 },
      message: {
        kind: 'recv',
        label: name,
        targets: [lane],
        site: () => listeners.siteOf(worker),
      },
      keeper,
      failure: undefined,
    };
    this.laneOf.set(worker, known);
    this.living.add(known);
    describeExit(calls, worker, known.exit);
  }

  private ended(known: KnownWorker, status: number): void {
    const { lane, keeper, failure } = known;
    this.idle.wokenBy(known.exit);
    keeper.close();
    this.living.delete(known);
    const end = failure !== undefined ? 'raised' : status === 0 ? 'returned' : 'exited';
    this.recorder.laneEnd(lane, end, failure ?? '', status);
  }

  /** Messages between a worker and its parent, and over a broadcast channel, are matched by a name both sides know. */
  private watchPorts(): void {
    const { recorder, calls, idle } = this;
    const send = (key: LinkKey): void => recorder.sent(calls.lane, key);
    const laneOf = this.laneOf;
    // Not by listeners of ours: an `error` that nobody listens to ends the program.
    const heard = (known: KnownWorker, event: unknown, value: unknown): void => {
      if (event === 'message') recorder.received(known.up, idle.wokenBy(known.message));
      else if (event === 'error') known.failure = describeFailure(value);
      else if (event === 'exit') this.ended(known, Number(value));
    };
    replace(
      workerThreads.Worker.prototype,
      'postMessage',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const known = laneOf.get(this as object);
          if (known) send(known.down);
          return Reflect.apply(original, this, args);
        },
    );
    replace(
      workerThreads.Worker.prototype,
      'emit',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const known = laneOf.get(this as object);
          if (known) heard(known, args[0], args[1]);
          return Reflect.apply(original, this, args);
        },
    );
    const { parentPort } = workerThreads;
    if (parentPort) this.watchParentPort(parentPort, send);
    this.watchOtherPorts();
    replace(
      workerThreads,
      'receiveMessageOnPort',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const site = callerSiteUnlessNode(recorder);
          if (site === undefined) return Reflect.apply(original, this, args);
          const wait = recorder.waitBegin(calls.lane, 'recv', { site, label: 'a port' });
          const message: unknown = Reflect.apply(original, this, args);
          recorder.waitEnd(calls.lane, wait, message === undefined ? 'timed-out' : 'done');
          return message;
        },
    );
    const BroadcastChannel = globalThis.BroadcastChannel as { prototype: { postMessage: unknown } };
    replace(
      BroadcastChannel.prototype,
      'postMessage',
      original =>
        function (this: unknown, ...args: unknown[]) {
          send(linkKey(`broadcast ${(this as { name: string }).name}`));
          return Reflect.apply(original, this, args);
        },
    );
  }

  /** Those of a channel: who sends is not known, but that an idle thread waits for it. */
  private watchOtherPorts(): void {
    const { listeners, idle } = this;
    let site = 0;
    const message: Waker = { kind: 'recv', label: 'a port', site: () => site };
    replace(
      workerThreads.MessagePort.prototype as { [DISPATCH]?: unknown },
      DISPATCH,
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (args[1] === 'message') {
            site = listeners.siteOf(this as object);
            if (site !== 0) idle.wokenBy(message);
          }
          return Reflect.apply(original, this, args);
        },
    );
  }

  private watchParentPort(port: MessagePort, send: (key: LinkKey) => void): void {
    const { recorder, listeners, idle, input } = this;
    const key = `${process.pid}:${workerThreads.threadId}`;
    const message: Waker = {
      kind: 'recv',
      label: input.parent,
      site: () => listeners.siteOf(port),
    };
    const up = linkKey(`up ${key}`);
    const down = linkKey(`down ${key}`);
    replace(
      port,
      'postMessage',
      original =>
        function (this: unknown, ...args: unknown[]) {
          send(up);
          return Reflect.apply(original, this, args);
        },
    );
    replace(
      port as { [DISPATCH]?: unknown },
      DISPATCH,
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (args[1] === 'message') recorder.received(down, idle.wokenBy(message));
          return Reflect.apply(original, this, args);
        },
    );
  }
}

/** How Node hands an event to the listeners of a port (lib/internal/event_target.js): [name](value, type, event). */
const DISPATCH = Symbol.for('nodejs.internal.kHybridDispatch');

/** What keeps the event loop from ending, but for workers; the program's own output, which does not, is listed too. */
function keepsAwake(): string[] {
  const active = process.getActiveResourcesInfo();
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle } = stream as { _handle?: object | null };
    const name = _handle?.constructor.name;
    const at = name === undefined ? -1 : active.findIndex(resource => resource.startsWith(name));
    if (at >= 0) active.splice(at, 1);
  }
  return active;
}

/** Node writes a worker's output through this thread; the worker has told it already. */
function passOn(worker: Worker, options: WorkerOptions): void {
  if (!options.stdout) worker.stdout.prependListener('data', markPassedOn);
  if (!options.stderr) worker.stderr.prependListener('data', markPassedOn);
}

/** `worker.terminate()` is waited for like the worker's end. */
function describeExit(calls: AsyncCalls, worker: Worker, awaitable: Awaitable): void {
  replace(
    worker,
    'terminate',
    original =>
      function (this: unknown) {
        const result = Reflect.apply(original, this, []);
        if (result instanceof Promise) calls.describe(result, awaitable);
        return result;
      },
  );
}

function workerName(file: string | URL, options: WorkerOptions): string {
  if (options.eval) return 'worker';
  const name = file instanceof URL ? file.pathname : file;
  return name.startsWith('data:') || name.startsWith('text/javascript')
    ? 'worker'
    : path.basename(name);
}

/** `t1`, `t1 and t2`, `t1, t2 and 3 more`. */
function list(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
