/** Threads, sleeps and the waits of `threading`, by their order, on every interpreter present. */
import assert from 'node:assert/strict';
import type { Wait } from '../../src/trace/model';
import { handoffsOf, laneNamed, lineOf, onEachPython, record, waitsAt, waitsOf } from './recorded';

const only = (waits: readonly Wait[]): Wait => {
  assert.equal(waits.length, 1, `expected one wait, got ${JSON.stringify(waits)}`);
  return waits[0]!;
};

const JOINS = `
import threading, time
class Named(threading.Thread):
    def run(self):
        time.sleep(0.05)
def work():
    time.sleep(0.2)  # sleep
first = threading.Thread(target=work)
second = Named(name="Thread T2")
first.start()  # start
second.start()
first.join(0.01)  # impatient
first.join()  # first
second.join()  # second
`;

const LIBRARY = `
import socketserver, threading, time
server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="serves")
thread.start()
time.sleep(0.1)
server.shutdown()  # led there
thread.join()
server.server_close()
`;

const FAILS = `
import threading, sys
def fail():
    raise ValueError("no luck")
for target in (fail, sys.exit):
    thread = threading.Thread(target=target, name=target.__name__)
    thread.start()
    thread.join()
`;

const WAITS = `
import threading, time
event = threading.Event()
condition = threading.Condition()
permits = threading.Semaphore(0)
barrier = threading.Barrier(2)
def other():
    event.wait()  # event
    with condition:
        condition.wait()  # condition
    permits.acquire()  # semaphore
    barrier.wait()  # barrier
thread = threading.Thread(target=other, name="other")
thread.start()
def until(is_waiting):
    while not is_waiting():
        time.sleep(0.001)
    time.sleep(0.03)
until(lambda: event._cond._waiters)
event.set()  # set
until(lambda: condition._waiters)
with condition:
    condition.notify()  # notify
until(lambda: permits._cond._waiters)
permits.release()  # release
until(lambda: barrier._cond._waiters)
barrier.wait()  # last
thread.join()
event.wait()  # already set
event.clear()
event.wait(0.01)  # times out
with threading.Semaphore(1):  # free
    pass
`;

const SHUTDOWN = `
import threading, time
def late():
    while threading.main_thread().is_alive():
        time.sleep(0.001)
    time.sleep(0.05)
threading.Thread(target=late, name="late").start()
threading.Thread(target=time.sleep, args=(60,), name="daemon", daemon=True).start()
`;

const RAW = `
import _thread, time
def work(n):
    time.sleep(0.01)
    done.release()  # release
done = _thread.allocate_lock()
done.acquire()
_thread.start_new_thread(work, (1,))  # start
done.acquire()
time.sleep(0.05)
`;

const MANY = `
import threading
gate = threading.Event()
threads = [threading.Thread(target=gate.wait, name="t%d" % n) for n in range(2000)]
for thread in threads: thread.start()
gate.set()  # set
for thread in threads: thread.join()
print(threading.active_count())
`;

const RENAME = `
import threading
thread = threading.Thread(target=lambda: None, name="old")
thread.start()
thread.join()
late = threading.Event()
thread = threading.Thread(target=late.wait, name="before")
thread.start()
thread.name = "after"
late.set()
thread.join()
`;

describe('threads', () => {
  onEachPython('are lanes with a start, an end and joins', async python => {
    const run = await record(python, JOINS);
    const main = laneNamed(run.model, 'MainThread');
    const first = laneNamed(run.model, /^Thread-1/);
    const second = laneNamed(run.model, 'Thread T2');
    assert.deepEqual([first.kind, first.parent, first.daemon], ['thread', main.id, false]);
    assert.equal(first.site?.line, lineOf(JOINS, 'start'));
    assert.ok(first.createdNs <= first.startNs && first.startNs < first.endNs!);
    assert.equal(first.end, 'returned');

    const impatient = only(waitsAt(run, JOINS, 'impatient'));
    assert.deepEqual([impatient.kind, impatient.outcome], ['join', 'timed-out']);
    assert.equal(impatient.timeoutNs, 10_000_000);
    const joined = only(waitsAt(run, JOINS, 'first'));
    assert.deepEqual([joined.lane, joined.on, joined.outcome], [main.id, [first.id], 'done']);
    assert.equal(joined.endedBy, first.id);
    assert.ok(joined.endNs! >= first.endNs!, 'join returns after the end of the thread');
    assert.equal(joined.readyNs, first.endNs);
    const late = only(waitsAt(run, JOINS, 'second'));
    assert.ok(late.startNs > second.endNs!, 'the second thread had ended before it was joined');
    assert.equal(late.endedBy, second.id);
    const sleep = only(waitsAt(run, JOINS, 'sleep'));
    assert.deepEqual([sleep.kind, sleep.lane], ['sleep', first.id]);
    assert.ok(sleep.endNs! - sleep.startNs >= 199e6);
    const kinds = handoffsOf(run.model).map(handoff => handoff.kind);
    assert.equal(kinds.filter(kind => kind === 'start').length, 2);
    assert.equal(kinds.filter(kind => kind === 'end-join').length, 2);
  });

  onEachPython('end with what they raised', async python => {
    const { model, err } = await record(python, FAILS);
    const failed = laneNamed(model, 'fail');
    assert.deepEqual([failed.end, failed.detail], ['raised', 'ValueError: no luck']);
    assert.equal(laneNamed(model, 'exit').end, 'exited');
    assert.match(err, /ValueError: no luck/);
    assert.doesNotMatch(err, /clens/);
  });

  onEachPython('wait for each other, and who ended a wait is known with its line', async python => {
    const run = await record(python, WAITS);
    const main = laneNamed(run.model, 'MainThread').id;
    const ended = {
      event: 'set',
      condition: 'notify',
      semaphore: 'release',
      barrier: 'last',
    };
    for (const [kind, mark] of Object.entries(ended)) {
      const wait = only(waitsAt(run, WAITS, kind));
      assert.equal(wait.kind, kind);
      assert.equal(wait.endedBy, main, `${kind} is ended by the main thread`);
      assert.equal(wait.endedAt?.line, lineOf(WAITS, mark));
      assert.ok(wait.endNs! - wait.startNs > 20e6, `${kind} blocked`);
      assert.ok(wait.readyNs! > wait.startNs && wait.readyNs! <= wait.endNs!);
    }
    assert.equal(only(waitsAt(run, WAITS, 'already set')).outcome, 'done');
    assert.equal(only(waitsAt(run, WAITS, 'times out')).outcome, 'timed-out');
    assert.equal(only(waitsAt(run, WAITS, 'free')).kind, 'semaphore');
    assert.ok(run.model.objects.some(object => object.kind === 'event' && object.name === 'event'));
    assert.ok(run.model.objects.some(object => object.name === 'permits'));
  });

  onEachPython('are waited for at the end of the program, daemons are not', async python => {
    const { model } = await record(python, SHUTDOWN);
    const late = laneNamed(model, 'late');
    const wait = only(waitsOf(model).filter(one => one.kind === 'join'));
    assert.deepEqual([wait.site, wait.on, wait.endedBy], [null, [late.id], late.id]);
    assert.equal(laneNamed(model, 'daemon').daemon, true);
    assert.equal(laneNamed(model, 'daemon').end, 'exited');
  });

  onEachPython(
    'are waited for within the library by the name of the call that led there',
    async python => {
      const run = await record(python, LIBRARY);
      const wait = only(waitsAt(run, LIBRARY, 'led there'));
      assert.equal(wait.kind, 'event');
      assert.equal(wait.endedBy, laneNamed(run.model, 'serves').id);
      // Columns are known from 3.11 on.
      const { column } = wait.site ?? {};
      assert.equal(wait.label, column === null ? 'shutdown()' : 'server.shutdown()');
    },
  );

  onEachPython('are lanes too when started by _thread', async python => {
    const { model } = await record(python, RAW);
    const lane = model.lanes.find(one => one.kind === 'thread');
    assert.equal(lane?.site?.line, lineOf(RAW, 'start'));
    assert.equal(lane.end, 'returned');
    assert.match(lane.name, /work/);
  });

  onEachPython('can be two thousand', async python => {
    const { model, out } = await record(python, MANY);
    assert.equal(out, '1\n');
    const threads = model.lanes.filter(lane => lane.kind === 'thread');
    assert.equal(threads.filter(lane => lane.end === 'returned').length, 2000);
    assert.equal(waitsOf(model).filter(wait => wait.kind === 'event').length, 2000);
    assert.equal(model.dropped, 0);
  });

  onEachPython('can be renamed', async python => {
    const { model } = await record(python, RENAME);
    assert.equal(laneNamed(model, 'after').end, 'returned');
  });
});
