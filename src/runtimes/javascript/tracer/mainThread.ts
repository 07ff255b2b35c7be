/** Owns what a snippet in a worker of the host is told of its thread: it is the program's main one, as it would be by itself. */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

export function actAsMainThread(): void {
  Object.assign(workerThreads, {
    isMainThread: true,
    parentPort: null,
    resourceLimits: {},
    threadId: 0,
    workerData: null,
  });
  syncBuiltinESMExports();
}
