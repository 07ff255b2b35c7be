import assert from 'node:assert/strict';
import { analyze, expectMarked, expectUnmarked, show } from './analysisSupport';

describe('wait points of JavaScript and TypeScript', () => {
  it('await, for await and the promise combinators', () =>
    expectMarked(
      `
async function load(u) { return (await fetch(u)).json(); } //: await fetch()
await load('a'); //: await load()
await Promise.all([load(1), load(2)]); //: wait load(), load()
await Promise.race(pending); //: wait pending
for await (const chunk of stream) use(chunk); //: await stream
const later = async x => await x; //: await x
`,
      'javascript',
    ));

  it('then: the first link of a chain, and each that waits for what the one before gives', () =>
    expectMarked(
      `
fetch('a').then(r => r.text()).then(t => t).then(t => t).catch(e => e); //: await fetch(); await r.text()
load().then(done, failed); //: await load()
async function load() {}
const later = n => new Promise(resolve => setTimeout(resolve, n, n));
later(1).then(n => n + 1).then(later).then(console.log); //: await later(); await later()
new Promise(resolve => resolve(1)).then(n => n); //: await a promise
class Maybe { then(f) { return new Maybe(f); } }
new Maybe().then(n => n);
`,
      'javascript',
    ));

  it('then of an object whose class extends Promise', () =>
    expectMarked(
      `
class Cancelable extends Promise { cancel() { return this; } }
const job = new Cancelable(resolve => setTimeout(resolve, 5));
job.then(() => 1); //: await job
`,
      'javascript',
    ));

  it('what is null at first, an answer of a library, an iterator asked for by hand', () =>
    expectMarked(
      `
let job = null;
const begin = maker => { job = maker.make(); };
job.then(f); //: await job
class Client {
  constructor() { this.worker = null; }
  boot(make) {
    this.worker = make();
    this.worker.on('message', f); //: recv? this.worker
  }
}
import get from 'some-client';
get('a').then(r => r.json()).then(d => d).then(d => d); //: await get(); await? r.json()
get('a').then(r => r.name).then(d => d); //: await get()
async function* merge(...sources) {
  const its = sources.map(one => one[Symbol.asyncIterator]());
  for (const it of its) it.next().then(f); //: await it.next()
}
async function* ticks() { yield 1; }
merge(ticks());
`,
      'javascript',
    ));

  it('what a function gives to a variable outside of it', () =>
    expectMarked(
      `
import { Worker } from 'node:worker_threads';
let worker = null, spare;
function start() { worker = new Worker('w.js'); }
function listen() {
  worker.on('exit', f); //: join worker
}
start();
worker.once('message', f); //: recv worker
const get = () => (spare ??= new Worker('x.js'));
get().on('exit', f); //: join get()
class Boss {
  run() {
    let own;
    const make = () => { own = new Worker('y.js'); };
    make();
    own.on('exit', f); //: join own
    const kept = {};
    kept.total += 1;
  }
}
`,
      'javascript',
    ));

  it('what the getter of an object gives', () =>
    expectMarked(
      `
const lazy = { get value() { return fetch('a'); }, value2() { return fetch('a'); } };
lazy.value.then(r => r); //: await lazy.value
lazy.value2().then(r => r); //: await lazy.value2()
`,
      'javascript',
    ));

  it('a function that hands on what it waits for is named, not what it asks for inside', () =>
    expectMarked(
      `
import { setTimeout as delay } from 'node:timers/promises';
const nap = ms => delay(ms);
await nap(5); //: sleep nap()
const settle = jobs => Promise.all(jobs);
await settle([1]); //: wait settle()
const resting = delay(7);
await resting; //: sleep 7 ms
const napping = nap(7);
await napping; //: sleep napping
`,
      'javascript',
    ));

  it('a program that could not be started, or was let go', () =>
    expectMarked(
      `
import { spawn, fork } from 'node:child_process';
spawn('ls').on('error', e => e); //: event spawn()
const child = fork('./child.js');
child.once('disconnect', () => {}); //: event child
child.on('data', () => {});
`,
      'javascript',
    ));

  it('lines of a terminal and its end', () =>
    expectMarked(
      `
import readline from 'node:readline/promises';
const rl = readline.createInterface({ input });
rl.on('line', line => line); //: io rl
rl.once('close', () => {}); //: event rl
rl.on('pause', () => {});
await rl.question('name?'); //: io rl
`,
      'javascript',
    ));

  it('a listener of an unknown sender, by its name and its event; and the next of an async generator', () =>
    expectMarked(
      `
import { workerData } from 'node:worker_threads';
const { port } = workerData;
port.on('message', m => port.postMessage(m)); //: recv? port
export const serve = (replyPort, child) => {
  replyPort.once('message', console.log); //: recv? replyPort
  child.on('exit', () => {}); //: exit? child
  child.on('data', () => {});
  child.on('message');
};
async function* numbers() { yield 1; }
const source = numbers();
source.next().then(({ value }) => value); //: await source.next()
const list = [1].values();
list.next().then?.(x => x);
`,
      'javascript',
    ));

  it('names what is waited for without what it was given; the sleep that everybody writes by its time', () =>
    expectMarked(
      `
process.on('message', m => m); //: recv process
await new Promise(r => setTimeout(r, 100)); //: sleep 100 ms
await new Promise(done => server.close(done)); //: await a promise
await (async () => { go(); })(); //: await a promise
(async function main() { go(); })().then(f); //: await main()
await limiter.schedule({ weight: 3 }, job, 'abc').then(x => x); //: await limiter.schedule().then()
await (await load(1)).json(); //: await load().json(); await load()
await a?.b(1)?.c(2); //: await a.b().c()
await $(1); //: await $()
await Promise.all([$$(1), data$]); //: wait $$(), data$
await some.thing({ a: 1 }).other.with.names.that.go.on.for.long(); //: await ….other.with.names.that.go.on.for.long()
for await (const x of on(port, 'message') as AsyncIterable<[number]>) use(x); //: await on()
`,
      'typescript',
    ));

  it('what a promise gives is known to what is called with it', () =>
    expectMarked(
      `
import { Worker } from 'node:worker_threads';
const start = async () => new Worker('w.js');
const again = async () => start();
start().then(w => { w.on('exit', () => {}); }); //: await start(); join w
(await again()).once('message', m => m); //: recv again(); await again()
start().catch(() => null).then(w => w.terminate()).then(code => code); //: await start().catch(); join w
`,
      'javascript',
    ));

  it('a listener is marked where it is registered, without the code that it is', async () => {
    const text =
      "process.on('message', m => {\n  reply(m);\n});\nload().then(r => {\n  use(r);\n});\n";
    const { waitPoints } = await analyze('javascript', text);
    const ends = waitPoints.map(({ registers, endLine, endColumn }) => [
      registers,
      endLine,
      endColumn,
    ]);
    assert.deepEqual(ends, [
      [true, 1, "process.on('message'".length + 1],
      [true, 4, 'load().then'.length + 1],
    ]);
  });

  it('workers and ports, by what they are told to listen to', () =>
    expectMarked(
      `
import { Worker, parentPort, MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { once } from 'events';
const workers = [];
for (let i = 0; i < 2; i++) workers.push(new Worker('w.js'));
for (const w of workers) w.on('message', m => m); //: recv workers
workers[0].once('exit', () => {}); //: join workers[0]
workers[0].on('whatever', () => {});
await once(workers[1], 'exit'); //: join workers[1]
await Promise.all(workers.map(w => w.terminate())); //: wait workers.map()
parentPort?.on('message', reply); //: recv parentPort
const { port1 } = new MessageChannel();
receiveMessageOnPort(port1); //: recv port1
Atomics.wait(cell, 0, 0); //: condition cell
`,
      'javascript',
    ));

  it('child processes, timers, streams and packages', () =>
    expectMarked(
      `
const { execSync, spawn } = require('child_process');
const { setTimeout: sleep } = require('node:timers/promises');
const { pipeline } = require('stream/promises');
const Piscina = require('piscina');
const pLimit = require('p-limit');
execSync('ls -l'); //: exit ls
spawn('ls').on('close', code => code); //: exit spawn()
const pool = new Piscina({});
const limit = pLimit(2);
async function main() {
  await sleep(100); //: sleep 100 ms
  await pipeline(a, b); //: io a, b
  await pool.run(1); //: result pool
  await limit(() => sleep(1)); //: result sleep()
}
`,
      'javascript',
    ));

  it('types of TypeScript', () =>
    expectMarked(
      `
import { Worker } from 'worker_threads';
import type { ChildProcess } from 'child_process';
export class Pool<T> {
  readonly #all: Worker[] = [];
  constructor(private readonly first: Worker, map: Map<string, Worker>) {
    this.one = first;
    map.get('a')!.on('exit', () => {}); //: join map.get()
  }
  async close(child?: ChildProcess): Promise<void> {
    child?.on('exit', () => {}); //: exit child
    for (const w of this.#all) await w.terminate(); //: join this.#all
    this.one.on('message', (m: unknown) => m as T); //: recv this.one
    await Promise.race<void>([this.close()]); //: wait this.close()
  }
}
`,
      'typescript',
    ));

  it('nothing on what only looks alike', () =>
    expectUnmarked(
      `
document.on('message', f); [1].map(x => x).join(','); path.join('a', 'b'); emitter.once('exit', f);
class Worker { on() {} } new Worker().on('message', f);
const q = new Map(); q.get('x'); q.then; wait(); setTimeout(f, 1);
`,
      'javascript',
    ));

  it('the scripts of Vue, Svelte and HTML files, with the lines of the document', async () => {
    const text = `<template>await x</template>
<!-- <script>await no()</script> -->
<script setup lang="ts">
  const a: number = await load();
</script>
<script type="text/template">await no()</script>
<script>await one()</script>
`;
    for (const languageId of ['vue', 'svelte', 'html']) {
      const { waitPoints, snippets } = await analyze(languageId, text);
      assert.deepEqual(
        waitPoints.map(point => `${show(point)} ${point.column}`),
        ['4: await load() 21', '7: await one() 9'],
      );
      assert.deepEqual(snippets, []);
    }
  });

  it('fences of Markdown', async () => {
    const { waitPoints, snippets } = await analyze('markdown', '```ts\nawait x;\n```\n');
    assert.deepEqual(waitPoints.map(show), ['2: await x']);
    assert.equal(snippets[0]?.language, 'javascript');
  });
});
