// A lock built on one shared cell: 0 is free, 1 is held. Only one worker at a time is within.
// Look at Atomics.wait: a worker that finds the lock held waits there until it is released.
// Python sister: 31_deadlock.py shows two such locks taken in the wrong order.
import { once } from 'node:events';
import { Worker, workerData } from 'node:worker_threads';

class Lock {
  constructor(memory) {
    this.cell = new Int32Array(memory);
  }

  acquire() {
    while (Atomics.compareExchange(this.cell, 0, 0, 1) !== 0) Atomics.wait(this.cell, 0, 1);
  }

  release() {
    Atomics.store(this.cell, 0, 0);
    Atomics.notify(this.cell, 0, 1);
  }
}

if (workerData?.memory) {
  const lock = new Lock(workerData.memory);
  for (let round = 1; round <= 2; round++) {
    lock.acquire();
    console.log(`${workerData.name} is in, round ${round}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); // work
    lock.release();
  }
} else {
  const memory = new SharedArrayBuffer(4);
  const workers = ['A', 'B', 'C'].map(
    name => new Worker(new URL(import.meta.url), { name, workerData: { memory, name } }),
  );
  await Promise.all(workers.map(worker => once(worker, 'exit')));
  console.log('all are out');
}
