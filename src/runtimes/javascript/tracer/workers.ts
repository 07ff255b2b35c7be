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
import { markPassedOn } from './output';
import { disguise, replace } from './replace';
import { linkKey } from './recorder';
import type { LinkKey, Recorder } from './recorder';

// The snippet may replace it.
const { setEnvironmentData } = workerThreads;

/** What is known of a worker that this thread has started. */
interface KnownWorker {
  readonly lane: number;
  readonly name: string;
  /** Messages to it and from it. */
  readonly down: LinkKey;
  readonly up: LinkKey;
  readonly exit: Awaitable;
  readonly message: Awaitable;
  readonly keeper: RecordKeeper;
  /** What it raised, in words. */
  failure: string | undefined;
}

export class Workers {
  private readonly laneOf = new WeakMap<object, KnownWorker>();
  /** Of the workers that live. */
  private readonly keepers = new Set<RecordKeeper>();
  private readonly recorder: Recorder;
  private readonly calls: AsyncCalls;
  private readonly folder: string;
  private readonly nodeOptions: string;
  private readonly preload: string;

  /** `preload` is the tracer; `nodeOptions` load it into processes. */
  constructor(
    recorder: Recorder,
    calls: AsyncCalls,
    folder: string,
    nodeOptions: string,
    preload: string,
  ) {
    this.recorder = recorder;
    this.calls = calls;
    this.folder = folder;
    this.nodeOptions = nodeOptions;
    this.preload = preload;
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
        ? { kind: 'recv', label: 'a message' }
        : { kind: 'event', label: `event ${String(event)}` };
    }
    return undefined;
  }

  /** This thread ends: what its workers have told and not written. */
  close(): void {
    for (const keeper of this.keepers) keeper.close();
  }

  private watchConstructor(): void {
    const { recorder, folder, nodeOptions, preload } = this;
    const Original = workerThreads.Worker;
    const started = (worker: Worker, name: string, site: number, keeper: RecordKeeper): void =>
      this.started(worker, name, site, keeper);
    const Watched = class extends Original {
      constructor(file: string | URL, options: WorkerOptions = {}) {
        recorder.writer.flush();
        const site = callerSite(recorder);
        const shared = shareRecords(folder, nodeOptions, false);
        // Options of its own would leave the tracer behind.
        const own = options.execArgv;
        setEnvironmentData(SHARED_RECORDS, shared);
        try {
          super(file, own ? { ...options, execArgv: [...loadOptions(preload), ...own] } : options);
        } finally {
          setEnvironmentData(SHARED_RECORDS);
        }
        passOn(this, options);
        started(this, options.name ?? workerName(file, options), site, new RecordKeeper(shared));
      }
    };
    disguise(Watched as never, Original as never);
    workerThreads.Worker = Watched;
  }

  private started(worker: Worker, name: string, site: number, keeper: RecordKeeper): void {
    const { recorder, calls } = this;
    const lane = recorder.lane('worker', name, calls.lane, recorder.now(), {
      site,
      token: workerToken(process.pid, worker.threadId),
    });
    // Its own file may be read before this thread has time to write again.
    recorder.writer.flush();
    const key = `${process.pid}:${worker.threadId}`;
    const known: KnownWorker = {
      lane,
      name,
      down: linkKey(`down ${key}`),
      up: linkKey(`up ${key}`),
      exit: { kind: 'join', label: name, targets: [lane] },
      message: { kind: 'recv', label: name, targets: [lane] },
      keeper,
      failure: undefined,
    };
    this.laneOf.set(worker, known);
    this.keepers.add(keeper);
    describeExit(calls, worker, known.exit);
  }

  private ended({ lane, keeper, failure }: KnownWorker, status: number): void {
    keeper.close();
    this.keepers.delete(keeper);
    const end = failure !== undefined ? 'raised' : status === 0 ? 'returned' : 'exited';
    this.recorder.laneEnd(lane, end, failure ?? '', status);
  }

  /** Messages between a worker and its parent, and over a broadcast channel, are matched by a name both sides know. */
  private watchPorts(): void {
    const { recorder, calls } = this;
    const send = (key: LinkKey): void => recorder.link('from', 'send-recv', calls.lane, key);
    const laneOf = this.laneOf;
    // Not by listeners of ours: an `error` that nobody listens to ends the program.
    const heard = (known: KnownWorker, event: unknown, value: unknown): void => {
      if (event === 'message') recorder.link('to', 'send-recv', 0, known.up);
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
    if (parentPort)
      this.watchParentPort(parentPort, `${process.pid}:${workerThreads.threadId}`, send);
    replace(
      workerThreads,
      'receiveMessageOnPort',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const site = callerSiteUnlessNode(recorder);
          if (site === undefined) return Reflect.apply(original, this, args);
          const wait = recorder.waitBegin(calls.lane, 'recv', { site, label: 'a message' });
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

  private watchParentPort(port: MessagePort, key: string, send: (key: LinkKey) => void): void {
    const { recorder } = this;
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
    // How Node hands an event to the listeners of a port (lib/internal/event_target.js): [name](value, type, event).
    const dispatch = Symbol.for('nodejs.internal.kHybridDispatch');
    replace(
      port as { [dispatch]?: unknown },
      dispatch,
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (args[1] === 'message') recorder.link('to', 'send-recv', 0, down);
          return Reflect.apply(original, this, args);
        },
    );
  }
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
