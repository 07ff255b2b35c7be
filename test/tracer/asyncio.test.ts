/** asyncio tasks as lanes: what each awaits, where, who wakes it, and how its waits end. */
import assert from 'node:assert/strict';
import type { Wait } from '../../src/trace/model';
import {
  handoffsOf,
  laneNamed,
  lineOf,
  onEachPython,
  record,
  runPlain,
  scrubbed,
  waitsAt,
  type Recorded,
} from './recorded';

const TASKS = `
import asyncio

async def fetch(n):
    await asyncio.sleep(0.05 * n)  # sleep
    return n

async def fails():
    await asyncio.sleep(0.01)
    raise ValueError("bad")

async def main():
    print(await fetch(1))  # inner
    named = asyncio.ensure_future(fetch(2))
    if hasattr(named, "set_name"):
        named.set_name("second")
    print(await named)  # task
    print(await asyncio.gather(fetch(1), fetch(3)))  # gather
    done, pending = await asyncio.wait([asyncio.ensure_future(fetch(n)) for n in (1, 4)], timeout=0.1)  # wait
    print(len(done), len(pending))
    await asyncio.wait(pending)
    for first in asyncio.as_completed([fetch(2), fetch(1)]):
        print(await first)  # completed
    task = asyncio.ensure_future(fetch(2))
    print(await asyncio.shield(task))  # shield
    try:
        await asyncio.ensure_future(fails())  # raises
    except ValueError as problem:
        print(problem)

if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())  # run
    loop.close()
`;

const OBJECTS = `
import asyncio

async def consume(queue):
    while True:
        item = await queue.get()  # get
        await asyncio.sleep(0.02)
        queue.task_done()  # done

async def hold(lock):
    async with lock:  # lock
        await asyncio.sleep(0.02)  # held

async def limit(seats):
    async with seats:  # seats
        await asyncio.sleep(0.02)  # seated

async def ring(bell):
    await asyncio.sleep(0.02)
    bell.set()  # set

async def tell(news):
    await asyncio.sleep(0.02)
    async with news:
        news.notify_all()  # notify

async def main():
    jobs = asyncio.Queue(maxsize=1)
    consumer = asyncio.ensure_future(consume(jobs))
    await asyncio.sleep(0.01)
    for number in range(3):
        await jobs.put(number)  # put
    await jobs.join()  # drain
    consumer.cancel()  # cancel
    table = asyncio.Lock()
    await asyncio.gather(hold(table), hold(table))
    chairs = asyncio.Semaphore(1)
    await asyncio.gather(limit(chairs), limit(chairs))
    bell = asyncio.Event()
    ringer = asyncio.ensure_future(ring(bell))
    await bell.wait()  # event
    news = asyncio.Condition()
    teller = asyncio.ensure_future(tell(news))
    async with news:
        await news.wait()  # condition
    print("end")

asyncio.run(main())
`;

const ENDS = `
import asyncio, sys, threading, time

def work(n):
    time.sleep(0.05)
    return n

async def for_ever():
    await asyncio.Event().wait()  # for ever

async def numbers():
    for n in range(2):
        await asyncio.sleep(0.01)  # generator
        yield n

async def blocker():
    await asyncio.sleep(0.01)
    time.sleep(0.3)  # block

async def patient():
    await asyncio.sleep(0.1)  # patient

async def main():
    loop = asyncio.get_running_loop()
    try:
        await asyncio.wait_for(for_ever(), 0.02)  # timeout
    except asyncio.TimeoutError:
        print("timed out")
    task = asyncio.ensure_future(for_ever())
    await asyncio.sleep(0.01)
    task.cancel()  # cancel
    try:
        await task  # cancelled
    except asyncio.CancelledError:
        print("cancelled")
    async for n in numbers():  # for
        print(n)
    print([n async for n in numbers()])
    print(await loop.run_in_executor(None, work, 5))  # executor
    future = loop.create_future()
    def set_it():
        time.sleep(0.02)
        loop.call_soon_threadsafe(future.set_result, 6)  # threadsafe
    thread = threading.Thread(target=set_it, name="setter")
    thread.start()
    print(await future)  # future
    thread.join()
    await asyncio.gather(blocker(), patient())

asyncio.run(main())
`;

describe('asyncio tasks', () => {
  onEachPython('are lanes with a name, a parent and what they await', async python => {
    const recorded = await record(python, TASKS);
    assert.equal(recorded.out, (await runPlain(python, TASKS)).out);
    assert.equal(recorded.err, '');
    const { model } = recorded;
    const main = laneNamed(model, /main\(\)$/);
    const second = laneNamed(model, 'second');
    assert.equal(main.kind, 'task');
    assert.equal(model.lanes[main.parent!]?.kind, 'main');
    assert.equal(second.parent, main.id);
    assert.equal(second.end, 'returned');

    const [run] = waitsAt(recorded, TASKS, 'run');
    assert.deepEqual([run?.lane, run?.kind, run?.on], [0, 'await', [main.id]]);
    assert.ok(duration(run) > 300);

    const [inner] = waitsAt(recorded, TASKS, 'inner');
    assert.deepEqual([inner?.lane, inner?.kind, inner?.label], [main.id, 'await', 'fetch(1)']);
    assert.ok(duration(inner) >= 20);
    const [sleep] = waitsAt(recorded, TASKS, 'sleep');
    assert.deepEqual([sleep?.lane, sleep?.kind, sleep?.label], [main.id, 'sleep', 'sleep 0.05 s']);

    const [task] = waitsAt(recorded, TASKS, 'task');
    assert.deepEqual([task?.kind, task?.on, task?.endedBy], ['await', [second.id], second.id]);

    const [gather] = waitsAt(recorded, TASKS, 'gather');
    assert.equal(gather?.kind, 'wait');
    assert.deepEqual(namesOf(recorded, gather.on), ['fetch(1)', 'fetch(3)']);
    assert.equal(gather.endedBy, gather.on[1]);

    const [several] = waitsAt(recorded, TASKS, 'wait');
    assert.deepEqual([several?.kind, several?.outcome], ['wait', 'timed-out']);
    assert.deepEqual(namesOf(recorded, several!.on), ['fetch(1)', 'fetch(4)']);
    assert.ok(Math.abs(several!.timeoutNs! - 1e8) < 1);

    const completed = waitsAt(recorded, TASKS, 'completed');
    assert.equal(completed.length, 2);
    assert.deepEqual(
      namesOf(
        recorded,
        completed.map(wait => wait.endedBy!),
      ),
      ['fetch(1)', 'fetch(2)'],
    );
    const [shield] = waitsAt(recorded, TASKS, 'shield');
    assert.deepEqual(namesOf(recorded, shield!.on), ['fetch(2)']);
    assert.equal(shield!.endedBy, shield!.on[0]);

    const [raises] = waitsAt(recorded, TASKS, 'raises');
    assert.equal(raises?.outcome, 'raised');
    const failed = laneNamed(model, /fails\(\)$/);
    assert.deepEqual([failed.end, failed.detail], ['raised', 'ValueError: bad']);
  });

  onEachPython(
    'wait on queues, locks and the like, ended by a line of another task',
    async python => {
      const recorded = await record(python, OBJECTS);
      assert.equal(recorded.out, 'end\n');
      const { model } = recorded;
      const main = laneNamed(model, /main\(\)$/).id;
      const consumer = laneNamed(model, /consume\(/).id;
      // Before 3.10 a `with` block is left on its last line, as the interpreter sees it.
      const old = ['3.8', '3.9'].includes(python.version);
      const expected: [string, Partial<Wait>, string | null][] = [
        ['get', { kind: 'get', lane: consumer, label: 'queue jobs', endedBy: main }, 'put'],
        ['put', { kind: 'put', lane: main, label: 'queue jobs', endedBy: consumer }, 'get'],
        ['drain', { kind: 'drain', lane: main, label: 'queue jobs', endedBy: consumer }, 'done'],
        ['lock', { kind: 'lock', label: 'lock table' }, old ? 'held' : 'lock'],
        ['seats', { kind: 'semaphore', label: 'semaphore chairs' }, old ? 'seated' : 'seats'],
        ['event', { kind: 'event', lane: main, label: 'event bell' }, 'set'],
        ['condition', { kind: 'condition', lane: main, label: 'condition news' }, 'notify'],
      ];
      for (const [mark, fields, by] of expected) {
        const waits = waitsAt(recorded, OBJECTS, mark);
        const wait = waits.find(one => one.endedBy !== null) ?? waits[0];
        assert.ok(wait, mark);
        const { kind, lane, label, endedBy } = wait;
        assert.deepEqual({ kind, lane, label, endedBy, ...fields }, { kind, lane, label, endedBy });
        if (by) assert.equal(wait.endedAt?.line, lineOf(OBJECTS, by), mark);
        assert.equal(wait.outcome, 'done', mark);
      }
      const kinds = new Set(handoffsOf(model).map(handoff => handoff.kind));
      for (const kind of [
        'start',
        'put-get',
        'release-acquire',
        'set-wait',
        'notify-wait',
      ] as const) {
        assert.ok(kinds.has(kind), kind);
      }
      const last = waitsAt(recorded, OBJECTS, 'get').at(-1);
      assert.equal(last?.outcome, 'cancelled');
      assert.equal(last?.endedAt?.line, lineOf(OBJECTS, 'cancel'));
    },
  );

  onEachPython(
    'end by time-out, cancellation, executors, other threads and late loops',
    async python => {
      const recorded = await record(python, ENDS);
      assert.equal(recorded.out, (await runPlain(python, ENDS)).out);
      const { model } = recorded;
      const main = laneNamed(model, /main\(\)$/).id;
      const [timeout] = waitsAt(recorded, ENDS, 'timeout');
      assert.equal(timeout?.outcome, 'timed-out');
      assert.ok(Math.abs(timeout.timeoutNs! - 2e7) < 1);

      const [cancelled] = waitsAt(recorded, ENDS, 'cancelled');
      assert.equal(cancelled?.outcome, 'cancelled');
      const forEver = waitsAt(recorded, ENDS, 'for ever').at(-1);
      assert.deepEqual([forEver?.outcome, forEver?.endedBy], ['cancelled', main]);
      assert.equal(forEver?.endedAt?.line, lineOf(ENDS, 'cancel'));

      const generator = waitsAt(recorded, ENDS, 'generator');
      assert.equal(generator.length, 4);
      for (const wait of generator) assert.deepEqual([wait.kind, wait.lane], ['sleep', main]);
      const loops = waitsAt(recorded, ENDS, 'for');
      assert.equal(loops.length, 2);
      for (const wait of loops) assert.equal(wait.label, 'numbers()');

      const [executor] = waitsAt(recorded, ENDS, 'executor');
      assert.deepEqual([executor?.kind, executor?.label], ['result', 'work(5)']);
      assert.equal(model.lanes[executor!.endedBy!]?.kind, 'thread');

      const setter = laneNamed(model, 'setter').id;
      const [future] = waitsAt(recorded, ENDS, 'future');
      assert.deepEqual([future?.kind, future?.label, future?.endedBy], ['await', 'future', setter]);
      assert.equal(future?.endedAt?.line, lineOf(ENDS, 'threadsafe'));

      // The loop is held up for 0.3 s by a task that sleeps without await: the other could have gone on at 0.1 s.
      const [block] = waitsAt(recorded, ENDS, 'block');
      assert.match(model.lanes[block!.lane]!.name, /blocker\(\)$/);
      const [patient] = waitsAt(recorded, ENDS, 'patient');
      assert.ok(patient?.readyNs && patient.endNs);
      assert.ok(patient.readyNs - patient.startNs < 1.5e8);
      assert.ok(patient.endNs - patient.readyNs > 1e8);
      const long = Array.from(model.stepsOfLane(block!.lane), index => model.step(index));
      assert.ok(long.some(step => step.toNs !== null && step.toNs - step.fromNs > 2.5e8));
      assert.deepEqual(complaints(recorded), []);
    },
  );
});

const MANY = `
import asyncio

async def nothing(n):
    await asyncio.sleep(0)
    return n

async def main():
    print(sum(await asyncio.gather(*[nothing(n) for n in range(10000)])))

asyncio.run(main())
`;

const LOOSE = `
import asyncio, gc, inspect, sys

async def forgotten():
    pass

async def fails():
    raise KeyError("lost")

class Loop(asyncio.SelectorEventLoop):
    def call_soon(self, callback, *args, context=None):
        return super().call_soon(callback, *args, context=context)

class Task(asyncio.Task):
    pass

async def main():
    loop = asyncio.get_running_loop()
    current = asyncio.current_task()
    print(current.get_name() if hasattr(current, "get_name") else "")
    print(repr(current).split(" cb=")[0].split(" at ")[0])
    print(type(current) is asyncio.Task, current.get_coro().__name__, inspect.iscoroutine(current.get_coro()))
    forgotten()
    task = loop.create_task(fails())
    await asyncio.sleep(0)
    del task
    gc.collect()
    made = []
    def factory(loop, coro, **options):
        made.append(coro.__name__)
        return Task(coro, loop=loop, **options)
    loop.set_task_factory(factory)
    print(type(await asyncio.gather(kind())), loop.get_task_factory() is factory, made)
    group = asyncio.gather(asyncio.sleep(9), asyncio.sleep(9))
    await asyncio.sleep(0.01)
    group.cancel()
    try:
        await group
    except asyncio.CancelledError:
        print("cancelled", len(asyncio.all_tasks()))

async def kind():
    return asyncio.current_task()

asyncio.set_event_loop_policy(None)
loop = Loop()
try:
    loop.run_until_complete(main())
finally:
    loop.close()
`;

const CALLED = `
import asyncio

async def sleeper():
    try:
        await asyncio.sleep(60)  # asleep
    except asyncio.CancelledError:
        print("cancelled")

async def main():
    task = asyncio.ensure_future(sleeper())
    loop = asyncio.get_running_loop()
    loop.call_soon(task.done)
    loop.call_later(0.01, task.done)
    loop.call_later(0.02, task.cancel)
    await task

asyncio.run(main())
`;

const BAD_YIELD = `
import asyncio

class Bad:
    def __await__(self):
        yield 42

async def bad():
    try:
        await Bad()
    except RuntimeError as error:
        print(error)
    await asyncio.sleep(0.01)  # after
    return 5

async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coroutine, **options: asyncio.tasks._PyTask(coroutine, loop=loop, **options))
    task = asyncio.ensure_future(bad())
    loop.call_soon(task.set_name, "renamed")  # not a step
    print(await task)
    loop.set_task_factory(None)
    print(await asyncio.ensure_future(bad()))

asyncio.run(main())
`;

const LIMITED = `
import asyncio

async def slow():
    await asyncio.sleep(5)  # slow

async def inner():
    try:
        await asyncio.wait_for(slow(), 0.05)  # limited
    except asyncio.TimeoutError:
        return 1

async def main():
    await inner()  # whole
    await asyncio.sleep(0.01)

asyncio.run(main())
`;

const CAUGHT = `
import asyncio

async def patient():
    try:
        await asyncio.sleep(5)  # caught here
    except asyncio.CancelledError:
        return 1

async def helpless():
    await asyncio.sleep(5)

async def careful():
    try:
        await helpless()  # caught outside
    except asyncio.CancelledError:
        return await asyncio.sleep(0.01, 2)

async def both():
    print(await patient())  # goes on
    print(await careful())

async def main():
    task = asyncio.ensure_future(both())
    for _ in range(2):
        await asyncio.sleep(0.02)
        task.cancel()
    await task

asyncio.run(main())
`;

describe('asyncio under the tracer', () => {
  onEachPython(
    'tells the awaits that a cancellation ended from those that went on',
    async python => {
      const recorded = await record(python, CAUGHT);
      assert.equal(recorded.out, '1\n2\n');
      const outcome = (mark: string): string | undefined =>
        waitsAt(recorded, CAUGHT, mark).at(-1)?.outcome;
      assert.equal(outcome('caught here'), 'cancelled');
      assert.equal(outcome('goes on'), 'done');
      assert.equal(outcome('caught outside'), 'cancelled');
      assert.deepEqual(complaints(recorded), []);
    },
  );

  onEachPython('tells the wait that timed out from those cancelled for it', async python => {
    const recorded = await record(python, LIMITED);
    const outcomes = (mark: string): string[] =>
      waitsAt(recorded, LIMITED, mark).map(wait => wait.outcome);
    assert.equal(outcomes('limited')[0], 'timed-out');
    assert.deepEqual(outcomes('slow'), ['cancelled']);
    assert.deepEqual(outcomes('whole'), ['done']);
    assert.deepEqual(complaints(recorded), []);
  });

  onEachPython('lets a task that yields what cannot be awaited go on', async python => {
    const [traced, plain] = [await record(python, BAD_YIELD), await runPlain(python, BAD_YIELD)];
    assert.equal(traced.out, plain.out);
    assert.match(plain.out, /Task got bad yield: 42\n5\n/);
    assert.equal(waitsAt(traced, BAD_YIELD, 'after').length, 2);
    assert.deepEqual(complaints(traced), []);
  });

  onEachPython('keeps a wait whole while methods of its task are called', async python => {
    const recorded = await record(python, CALLED);
    assert.equal(recorded.out, 'cancelled\n');
    const waits = waitsAt(recorded, CALLED, 'asleep');
    assert.deepEqual(
      waits.map(wait => [wait.kind, wait.outcome, wait.label]),
      [['sleep', 'cancelled', 'sleep 60 s']],
    );
    assert.deepEqual(complaints(recorded), []);
  });

  onEachPython('gives 10,000 tasks their lanes', async python => {
    const recorded = await record(python, MANY);
    assert.equal(recorded.out, '49995000\n');
    const tasks = recorded.model.lanes.filter(lane => lane.kind === 'task');
    assert.equal(tasks.length, 10001);
    assert.ok(tasks.every(task => task.end === 'returned'));
    assert.equal(recorded.model.dropped, 0);
    const { lane, kind } = recorded.model.waitColumns;
    assert.ok(lane.length >= 10001 && kind.length >= 10001);
    assert.deepEqual(complaints(recorded), []);
  });

  onEachPython('leaves tasks, loops, factories and warnings as they are', async python => {
    const [traced, plain] = [await record(python, LOOSE), await runPlain(python, LOOSE)];
    assert.equal(scrubbed(traced.out), scrubbed(plain.out));
    assert.equal(scrubbed(traced.err), scrubbed(plain.err));
    assert.equal(traced.end.exitCode, plain.exitCode);
    assert.match(plain.err, /never awaited/);
    assert.match(plain.err, /never retrieved/);
    assert.deepEqual(complaints(traced), []);
  });
});

function duration(wait: Wait | undefined): number {
  assert.ok(wait && wait.endNs !== null);
  return (wait.endNs - wait.startNs) / 1e6;
}

/** Names of lanes without the number that asyncio gives to tasks. */
function namesOf(recorded: Recorded, lanes: readonly number[]): string[] {
  return lanes.map(lane => recorded.model.lanes[lane]!.name.replace(/^Task-\d+ /, ''));
}

function complaints(recorded: Recorded): readonly string[] {
  return recorded.model.notes.filter(note => note.includes('tracer failed'));
}
