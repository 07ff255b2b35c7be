// The cost of tracing asyncio: the same Python, with and without the tracer, in turn.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPythons } from '../../scripts/lib/pythons';
import { pairedRatio, type BenchRow } from './bench';

const execute = promisify(execFile);
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
  async measure() {
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
    try {
      const file = path.join(folder, 'work.py');
      writeFileSync(file, source + MAIN);
      const { ratio, aMs, bMs } = await pairedRatio(
        () => milliseconds(file, folder, true),
        () => milliseconds(file, folder, false),
        { runs: RUNS },
      );
      return { value: ratio, unit: 'x', detail: `${aMs.toFixed(0)} ms / ${bMs.toFixed(0)} ms` };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
}));

async function milliseconds(file: string, folder: string, isTraced: boolean): Promise<number> {
  const python = findPythons().at(-1);
  if (!python) throw new Error('No Python 3.8 or newer was found on PATH or under ~/.pyenv.');
  const env = { ...process.env };
  if (isTraced) {
    env['CLENS_RUN'] = mkdtempSync(path.join(folder, 'trace-'));
    env['PYTHONPATH'] = path.resolve('dist/tracer');
  }
  const { stdout } = await execute(python.path, [file], { env });
  return Number(stdout);
}
