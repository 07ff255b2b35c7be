/** Processes that meet at a barrier, and the threads that the library runs beside those of the person. */
import assert from 'node:assert/strict';
import { handoffsOf, onEachPython, record, runPlain, waitsAt } from './recorded';

const MEET = `
import multiprocessing as mp, sys, time

def meet(barrier):
    for _ in range(3):
        barrier.wait()  # meet

def late(barrier):
    try:
        barrier.wait()  # broken
    except Exception as error:
        print(type(error).__name__, flush=True)

def until_waiting(barrier):
    while barrier.n_waiting == 0:
        time.sleep(0.001)

if __name__ == "__main__":
    mp.set_start_method(sys.argv[1])
    barrier = mp.Barrier(2)
    first, second = [mp.Process(target=meet, args=(barrier,), name=name) for name in ("first", "second")]
    first.start()
    until_waiting(barrier)
    second.start()
    first.join()
    second.join()
    alone = mp.Barrier(2)
    process = mp.Process(target=late, args=(alone,), name="late")
    process.start()
    until_waiting(alone)
    alone.abort()  # abort
    process.join()
`;

const HELPED = `
import multiprocessing as mp, sys, threading
from concurrent.futures import ProcessPoolExecutor

def double(n):
    return 2 * n

def double_when_asked(n):
    # A callback added to a future that is done runs at once, on the thread that adds it.
    asked.wait()
    return 2 * n

def called(value):
    lock = threading.Lock()
    with lock:
        seen.append(value)
    # Set only from here on: on a slow machine the wait would else find it set.
    threading.Timer(0.2, go.set).start()
    go.wait()  # callback
    go.clear()

def pieces():
    threading.Timer(0.2, gate.set).start()
    for n in range(3):
        gate.wait()  # piece
        yield n

seen = []
go = threading.Event()
gate = threading.Event()

if __name__ == "__main__":
    mp.set_start_method("fork")
    asked = mp.Event()
    with mp.Pool(2) as pool:
        result = pool.apply_async(double, (1,), callback=called)
        print(result.get())
        print(sorted(pool.imap_unordered(double, pieces())))
    with ProcessPoolExecutor(2) as executor:
        future = executor.submit(double_when_asked, 2)
        future.add_done_callback(lambda future: called(future.result()))
        asked.set()
        print(future.result())
    queue = mp.Queue()
    queue.put(seen)
    print(queue.get())
`;

describe('processes', function () {
  this.timeout(60_000);

  for (const method of ['fork', 'spawn']) {
    onEachPython(`that meet at a barrier know who came last (${method})`, async python => {
      const recorded = await record(python, MEET, method);
      assert.equal(recorded.out, 'BrokenBarrierError\n');
      const { model } = recorded;
      const meets = waitsAt(recorded, MEET, 'meet');
      assert.deepEqual(
        meets.map(wait => [wait.kind, wait.outcome]),
        Array.from({ length: 6 }, () => ['barrier', 'done']),
      );
      assert.equal(
        new Set(meets.map(wait => wait.object)).size,
        1,
        'both wait at the same barrier',
      );
      const name = (lane: number | null) => (lane === null ? null : model.lanes[lane]?.name);
      assert.deepEqual(
        [name(meets[0]?.lane ?? null), name(meets[0]?.endedBy ?? null)],
        ['first', 'second'],
      );
      const line = meets[0]?.site?.line;
      const arrows = handoffsOf(model).filter(
        one => one.kind === 'notify-wait' && one.to.site?.line === line,
      );
      // In each round the last one wakes the other.
      assert.equal(arrows.length, 3);
      for (const { from, to } of arrows) {
        assert.notEqual(from.lane, to.lane);
        assert.equal(from.site?.line, line);
      }
      const [broken] = waitsAt(recorded, MEET, 'broken');
      assert.deepEqual([broken?.kind, broken?.outcome, broken?.endedBy], ['barrier', 'raised', 0]);
    });
  }

  onEachPython(
    "have helpers that fold away, and run the person's own code in the open",
    async python => {
      const recorded = await record(python, HELPED);
      assert.equal(recorded.out, (await runPlain(python, HELPED)).out);
      const { model } = recorded;
      const shown = model.lanes.filter(lane => !lane.helper && lane.kind === 'thread');
      assert.deepEqual(
        shown.map(lane => lane.name.replace(/^Thread-\d+/, 'Timer')),
        shown.map(() => 'Timer'),
        'the only threads that are not helpers are those of the program',
      );
      const killed = model.lanes.filter(lane => lane.end === 'killed');
      // Those workers that the pool's end found still running: it is no accident of theirs.
      assert.ok(
        killed.every(lane => lane.detail === 'SIGTERM by terminate()'),
        killed.map(lane => lane.detail).join(),
      );
      const helpers = model.lanes.filter(lane => lane.helper && lane.process === 0);
      assert.equal(helpers.length, 6, helpers.map(lane => lane.name).join(', '));
      const waitsOfHelpers = (mark: string) =>
        waitsAt(recorded, HELPED, mark).filter(wait => model.lanes[wait.lane]?.helper);
      // Both callbacks wait, on threads of the pool and of the executor; the iterable of imap on another.
      assert.deepEqual(
        waitsOfHelpers('callback').map(wait => wait.kind),
        ['event', 'event'],
      );
      assert.ok(waitsOfHelpers('piece').length > 0);
    },
  );
});
