// Runs before a JavaScript program and tells at which of its call sites something that waits was called. Independent of the
// tracer: plain wrappers that may be slow and visible. An await needs none: that it ran is known from what V8 says was covered.
//     WITNESS_OUT=FOLDER node --import ./test/scorer/witness.mjs PROGRAM
import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import events from 'node:events';
import fs from 'node:fs';
import nodeModule, { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import readlinePromises from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import workerThreads from 'node:worker_threads';

const { WITNESS_OUT: out = '' } = process.env;
const target = path.join(out, `${process.pid}-${workerThreads.threadId}.txt`);
const witness = fileURLToPath(import.meta.url);
const seen = new Set();

/** Notes the caller of a wrapper, where it is the program's own code. */
function note(op, wrapper, shift = 0) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, frames) => frames;
  Error.captureStackTrace(holder, wrapper);
  const [frame] = holder.stack;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  const name = frame?.getFileName() ?? '';
  const file = name.startsWith('file:') ? fileURLToPath(name) : name;
  if (!path.isAbsolute(file) || file.includes('/node_modules/') || file === witness) return;
  const row = `${op}\t${file}\t${frame.getLineNumber()}\t${frame.getColumnNumber() - shift}\n`;
  if (seen.has(row)) return;
  seen.add(row);
  fs.appendFileSync(target, row);
}

function wrap(owner, name, op, isMeant = () => true) {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const wrapper = {
    [name](...args) {
      if (isMeant(this, args)) note(op, wrapper);
      return Reflect.apply(original, this, args);
    },
  }[name];
  for (const key of Reflect.ownKeys(original)) {
    if (key !== 'length' && key !== 'name' && key !== 'prototype')
      Object.defineProperty(wrapper, key, Object.getOwnPropertyDescriptor(original, key));
  }
  owner[name] = wrapper;
}

/**
 * Promises of libraries have a `then` of their own: in the program's text each `.then(` becomes a call of ours, as long as the
 * original, so that places stay what they are. What calls back at once is no promise.
 */
function watchThenables() {
  const called = Symbol('then');
  Object.defineProperty(globalThis, '$t_', { value: called });
  Object.defineProperty(Reflect.getPrototypeOf({}), called, { value: callThen, writable: true });
  nodeModule.registerHooks?.({
    load(url, context, next) {
      const loaded = next(url, context);
      const isOwn = url.startsWith('file:') && !url.includes('/node_modules/');
      if (!isOwn || !loaded.source || loaded.format === 'json') return loaded;
      const text = String(loaded.source);
      const source = text.replaceAll(/(?<!\?|super|\.\.)\.then(?=\()/g, '[$t_]');
      return { ...loaded, source };
    },
  });
}

function callThen(...args) {
  let isOver = false;
  let isAtOnce = false;
  const watched = arg =>
    function (...values) {
      isAtOnce ||= !isOver;
      return Reflect.apply(arg, this, values);
    };
  const result = this.then(...args.map(arg => (typeof arg === 'function' ? watched(arg) : arg)));
  isOver = true;
  // V8 names what follows the name.
  if (!isAtOnce) note('then', callThen, 'then'.length);
  return result;
}

/** Events that come from another lane. */
const waiting = [
  [workerThreads.Worker, /^(?:message|messageerror|exit|error|online)$/],
  [workerThreads.MessagePort, /^(?:message|messageerror|close)$/],
  [childProcess.ChildProcess, /^(?:message|exit|close|error|disconnect|spawn)$/],
  [readline.Interface, /^(?:line|close)$/],
  [readlinePromises.Interface, /^(?:line|close)$/],
  [cluster.Worker, /^(?:message|exit|disconnect|online|listening|error)$/],
];
const waits = (self, [event]) =>
  self === process
    ? event === 'message'
    : waiting.some(([type, names]) => self instanceof type && names.test(String(event)));

for (const name of ['on', 'once', 'addListener']) {
  wrap(events.prototype, name, 'on', waits);
  let proto = workerThreads.MessagePort.prototype;
  while (proto && !Object.hasOwn(proto, name)) proto = Object.getPrototypeOf(proto);
  if (proto) wrap(proto, name, 'on', waits);
}
wrap(Promise.prototype, 'then', 'then');
watchThenables();
wrap(Atomics, 'wait', 'condition');
wrap(workerThreads, 'receiveMessageOnPort', 'recv');
for (const name of ['execSync', 'spawnSync', 'execFileSync']) wrap(childProcess, name, 'exit');
syncBuiltinESMExports();
