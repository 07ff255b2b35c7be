/** A JavaScript thread that sits in its event loop is shown as idle, and what wakes it is what it waited for; a busy one is not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Run } from '../../src/runtimes/recordRun';
import type { RunModel, Wait } from '../../src/trace/model';
import { stateAt } from '../../src/trace/queries';
import { inEnglish } from '../../src/base/translate';
import { waitPhrase } from '../../src/trace/phrases';
import { LAUNCHERS, recordScript } from './recordedJavaScript';

const MS = 1e6;
const waitsOf = (model: RunModel, lane: number): Wait[] =>
  Array.from(model.waitsOfLane(lane), id => model.wait(id));
const lengthOf = (wait: Wait): number => ((wait.endNs ?? NaN) - wait.startNs) / MS;
const totalOf = (waits: readonly Wait[]): number =>
  waits.reduce((sum, wait) => sum + lengthOf(wait), 0);
const isIdle = (wait: Wait): boolean => wait.kind === 'idle';

const COMPUTE = 'const compute = ms => { for (const end = Date.now() + ms; Date.now() < end; ); };';

const MESSAGES = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
if (isMainThread) {
  const pool = new Worker(new URL(import.meta.url), { name: 'pool' });
  pool.on('message', answer => {
    console.log(answer);
    if (answer === 0) setTimeout(() => pool.postMessage(1), 300);
    else pool.postMessage(answer === 2 ? 'end' : 2);
  });
} else {
  setTimeout(() => parentPort.postMessage(0), 300);
  parentPort.on('message', n => {
    if (n === 'end') return parentPort.close();
    for (const end = Date.now() + 300; Date.now() < end; );
    parentPort.postMessage(n);
  });
}
`;

/** Until the thread is seen to be idle while it is. */
async function untilIdle(run: Run): Promise<void> {
  const until = Date.now() + 5000;
  for (;;) {
    const { model } = run;
    const state = stateAt(model, 0, model.nowNs);
    if (state.state === 'waiting' && isIdle(state.wait)) return;
    assert.ok(Date.now() < until, 'it was never seen to be idle');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

for (const launcher of LAUNCHERS) {
  describe(`An idle JavaScript thread in a ${launcher}`, function () {
    this.timeout(60_000);

    it('is idle between events, and runs while it computes, told or not', async () => {
      const { model } = await recordScript(
        launcher,
        `${COMPUTE}
setTimeout(() => compute(200), 300);
setTimeout(() => console.log('ends'), 800);
`,
      );
      const idle = waitsOf(model, 0);
      assert.ok(idle.every(isIdle), JSON.stringify(idle));
      const total = totalOf(idle);
      const [main] = model.lanes;
      const life = ((main?.endNs ?? 0) - (main?.startNs ?? 0)) / MS;
      assert.ok(total > 400 && total < life - 190, `idle for ${total} ms of ${life}`);
      // The stretch of computing lies between two of idling.
      const ends = idle.filter(wait => lengthOf(wait) > 100);
      const gaps = ends.slice(1).map((wait, at) => (wait.startNs - (ends[at]?.endNs ?? 0)) / MS);
      assert.ok(
        gaps.some(gap => gap > 190),
        gaps.join(),
      );
      assert.match(waitPhrase(model, ends[0]!, inEnglish), /^was idle for \d+ ms$/);
    });

    it('is seen to be idle while it is', async () => {
      const { model } = await recordScript(
        launcher,
        "setTimeout(() => process.exit(3), 20_000);\nconsole.log('up');\n",
        {
          during: async run => {
            await untilIdle(run);
            await run.stop();
          },
        },
      );
      assert.equal(waitsOf(model, 0).at(-1)?.outcome, 'cut-off');
    });

    it('is not idle where its own code awaits, nor where it is busy', async () => {
      const { model } = await recordScript(
        launcher,
        `${COMPUTE}
await new Promise(go => setTimeout(go, 200));
for (let i = 0; i < 200; i++) {
  compute(1);
  await new Promise(go => setImmediate(go));
}
`,
      );
      assert.deepEqual(waitsOf(model, 0).filter(isIdle), []);
    });

    it('is idle beside an async call that waits', async () => {
      const { model } = await recordScript(
        launcher,
        `async function later() {
  await new Promise(go => setTimeout(go, 300));
}
later();
`,
      );
      const call = model.lanes.find(lane => lane.kind === 'call');
      assert.ok(call);
      assert.equal(waitsOf(model, call.id)[0]?.kind, 'sleep');
      assert.ok(totalOf(waitsOf(model, 0).filter(isIdle)) > 250);
    });

    it('waits for messages where it listens for them, and is woken by who sends', async () => {
      const { model, out } = await recordScript(launcher, MESSAGES);
      assert.equal(out, '0\n1\n2\n');
      const pool = model.lanes.find(lane => lane.kind === 'worker');
      assert.ok(pool);
      const heard = waitsOf(model, 0).filter(wait => wait.kind === 'recv');
      assert.deepEqual(
        heard.map(({ site, label, on, endedBy }) => [site?.line, label, on, endedBy]),
        [0, 1, 2].map(() => [4, 'pool', [pool.id], pool.id]),
      );
      for (const wait of heard.slice(1)) assert.ok(lengthOf(wait) > 200, JSON.stringify(wait));
      const inPool = waitsOf(model, pool.id).find(
        wait => wait.kind === 'recv' && lengthOf(wait) > 100,
      );
      assert.ok(inPool);
      assert.deepEqual([inPool.site?.line, inPool.label, inPool.endedBy], [11, 'main thread', 0]);
      assert.equal(model.waitsAtLine(heard[0]!.site!.file, 4).length, 3);
      for (const wait of [...heard, inPool]) {
        const ended = Array.from({ length: model.handoffCount }, (_, at) => model.handoff(at)).find(
          ({ kind, from, to }) =>
            kind === 'send-recv' &&
            from.lane === wait.endedBy &&
            to.lane === wait.lane &&
            to.ns === wait.endNs,
        );
        assert.ok(ended, JSON.stringify(wait));
      }
    });

    it('waits at a port of a channel where it listens', async () => {
      const { model, out } = await recordScript(
        launcher,
        `import { MessageChannel, Worker, workerData } from 'node:worker_threads';
if (workerData) {
  const { port } = workerData;
  port.onmessage = ({ data }) => setTimeout(() => port.postMessage(data + 1), 300);
} else {
  const { port1, port2 } = new MessageChannel();
  const options = { workerData: { port: port2 }, transferList: [port2] };
  new Worker(new URL(import.meta.url), options);
  port1.on('message', n => {
    console.log(n);
    if (n > 2) port1.close();
    else port1.postMessage(n);
  });
  port1.postMessage(1);
}
`,
      );
      assert.equal(out, '2\n3\n');
      const heard = waitsOf(model, 0).filter(wait => wait.kind === 'recv');
      for (const { site, label } of heard) assert.deepEqual([site?.line, label], [9, 'a port']);
      assert.ok(totalOf(heard) > 300, JSON.stringify(heard));
    });

    it('does not say of a call of a package that it waits for what the package listens to', async () => {
      const { model, out } = await recordScript(
        launcher,
        `import fs from 'node:fs';
import { createRequire } from 'node:module';
const home = new URL('node_modules/listens/', import.meta.url);
fs.mkdirSync(home, { recursive: true });
fs.writeFileSync(new URL('index.js', home), \`
const { Worker } = require('node:worker_threads');
module.exports = heard => {
  const text = "setTimeout(() => require('node:worker_threads').parentPort.postMessage(1), 400)";
  new Worker(text, { eval: true }).on('message', heard);
};\`);
createRequire(import.meta.url)('listens')(console.log);
`,
      );
      assert.equal(out, '1\n');
      const heard = waitsOf(model, 0).filter(wait => wait.kind === 'recv' && lengthOf(wait) > 200);
      assert.deepEqual(
        heard.map(({ site }) => site),
        [null],
      );
    });

    it('waits for its workers when its own code is done', async () => {
      const { model } = await recordScript(
        launcher,
        path.resolve('media/examples/javascript/03_count_workers.mjs'),
      );
      const own = waitsOf(model, 0).filter(wait => wait.site === null && wait.label !== 'idle');
      assert.ok(totalOf(own) > 700, JSON.stringify(own));
      for (const wait of own) assert.match(wait.label, /^t\d(?:, t\d)*(?: and t\d)?$/);
      const ended = own.filter(wait => wait.kind === 'join');
      for (const wait of ended) {
        assert.deepEqual(wait.on, [wait.endedBy]);
        assert.equal(model.lanes[wait.endedBy ?? 0]?.name, wait.label);
      }
    });
  });
}

describe('An idle JavaScript process', function () {
  this.timeout(60_000);

  it('waits for what its parent sends, and for what its child does', async () => {
    const { model, out } = await recordScript(
      'process',
      `import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
if (process.send) {
  process.once('message', word => setTimeout(() => process.send(word + '!'), 200));
} else {
  const child = fork(fileURLToPath(import.meta.url));
  child.on('message', word => {
    console.log(word);
    setTimeout(() => child.disconnect(), 200);
  });
  setTimeout(() => child.send('hello'), 400);
}
`,
    );
    assert.equal(out, 'hello!\n');
    const child = model.lanes.find(lane => lane.kind === 'process');
    assert.ok(child);
    const heard = waitsOf(model, 0).filter(wait => wait.kind === 'recv');
    assert.deepEqual(
      heard.map(({ site, on, endedBy }) => [site?.line, on, endedBy]),
      [[7, [child.id], child.id]],
    );
    const own = waitsOf(model, child.id).filter(wait => wait.kind === 'recv');
    assert.deepEqual(
      own.map(({ site, label, endedBy }) => [site?.line, label, endedBy]),
      [[4, 'the parent process', 0]],
    );
  });
});
