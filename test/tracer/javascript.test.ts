/** JavaScript and TypeScript under the tracer, in both launchers: what waits for what, and nothing else changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RunModel, Wait } from '../../src/trace/model';
import { LAUNCHERS, recordScript, runScript } from './recordedJavaScript';

const waits = (model: RunModel): Wait[] =>
  Array.from({ length: model.waitCount }, (_, id) => model.wait(id));
const onLine = (model: RunModel, line: number): Wait[] =>
  waits(model).filter(wait => wait.site?.line === line);
const endOf = (one: { endNs: number | null } | undefined): number => {
  assert.ok(one && one.endNs !== null, 'it has not ended');
  return one.endNs;
};

/** A zombie has ended; that its parent has not asked how is another matter. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const GATHERED = `import { setTimeout as sleep } from 'node:timers/promises';
async function fetchOne(n) {
  await sleep(100 * n);
  if (n === 3) throw new RangeError('three');
  return n;
}
await fetchOne(1);
await Promise.all([fetchOne(1), fetchOne(2)]);
const later = fetchOne(2);
console.log('beside');
await later;
try { await fetchOne(3); } catch (error) { console.log(error.message); }
`;

for (const launcher of LAUNCHERS) {
  describe(`JavaScript in a ${launcher}`, function () {
    this.timeout(60_000);

    it('shows awaits, which lane each waits for, and calls that run on beside', async () => {
      const { model, end, out } = await recordScript(launcher, GATHERED);
      assert.equal(end.exitCode, 0);
      assert.equal(out, 'beside\nthree\n');
      const calls = model.lanes.filter(lane => lane.kind === 'call');
      assert.deepEqual(
        calls.map(lane => [lane.name, lane.end]),
        [
          ['fetchOne', 'returned'],
          ['fetchOne', 'returned'],
          ['fetchOne', 'returned'],
        ],
      );
      const [all] = onLine(model, 8);
      assert.equal(all?.kind, 'wait');
      assert.deepEqual(all?.on, [calls[0]?.id, calls[1]?.id]);
      assert.equal(all?.endedBy, calls[1]?.id);
      assert.ok(endOf(all) >= endOf(calls[1]));
      const [later] = onLine(model, 11);
      assert.deepEqual(later?.on, [calls[2]?.id]);
      const sleeps = onLine(model, 3);
      assert.deepEqual(
        sleeps.map(wait => wait.kind),
        Array.from({ length: 5 }, () => 'sleep'),
      );
      // Awaited as it was made: the sleep within is the main lane's own.
      assert.equal(sleeps[0]?.lane, 0);
      const [raised] = onLine(model, 12);
      assert.equal(raised?.outcome, 'raised');
      assert.equal(raised?.site?.column, 7);
    });

    it('ends the await of a module that was rejected, and says what caused it', async () => {
      const { model, end, err } = await recordScript(
        launcher,
        `const late = new Promise((_, reject) => {
  setTimeout(() => reject(new Error('outer', { cause: new RangeError('inner') })), 50);
});
await late;
`,
      );
      assert.equal(end.exitCode, 1);
      const [waited] = onLine(model, 4);
      assert.equal(waited?.outcome, 'raised');
      assert.match(err, /\[cause\]: RangeError: inner/);
    });

    it('leaves the await of a module open that something else cut off', async () => {
      const { model } = await recordScript(
        launcher,
        `setTimeout(() => { throw new Error('elsewhere'); }, 50);
await new Promise(() => {});
`,
      );
      assert.equal(onLine(model, 2)[0]?.outcome, 'cut-off');
    });

    it('calls what a loop cannot iterate over by the words of the program', async () => {
      const { out } = await recordScript(
        launcher,
        `const one = () => 5, none = null;
const loops = [
  async () => { for await (const x of 42) console.log(x); },
  async () => { for await (const x of one()) console.log(x); },
  async () => { for await (const x of none) console.log(x); },
];
for (const loop of loops) await loop().catch(error => console.log(error.message));
try { for await (const x of loops.length) console.log(x); } catch (error) { console.log(error.message); }
`,
      );
      assert.deepEqual(out.trimEnd().split('\n'), [
        '42 is not async iterable',
        'one() is not a function or its return value is not async iterable',
        "Cannot read properties of null (reading 'Symbol(Symbol.asyncIterator)')",
        'loops.length is not async iterable',
      ]);
    });

    it('gives workers their lanes, messages and ends', async () => {
      const { model, end } = await recordScript(
        launcher,
        `import { once } from 'node:events';
import { Worker, parentPort, workerData } from 'node:worker_threads';
if (workerData?.who) {
  parentPort.once('message', word => parentPort.postMessage(word.toUpperCase()));
} else {
  const worker = new Worker(new URL(import.meta.url), { name: 'echo', workerData: { who: 1 } });
  const exited = once(worker, 'exit');
  worker.postMessage('hello');
  const [answer] = await once(worker, 'message');
  console.log(answer);
  await exited;
}
`,
      );
      assert.equal(end.exitCode, 0);
      const worker = model.lanes.find(lane => lane.kind === 'worker');
      assert.equal(worker?.name, 'echo');
      assert.equal(worker?.end, 'returned');
      assert.equal(worker?.parent, 0);
      const [answer] = onLine(model, 9);
      assert.equal(answer?.kind, 'recv');
      assert.deepEqual(answer?.on, [worker?.id]);
      const [exited] = onLine(model, 11);
      assert.equal(exited?.kind, 'join');
      assert.equal(exited?.endedBy, worker?.id);
      const handoffs = Array.from({ length: model.handoffCount }, (_, at) => model.handoff(at));
      const sent = handoffs.filter(one => one.kind === 'send-recv');
      assert.deepEqual(sent.map(one => `${one.from.lane} to ${one.to.lane}`).toSorted(), [
        `0 to ${worker?.id}`,
        `${worker?.id} to 0`,
      ]);
    });

    it('traces child processes of its own kind, and shows the others', async () => {
      const { model, out } = await recordScript(
        launcher,
        `import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
const child = spawn(process.execPath, ['-e', 'console.log(6 * 7)'], { env: {}, stdio: 'inherit' });
await once(child, 'exit');
const { status } = spawnSync('sh', ['-c', 'exit 4']);
console.log(status);
`,
      );
      assert.match(out, launcher === 'process' ? /^42\n4\n$/ : /4\n$/);
      const [node, shell] = model.lanes.filter(lane => lane.parent === 0 && lane.kind !== 'call');
      assert.equal(node?.kind, 'process');
      assert.equal(node?.traced, true);
      assert.equal(node?.exitCode, 0);
      assert.equal(shell?.kind, 'subprocess');
      assert.equal(shell?.exitCode, 4);
      const [wait] = onLine(model, 4);
      assert.equal(wait?.kind, 'exit');
      assert.deepEqual(wait?.on, [node?.id]);
      assert.deepEqual(
        onLine(model, 5).map(one => [one.kind, one.on]),
        [['exit', [shell?.id]]],
      );
    });

    it('shows awaits also where neither name nor package says script or module', async () => {
      const body = 'async function main() {\n  await null;\n}\nmain();\n';
      for (const [name, text] of [
        ['open.js', `const fs = require('node:fs');\n${body}`],
        ['open.ts', `const fs: object = require('node:fs');\n${body}`],
        ['module.js', `import fs from 'node:fs';\n${body}`],
      ] as const) {
        const { model, end, err } = await recordScript(launcher, text, { name });
        assert.equal(end.exitCode, 0, `${name}: ${err}`);
        const lines = waits(model).map(wait => wait.site?.line);
        assert.ok(lines.includes(3), `${name}: ${lines.join()}`);
      }
    });

    it('runs TypeScript with its positions', async () => {
      const { model, out, end } = await recordScript(
        launcher,
        `type Pair = { a: number; b?: string };
const sleep = (ms: number): Promise<void> => new Promise<void>(done => setTimeout(done, ms));
async function twice<T extends Pair>(pair: T): Promise<number> {
  await sleep(50);
  return pair.a * 2;
}
console.log(await twice({ a: 21 }));
`,
        { name: 'typed.mts' },
      );
      assert.equal(end.exitCode, 0);
      assert.equal(out, '42\n');
      const [wait] = onLine(model, 4);
      assert.equal(wait?.kind, 'sleep');
      assert.equal(wait?.site?.column, 3);
      assert.equal(wait?.outcome, 'done');
      assert.equal(wait?.label, '50 ms');
    });

    it('ends the wait for each step of a loop, and for the last', async () => {
      const { model, out } = await recordScript(
        launcher,
        `import { setTimeout as sleep } from 'node:timers/promises';
async function* steps() { for (const n of [1, 2]) { await sleep(60); yield n; } await sleep(60); }
for await (const n of steps()) {
  console.log(n);
}
const sum = async () => {
  let all = 0;
  for await (const n of steps()) {
    if (n === 2) break;
    all += n;
  }
  return all;
};
console.log(await sum());
await sleep(200);
`,
      );
      assert.equal(out, '1\n2\n1\n');
      // Each is over before what is awaited behind the loop begins.
      for (const [line, times, next] of [
        [3, 3, 14],
        [8, 2, 15],
      ] as const) {
        const steps = onLine(model, line);
        assert.equal(steps.length, times);
        const [behind] = onLine(model, next);
        assert.ok(behind);
        for (const step of steps) {
          assert.equal(step.outcome, 'done', JSON.stringify(step));
          assert.ok(endOf(step) <= behind.startNs, JSON.stringify([step, behind]));
        }
      }
    });

    it('tells each promise of an array that a loop awaits, with a block or without', async () => {
      const { model, out } = await recordScript(
        launcher,
        `import { setTimeout as sleep } from 'node:timers/promises';
for await (const n of [sleep(60, 1), sleep(400, 2)]) console.log(n);
const sum = async () => {
  let all = 0;
  for await (const n of new Set([sleep(60, 1), 2])) { all += n; }
  return all;
};
console.log(await sum());
await sleep(100);
`,
      );
      assert.equal(out, '1\n2\n3\n');
      for (const step of onLine(model, 2))
        assert.ok(endOf(step) - step.startNs > 40e6, JSON.stringify(step));
      const told = (line: number): string[] =>
        onLine(model, line).map(({ kind, outcome }) => `${kind} ${outcome}`);
      assert.deepEqual(told(2), ['sleep done', 'sleep done']);
      assert.deepEqual(told(5), ['sleep done', 'await done']);
    });

    it('shows a promise that never settles as waiting until the end, with its line', async () => {
      const { model, end } = await recordScript(
        launcher,
        `async function stuck() {
  await new Promise(() => {});
}
await stuck();
`,
      );
      assert.equal(end.exitCode, 13);
      assert.deepEqual(
        waits(model)
          .toSorted((one, other) => one.startNs - other.startNs)
          .map(wait => [wait.site?.line, wait.outcome]),
        [
          [4, 'cut-off'],
          [2, 'cut-off'],
        ],
      );
    });

    it('keeps exit codes, arguments, input and what functions show of themselves', async () => {
      const source = `import { text } from 'node:stream/consumers';
async function plain(a, b = 2) {
  return (await a) + b;
}
console.log(plain.toString(), plain.name, plain.length, Promise.all.toString());
console.log(process.argv.slice(2), process.execArgv, await text(process.stdin));
console.log({ deep: { nested: [1, new Map([['k', 1n]])] } });
process.exit(3);
`;
      const options = { args: ['one', 'two words'], input: 'typed\n' };
      const traced = await recordScript(launcher, source, options);
      const untraced = await runScript(source, options);
      assert.equal(traced.out, untraced.out);
      assert.equal(traced.end.exitCode, 3);
    });

    it('lets an error show the places the person wrote', async () => {
      const source = `async function inner() {
  await null;
  throw new TypeError('no such thing');
}
async function outer() { await inner(); }
try { await outer(); } catch (error) { console.log(error.stack.replace(/file:.*\\/|\\(.*\\//g, '')); }
`;
      const traced = await recordScript(launcher, source);
      const untraced = await runScript(source);
      // With source maps Node names the frame of a module's top level.
      assert.equal(traced.out.replace(/<anonymous> (.*)\)/, '$1'), untraced.out);
    });

    it('says what is wrong with a file that is no program', async () => {
      const { err, end } = await recordScript(launcher, '// no\nconst = 1;\n');
      assert.match(err, /snippet\.mjs:2\nconst = 1;\n {6}\^\n\nSyntaxError: Unexpected token/);
      assert.notEqual(end.exitCode, 0);
    });

    it('says that a rejection was not handled, and a package is missing', async () => {
      const rejected = await recordScript(launcher, "Promise.reject(new Error('lost'));\n\n");
      assert.match(rejected.err, /Error: lost/);
      assert.equal(rejected.end.exitCode, 1);
      const missing = await recordScript(launcher, "import 'no-such-package-here';\n\n");
      assert.match(missing.err, /Cannot find package 'no-such-package-here'/);
    });

    it('ends on stop, a runaway loop as well, and leaves nothing running', async () => {
      const { end, model } = await recordScript(
        launcher,
        `import { spawn } from 'node:child_process';
spawn('sleep', ['1000'], { stdio: 'ignore' });
console.log('looping');
setTimeout(() => { for (;;); }, 50);
`,
        {
          during: async run => {
            await new Promise<void>(resolve => {
              const watching = run.onDidWrite(piece => {
                if (!piece.text.includes('looping')) return;
                watching.dispose();
                resolve();
              });
            });
            await run.stop();
          },
        },
      );
      assert.notEqual(end.signal, null);
      const sleep = model.lanes.find(lane => lane.kind === 'subprocess');
      assert.ok(sleep && sleep.pid > 0);
      assert.ok(!isRunning(sleep.pid));
    });

    it('follows 10,000 calls at once', async () => {
      const { model, out } = await recordScript(
        launcher,
        `const sleep = ms => new Promise(done => setTimeout(done, ms));
async function one(n) { await sleep(20); return n; }
const all = await Promise.all(Array.from({ length: 10_000 }, (_, n) => one(n)));
console.log(all.length);
`,
      );
      assert.equal(out, '10000\n');
      assert.equal(model.lanes.filter(lane => lane.kind === 'call').length, 10_000);
      const [all] = onLine(model, 3);
      assert.equal(all?.on.length, 10_000);
      assert.equal(model.lanes[all.endedBy ?? -1]?.end, 'returned');
      assert.equal(model.dropped, 0);
    });
  });
}

describe('JavaScript in a worker of this process', function () {
  this.timeout(60_000);

  it('ends a snippet that needs more memory than it may have, with a word on what to do', async () => {
    const { end, model } = await recordScript(
      'worker',
      'const kept = [];\nfor (;;) kept.push(new Array(10_000).fill(Math.random()));\n',
      { memoryMb: 64 },
    );
    assert.notEqual(end.exitCode, 0);
    assert.match(model.notes.join('\n'), /64 MB/);
  });

  it('tells a blocked event loop: the timer was due long before it was resumed', async () => {
    const { model } = await recordScript(
      'worker',
      `import { setTimeout as sleep } from 'node:timers/promises';
setTimeout(() => { const end = Date.now() + 300; while (Date.now() < end); }, 10);
await sleep(50);
`,
    );
    const [wait] = onLine(model, 3);
    assert.ok(wait && wait.readyNs !== null && wait.endNs !== null, 'no ready moment');
    assert.ok((wait.endNs - (wait.readyNs ?? 0)) / 1e6 > 100);
  });
});
