/** Owns the lines on which the person's code listens for messages: an idle thread waits there for the next one. */
import childProcess from 'node:child_process';
import workerThreads from 'node:worker_threads';
import { callerSiteUnlessPackage } from './callerSite';
import type { Recorder } from './recorder';
import { replace } from './replace';
import { makeStamps } from './stamps';

/** A place costs microseconds: so many in a row, and one more for each `PLACE_EVERY_NS` since. */
const PLACES_IN_A_ROW = 64;
const PLACE_EVERY_NS = 1e6;

export class Listeners {
  /** Where the latest was put on. */
  private readonly sites = makeStamps<number>();
  private readonly recorder: Recorder;
  private isPaused = false;
  private placeFromNs = 0;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** A site number; 0 where it is not known. */
  siteOf(emitter: object): number {
    return this.sites.get(emitter) ?? 0;
  }

  watch(): void {
    this.watchEmitter(workerThreads.Worker.prototype);
    this.watchEmitter(childProcess.ChildProcess.prototype);
    if (typeof process.send === 'function') this.watchEmitter(process);
    const port = workerThreads.MessagePort.prototype as object as EventTarget;
    this.watchTarget(port);
    this.watchSetter(port);
  }

  /** What Node listens for on its own account from here on is no line of the person's; `resume` with what this returns. */
  pause(): boolean {
    const { isPaused } = this;
    this.isPaused = true;
    return isPaused;
  }

  resume(wasPaused: boolean): void {
    this.isPaused = wasPaused;
  }

  /** The other ways to listen (`once`) come here, too. These look at no more than two arguments: a list of all costs more. */
  private watchEmitter(owner: NodeJS.EventEmitter): void {
    const watched = (emitter: unknown): void => this.note(emitter as object);
    for (const name of ['on', 'addListener'] as const) {
      replace(
        owner,
        name,
        original =>
          function (this: unknown, event: unknown, listener: unknown) {
            if (event === 'message') watched(this);
            return original.call(this, event, listener);
          },
      );
    }
  }

  private watchTarget(owner: EventTarget): void {
    const watched = (emitter: unknown): void => this.note(emitter as object);
    replace(
      owner,
      'addEventListener',
      original =>
        function (this: unknown, ...args: unknown[]) {
          if (args[0] === 'message') watched(this);
          return Reflect.apply(original, this, args);
        },
    );
  }

  private watchSetter(owner: object): void {
    const property = Object.getOwnPropertyDescriptor(owner, 'onmessage');
    const { set } = property ?? {};
    if (!set) return;
    const watched = (emitter: object): void => this.note(emitter);
    Object.defineProperty(owner, 'onmessage', {
      ...property,
      set(this: object, listener: unknown) {
        if (listener !== null && listener !== undefined) watched(this);
        Reflect.apply(set, this, [listener]);
      },
    });
  }

  private note(emitter: object): void {
    if (this.isPaused) return;
    const { recorder } = this;
    const ns = recorder.now();
    if (ns < this.placeFromNs) return;
    const earliest = Math.max(this.placeFromNs, ns - PLACES_IN_A_ROW * PLACE_EVERY_NS);
    this.placeFromNs = earliest + PLACE_EVERY_NS;
    const site = callerSiteUnlessPackage(recorder);
    if (site) this.sites.set(emitter, site);
  }
}
