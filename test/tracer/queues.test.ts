/** Queues: who waited for an item, for room, for the work to be done, and who put what was got. */
import assert from 'node:assert/strict';
import type { Wait } from '../../src/trace/model';
import { handoffsOf, laneNamed, lineOf, onEachPython, record, waitsAt } from './recorded';

const WORK = `
import queue, threading, time
jobs = queue.Queue()
def work():
    while True:
        job = jobs.get()  # get
        if job is None:
            break
        time.sleep(0.03)
        jobs.task_done()  # done
    jobs.task_done()
worker = threading.Thread(target=work, name="worker")
worker.start()
while not jobs.not_empty._waiters:
    time.sleep(0.001)
time.sleep(0.05)
for job in range(3):
    jobs.put(job)  # put
jobs.join()  # drain
jobs.put(None)  # stop
worker.join()
`;

const LIMIT = `
import queue, threading, time
jobs = queue.Queue(maxsize=1)
def work():
    while not jobs.not_full._waiters:
        time.sleep(0.001)
    time.sleep(0.05)
    jobs.get()  # get
    jobs.get()
worker = threading.Thread(target=work, name="worker")
worker.start()
jobs.put(1)  # room
jobs.put(2)  # full
worker.join()
jobs.put(3)
try:
    jobs.put(4, timeout=0.02)  # gives up
except queue.Full:
    pass
jobs.get()
try:
    jobs.get(timeout=0.02)  # empty
except queue.Empty:
    pass
`;

const KINDS = `
import queue, threading, time
class Mine(queue.Queue):
    pass
for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue, Mine):
    q = kind()
    def taker():
        q.get()  # blocked
        q.get()  # there
        q.get_nowait()  # not a wait
    thread = threading.Thread(target=taker, name=kind.__name__)
    thread.start()
    time.sleep(0.03)
    q.put((1, "a")); q.put((1, "a")); q.put((2, "b"))  # puts
    thread.join()
`;

const MUTEX = `
import queue, threading, time
q = queue.Queue()
def put():
    with q.mutex:
        time.sleep(0.03)
threading.Thread(target=put).start()
time.sleep(0.01)
q.put(1)
q.get()  # got
`;

const only = (waits: readonly Wait[]): Wait => {
  assert.equal(waits.length, 1, `expected one wait, got ${JSON.stringify(waits)}`);
  return waits[0]!;
};

describe('queues', () => {
  onEachPython('hand items over: each get knows its put', async python => {
    const run = await record(python, WORK);
    const main = laneNamed(run.model, 'MainThread').id;
    const worker = laneNamed(run.model, 'worker').id;
    const gets = waitsAt(run, WORK, 'get');
    assert.equal(gets.length, 4);
    const [first, ...others] = gets;
    assert.ok(first!.endedAtNs! > first!.startNs, 'the first get waits for the first put');
    for (const get of gets.slice(0, 3)) {
      assert.deepEqual([get.kind, get.lane, get.outcome], ['get', worker, 'done']);
      assert.deepEqual([get.endedBy, get.endedAt?.line], [main, lineOf(WORK, 'put')]);
    }
    assert.equal(gets[3]!.endedAt?.line, lineOf(WORK, 'stop'));
    for (const get of others.slice(0, 2)) {
      assert.ok(get.endedAtNs! < get.startNs, 'what they get had been put before');
    }

    const drain = only(waitsAt(run, WORK, 'drain'));
    assert.deepEqual([drain.kind, drain.lane, drain.endedBy], ['drain', main, worker]);
    assert.equal(drain.endedAt?.line, lineOf(WORK, 'done'));
    assert.equal(waitsAt(run, WORK, 'put').length, 0, 'a put without a limit cannot wait');
    const handoffs = handoffsOf(run.model).filter(one => one.kind === 'put-get');
    assert.deepEqual(
      handoffs.map(one => one.from.site?.line),
      ['put', 'put', 'put', 'stop'].map(mark => lineOf(WORK, mark)),
    );
    for (const one of handoffs) assert.ok(one.from.ns <= one.to.ns, 'cause before effect');
    assert.ok(run.model.objects.some(one => one.kind === 'queue' && one.name === 'jobs'));
  });

  onEachPython('hold up a put when full, until a get', async python => {
    const run = await record(python, LIMIT);
    const worker = laneNamed(run.model, 'worker').id;
    const room = only(waitsAt(run, LIMIT, 'room'));
    const full = only(waitsAt(run, LIMIT, 'full'));
    assert.deepEqual([room.kind, room.outcome], ['put', 'done']);
    assert.ok(room.endNs! <= full.startNs);
    assert.ok(full.endNs! - full.startNs > 20e6);
    assert.deepEqual([full.endedBy, full.endedAt?.line], [worker, lineOf(LIMIT, 'get')]);
    assert.equal(only(waitsAt(run, LIMIT, 'gives up')).outcome, 'timed-out');
    assert.equal(only(waitsAt(run, LIMIT, 'empty')).outcome, 'timed-out');
  });

  onEachPython('of every kind tell the same', async python => {
    const run = await record(python, KINDS);
    assert.deepEqual(
      run.model.notes.filter(note => note.includes('failed')),
      [],
    );
    const main = laneNamed(run.model, 'MainThread').id;
    for (const mark of ['blocked', 'there']) {
      const waits = waitsAt(run, KINDS, mark);
      assert.equal(waits.length, 5);
      for (const wait of waits) {
        assert.deepEqual([wait.kind, wait.outcome, wait.endedBy], ['get', 'done', main]);
        assert.equal(wait.endedAt?.line, lineOf(KINDS, 'puts'));
      }
    }
    assert.equal(waitsAt(run, KINDS, 'not a wait').length, 0);
    assert.equal(handoffsOf(run.model).filter(one => one.kind === 'put-get').length, 15);
  });

  onEachPython('report one wait however much the library waits inside', async python => {
    const run = await record(python, MUTEX);
    const got = only(waitsAt(run, MUTEX, 'got'));
    assert.equal(got.kind, 'get');
    const lines = new Set(run.model.files);
    assert.ok([...lines].every(file => file.endsWith('snippet.py')));
  });
});
