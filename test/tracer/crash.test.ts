/** What was recorded survives the end of the process, whatever end that is. */
import assert from 'node:assert/strict';
import { laneNamed, onEachPython, record, waitsOf, Workbench } from './recorded';

const BUSY = (end: string): string => `
import os, queue, signal, threading, time
def idle():
    time.sleep(60)
threading.Thread(target=idle, name="idle", daemon=True).start()
jobs = queue.Queue()
for n in range(1000):
    jobs.put(n)
    jobs.get()
print("about to end", flush=True)
${end}
`;

const ENDS: readonly (readonly [string, string, string])[] = [
  ['os._exit', 'os._exit(5)', 'exited'],
  ['SIGKILL', 'os.kill(os.getpid(), signal.SIGKILL)', 'killed'],
  ['abort', 'os.abort()', 'killed'],
  ['a crash', 'import ctypes; ctypes.string_at(0)', 'killed'],
];

describe('a trace', () => {
  for (const [name, source, end] of ENDS) {
    onEachPython(`is whole after ${name}`, async python => {
      const run = await record(python, BUSY(source));
      const gets = waitsOf(run.model).filter(wait => wait.kind === 'get');
      assert.equal(gets.length, 1000);
      assert.equal(run.out, 'about to end\n');
      const idle = laneNamed(run.model, 'idle');
      assert.equal(idle.end, end);
      const sleep = waitsOf(run.model).find(wait => wait.lane === idle.id);
      assert.deepEqual([sleep?.kind, sleep?.outcome], ['sleep', 'cut-off']);
    });
  }

  onEachPython('that may grow no further says how much is missing', async python => {
    const before = process.env['CLENS_MAX_CHUNKS'];
    process.env['CLENS_MAX_CHUNKS'] = '1';
    try {
      const { model, out } = await record(
        python,
        BUSY('for n in range(9000): jobs.put(n); jobs.get()'),
      );
      assert.equal(out, 'about to end\n');
      assert.ok(model.records <= 4096);
      assert.ok(model.dropped >= 4096, `${model.dropped} dropped`);
    } finally {
      if (before === undefined) delete process.env['CLENS_MAX_CHUNKS'];
      else process.env['CLENS_MAX_CHUNKS'] = before;
    }
  });

  onEachPython('is read while the program runs on', async python => {
    const bench = new Workbench();
    try {
      const source = 'import time\nprint("up", flush=True)\ntime.sleep(60)\n';
      const run = await bench.start(python, bench.write(source));
      await new Promise<void>(resolve => {
        run.model.onDidChange(() => {
          if (waitsOf(run.model).some(wait => wait.kind === 'sleep')) resolve();
        });
      });
      assert.equal(waitsOf(run.model)[0]?.outcome, 'waiting');
      assert.equal(run.model.finished, false);
      await run.stop();
    } finally {
      bench.dispose();
    }
  });
});
