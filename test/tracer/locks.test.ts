/** Locks: contention only, who held it and where, who let go, and the deadlock of two. */
import assert from 'node:assert/strict';
import { laneNamed, lineOf, onEachPython, record, waitsAt, waitsOf, Workbench } from './recorded';
import type { RunModel } from '../../src/trace/model';

const CONTENDED = (make: string): string => `
import threading, time
class Account:
    def __init__(self):
        self.lock = ${make}
account = Account()
entered = threading.Event()
def holder():
    with account.lock:  # held
        entered.set()
        time.sleep(0.05)
def taker():
    account.lock.acquire()  # taken
    entered.set()
    time.sleep(0.05)
    account.lock.release()  # let go
for target in (holder, taker):
    thread = threading.Thread(target=target, name=target.__name__)
    thread.start()
    entered.wait()
    with account.lock:  # wants
        pass
    entered.clear()
    thread.join()
for _ in range(100):
    with account.lock:  # free
        pass
    account.lock.acquire()  # free too
    account.lock.release()
account.lock.acquire()
print(threading.Thread(target=lambda: account.lock.acquire(timeout=0.02)).start())  # in vain
`;

const CONDITION = `
import threading, time
condition = threading.Condition()
def wakes():
    with condition:
        condition.wait()  # wait
thread = threading.Thread(target=wakes, name="sleeper")
thread.start()
while not condition._waiters:
    time.sleep(0.001)
with condition:
    condition.notify()  # notify
    time.sleep(0.03)
thread.join()
`;

const DEADLOCK = `
import threading
first, second = threading.Lock(), threading.Lock()
both = threading.Barrier(2)
def forward():
    with first:  # holds first
        both.wait()
        with second:  # wants second
            pass
def back():
    second.acquire()  # holds second
    both.wait()
    first.acquire()  # wants first
threads = [threading.Thread(target=forward, name="forward"), threading.Thread(target=back, name="back")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
`;

describe('locks', () => {
  for (const make of ['threading.Lock()', 'threading.RLock()']) {
    onEachPython(`tell of contention and of nothing else: ${make}`, async python => {
      const source = CONTENDED(make);
      const run = await record(python, source);
      const wants = waitsAt(run, source, 'wants');
      assert.equal(wants.length, 2);
      const expected = [
        ['holder', 'held'],
        ['taker', 'let go'],
      ] as const;
      for (const [index, [name, mark]] of expected.entries()) {
        const wait = wants[index]!;
        assert.deepEqual([wait.kind, wait.outcome], ['lock', 'done']);
        assert.ok(wait.endNs! - wait.startNs > 20e6);
        assert.equal(wait.endedBy, laneNamed(run.model, name).id);
        assert.equal(wait.endedAt?.line, lineOf(source, mark));
      }
      assert.equal(waitsAt(run, source, 'free').length, 0);
      assert.equal(waitsAt(run, source, 'free too').length, 0);
      assert.equal(waitsAt(run, source, 'in vain')[0]?.outcome, 'timed-out');
      const lock = run.model.objects.find(object => object.id === wants[0]!.object);
      assert.match(lock!.name, /^R?lock at snippet\.py:5$|^lock$/i);
    });
  }

  onEachPython('taken back by a condition are part of its wait', async python => {
    const run = await record(python, CONDITION);
    const [wait, ...more] = waitsAt(run, CONDITION, 'wait');
    assert.equal(more.length, 0);
    assert.equal(wait!.kind, 'condition');
    assert.equal(wait!.endedAt?.line, lineOf(CONDITION, 'notify'));
    assert.ok(wait!.endNs! - wait!.readyNs! > 15e6, 'notified long before it had the lock again');
  });

  onEachPython(
    'in a deadlock show live who holds what, and the run can be stopped',
    async python => {
      const bench = new Workbench();
      try {
        const run = await bench.start(python, bench.write(DEADLOCK));
        await until(run.model, () => blocked(run.model).length === 2);
        const { model } = run;
        for (const [waiter, wants, holder, holds] of [
          ['forward', 'wants second', 'back', 'holds second'],
          ['back', 'wants first', 'forward', 'holds first'],
        ] as const) {
          const wait = blocked(model).find(one => one.lane === laneNamed(model, waiter).id);
          assert.equal(wait?.site?.line, lineOf(DEADLOCK, wants));
          assert.equal(wait.outcome, 'waiting');
          const lock = model.objects[wait.object!]!;
          assert.equal(lock.owner, laneNamed(model, holder).id, `${holder} ${holds}`);
        }
        await run.stop();
        assert.equal(model.finished, true);
        assert.ok(blocked(model).every(wait => wait.outcome === 'cut-off'));
      } finally {
        bench.dispose();
      }
    },
  );
});

const blocked = (model: RunModel): ReturnType<typeof waitsOf> =>
  waitsOf(model).filter(wait => wait.kind === 'lock');

/** Resolves when the model, at a change, is as wanted. */
function until(model: RunModel, isSo: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (!isSo()) return;
      subscription.dispose();
      resolve();
    };
    const subscription = model.onDidChange(look);
    look();
  });
}
