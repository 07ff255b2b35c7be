import assert from 'node:assert/strict';
import {
  handoffsOf,
  laneNamed,
  onEachPython,
  onNewestPython,
  record,
  runPlain,
  scrubbed,
  waitsAt,
  waitsOf,
  type Recorded,
} from './recorded';

const PROCESSES = `
import multiprocessing as mp, os, sys, time

def work(n, results):
    time.sleep(0.05 * n)
    results.put(n * n)  # put

def bad():
    raise ValueError("no")

def leaves():
    os._exit(9)

def echo(end):
    value = end.recv()  # child-recv
    end.send(value + 1)  # child-send

def guarded(lock, ready, gate):
    ready.release()
    gate.wait()  # gate
    with lock:  # lock
        time.sleep(0.05)

class Named(mp.Process):
    def run(self):
        print(self.name, flush=True)

if __name__ == "__main__":
    mp.set_start_method(sys.argv[1])
    results = mp.Queue()
    workers = [mp.Process(target=work, args=(n, results), name="worker %d" % n) for n in (1, 2)]
    for worker in workers:
        worker.start()  # start
    print(sorted(results.get() for _ in workers))  # get
    for worker in workers:
        worker.join()  # join
    for target in (bad, leaves):
        process = mp.Process(target=target, name=target.__name__)
        process.start()
        process.join()
        print(process.exitcode)
    here, there = mp.Pipe()
    process = mp.Process(target=echo, args=(there,), name="echo")
    process.start()
    here.send(41)  # send
    print(here.recv())  # recv
    process.join()
    process = Named(name="a subclass", daemon=True)
    process.start()
    process.join()
    process = mp.Process(target=time.sleep, args=(60,), name="sleeper")
    process.start()
    process.join(0.05)  # join-timeout
    print(process.is_alive())
    process.terminate()
    process.join()
    print(process.exitcode)
    lock, ready, gate = mp.Lock(), mp.Semaphore(0), mp.Event()
    guards = [mp.Process(target=guarded, args=(lock, ready, gate), name="guard %d" % n) for n in (1, 2)]
    for guard in guards:
        guard.start()
    for guard in guards:
        ready.acquire()  # ready
    time.sleep(0.1)
    gate.set()  # set
    for guard in guards:
        guard.join()
    late = mp.Process(target=time.sleep, args=(0.05,), name="late")
    late.start()
    print(len(mp.connection.wait([late.sentinel])))  # wait
    late.join()
`;

const POOLS = `
import multiprocessing as mp, sys, time
from multiprocessing.pool import ThreadPool

def nijou(x):
    time.sleep(0.02)
    return x * x

def add(a, b):
    return a + b

def bad(x):
    raise KeyError(x)

if __name__ == "__main__":
    mp.set_start_method(sys.argv[1])
    for make in (mp.Pool, ThreadPool):
        pool = make(2)  # make
        print(pool.map(nijou, range(4)))  # map
        print(pool.starmap(add, [(1, 2), (3, 4)]))  # starmap
        print(pool.apply(add, (5, 6)))  # apply
        later = pool.apply_async(nijou, (9,))  # async
        print(later.get(30))  # async-get
        print(list(pool.imap(nijou, range(3))))  # imap
        print(sorted(pool.imap_unordered(nijou, range(3))))  # imap-unordered
        try:
            pool.map(bad, [1])  # bad
        except KeyError as error:
            print("KeyError", error)
        slow = pool.map_async(time.sleep, [0.3])
        slow.wait(0.05)  # wait-timeout
        print(slow.ready())
        pool.close()
        pool.join()  # pool-join
`;

const METHODS = process.platform === 'win32' ? ['spawn'] : ['fork', 'spawn', 'forkserver'];

function handoffs(recorded: Recorded, kind: string): [string, string][] {
  const { lanes } = recorded.model;
  return handoffsOf(recorded.model)
    .filter(handoff => handoff.kind === kind)
    .map(handoff => [lanes[handoff.from.lane]?.name ?? '', lanes[handoff.to.lane]?.name ?? '']);
}

describe('multiprocessing', function () {
  this.timeout(120_000);

  for (const method of METHODS) {
    onEachPython(`follows processes by ${method}`, async python => {
      const recorded = await record(python, PROCESSES, method);
      const plain = await runPlain(python, PROCESSES, method);
      assert.equal(recorded.out, plain.out, recorded.err);
      assert.equal(scrubbed(recorded.err), scrubbed(plain.err));
      const { model } = recorded;
      assert.deepEqual(
        model.notes.filter(note => /tracer/.test(note)),
        [],
      );

      const [one, two] = [laneNamed(model, 'worker 1'), laneNamed(model, 'worker 2')];
      for (const lane of [one, two]) {
        assert.deepEqual(
          [lane.kind, lane.parent, lane.end, lane.exitCode],
          ['process', 0, 'returned', 0],
        );
        assert.ok(lane.startNs > lane.createdNs);
      }
      const joins = waitsAt(recorded, PROCESSES, 'join');
      assert.deepEqual(
        joins.map(join => [join.kind, join.on, join.endedBy]),
        [
          ['join', [one.id], one.id],
          ['join', [two.id], two.id],
        ],
      );
      const gets = waitsAt(recorded, PROCESSES, 'get');
      assert.deepEqual(new Set(gets.map(get => get.endedBy)), new Set([one.id, two.id]));
      assert.deepEqual(new Set(gets.map(get => get.label)), new Set(['queue results']));
      assert.equal(waitsAt(recorded, PROCESSES, 'put').length, 2);

      const bad = laneNamed(model, 'bad');
      assert.deepEqual([bad.end, bad.detail, bad.exitCode], ['raised', 'ValueError: no', 1]);
      assert.deepEqual(
        [laneNamed(model, 'leaves').end, laneNamed(model, 'leaves').exitCode],
        ['exited', 9],
      );
      assert.equal(laneNamed(model, 'sleeper').end, 'killed');
      assert.equal(laneNamed(model, 'a subclass').daemon, true);

      const echo = laneNamed(model, 'echo');
      assert.equal(waitsAt(recorded, PROCESSES, 'recv')[0]?.endedBy, echo.id);
      assert.equal(waitsAt(recorded, PROCESSES, 'child-recv')[0]?.endedBy, 0);
      assert.equal(waitsAt(recorded, PROCESSES, 'join-timeout')[0]?.outcome, 'timed-out');

      const gate = waitsAt(recorded, PROCESSES, 'gate');
      assert.deepEqual(
        gate.map(wait => [wait.kind, wait.endedBy]),
        [
          ['event', 0],
          ['event', 0],
        ],
      );
      // Which of the two comes first is a matter of luck; the other waits for it.
      const [blocked] = waitsAt(recorded, PROCESSES, 'lock');
      const other = model.lanes[blocked?.lane ?? 0]?.name === 'guard 1' ? 'guard 2' : 'guard 1';
      assert.equal(blocked?.kind, 'lock');
      assert.equal(blocked?.endedBy, laneNamed(model, other).id);
      assert.deepEqual(waitsAt(recorded, PROCESSES, 'wait')[0]?.on, [laneNamed(model, 'late').id]);

      for (const lane of model.lanes) assert.notEqual(lane.end, 'running', lane.name);
      const helpers = model.lanes.filter(lane => lane.helper).map(lane => lane.name);
      assert.ok(helpers.includes('QueueFeederThread'));
      if (method !== 'fork') assert.ok(helpers.includes('resource tracker'));
      if (method === 'forkserver') assert.ok(helpers.includes('fork server'));
    });

    // What a pool does differs by start method only in how its workers come to be.
    const onPythons = method === 'fork' ? onEachPython : onNewestPython;
    onPythons(`follows pools by ${method}`, async python => {
      const recorded = await record(python, POOLS, method);
      const plain = await runPlain(python, POOLS, method);
      assert.equal(recorded.out, plain.out, recorded.err);
      assert.equal(recorded.end.exitCode, 0);
      const { model } = recorded;
      assert.deepEqual(
        model.notes.filter(note => /tracer/.test(note)),
        [],
      );

      const workers = model.lanes.filter(lane => /PoolWorker/.test(lane.name));
      assert.deepEqual(
        workers.map(lane => lane.kind),
        ['process', 'process'],
      );
      const helpers = model.lanes.filter(lane => lane.helper && lane.process === 0);
      assert.ok(helpers.length >= 6, 'three handler threads of each pool');

      const names = model.jobs.map(job => job.name);
      for (const name of [
        'nijou(3)',
        'add(3, 4)',
        'add(5, 6)',
        'nijou(9)',
        'bad(1)',
        'sleep(0.3)',
      ]) {
        assert.equal(names.filter(one => one === name).length, 2, `${name} in ${names.join()}`);
      }
      for (const job of model.jobs) {
        assert.ok(job.submittedBy === 0 || model.lanes[job.submittedBy ?? -1]?.helper, job.name);
        assert.ok((job.startNs ?? 0) >= (job.submittedNs ?? 0), job.name);
        assert.ok((job.endNs ?? 0) >= (job.startNs ?? 0), job.name);
        assert.equal(job.outcome, job.name.startsWith('bad') ? 'raised' : 'done');
      }

      for (const mark of ['map', 'apply', 'async-get', 'imap', 'imap-unordered']) {
        const waits = waitsAt(recorded, POOLS, mark);
        assert.ok(waits.length >= 2, mark);
        for (const wait of waits) {
          assert.equal(wait.kind, 'result', mark);
          if (wait.endedBy === null) continue;
          const by = model.lanes[wait.endedBy];
          assert.ok(
            /PoolWorker|^Thread-\d+( \(worker\))?$/.test(by?.name ?? ''),
            `${mark} by ${by?.name}`,
          );
        }
      }
      const [map] = waitsAt(recorded, POOLS, 'map');
      // One worker may be done with all of it before the other has started.
      assert.ok(map && map.on.length > 0);
      for (const lane of map.on) assert.ok(workers.some(worker => worker.id === lane));
      assert.equal(waitsAt(recorded, POOLS, 'wait-timeout')[0]?.outcome, 'timed-out');
      const [join] = waitsAt(recorded, POOLS, 'pool-join');
      assert.deepEqual([join?.kind, join?.outcome], ['join', 'done']);
      assert.ok(handoffs(recorded, 'submit-run').some(([, to]) => /PoolWorker/.test(to)));
      assert.ok(handoffs(recorded, 'run-result').some(([from]) => /PoolWorker/.test(from)));
      const idle = waitsOf(model).filter(wait => wait.label === 'the next task');
      assert.ok(idle.length > 0);
    });
  }
});
