// Three workers, counted while they run: a set holds those that have not ended.
// Look at the lanes: three workers below the main one, and none that only counts.
// Python sister: 03_count_threads.py
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, workerData } from 'node:worker_threads';

if (workerData?.task) {
  console.log(`task: ${workerData.task}`);
  await sleep(1000);
} else {
  const alive = new Set();
  for (let i = 1; i < 4; i++) {
    const worker = new Worker(new URL(import.meta.url), { name: `t${i}`, workerData: { task: `t${i}` } });
    alive.add(worker);
    worker.once('exit', () => alive.delete(worker));
  }
  await Promise.all([...alive].map(worker => once(worker, 'online')));
  console.log(alive.size + 1);
}
