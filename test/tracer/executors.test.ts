import assert from 'node:assert/strict';
import {
  handoffsOf,
  laneNamed,
  lineOf,
  onEachPython,
  record,
  runPlain,
  scrubbed,
  waitsAt,
  waitsOf,
} from './recorded';

const EXECUTORS = `
import sys, time
from concurrent import futures
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait

def square(x):
    time.sleep(0.03 * x)
    return x * x

def bad():
    raise ValueError("no")

if __name__ == "__main__":
    with getattr(futures, sys.argv[1])(max_workers=2) as executor:  # with
        future = executor.submit(square, 3)  # submit
        print(future.result())  # result
        print(future.result())  # again
        print(list(executor.map(square, range(3))))  # map
        for future in as_completed([executor.submit(square, n) for n in (3, 1)]):  # as-completed
            print(future.result())
        done, rest = wait([executor.submit(square, n) for n in (1, 5)], return_when=futures.FIRST_COMPLETED)  # wait-first
        print(len(done), len(rest))
        wait(rest)  # wait-all
        try:
            executor.submit(bad).result()  # bad
        except ValueError as error:
            print(error)
        slow = executor.submit(time.sleep, 0.3)  # slow
        try:
            slow.result(0.01)  # timeout
        except futures.TimeoutError:
            print("timed out")
        seen = []
        executor.submit(square, 0).add_done_callback(lambda future: seen.append(future.result()))
        print(executor.submit(bad).exception())  # exception
    print(seen)
`;

const CANCELLED = `
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

go = threading.Event()
executor = ThreadPoolExecutor(1, thread_name_prefix="one", initializer=lambda: None)
busy = executor.submit(go.wait)
queued = executor.submit(print, "never")
print(queued.cancel())
try:
    queued.result()  # cancelled
except CancelledError:
    print("cancelled")
go.set()  # set
executor.shutdown()  # shutdown
`;

const FREED = `
import gc, weakref
from concurrent.futures import Future, as_completed
gc.disable()
futures = [Future() for _ in range(4)]
futures[0].set_result(0)
try:
    for future in as_completed(futures, timeout=0):
        pass
except Exception as error:
    print(type(error).__name__)
del future
seen = [weakref.ref(each) for each in futures]
futures.clear()
print([each() is None for each in seen])
`;

describe('concurrent.futures', function () {
  onEachPython('keeps no future of an as_completed that is over', async python => {
    const [traced, plain] = [await record(python, FREED), await runPlain(python, FREED)];
    assert.equal(plain.out, 'TimeoutError\n[True, True, True, True]\n');
    assert.equal(traced.out, plain.out);
  });

  this.timeout(60_000);

  for (const name of ['ThreadPoolExecutor', 'ProcessPoolExecutor']) {
    const isThreads = name.startsWith('Thread');
    onEachPython(`follows a ${name}`, async python => {
      const recorded = await record(python, EXECUTORS, name);
      const plain = await runPlain(python, EXECUTORS, name);
      assert.equal(recorded.out, plain.out, recorded.err);
      assert.equal(scrubbed(recorded.err), scrubbed(plain.err));
      const { model } = recorded;
      assert.deepEqual(
        model.notes.filter(note => /tracer/.test(note)),
        [],
      );

      const isWorker = (lane: number | null): boolean => {
        const worker = lane === null ? undefined : model.lanes[lane];
        return isThreads
          ? worker?.name.startsWith('ThreadPoolExecutor-') === true
          : worker?.kind === 'process';
      };
      const [result] = waitsAt(recorded, EXECUTORS, 'result');
      assert.deepEqual(
        [result?.kind, result?.outcome, result?.label],
        ['result', 'done', 'square(3)'],
      );
      assert.ok(isWorker(result?.endedBy ?? null));
      assert.deepEqual(result?.on, [result?.endedBy]);
      assert.ok((result?.readyNs ?? 0) > (result?.startNs ?? 0));
      const [again] = waitsAt(recorded, EXECUTORS, 'again');
      assert.equal(again?.readyNs, again?.startNs, 'it was there');

      const waits = waitsAt(recorded, EXECUTORS, 'map');
      assert.deepEqual(
        waits.map(wait => wait.kind),
        ['result', 'result', 'result'],
      );
      const completed = waitsAt(recorded, EXECUTORS, 'as-completed');
      assert.ok(completed.length > 0);
      for (const wait of completed) assert.equal(wait.kind, 'wait');
      assert.ok(isWorker(completed.at(-1)?.endedBy ?? null));
      const [first] = waitsAt(recorded, EXECUTORS, 'wait-first');
      assert.deepEqual([first?.kind, first?.outcome], ['wait', 'done']);
      assert.ok(isWorker(first?.endedBy ?? null));
      assert.equal(waitsAt(recorded, EXECUTORS, 'wait-all')[0]?.outcome, 'done');
      assert.deepEqual(
        waitsAt(recorded, EXECUTORS, 'bad').map(wait => wait.outcome),
        ['raised'],
      );
      assert.deepEqual(
        waitsAt(recorded, EXECUTORS, 'timeout').map(wait => wait.outcome),
        ['timed-out'],
      );
      assert.equal(waitsAt(recorded, EXECUTORS, 'exception')[0]?.kind, 'result');
      const shutdown = waitsAt(recorded, EXECUTORS, 'with').find(wait => wait.kind === 'shutdown');
      assert.ok(shutdown?.on.every(isWorker) && shutdown.on.length > 0);

      const three = model.jobs.find(job => job.name === 'square(3)');
      assert.deepEqual(
        [
          three?.submittedBy,
          three?.submitSite?.line,
          isWorker(three?.lane ?? null),
          three?.outcome,
        ],
        [0, lineOf(EXECUTORS, 'submit'), true, 'done'],
      );
      assert.equal(model.jobs.filter(job => job.outcome === 'raised').length, 2);
      for (const job of model.jobs) {
        assert.ok((job.startNs ?? 0) >= (job.submittedNs ?? 1), job.name);
        assert.ok((job.endNs ?? 0) >= (job.startNs ?? 1), job.name);
      }
      const submitted = handoffsOf(model).filter(handoff => handoff.kind === 'submit-run');
      assert.equal(submitted.length, model.jobs.length);
      assert.ok(submitted.every(handoff => handoff.from.lane === 0 && isWorker(handoff.to.lane)));
      // What submit() and the pool do inside is theirs.
      const mine = waitsOf(model).filter(wait => wait.lane === 0);
      for (const wait of mine)
        assert.ok(['result', 'wait', 'shutdown', 'join'].includes(wait.kind), wait.kind);
    });
  }

  onEachPython('knows a job that was cancelled', async python => {
    const recorded = await record(python, CANCELLED);
    const plain = await runPlain(python, CANCELLED);
    assert.equal(recorded.out, plain.out, recorded.err);
    const { model } = recorded;
    const worker = laneNamed(model, 'one_0');
    assert.deepEqual(
      model.jobs.map(job => [job.name, job.lane === worker.id, job.outcome]),
      [
        ['wait()', true, 'done'],
        ["print('never')", false, 'cancelled'],
      ],
    );
    assert.equal(waitsAt(recorded, CANCELLED, 'cancelled')[0]?.outcome, 'cancelled');
    assert.deepEqual(waitsAt(recorded, CANCELLED, 'shutdown')[0]?.on, [worker.id]);
  });
});
