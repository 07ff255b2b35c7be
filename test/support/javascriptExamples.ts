/** What each JavaScript example prints and waits for, wherever it is run: the tracer's tests and those within VS Code hold it to the same. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HandoffKind, WaitKind } from '../../src/trace/format';
import type { RunModel, Wait } from '../../src/trace/model';

const FOLDER = path.join('media', 'examples', 'javascript');

/** Their file names, in order. */
export const javascriptExamples = (): string[] => readdirSync(FOLDER).toSorted();

interface Told {
  /** A piece of the line that waits. */
  readonly at: string;
  readonly kind: WaitKind;
  /** At least so many of them. */
  readonly times?: number;
  /** Names of the lanes that the first of them waits for. */
  readonly on?: readonly string[];
  /** No one of them was shorter. */
  readonly atLeastMs?: number;
  readonly label?: string;
  /** One of them at least is ended by another lane, whose handoff is told: its kind. */
  readonly endedBy?: HandoffKind;
}

interface Expected {
  readonly lines: readonly string[];
  /** Which line is next is luck, but for the last. */
  readonly isLuck?: true;
  readonly waits: readonly Told[];
  /** Kinds and names of the lanes under the main one, in order; calls are left out. */
  readonly lanes?: readonly string[];
}

const doubles = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const EXPECTED: Readonly<Record<string, Expected>> = {
  '01_workers_join.mjs': {
    lines: [
      ...['t1', 't2'].flatMap(name => [`task: ${name}`, '2s', '1s', '0s']),
      'both have ended',
    ],
    isLuck: true,
    waits: [
      {
        at: 'await ends[0]',
        kind: 'join',
        on: ['Worker t1'],
        atLeastMs: 3000,
        endedBy: 'end-join',
      },
      { at: 'await ends[1]', kind: 'join', on: ['Worker T2'], endedBy: 'end-join' },
      { at: '    await sleep(1000)', kind: 'sleep', times: 6, atLeastMs: 900 },
    ],
    lanes: ['worker Worker t1', 'worker Worker T2'],
  },
  '02_worker_class.mjs': {
    lines: [
      ...['t1', 't2'].flatMap(name => [
        `task: ${name}`,
        ...[2, 1, 0].map(left => `${name}: ${left}`),
      ]),
      'all joined',
    ],
    isLuck: true,
    waits: [
      { at: 'await this.exited', kind: 'join', times: 2, on: ['t1'], endedBy: 'end-join' },
      { at: 'await worker.join()', kind: 'await', times: 2 },
    ],
    lanes: ['worker t1', 'worker t2'],
  },
  '03_count_workers.mjs': {
    lines: ['task: t1', 'task: t2', 'task: t3', '4'],
    isLuck: true,
    waits: [
      { at: 'await Promise.all', kind: 'wait', on: ['t1', 't2', 't3'] },
      { at: 'await sleep(1000)', kind: 'sleep', times: 3, atLeastMs: 900 },
    ],
    lanes: ['worker t1', 'worker t2', 'worker t3'],
  },
  '04_daemon_worker.mjs': {
    // How far the worker comes is luck; the program does not wait for it.
    lines: ['the main thread is done'],
    isLuck: true,
    waits: [{ at: 'await sleep(1700)', kind: 'sleep', atLeastMs: 1500 }],
    lanes: ['worker daemon'],
  },
  '05_worker_pool_map.mjs': {
    lines: [
      ...doubles.flatMap(x => [`input: ${x}`, `double: ${x * x}`]),
      '[',
      '   0,  1,  4,  9, 16,',
      '  25, 36, 49, 64, 81',
      ']',
    ],
    isLuck: true,
    waits: [
      { at: "await once(worker, 'message')", kind: 'recv', times: 10, on: ['pool worker 1'] },
      {
        at: 'await Promise.all(workers.map(feed))',
        kind: 'wait',
        on: ['feed', 'feed', 'feed', 'feed'],
        endedBy: 'end-join',
      },
    ],
    lanes: [1, 2, 3, 4].map(number => `worker pool worker ${number}`),
  },
  '06_queue_workers.mjs': {
    lines: [
      ...[1, 2, 3, 4, 5, 6].map(item => `put ${item}`),
      ...[1, 3, 5].map(item => `first did ${item}`),
      ...[2, 4, 6].map(item => `second did ${item}`),
    ],
    isLuck: true,
    waits: [
      { at: 'await queue.put(i)', kind: 'await', times: 6 },
      { at: 'this.#putters.push(resolve)', kind: 'await', times: 2, label: 'a promise' },
      {
        at: 'await Promise.all',
        kind: 'wait',
        on: ['produce', 'consume', 'consume'],
        endedBy: 'end-join',
      },
    ],
  },
  '07_awaits_in_sequence.mjs': {
    lines: ['first is finished.', 'second is finished.', 'third is finished.'],
    waits: [
      { at: 'await sleeping(order, ms)', kind: 'await', times: 3 },
      { at: 'await sleep(ms)', kind: 'sleep', times: 3 },
    ],
  },
  '08_awaits_gathered.mjs': {
    lines: [
      'second is finished.',
      'third is finished.',
      'first is finished.',
      "[ 'first', 'second', 'third' ]",
    ],
    isLuck: true,
    waits: [
      {
        at: 'await Promise.all',
        kind: 'wait',
        on: ['sleeping', 'sleeping', 'sleeping'],
        endedBy: 'end-join',
      },
      { at: 'await sleep(ms)', kind: 'sleep', times: 3 },
    ],
  },
  '09_limited_concurrency.mts': {
    lines: [...[1, 2, 3, 4, 5, 6].map(page => `page ${page}`), '6 pages'],
    waits: [
      { at: 'await limit.acquire()', kind: 'await', times: 6 },
      { at: 'this.waiting.push(resolve)', kind: 'await', times: 4, atLeastMs: 150 },
      { at: 'await Promise.all', kind: 'wait', on: Array.from({ length: 6 }, () => 'download') },
    ],
  },
  '10_pipe_processes.mjs': {
    lines: ['status 0', 'status 0', 'usr'],
    waits: [
      { at: 'await pipeline(', kind: 'io' },
      {
        at: 'await Promise.all(ends)',
        kind: 'wait',
        on: ['ls /', 'grep usr'],
        endedBy: 'end-join',
      },
    ],
    lanes: ['subprocess ls /', 'subprocess grep usr'],
  },
  '11_shared_memory.mjs': {
    lines: ['counted to 2000'],
    waits: [{ at: 'Atomics.wait(cells, DONE, done)', kind: 'condition', endedBy: 'notify-wait' }],
    lanes: ['worker first', 'worker second'],
  },
  '12_lock_on_atomics.mjs': {
    lines: [
      ...['A', 'B', 'C'].flatMap(name => [1, 2].map(round => `${name} is in, round ${round}`)),
      'all are out',
    ],
    isLuck: true,
    waits: [
      { at: 'await Promise.all', kind: 'wait', on: ['A', 'B', 'C'], endedBy: 'end-join' },
      { at: '// work', kind: 'condition', times: 6, atLeastMs: 90 },
    ],
    lanes: ['worker A', 'worker B', 'worker C'],
  },
};

/** Whether the wait's end is the effect of a handoff of that kind, from the lane that ended it. */
function isHandedOff(model: RunModel, wait: Wait, kind: HandoffKind): boolean {
  return Array.from({ length: model.handoffCount }, (_, at) => model.handoff(at)).some(
    ({ kind: its, from, to }) =>
      its === kind &&
      from.lane === wait.endedBy &&
      to.lane === wait.lane &&
      to.ns >= wait.startNs &&
      to.ns <= (wait.endNs ?? 0),
  );
}

function expectedOf(file: string): Expected {
  const expected = EXPECTED[file];
  assert.ok(expected, `no expected output is noted for ${file}`);
  return expected;
}

function lineOf(file: string, at: string): number {
  const source = readFileSync(path.join(FOLDER, file), 'utf8').split('\n');
  const line = source.findIndex(text => text.includes(at)) + 1;
  assert.ok(line > 0, `${file} has no line with ${at}`);
  return line;
}

/** The lines that wait, each with the kind of its waits. */
export function waitingLines(file: string): { line: number; kind: WaitKind }[] {
  return expectedOf(file).waits.map(({ at, kind }) => ({ line: lineOf(file, at), kind }));
}

export function assertPrints(file: string, out: string): void {
  const expected = expectedOf(file);
  const printed = out.trimEnd().split('\n');
  if (file === '04_daemon_worker.mjs') {
    assert.ok(printed.includes('the main thread is done'), out);
    const others = printed.filter(line => line !== 'the main thread is done');
    assert.deepEqual(others, ['task: t1', '3', '2', '1'].slice(0, others.length));
  } else if (expected.isLuck) {
    assert.deepEqual(printed.toSorted(), expected.lines.toSorted());
  } else assert.deepEqual(printed, expected.lines);
}

export function assertWaits(file: string, model: RunModel): void {
  const { waits, lanes } = expectedOf(file);
  const all = Array.from({ length: model.waitCount }, (_, id) => model.wait(id));
  const nameOf = (lane: number): string | undefined => model.lanes[lane]?.name;
  for (const { at, kind, times = 1, on, atLeastMs = 0, label, endedBy } of waits) {
    const line = lineOf(file, at);
    const here = all.filter(wait => wait.site?.line === line);
    const what = `${at}: ${JSON.stringify(here)}`;
    assert.ok(here.length >= times, what);
    for (const wait of here) {
      assert.equal(wait.kind, kind, what);
      if (wait.endNs === null || wait.outcome === 'cut-off') continue;
      assert.ok((wait.endNs - wait.startNs) / 1e6 >= atLeastMs, what);
    }
    const [first] = here.toSorted((one, other) => one.startNs - other.startNs);
    if (on) assert.deepEqual(first?.on.map(nameOf), on, what);
    if (label !== undefined) assert.equal(first?.label, label, what);
    if (endedBy !== undefined) {
      assert.ok(
        here.some(wait => isHandedOff(model, wait, endedBy)),
        what,
      );
    }
  }
  const under = model.lanes.filter(lane => lane.kind !== 'call' && lane.parent !== null);
  assert.deepEqual(
    under.map(lane => `${lane.kind} ${lane.name}`),
    lanes ?? [],
  );
}
