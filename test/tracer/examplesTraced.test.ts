/** Each Python example runs through the command line: the same output, and the waits that its comment tells to look at. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { assertExample } from './examplesCheck';
import { EXAMPLES, limited, masked } from './examplesRun';

interface Reported {
  readonly exitCode: number | null;
  readonly lanes: readonly { id: number; kind: string; name: string }[];
  readonly waits: readonly {
    lane: number;
    kind: string;
    line: number | null;
    startNs: number;
    endNs: number | null;
    outcome: string;
    on: readonly number[];
  }[];
  readonly handoffs: readonly { kind: string }[];
  readonly output: readonly { lane: number | null; stream: string; text: string }[];
  readonly findings: readonly { rule: string }[];
  readonly notes: readonly string[];
}

/** Kinds of wait and of handoff that each must show; its lanes by kind, the main one left out. */
const SHOWS: Readonly<Record<string, { waits?: string[]; handoffs?: string[]; lanes?: string }>> = {
  '01_threads_join.py': { waits: ['join', 'sleep'], handoffs: ['end-join'], lanes: '2 thread' },
  '02_thread_subclass.py': { waits: ['sleep'], handoffs: ['start'], lanes: '2 thread' },
  '03_count_threads.py': { waits: ['sleep'], lanes: '3 thread' },
  '04_daemon_threads.py': { waits: ['sleep'], lanes: '3 thread' },
  '05_subprocess_run.py': { waits: ['exit'], lanes: '2 process, 2 subprocess' },
  '06_popen_pipe.py': { waits: ['exit'], lanes: '2 subprocess' },
  '07_executor_submit.py': { waits: ['result'], handoffs: ['submit-run'] },
  '08_executor_map.py': { waits: ['result'], handoffs: ['submit-run', 'run-result'] },
  '09_executor_as_completed.py': { waits: ['wait'], handoffs: ['submit-run'] },
  '10_executor_wait.py': { waits: ['wait'], handoffs: ['submit-run'] },
  '11_thread_is_alive.py': { waits: ['join', 'sleep'], lanes: '1 thread' },
  '12_pool_map.py': { waits: ['result'], handoffs: ['submit-run'] },
  '13_pool_map_tuples.py': { waits: ['result'], handoffs: ['submit-run'] },
  '14_pool_map_wrapper.py': { waits: ['result'], handoffs: ['submit-run'] },
  '16_queue_workers.py': { waits: ['get', 'drain'], handoffs: ['put-get'], lanes: '3 thread' },
  '17_asyncio_basic.py': { waits: ['await', 'sleep'], lanes: '1 task' },
  '18_asyncio_gather.py': { waits: ['wait', 'sleep'], handoffs: ['end-join'], lanes: '4 task' },
  '19_asyncio_wait.py': { waits: ['wait', 'sleep'], lanes: '4 task' },
  '20_asyncio_queue.py': { waits: ['get', 'drain'], handoffs: ['put-get'], lanes: '3 task' },
  '21_asyncio_semaphore.py': {
    waits: ['semaphore'],
    handoffs: ['release-acquire'],
    lanes: '11 task',
  },
  '22_popen_close_pipe.py': { waits: ['exit'] },
  '23_thread_pool.py': { waits: ['result'], handoffs: ['submit-run', 'run-result'] },
  '24_process_subclass.py': { waits: ['sleep', 'io'] },
  '25_process_join.py': {
    waits: ['join', 'sleep'],
    handoffs: ['start', 'end-join'],
    lanes: '1 process',
  },
  '26_several_processes.py': { waits: ['join'], handoffs: ['end-join'], lanes: '3 process' },
  '27_process_encapsulation.py': { waits: ['get', 'join'], handoffs: ['put-get'] },
  '28_process_queue.py': { waits: ['get', 'join'], handoffs: ['put-get'] },
  '29_process_pipe.py': { waits: ['recv'], handoffs: ['send-recv'], lanes: '1 process' },
  '30_process_shared_memory.py': { waits: ['join', 'lock'], handoffs: ['release-acquire'] },
  '32_queue_back_pressure.py': { waits: ['put', 'get'], handoffs: ['put-get'], lanes: '2 thread' },
  '33_event_wait.py': { waits: ['event'], handoffs: ['set-wait'], lanes: '3 thread' },
  '34_barrier_wait.py': { waits: ['barrier'], handoffs: ['notify-wait'], lanes: '3 thread' },
};

const CLI = path.join(process.cwd(), 'dist', 'cli.js');

describe('examples under the tracer', function () {
  this.timeout(180_000);
  const files = readdirSync(EXAMPLES)
    .filter(name => /^\d+_\w+\.py$/.test(name) && SHOWS[name])
    .toSorted();
  const atOnce = limited(8);
  const runs = new Map<string, Promise<Reported>>();

  before(function () {
    if (!existsSync(CLI)) throw new Error(`${CLI} is not built: run node esbuild.mjs first.`);
    for (const file of files) {
      const run = atOnce(() => report(file));
      run.catch(() => undefined); // reported by the test that awaits it
      runs.set(file, run);
    }
  });

  for (const file of files) {
    it(`${file} prints the same and shows what it waits for`, async () => {
      const run = await runs.get(file)!;
      assert.equal(run.exitCode, 0);
      const printed = run.output.filter(piece => piece.stream === 'stdout');
      assertExample(file, masked(printed.map(piece => piece.text).join('')));
      assert.ok(
        printed.every(piece => piece.lane !== null),
        'a line has no lane',
      );
      const expected = SHOWS[file]!;
      const waits = new Set(run.waits.map(wait => wait.kind));
      for (const kind of expected.waits ?? [])
        assert.ok(waits.has(kind), `no wait of kind ${kind}`);
      const handoffs = new Set(run.handoffs.map(handoff => handoff.kind));
      for (const kind of expected.handoffs ?? [])
        assert.ok(handoffs.has(kind), `no handoff ${kind}`);
      if (expected.lanes) assert.equal(lanesByKind(run), expected.lanes);
      assert.deepEqual(
        run.notes.filter(note => note.includes('tracer failed')),
        [],
      );
    });
  }

  it('01_threads_join.py waits about 4 s for the first thread and not for the second', async () => {
    const run = await runs.get('01_threads_join.py')!;
    const joins = run.waits.filter(wait => wait.kind === 'join' && wait.lane === 0);
    assert.equal(joins.length, 2);
    const [first, second] = joins;
    const name = (lane: number | undefined) => run.lanes.find(one => one.id === lane)?.name ?? '';
    assert.match(name(first?.on[0]), /^Thread-1/);
    assert.equal(name(second?.on[0]), 'Thread T2');
    const seconds = (wait: (typeof joins)[number] | undefined) =>
      ((wait?.endNs ?? 0) - (wait?.startNs ?? 0)) / 1e9;
    assert.ok(seconds(first) > 3.5, `${seconds(first)} s`);
    assert.ok(seconds(second) < 1, `${seconds(second)} s`);
  });

  it('31_deadlock.py is a finding, with both threads still waiting', async () => {
    const run = await report('31_deadlock.py', '--timeout', '5');
    const locks = run.waits.filter(wait => wait.kind === 'lock');
    assert.equal(locks.length, 2);
    for (const wait of locks) assert.notEqual(wait.outcome, 'done');
    assert.ok(run.findings.some(finding => finding.rule === 'deadlock'));
  });
});

function lanesByKind(run: Reported): string {
  const counts = new Map<string, number>();
  for (const { kind } of run.lanes) {
    if (kind !== 'main') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => `${count} ${kind}`)
    .toSorted()
    .join(', ');
}

function report(file: string, ...options: string[]): Promise<Reported> {
  const { PYTHONUNBUFFERED: _, ...env } = process.env;
  const args = [CLI, 'run', file, '--json', ...options];
  const child = spawn(process.execPath, args, {
    cwd: EXAMPLES,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(out) as Reported);
      } catch {
        reject(new Error(`${file}: no JSON on standard output. ${err || out.slice(0, 500)}`));
      }
    });
  });
}
