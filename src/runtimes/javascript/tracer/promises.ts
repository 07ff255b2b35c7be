/** Owns what is known of promises that Node and the language make: combinators, timers, `events.once`, streams. */
import events from 'node:events';
import streamPromises from 'node:stream/promises';
import timersPromises from 'node:timers/promises';
import type { WaitKind } from '../../../trace/format';
import type { AsyncCalls } from './asyncCalls';
import type { Awaitable } from './awaitable';
import type { Listeners } from './listeners';
import { replace } from './replace';

/** What the thing an event comes from is waited for as; undefined where nothing more is known than "an event". */
export type EmitterLookup = (emitter: object, event: unknown) => Awaitable | undefined;

const COMBINATORS = ['all', 'allSettled', 'any', 'race'] as const;

export function watchPromises(
  calls: AsyncCalls,
  listeners: Listeners,
  lookUp: EmitterLookup,
): void {
  for (const name of COMBINATORS) watchCombinator(calls, name);
  watchTimers(calls);
  watchOnce(calls, listeners, lookUp);
  for (const name of ['pipeline', 'finished'] as const) {
    describeResult(calls, streamPromises, name, () => ({ kind: 'io', label: `stream ${name}` }));
  }
}

/** `events.once(emitter, event)`. */
function watchOnce(calls: AsyncCalls, listeners: Listeners, lookUp: EmitterLookup): void {
  replace(
    events,
    'once',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const wasPaused = listeners.pause();
        try {
          return Reflect.apply(original, this, args);
        } finally {
          listeners.resume(wasPaused);
        }
      },
  );
  describeResult(calls, events, 'once', args => {
    const [emitter, event] = args;
    const isKnown = typeof emitter === 'object' && emitter !== null;
    const known = isKnown ? lookUp(emitter, event) : undefined;
    return known ?? { kind: 'event', label: `event ${String(event)}` };
  });
}

/** `Promise.all([...])`: the wait is for the lanes behind the members. An iterable that is no array is left unread. */
function watchCombinator(calls: AsyncCalls, name: (typeof COMBINATORS)[number]): void {
  replace(
    Promise,
    name,
    original =>
      function (this: unknown, ...args: unknown[]) {
        const result: unknown = Reflect.apply(original, this, args);
        const [members] = args;
        if (typeof result === 'object' && result !== null) {
          calls.decide();
          const targets = calls.targetsOf(Array.isArray(members) ? members : []);
          calls.describe(result, { kind: 'wait', targets });
        }
        return result;
      },
  );
}

/** A timer's due time tells how late the loop was. */
function watchTimers(calls: AsyncCalls): void {
  describeResult(calls, timersPromises, 'setTimeout', ([delay]) => sleep(calls, delay));
  const { scheduler } = timersPromises as { scheduler?: { wait: (ms: number) => Promise<void> } };
  if (scheduler) describeResult(calls, scheduler, 'wait', ([delay]) => sleep(calls, delay));
  describeResult(calls, timersPromises, 'setImmediate', () => ({
    kind: 'sleep',
    label: 'the next turn',
  }));
  // `new Promise(resolve => setTimeout(resolve, ms))`, the usual sleep before timers/promises: awaited right after the call.
  replace(
    globalThis,
    'setTimeout',
    original =>
      function (this: unknown, ...args: unknown[]) {
        calls.latestTimer = sleep(calls, args[1]);
        return Reflect.apply(original, this, args);
      },
  );
}

function sleep(calls: AsyncCalls, delay: unknown): Awaitable {
  const ms = typeof delay === 'number' && delay >= 1 ? delay : 1;
  return { kind: 'sleep', label: `${ms} ms`, dueNs: calls.now() + ms * 1e6 };
}

/** What the function returns is a promise; `of` says what it is waited for as, from the arguments. */
export function describeResult<T extends object>(
  calls: AsyncCalls,
  owner: T,
  name: keyof T & string,
  of: (args: readonly unknown[]) => Awaitable | { kind: WaitKind },
): void {
  replace(
    owner,
    name,
    original =>
      function (this: unknown, ...args: unknown[]) {
        const awaitable = of(args);
        const result: unknown = Reflect.apply(original, this, args);
        if (typeof result === 'object' && result !== null) calls.describe(result, awaitable);
        return result;
      },
  );
}
