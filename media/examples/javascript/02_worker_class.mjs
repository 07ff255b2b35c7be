// A worker behind a class of one's own: the class knows how to start it and how to wait for it.
// Look at the two joins: they wait at the same time, so the second is short.
// Python sister: 02_thread_subclass.py
import { once } from 'node:events';
import { Worker, parentPort, workerData } from 'node:worker_threads';

class CountingWorker extends Worker {
  constructor(task) {
    super(new URL(import.meta.url), { name: task, workerData: { task } });
    this.exited = once(this, 'exit');
  }

  async join() {
    await this.exited;
  }
}

if (workerData?.task) {
  parentPort.postMessage(`task: ${workerData.task}`);
  let left = 3;
  const timer = setInterval(() => {
    console.log(`${workerData.task}: ${--left}`);
    if (left === 0) clearInterval(timer);
  }, 300);
} else {
  const workers = [new CountingWorker('t1'), new CountingWorker('t2')];
  for (const worker of workers) worker.on('message', line => console.log(line));
  for (const worker of workers) await worker.join();
  console.log('all joined');
}
