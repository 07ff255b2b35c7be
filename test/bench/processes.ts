// The cost of tracing processes, pools, executors and subprocesses: the same Python, with and without the tracer, in turn.
import type { BenchRow } from './bench';
import { tracedRatio } from './tracedPython';

const RUNS = 5;

/** Each prints, on its last line, how many milliseconds its work took. */
const WORK: Readonly<Record<string, string>> = {
  'executor map, threads': `
from concurrent.futures import ThreadPoolExecutor
def run():
    with ThreadPoolExecutor(4) as executor:
        assert sum(executor.map(abs, range(10000))) == 49995000
`,
  'executor as_completed, threads': `
from concurrent.futures import ThreadPoolExecutor, as_completed
def run():
    with ThreadPoolExecutor(4) as executor:
        for _ in range(10):
            futures = [executor.submit(abs, n) for n in range(500)]
            assert sum(future.result() for future in as_completed(futures)) == 124750
`,
  'executor map, processes': `
from concurrent.futures import ProcessPoolExecutor
def run():
    with ProcessPoolExecutor(2) as executor:
        assert sum(executor.map(abs, range(3000))) == 4498500
`,
  'Pool.map': `
from multiprocessing import Pool
def run():
    with Pool(2) as pool:
        for _ in range(200):
            assert sum(pool.map(abs, range(100))) == 4950
`,
  'multiprocessing.Queue put and get': `
import multiprocessing
def produce(queue):
    for n in range(10000):
        queue.put(n)
def run():
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=produce, args=(queue,))
    process.start()
    for n in range(10000):
        assert queue.get() == n
    process.join()
`,
  'multiprocessing.Lock, uncontended': `
import multiprocessing
def run():
    lock = multiprocessing.Lock()
    for _ in range(300000):
        with lock:
            pass
`,
  'process start and join, fork': `
import multiprocessing
def run():
    context = multiprocessing.get_context("fork")
    for _ in range(50):
        process = context.Process(target=abs, args=(1,))
        process.start()
        process.join()
`,
  'process start and join, spawn': `
import multiprocessing
def run():
    context = multiprocessing.get_context("spawn")
    for _ in range(5):
        process = context.Process(target=abs, args=(1,))
        process.start()
        process.join()
`,
  'subprocess.run of a small program': `
import subprocess
def run():
    for _ in range(100):
        subprocess.run(["true"])
`,
};

const MAIN = `
if __name__ == "__main__":
    import time
    started = time.perf_counter()
    run()
    print((time.perf_counter() - started) * 1000)
`;

export const rows: readonly BenchRow[] = Object.entries(WORK).map(([name, source]) => ({
  name: `${name}: traced / untraced`,
  // A spawned interpreter starts anew, and with it the tracer.
  hold: name.endsWith('spawn') ? 2.2 : 1.5,
  measure: () => tracedRatio(source + MAIN, RUNS),
}));
