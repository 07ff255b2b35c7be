/**
 * Owns the start of the tracer in a thread that runs JavaScript: loaded by `--require` before anything of the person's.
 * Silent when no run folder is named; whatever fails becomes a note beside the trace, never an exception in the snippet.
 */
import { appendFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import {
  getEnvironmentData,
  isMainThread,
  parentPort,
  setEnvironmentData,
  threadId,
} from 'node:worker_threads';
import { RECORD_KINDS } from '../../../trace/format';
import { RUN_VARIABLE, workerToken } from '../environment';
import { MAIN_THREAD, SHARED_RECORDS } from '../sharedRecords';
import type { SharedRecords } from '../sharedRecords';
import { AsyncCalls, describeFailure } from './asyncCalls';
import { watchAtomics } from './atomics';
import { ChildProcesses } from './childProcesses';
import { keepFunctionText } from './functionText';
import { installHooks } from './hooks';
import { Idle } from './idle';
import { Listeners } from './listeners';
import { actAsMainThread } from './mainThread';
import { watchLoading } from './loader';
import { watchOutput } from './output';
import { watchPromises } from './promises';
import { codeOf, Recorder } from './recorder';
import { RecordWriter } from './recordWriter';
import { forgetModule, placeSyntaxError } from './rewrite';
import { beforeSuddenEnds } from './suddenEnds';
import { Workers } from './workers';

/** Asked before `actAsMainThread`. */
const isWorkerThread = !isMainThread;
const STARTED = Symbol.for('concurrency-lens.started');

function start(folder: string, shared: SharedRecords | undefined): void {
  const isRoot = shared?.isRoot === true;
  const isWorker = isWorkerThread && !isRoot;
  const token = isWorker ? workerToken(process.pid, threadId) : 0;
  const recorder = new Recorder(new RecordWriter(folder, token, shared));
  const calls = new AsyncCalls(recorder);
  const t = recorder.now();
  const kind = isWorker ? 'worker' : 'main';
  recorder.writer.write(RECORD_KINDS.lane, {
    a: codeOf.lane(kind),
    t,
    text: recorder.writer.string(isWorker ? '' : MAIN_THREAD),
  });
  recorder.laneBegin(0, t);
  const hooks = installHooks(calls, recorder.writer);
  keepFunctionText();
  if (isRoot) actAsMainThread();
  const nodeOptions = shared?.nodeOptions ?? process.env['NODE_OPTIONS'] ?? '';
  const listeners = new Listeners(recorder);
  const idle: Idle = new Idle(recorder, calls, () => workers.idleFor());
  const workers = new Workers(recorder, calls, listeners, idle, {
    folder,
    nodeOptions,
    preload: __filename,
    name: shared?.name ?? MAIN_THREAD,
    parent: shared?.parent ?? '',
  });
  const children = new ChildProcesses(recorder, calls, listeners, idle, {
    [RUN_VARIABLE]: folder,
    NODE_OPTIONS: nodeOptions,
  });
  watchPromises(
    calls,
    listeners,
    (emitter, event) => workers.lookUp(emitter, event) ?? children.lookUp(emitter, event),
  );
  watchAtomics(recorder, calls);
  listeners.watch();
  workers.watch();
  children.watch();
  watchOutput(recorder, calls);
  watchLoading();
  process.setSourceMapsEnabled(true);
  idle.watch();
  tellEnd(recorder, calls, workers, hooks.endWaits);
  recorder.writer.flush();
}

/** How the thread ends: by itself, by an exception, by `process.exit`. What the snippet does after this is still told. */
function tellEnd(
  recorder: Recorder,
  calls: AsyncCalls,
  workers: Workers,
  endWaits: () => void,
): void {
  beforeSuddenEnds(() => recorder.writer.flush());
  let failure: string | undefined;
  process.on('uncaughtExceptionMonitor', error => {
    failure = describeFailure(error);
    if (isWorkerThread) placeSyntaxError(error);
    endWaits();
    recorder.writer.flush();
  });
  process.on('exit', status => {
    calls.tellCounted();
    recorder.writer.flush();
    if (failure !== undefined) recorder.laneEnd(0, 'raised', failure, status);
    else recorder.laneEnd(0, status === 0 ? 'returned' : 'exited', '', status);
    recorder.writer.finish();
    workers.close();
  });
}

/** A worker was told to load the tracer by an option that the snippet did not give. */
function forgetOption(): void {
  const { execArgv } = process;
  const at = execArgv.findIndex(
    (option, index) => option === '--require' && isOwn(execArgv[index + 1]),
  );
  if (at >= 0) execArgv.splice(at, 2);
}

function isOwn(file: string | undefined): boolean {
  try {
    return file !== undefined && realpathSync(file) === __filename;
  } catch {
    return false;
  }
}

const shared = getEnvironmentData(SHARED_RECORDS) as SharedRecords | undefined;
if (shared) setEnvironmentData(SHARED_RECORDS);
// A worker may have been given an environment of its own.
const folder = shared?.folder ?? process.env[RUN_VARIABLE];
/** A thread of Node's own, such as that of its loader hooks. */
const isInternal = isWorkerThread && shared === undefined && parentPort === null;
// Also where it is loaded a second time, by another option.
forgetModule(__filename);
if (isWorkerThread) forgetOption();
const state = globalThis as { [STARTED]?: true };
if (folder !== undefined && folder !== '' && !isInternal && !state[STARTED]) {
  Object.defineProperty(state, STARTED, { value: true, enumerable: false });
  try {
    start(folder, shared);
  } catch (error) {
    try {
      appendFileSync(
        path.join(folder, 'tracer-failures.txt'),
        `The tracer could not start in Node.js ${process.version}: ${describeFailure(error)}\n`,
      );
    } catch {
      // The folder is gone: the run is over.
    }
  }
}
