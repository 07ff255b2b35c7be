/** Owns the global that rewritten code speaks to (instrument.ts says which letter is told when). A fault here never reaches the snippet. */
import { inspect } from 'node:util';
import { isPromise } from 'node:util/types';
import { HOOK } from '../instrument';
import type { SiteRow } from '../siteList';
import { ModuleSites } from './asyncCall';
import type { AsyncCall } from './asyncCall';
import type { AsyncCalls } from './asyncCalls';
import type { RecordWriter } from './recordWriter';

interface Hooks {
  s(file: string, rows: readonly SiteRow[]): ModuleSites;
  e(sites: ModuleSites | undefined, site: number): AsyncCall;
  a<T>(call: AsyncCall, sites: ModuleSites | undefined, site: number, value: T): T;
  r<T>(call: AsyncCall, value: T): T;
  t(call: AsyncCall, failure: unknown): unknown;
  x(call: AsyncCall): void;
  c(call: AsyncCall): void;
  f(call: AsyncCall, sites: ModuleSites | undefined, site: number, iterable: unknown): unknown;
  l(sites: ModuleSites | undefined, site: number, iterable: unknown): unknown;
  g(sites: ModuleSites | undefined): AsyncCall;
  b(sites: ModuleSites | undefined): void;
  n(call: AsyncCall): void;
  i(sites: ModuleSites | undefined, site: number): void;
  m(sites: ModuleSites | undefined, site: number): void;
  h(): AsyncCall;
  p<T>(value: T): T;
}

/** `endWaits` is for the end of the thread by an exception. */
export function installHooks(calls: AsyncCalls, writer: RecordWriter): { endWaits(): void } {
  const modules: ModuleSites[] = [];
  const borrow = (sites: ModuleSites | undefined): AsyncCall => {
    const call = calls.borrow();
    if (sites) sites.topLevel = call;
    return call;
  };
  const hooks: Hooks = {
    s: (file, rows) => {
      const sites = new ModuleSites(writer, fileName(file), rows);
      modules.push(sites);
      return sites;
    },
    e: (sites, site) => calls.enter(sites?.at(site)),
    a: (call, sites, site, value) => {
      calls.beforeAwait(call, sites?.at(site), value);
      // Nothing of a module runs after an await of its top level that was rejected.
      if (sites?.topLevel === call) sites.awaited = value;
      return value;
    },
    r: (call, value) => {
      calls.afterAwait(call);
      return value;
    },
    t: (call, failure) => {
      calls.fail(call, failure);
      return failure;
    },
    x: call => calls.leave(call),
    c: call => calls.resumeIn(call),
    f: (call, sites, site, iterable) =>
      watchSteps(calls, call, sites, site, iterable) ?? refuse(iterable, sites, site, hooks.f),
    l: (sites, site, iterable) => {
      const call = borrow(sites);
      const watched = watchSteps(calls, call, sites, site, iterable);
      if (watched === undefined) return refuse(iterable, sites, site, hooks.l);
      sites?.loops.push({ site, call });
      return watched;
    },
    g: borrow,
    b: sites => {
      if (sites?.topLevel) calls.resumeIn(sites.topLevel);
    },
    n: call => calls.afterAwait(call),
    i: (sites, site) => {
      const call = sites?.loopAt(site);
      if (call) calls.afterAwait(call);
    },
    m: (sites, site) => {
      const call = sites?.endLoop(site);
      if (call) calls.afterAwait(call);
    },
    h: () => calls.current,
    p: value => {
      calls.claim(value);
      return value;
    },
  };
  Object.defineProperty(globalThis, HOOK, { value: Object.freeze(hooks), enumerable: false });
  return {
    endWaits: () => {
      for (const { topLevel, awaited } of modules) {
        if (topLevel?.isWaiting && isRejected(awaited)) calls.resumeIn(topLevel);
      }
    },
  };
}

function isRejected(value: unknown): boolean {
  if (!isPromise(value)) return false;
  return / \{\s*<rejected>/.test(inspect(value, { depth: 0, customInspect: false }));
}

/** Modules are named by URL, scripts by path. */
function fileName(file: string): string {
  return file.startsWith('file:') ? decodeURIComponent(new URL(file).pathname) : file;
}

/**
 * A loop over what cannot be iterated over. The interpreter would name the call that was put in; so this is what it says, of the
 * person's own words. Of nothing at all it says the right thing itself.
 */
function refuse(
  iterable: unknown,
  sites: ModuleSites | undefined,
  site: number,
  hook: (...given: never[]) => unknown,
): unknown {
  if (iterable === null || iterable === undefined) return iterable;
  const text = sites?.textAt(site) ?? 'the value';
  const isCall = text.endsWith(')') && !text.startsWith('(');
  const what = isCall ? `${text} is not a function or its return value` : text;
  const error = new TypeError(`${what} is not async iterable`);
  Error.captureStackTrace(error, hook);
  throw error;
}

/**
 * What `for await` iterates over, each step told. The promises themselves are handed on, so that a step takes as many turns as
 * it does without. Undefined for anything that cannot be iterated over.
 */
function watchSteps(
  calls: AsyncCalls,
  call: AsyncCall,
  sites: ModuleSites | undefined,
  site: number,
  iterable: unknown,
): unknown {
  const begin = (step: unknown): void => calls.beforeAwait(call, sites?.at(site), step);
  const end = (): void => {
    if (call.isWaiting) calls.afterAwait(call);
  };
  const source = iterable as Partial<AsyncIterable<unknown>> | null | undefined;
  const start = source?.[Symbol.asyncIterator];
  if (start === undefined || start === null) return watchPromisesIn(iterable, begin, end);
  if (typeof start !== 'function') return undefined;
  return {
    [Symbol.asyncIterator](): AsyncIterator<unknown> {
      const iterator = Reflect.apply(start, iterable, []);
      const watched: AsyncIterator<unknown> = {
        next(...args) {
          end();
          const step = iterator.next(...args);
          begin(step);
          return step;
        },
      };
      if (iterator.return) watched.return = value => iterator.return!(value);
      if (iterator.throw) watched.throw = error => iterator.throw!(error);
      return watched;
    },
  };
}

/** An array of promises, or another plain iterable: each is awaited when its turn comes. What a step says is read once, as without. */
function watchPromisesIn(
  iterable: unknown,
  begin: (step: unknown) => void,
  end: () => void,
): unknown {
  const start = (iterable as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
  if (typeof start !== 'function') return undefined;
  return {
    [Symbol.iterator](): Iterator<unknown> {
      const iterator = Reflect.apply(start, iterable, []);
      const { next } = iterator;
      const watched: Iterator<unknown> = {
        next(...args) {
          end();
          const step = Reflect.apply(next, iterator, args);
          if (typeof step !== 'object' || step === null) return step;
          const { done = false, value } = step;
          if (!done) begin(value);
          return { done, value } as IteratorResult<unknown>;
        },
      };
      if (iterator.return) watched.return = value => iterator.return!(value);
      if (iterator.throw) watched.throw = error => iterator.throw!(error);
      return watched;
    },
  };
}
