/** Owns the names of the variables by which launchers and tracer speak to each other. */

/** Folder of the run's trace files; also the mark by which the run's processes are known. */
export const RUN_VARIABLE = 'CLENS_RUN';

/** Tells a worker's trace from those of its process's other threads, and from any pid. */
export const workerToken = (pid: number, thread: number): number => pid * 65_536 + thread;
