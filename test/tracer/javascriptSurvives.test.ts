/** What a thread has recorded is there to see, however suddenly the thread ends, and while it is too busy to write. */
import assert from 'node:assert/strict';
import type { RunModel } from '../../src/trace/model';
import { LAUNCHERS, recordScript, type Launcher } from './recordedJavaScript';

const AWAITS = 300;
const SPIN = `for (let i = 0; i < ${AWAITS}; i++) await i;`;
/** The line on which SPIN stands in every program here. */
const LINE = 2;

const awaitsIn = (model: RunModel): number =>
  Array.from({ length: model.waitCount }, (_, id) => model.wait(id)).filter(
    wait => wait.site?.line === LINE && wait.outcome === 'done',
  ).length;

const ENDS: readonly (readonly [how: string, end: string, launchers: readonly Launcher[]])[] = [
  ['process.exit', 'process.exit(0);', LAUNCHERS],
  ['an exception', "throw new Error('over');", LAUNCHERS],
  [
    'process.exit after the exit listeners are gone',
    'process.removeAllListeners("exit"); process.exit(0);',
    LAUNCHERS,
  ],
  ['process.abort', 'process.abort();', ['process']],
  ['SIGKILL from itself', "process.kill(process.pid, 'SIGKILL');", ['process']],
];

describe('what JavaScript records survives', function () {
  this.timeout(60_000);

  for (const [how, end, launchers] of ENDS) {
    for (const launcher of launchers) {
      it(`${how}, in a ${launcher}`, async () => {
        const { model } = await recordScript(launcher, `import 'node:fs';\n${SPIN}\n${end}\n`);
        assert.equal(awaitsIn(model), AWAITS);
        assert.equal(model.dropped, 0);
      });
    }
  }

  for (const launcher of LAUNCHERS) {
    it(`terminate() of a worker that is busy, in a ${launcher}`, async () => {
      const { model, end } = await recordScript(
        launcher,
        `import { Worker, workerData as cell } from 'node:worker_threads';
if (cell) { ${SPIN} Atomics.store(cell, 0, 1); for (;;); }
const shared = new Int32Array(new SharedArrayBuffer(4));
const worker = new Worker(new URL(import.meta.url), { name: 'busy', workerData: shared });
const look = setInterval(() => {
  if (Atomics.load(shared, 0) === 0) return;
  clearInterval(look);
  worker.terminate();
}, 1);
`,
      );
      assert.equal(end.exitCode, 0);
      const worker = model.lanes.find(lane => lane.name === 'busy');
      assert.equal(worker?.end, 'exited');
      assert.equal(awaitsIn(model), AWAITS);
    });

    it(`the end of a thread whose workers still run, in a ${launcher}`, async () => {
      const { model, end } = await recordScript(
        launcher,
        `import { Worker, workerData as cell } from 'node:worker_threads';
if (cell) { ${SPIN} Atomics.store(cell, 0, 1); Atomics.notify(cell, 0); for (;;); }
const shared = new Int32Array(new SharedArrayBuffer(4));
new Worker(new URL(import.meta.url), { workerData: shared }).unref();
Atomics.wait(shared, 0, 0);
`,
      );
      assert.equal(end.exitCode, 0);
      assert.equal(awaitsIn(model), AWAITS);
    });

    it(`a worker with an environment and options of its own, in a ${launcher}`, async () => {
      const { model, out } = await recordScript(
        launcher,
        `import { Worker, workerData, getEnvironmentData } from 'node:worker_threads';
if (workerData) { ${SPIN} console.log(JSON.stringify(process.env), process.execArgv, getEnvironmentData('concurrency-lens.records')); }
else new Worker(new URL(import.meta.url), { workerData: 1, env: { own: 'yes' }, execArgv: ['--no-warnings'] });
`,
      );
      assert.equal(out, `{"own":"yes"} [ '--no-warnings' ] undefined\n`);
      assert.equal(awaitsIn(model), AWAITS);
    });
  }

  it('a busy loop in a worker of the host: what came before it is seen while it lasts', async () => {
    await recordScript('worker', `import 'node:fs';\n${SPIN}\nfor (;;);\n`, {
      during: async run => {
        await new Promise<void>(resolve => {
          const done = (): void => {
            if (awaitsIn(run.model) < AWAITS) return;
            watching.dispose();
            resolve();
          };
          const watching = run.model.onDidChange(done);
          done();
        });
        await run.stop();
      },
    });
  });

  it('a busy loop in a process: the latest of what came seldom is seen while it lasts', async () => {
    const source = `import { setTimeout as sleep } from 'node:timers/promises';
await sleep(100);
for (;;);
`;
    await recordScript('process', source, {
      during: async run => {
        await new Promise<void>(resolve => {
          const done = (): void => {
            if (awaitsIn(run.model) < 1) return;
            watching.dispose();
            resolve();
          };
          const watching = run.model.onDidChange(done);
          done();
        });
        await run.stop();
      },
    });
  });
});
