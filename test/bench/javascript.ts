// The cost of tracing JavaScript: the same work with and without the tracer in turn, and against what `async_hooks` costs on it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pairedRatio, type BenchRow } from './bench';

const execute = promisify(execFile);
const RUNS = 7;

interface Work {
  /** Traced over untraced. */
  readonly hold: number;
  /** The body of `async function work()`. */
  readonly source: string;
  /** Whether `async_hooks` has anything to do in it. */
  readonly hasAsync: boolean;
}

const WORK: Readonly<Record<string, Work>> = {
  'a loop of awaits': {
    hold: 2,
    hasAsync: true,
    source: 'const p = Promise.resolve(1); for (let i = 0; i < 1e6; i++) sum += await p;',
  },
  'a loop that awaits calls': {
    hold: 5,
    hasAsync: true,
    source: 'for (let i = 0; i < 300_000; i++) sum += await call(i);',
  },
  'awaits that wait for the event loop': {
    hold: 2,
    hasAsync: true,
    source: 'for (let i = 0; i < 30_000; i++) await new Promise(go => setImmediate(go));',
  },
  'Promise.all over 50 calls that are done': {
    hold: 3,
    hasAsync: true,
    source:
      'for (let i = 0; i < 3000; i++) await Promise.all(Array.from({ length: 50 }, (_, n) => call(n)));',
  },
  'Promise.all over 50 calls that await': {
    hold: 12,
    hasAsync: true,
    source:
      'for (let i = 0; i < 1000; i++) await Promise.all(Array.from({ length: 50 }, (_, n) => later(n)));',
  },
  'messages to and from a worker': {
    hold: 2,
    hasAsync: true,
    source: `const echo = HOOKS + "const { parentPort } = require('node:worker_threads'); parentPort.on('message', n => parentPort.postMessage(n));";
      worker ??= new Worker(echo, { eval: true });
      for (let i = 0; i < 20_000; i++) { worker.postMessage(i); const [n] = await once(worker, 'message'); sum += n; }`,
  },
  'starting a worker': {
    hold: 2.5,
    hasAsync: false,
    source: "for (let i = 0; i < 4; i++) await once(new Worker('0', { eval: true }), 'exit');",
  },
  computation: {
    hold: 1.05,
    hasAsync: false,
    source: 'for (let i = 0; i < 2e8; i++) sum = (sum + i * i) | 0;',
  },
};

// The first round warms up; processor time of the whole process, which a busy machine does not stretch.
const program = (source: string): string => `
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
const nothing = () => {};
// Enabled per thread.
let HOOKS = '';
if (process.argv[2] === 'hooks') {
  createHook({ init: nothing, before: nothing, after: nothing, destroy: nothing }).enable();
  HOOKS = "const nothing = () => {}; require('node:async_hooks').createHook({ init: nothing, before: nothing, after: nothing, destroy: nothing }).enable(); ";
}
let sum = 0;
let worker;
const call = async n => n;
const later = async n => { await null; return n; };
async function work() { ${source} }
await work();
const before = process.cpuUsage();
await work();
const { user } = process.cpuUsage(before);
console.log(user / 1000);
await worker?.terminate();
`;

type Way = 'traced' | 'untraced' | 'hooks';

export const rows: readonly BenchRow[] = Object.entries(WORK).flatMap(([name, work]) => [
  row(`JavaScript, ${name}: traced / untraced`, work, work.hold, 'untraced'),
  ...(work.hasAsync
    ? [row(`JavaScript, ${name}: traced / async_hooks enabled`, work, 1, 'hooks')]
    : []),
]);

function row(name: string, work: Work, hold: number, against: Way): BenchRow {
  return {
    name,
    hold,
    async measure() {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
      try {
        const file = path.join(folder, 'work.mjs');
        writeFileSync(file, program(work.source));
        const { ratio, aMs, bMs } = await pairedRatio(
          () => milliseconds(file, folder, 'traced'),
          () => milliseconds(file, folder, against),
          { runs: RUNS },
        );
        return { value: ratio, unit: 'x', detail: `${aMs.toFixed(0)} ms / ${bMs.toFixed(0)} ms` };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function milliseconds(file: string, folder: string, way: Way): Promise<number> {
  const env = { ...process.env };
  const args = [file, way];
  if (way === 'traced') {
    const trace = mkdtempSync(path.join(folder, 'trace-'));
    env['CLENS_RUN'] = trace;
    env['NODE_OPTIONS'] =
      `--require ${JSON.stringify(path.resolve('dist/javascript/preload.cjs'))}`;
    try {
      return Number((await execute(process.execPath, args, { env })).stdout);
    } finally {
      rmSync(trace, { recursive: true, force: true });
    }
  }
  return Number((await execute(process.execPath, args, { env })).stdout);
}
