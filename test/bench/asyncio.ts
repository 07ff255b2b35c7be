// The cost of tracing asyncio: the same Python, with and without the tracer, in turn.
import type { BenchRow } from './bench';
import { tracedRatio } from './tracedPython';

const RUNS = 7;
const TYPICAL = 1.5;
const WORST = 2.2;

interface Work {
  readonly hold: number;
  readonly source: string;
}

const WORK: Readonly<Record<string, Work>> = {
  'tasks with several awaits each': {
    hold: TYPICAL,
    source: `
import asyncio
async def child(n):
    await asyncio.sleep(0.001)
    return n
async def job(n, jobs, seats):
    await asyncio.sleep(0.001)
    item = await jobs.get()
    async with seats:
        await asyncio.sleep(0.001)
    return item + await asyncio.create_task(child(n)) + sum(await asyncio.gather(child(1), child(2)))
async def main():
    jobs, seats = asyncio.Queue(), asyncio.Semaphore(500)
    tasks = [asyncio.create_task(job(n, jobs, seats)) for n in range(1000)]
    for n in range(1000):
        await jobs.put(n)
    assert sum(await asyncio.gather(*tasks)) == 1002000
`,
  },
  'producer and consumer on a queue': {
    hold: TYPICAL,
    source: `
import asyncio
async def produce(queue):
    for n in range(20000):
        await queue.put(n)
    await queue.put(None)
async def consume(queue):
    while await queue.get() is not None:
        pass
async def main():
    queue = asyncio.Queue(10)
    await asyncio.gather(produce(queue), consume(queue))
`,
  },
  'coroutines within coroutines': {
    hold: WORST,
    source: `
import asyncio
async def inner(n):
    await asyncio.sleep(0.001)
    for _ in range(3):
        await asyncio.sleep(0)
    return n
async def outer(n):
    return await inner(n) + await inner(n)
async def main():
    assert sum(await asyncio.gather(*[outer(n) for n in range(1000)])) == 999000
`,
  },
  'sleep(0) in a loop, nothing else': {
    hold: WORST,
    source: `
import asyncio
async def spin():
    for _ in range(100):
        await asyncio.sleep(0)
async def main():
    await asyncio.gather(*[spin() for _ in range(300)])
`,
  },
  'tasks that do nothing': {
    hold: WORST,
    source: `
import asyncio
async def nothing():
    pass
async def main():
    for _ in range(10):
        await asyncio.gather(*[nothing() for _ in range(1000)])
`,
  },
};

// The first run warms up what is made once.
const MAIN = `
import time
asyncio.run(main())
started = time.perf_counter()
asyncio.run(main())
print((time.perf_counter() - started) * 1000)
`;

export const rows: readonly BenchRow[] = Object.entries(WORK).map(([name, { hold, source }]) => ({
  name: `asyncio, ${name}: traced / untraced`,
  hold,
  measure: () => tracedRatio(source + MAIN, RUNS),
}));
