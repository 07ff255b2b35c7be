import assert from 'node:assert/strict';
import { findPythons } from '../../scripts/lib/pythons';
import {
  laneNamed,
  onEachPython,
  processesWith,
  record,
  runPlain,
  scrubbed,
  waitsAt,
  Workbench,
} from './recorded';

const DEAD_WORKER = `
import os, sys, time
from concurrent.futures import ProcessPoolExecutor

def dies(x):
    os._exit(1)

if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        try:
            executor.submit(dies, 1).result()  # result
        except Exception as error:
            print(type(error).__name__)
`;

const UNPICKLABLE = `
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        try:
            executor.submit(lambda: 1).result()
        except Exception as error:
            print(type(error).__name__)
        print(executor.submit(abs, -2).result())
    with multiprocessing.Pool(1) as pool:
        try:
            pool.apply(lambda: 1)
        except Exception as error:
            print(type(error).__name__)
        print(pool.apply(abs, (-3,)))
    try:
        multiprocessing.get_context("spawn").Process(target=lambda: 1, name="unpicklable").start()
    except Exception as error:
        print(type(error).__name__)
`;

const NO_GUARD = `
import multiprocessing

def work():
    print("never")

process = multiprocessing.get_context("spawn").Process(target=work)
process.start()
process.join()
print(process.exitcode)
`;

const MANY = `
import multiprocessing

def work(n):
    raise SystemExit(n % 3)

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    codes = []
    for n in range(500):
        process = context.Process(target=work, args=(n,))
        process.start()
        process.join()  # join
        codes.append(process.exitcode)
    print(codes == [n % 3 for n in range(500)])
`;

const STUBBORN = `
import multiprocessing, signal, subprocess, sys, time

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("stubborn", flush=True)
    while True:
        time.sleep(60)

if __name__ == "__main__":
    multiprocessing.Process(target=stubborn).start()
    orphan = "import time; print('orphan', flush=True); time.sleep(600)  # " + sys.argv[1]
    subprocess.run(["sh", "-c", "setsid \\"$0\\" -c \\"$1\\" &", sys.executable, orphan])
    time.sleep(600)
`;

const OUTLIVES = `
import subprocess, sys
late = "import time; time.sleep(0.5); print('late')"
subprocess.run(["sh", "-c", "\\"$0\\" -c \\"$1\\" &", sys.executable, late])
print("early")
`;

const INTERRUPTED = `
import multiprocessing, time
def work(started):
    try:
        started.set()
        time.sleep(600)
    except KeyboardInterrupt:
        print("child", flush=True)
if __name__ == "__main__":
    started = multiprocessing.Event()
    process = multiprocessing.Process(target=work, name="child", args=(started,))
    process.start()
    started.wait()
    try:
        print("ready", flush=True)
        process.join()  # join
    except KeyboardInterrupt:
        process.join()
        print("parent")
`;

const newest = findPythons().at(-1);

describe('processes that go wrong', function () {
  this.timeout(120_000);

  onEachPython('a worker of an executor that dies', async python => {
    const recorded = await record(python, DEAD_WORKER);
    assert.equal(recorded.out, 'BrokenProcessPool\n', recorded.err);
    const { model } = recorded;
    assert.deepEqual(
      model.jobs.map(job => [job.name, job.outcome]),
      [['dies(1)', 'raised']],
    );
    assert.equal(waitsAt(recorded, DEAD_WORKER, 'result')[0]?.outcome, 'raised');
    const worker = model.lanes.find(lane => lane.kind === 'process');
    assert.deepEqual([worker?.end, worker?.exitCode], ['exited', 1]);
  });

  onEachPython('arguments that can not be pickled', async python => {
    const recorded = await record(python, UNPICKLABLE);
    const plain = await runPlain(python, UNPICKLABLE);
    assert.equal(recorded.out, plain.out, recorded.err);
    assert.equal(scrubbed(recorded.err), scrubbed(plain.err));
    const { model } = recorded;
    assert.match(laneNamed(model, 'unpicklable').detail ?? '', /^could not be started: /);
    for (const job of model.jobs) assert.notEqual(job.outcome, 'waiting', job.name);
  });

  onEachPython('spawn without a main guard', async python => {
    const recorded = await record(python, NO_GUARD);
    const plain = await runPlain(python, NO_GUARD);
    assert.equal(recorded.out, plain.out);
    assert.equal(recorded.end.exitCode, plain.exitCode);
    assert.equal(scrubbed(recorded.err), scrubbed(plain.err));
    assert.match(recorded.err, /An attempt has been made to start a new process before/);
  });

  onEachPython(
    'a child that ignores SIGTERM and an orphan of its own session are stopped',
    async python => {
      const bench = new Workbench();
      const mark = `clens-mark-${process.pid}-${python.version}`;
      try {
        const run = await bench.start(python, bench.write(STUBBORN), [mark]);
        let seen = '';
        await new Promise<void>(resolve => {
          run.onDidWrite(piece => {
            seen += piece.text;
            if (/stubborn/.test(seen) && /orphan/.test(seen)) resolve();
          });
        });
        assert.ok((await processesWith(mark)).length > 0);
        await run.stop();
        await run.ended;
        assert.deepEqual(await processesWith(mark), []);
        assert.equal(run.model.finished, true);
        for (const lane of run.model.lanes) assert.notEqual(lane.end, 'running', lane.name);
      } finally {
        bench.dispose();
      }
    },
  );

  onEachPython('a grandchild that outlives its parent still belongs to the run', async python => {
    const recorded = await record(python, OUTLIVES);
    assert.equal(recorded.out, 'early\nlate\n');
    assert.equal(recorded.end.exitCode, 0);
    assert.ok(recorded.model.lanes.some(lane => lane.kind === 'process' && lane.traced));
  });

  onEachPython('an interrupt reaches every process, as in a terminal', async python => {
    const bench = new Workbench();
    try {
      const run = await bench.start(python, bench.write(INTERRUPTED));
      let seen = '';
      run.onDidWrite(piece => {
        seen += piece.text;
        if (piece.text.includes('ready')) run.interrupt();
      });
      const end = await run.ended;
      assert.equal(seen, 'ready\nchild\nparent\n');
      assert.equal(end.exitCode, 0);
      assert.equal(laneNamed(run.model, 'child').end, 'returned');
    } finally {
      bench.dispose();
    }
  });

  it('500 processes one after the other', async () => {
    assert.ok(newest, 'a Python is on this machine');
    const recorded = await record(newest, MANY);
    assert.equal(recorded.out, 'True\n', recorded.err);
    const lanes = recorded.model.lanes.filter(lane => lane.kind === 'process');
    assert.equal(lanes.length, 500);
    assert.deepEqual(
      lanes.map(lane => lane.exitCode),
      lanes.map((_, n) => n % 3),
    );
    assert.equal(new Set(lanes.map(lane => lane.pid)).size, 500);
    const joins = waitsAt(recorded, MANY, 'join');
    assert.deepEqual(
      joins.map(join => join.endedBy),
      lanes.map(lane => lane.id),
    );
  });
});
