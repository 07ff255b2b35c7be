// Two workers started side by side, and a main thread that waits for the end of both.
// Look at the two awaits of once(..., 'exit'): the first waits about 4 seconds; by then the
// second worker has ended too. Python sister: 01_threads_join.py
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, workerData } from 'node:worker_threads';

if (workerData?.task) {
  console.log(`task: ${workerData.task}`);
  for (const line of ['2s', '1s', '0s']) {
    await sleep(1000);
    console.log(line);
  }
  await sleep(1000);
} else {
  const self = new URL(import.meta.url);
  const t1 = new Worker(self, { name: 'Worker t1', workerData: { task: 't1' } });
  const t2 = new Worker(self, { name: 'Worker T2', workerData: { task: 't2' } });
  // Both listen from the start: an event that has passed is not waited for.
  const ends = [once(t1, 'exit'), once(t2, 'exit')];
  await ends[0];
  await ends[1];
  console.log('both have ended');
}
