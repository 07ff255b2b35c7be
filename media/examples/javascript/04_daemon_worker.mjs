// unref() makes a worker what a daemon thread is in Python: the program does not wait for it.
// Look at the worker's lane: it is cut off when the main thread has nothing left to do.
// Python sister: 04_daemon_threads.py
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, workerData } from 'node:worker_threads';

if (workerData?.task) {
  console.log(`task: ${workerData.task}`);
  for (const count of [3, 2, 1]) {
    await sleep(1000);
    console.log(count);
  }
} else {
  const worker = new Worker(new URL(import.meta.url), { name: 'daemon', workerData: { task: 't1' } });
  worker.unref();
  await sleep(1700);
  console.log('the main thread is done');
}
