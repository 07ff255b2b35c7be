/** What asyncio gained in 3.9 (to_thread), 3.11 (groups, time-outs, barriers) and 3.12 (eager tasks). */
import assert from 'node:assert/strict';
import { findPythons } from '../../scripts/lib/pythons';
import { laneNamed, record, runPlain, waitsAt } from './recorded';

const GROUPS = `
import asyncio, time

def work(n):
    time.sleep(0.02)
    return n

async def fetch(n):
    await asyncio.sleep(0.02 * n)
    return n

async def meet(barrier):
    await asyncio.sleep(0.02)
    await barrier.wait()

async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch(1), name="one")
        group.create_task(fetch(3))
        start = 1  # group
    try:
        async with asyncio.timeout(0.02):
            await fetch(50)  # timeout
    except TimeoutError:
        print("too late")
    gate = asyncio.Barrier(2)
    other = asyncio.create_task(meet(gate))
    await gate.wait()  # barrier
    print(await asyncio.to_thread(work, 7))  # thread

with asyncio.Runner() as runner:
    runner.run(main())  # run
`;

const EAGER = `
import asyncio

async def quick():
    return 1

async def slow(n):
    await asyncio.sleep(0.02 * n)  # sleep
    return n

async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(quick(), name="quick one")
    print(task.done(), await task)
    print(await asyncio.create_task(slow(1), name="slow one"))  # task
    print(await asyncio.gather(slow(1), quick(), slow(2)))  # gather
    print(asyncio.create_eager_task_factory(asyncio.Task).__name__)

asyncio.run(main())
`;

function since(minor: number, title: string, test: (path: string) => Promise<void>): void {
  for (const python of findPythons()) {
    if (Number(python.version.split('.')[1]) < minor) continue;
    it(`${title} (${python.version})`, () => test(python.path));
  }
}

const as = (path: string) => findPythons().find(python => python.path === path)!;

describe('newer asyncio', () => {
  since(11, 'shows groups, time-outs, barriers and threads', async path => {
    const recorded = await record(as(path), GROUPS);
    assert.equal(recorded.out, (await runPlain(as(path), GROUPS)).out);
    const { model } = recorded;
    const main = laneNamed(model, /main\(\)$/).id;
    const one = laneNamed(model, 'one');
    assert.equal(one.parent, main);
    const group = Array.from(model.waitsOfLane(main), id => model.wait(id)).find(
      wait => wait.kind === 'wait',
    );
    assert.ok(group);
    assert.equal(group.on.length, 2);
    assert.equal(group.on[0], one.id);
    assert.equal(group.endedBy, group.on[1]);
    const [timeout] = waitsAt(recorded, GROUPS, 'timeout');
    assert.deepEqual([timeout?.outcome, timeout?.label], ['timed-out', 'fetch(50)']);
    const [barrier] = waitsAt(recorded, GROUPS, 'barrier');
    assert.deepEqual([barrier?.kind, barrier?.label], ['barrier', 'barrier gate']);
    assert.match(model.lanes[barrier!.endedBy!]!.name, /meet\(/);
    const [thread] = waitsAt(recorded, GROUPS, 'thread');
    assert.deepEqual([thread?.kind, thread?.label], ['result', 'work(7)']);
    assert.equal(model.lanes[thread!.endedBy!]?.kind, 'thread');
    assert.deepEqual(
      model.jobs.map(job => job.name),
      ['work(7)'],
    );
    const [run] = waitsAt(recorded, GROUPS, 'run');
    assert.deepEqual([run?.lane, run?.on], [0, [main]]);
  });

  since(12, 'shows the first step of an eager task as its own', async path => {
    const recorded = await record(as(path), EAGER);
    assert.equal(recorded.out, (await runPlain(as(path), EAGER)).out);
    const { model } = recorded;
    const main = laneNamed(model, /main\(\)$/).id;
    const quick = laneNamed(model, 'quick one');
    assert.deepEqual([quick.parent, quick.end, quick.kind], [main, 'returned', 'task']);
    assert.equal(model.waitsOfLane(quick.id).length, 0);
    const slow = laneNamed(model, 'slow one');
    const [sleep] = waitsAt(recorded, EAGER, 'sleep');
    assert.deepEqual([sleep?.lane, sleep?.kind], [slow.id, 'sleep']);
    const [task] = waitsAt(recorded, EAGER, 'task');
    assert.deepEqual([task?.on, task?.endedBy], [[slow.id], slow.id]);
    const [gather] = waitsAt(recorded, EAGER, 'gather');
    assert.equal(gather?.kind, 'wait');
    assert.equal(gather.on.length, 2);
    const faults = model.notes.filter(note => note.includes('tracer failed'));
    assert.deepEqual(faults, []);
  });
});
