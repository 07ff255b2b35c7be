// A pool of four workers that maps a function over ten numbers, the way Pool.map does.
// Look at the workers: each takes the next number as soon as it is free, and the main thread
// waits for all of them at one await. Python sister: 12_pool_map.py
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, parentPort, workerData } from 'node:worker_threads';

if (workerData?.role === 'pool') {
  parentPort.on('message', async x => {
    console.log(`input: ${x}`);
    await sleep(500);
    console.log(`double: ${x * x}`);
    parentPort.postMessage(x * x);
  });
} else {
  const self = new URL(import.meta.url);
  const workers = Array.from(
    { length: 4 },
    (_, i) => new Worker(self, { name: `pool worker ${i + 1}`, workerData: { role: 'pool' } }),
  );
  const values = Array.from({ length: 10 }, (_, i) => i);
  const results = [];
  let next = 0;

  async function feed(worker) {
    while (next < values.length) {
      const at = next++;
      worker.postMessage(values[at]);
      const [result] = await once(worker, 'message');
      results[at] = result;
    }
  }

  await Promise.all(workers.map(feed));
  await Promise.all(workers.map(worker => worker.terminate()));
  console.log(results);
}
