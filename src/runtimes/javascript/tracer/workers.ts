/** Owns worker threads: a lane per worker, messages as handoffs, a terminated worker's end. Traces of the workers themselves are files of their own. */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';
import type { MessagePort, Worker, WorkerOptions } from 'node:worker_threads';
import path from 'node:path';
import { workerToken } from '../environment';
import type { AsyncCalls } from './asyncCalls';
import type { Awaitable } from './awaitable';
import { callerSiteUnlessNode } from './callerSite';
import { markPassedOn } from './output';
import { disguise, replace } from './replace';
import { linkKey } from './recorder';
import type { LinkKey, Recorder } from './recorder';

export class Workers {
  private readonly laneOf = new WeakMap<object, { lane: number; name: string; key: string }>();
  private readonly recorder: Recorder;
  private readonly calls: AsyncCalls;
  private readonly preload: string;

  constructor(recorder: Recorder, calls: AsyncCalls, preload: string) {
    this.recorder = recorder;
    this.calls = calls;
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
      const targets = [{ type: 'lane', number: known.lane } as const];
      if (event === 'exit') return { kind: 'join', label: known.name, targets };
      if (event === 'message') return { kind: 'recv', label: known.name, targets };
      return { kind: 'event', label: `${String(event)} of ${known.name}`, targets };
    }
    if (emitter instanceof workerThreads.MessagePort) {
      return event === 'message'
        ? { kind: 'recv', label: 'a message' }
        : { kind: 'event', label: `event ${String(event)}` };
    }
    return undefined;
  }

  private watchConstructor(): void {
    const { recorder, calls, preload } = this;
    const Original = workerThreads.Worker;
    const started = (worker: Worker, file: string | URL, options: WorkerOptions): void => {
      const name = options.name ?? workerName(file, options);
      const lane = recorder.lane('worker', name, calls.lane, recorder.now(), {
        token: workerToken(process.pid, worker.threadId),
      });
      // Its own file may be read before this thread has time to write again.
      recorder.writer.flush();
      const key = `${process.pid}:${worker.threadId}`;
      this.laneOf.set(worker, { lane, name, key });
      worker.once('exit', status =>
        recorder.laneEnd(lane, status === 0 ? 'returned' : 'exited', '', status),
      );
      worker.once('error', error => recorder.laneEnd(lane, 'raised', String(error)));
      describeExit(calls, worker, {
        kind: 'join',
        label: name,
        targets: [{ type: 'lane', number: lane }],
      });
    };
    const Watched = class extends Original {
      constructor(file: string | URL, options: WorkerOptions = {}) {
        recorder.writer.flush();
        // Options of its own would leave the tracer behind.
        const own = options.execArgv;
        super(file, own ? { ...options, execArgv: ['--require', preload, ...own] } : options);
        passOn(this, options);
        started(this, file, options);
      }
    };
    disguise(Watched as never, Original as never);
    workerThreads.Worker = Watched;
  }

  /** Messages between a worker and its parent, and over a broadcast channel, are matched by a name both sides know. */
  private watchPorts(): void {
    const { recorder, calls } = this;
    const send = (key: LinkKey): void => recorder.link('from', 'send-recv', calls.lane, key);
    const laneOf = this.laneOf;
    replace(
      workerThreads.Worker.prototype,
      'postMessage',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const known = laneOf.get(this as object);
          if (known) send(linkKey(`down ${known.key}`));
          return Reflect.apply(original, this, args);
        },
    );
    replace(
      workerThreads.Worker.prototype,
      'emit',
      original =>
        function (this: unknown, ...args: unknown[]) {
          const known = args[0] === 'message' ? laneOf.get(this as object) : undefined;
          if (known) recorder.link('to', 'send-recv', 0, linkKey(`up ${known.key}`));
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
