// Memory that two workers share: both count in the same cell, each step one atomic addition.
// Look at Atomics.wait: the main thread stands still there until a worker says it is done.
// Python sister: 30_process_shared_memory.py
import { Worker, workerData } from 'node:worker_threads';

const COUNT = 0;
const DONE = 1;

if (workerData?.memory) {
  const cells = new Int32Array(workerData.memory);
  for (let i = 0; i < 1000; i++) Atomics.add(cells, COUNT, 1);
  Atomics.add(cells, DONE, 1);
  Atomics.notify(cells, DONE);
} else {
  const memory = new SharedArrayBuffer(8);
  const cells = new Int32Array(memory);
  for (const name of ['first', 'second']) {
    new Worker(new URL(import.meta.url), { name, workerData: { memory } });
  }
  for (let done = 0; done < 2; done = Atomics.load(cells, DONE)) {
    Atomics.wait(cells, DONE, done);
  }
  console.log(`counted to ${Atomics.load(cells, COUNT)}`);
}
