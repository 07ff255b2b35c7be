/** The run of look.png as a trace: threads, a lock, a queue, a task, a pool; what the timeline's tests look at. */
import { LANE_FLAG } from '../../src/trace/format';
import type { OutputPiece } from '../../src/trace/model';
import type { TraceModel } from '../../src/trace/traceModel';
import { liveModelOf, modelOf } from '../support/traceFolder';
import { TraceWriter } from '../support/traceWriter';

const FILE = '/work/two_threads.py';
const s = (seconds: number): number => Math.round(seconds * 1e9);

export function twoThreads(): TraceWriter {
  const trace = new TraceWriter({ pid: 4711 });
  const line = (number: number): number => trace.site(FILE, number, 1, 'run');
  const [join, sleep, lock, get, held, put, fetch, task] = [10, 5, 31, 40, 24, 9, 50, 52].map(line);
  trace.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  trace.lane(1, 'thread', 'Thread-1 (run)', s(0.1), { parent: 0, begin: s(0.105), site: join! });
  trace.lane(2, 'thread', 'Thread T2', s(0.12), { parent: 0, begin: s(0.13), site: join! });
  trace.lane(3, 'thread', 'writer', s(0.3), { parent: 0, begin: s(0.3), site: join! });
  trace.lane(4, 'thread', 'consumer', s(0.2), {
    parent: 0,
    begin: s(0.2),
    flags: LANE_FLAG.daemon,
  });
  trace.lane(5, 'task', 'task fetch-1', s(0.5), { parent: 0, begin: s(0.5) });
  trace.lane(6, 'thread', 'QueueFeederThread', s(0.2), {
    parent: 0,
    begin: s(0.2),
    flags: LANE_FLAG.helper,
  });
  trace.object(1, 'lock', 'results');
  trace.object(2, 'queue', 'jobs');
  trace.wait({
    lane: 0,
    kind: 'join',
    from: s(0.12),
    to: s(4.05),
    ready: s(4),
    on: { lane: 1 },
    site: join!,
    cause: { lane: 1, t: s(4), site: sleep! },
  });
  trace.wait({ lane: 1, kind: 'sleep', from: s(0.16), to: s(3.2), site: sleep! });
  trace.wait({ lane: 2, kind: 'sleep', from: s(0.18), to: s(3.5), site: sleep! });
  trace.wait({
    lane: 3,
    kind: 'lock',
    from: s(0.9),
    to: s(2.4),
    on: { object: 1 },
    also: [{ lane: 1 }],
    site: lock!,
    cause: { lane: 1, t: s(2.38), site: held! },
  });
  trace.wait({
    lane: 4,
    kind: 'get',
    from: s(0.4),
    to: s(1.8),
    on: { object: 2 },
    site: get!,
    cause: { lane: 3, t: s(1.79), site: put! },
  });
  trace.wait({
    lane: 4,
    kind: 'get',
    from: s(2),
    to: s(3.4),
    on: { object: 2 },
    site: get!,
    cause: { lane: 3, t: s(3.39), site: put! },
  });
  trace.wait({ lane: 4, kind: 'get', from: s(3.5), on: { object: 2 }, site: get! });
  trace.wait({
    lane: 5,
    kind: 'await',
    from: s(0.6),
    to: s(1.75),
    ready: s(1.6),
    label: 'read()',
    site: fetch!,
  });
  pool(trace, task!);
  trace.laneEnd(5, 'returned', s(1.9));
  trace.laneEnd(1, 'returned', s(4));
  trace.laneEnd(2, 'raised', s(3.9), 0, 'ValueError: x');
  trace.laneEnd(3, 'returned', s(3.6));
  return trace;
}

function pool(trace: TraceWriter, site: number): void {
  for (const [lane, from] of [
    [7, 0.8],
    [8, 0.85],
  ] as const) {
    trace.lane(lane, 'thread', `ThreadPoolExecutor-0_${lane - 7}`, s(from), {
      parent: 0,
      begin: s(from),
    });
    for (let job = 0; job < 3; job++) {
      const id = (lane - 7) * 3 + job + 1;
      const start = s(from + job * 0.8);
      trace.record('jobSubmit', {
        id,
        lane: 0,
        t: s(0.7),
        site,
        text: trace.string(`square(${id - 1})`),
      });
      trace.record('jobBegin', { id, lane, t: start });
      trace.record('jobEnd', { id, lane, t: start + s(0.7), b: 1 });
      trace.wait({
        lane,
        kind: 'get',
        from: start + s(0.7),
        to: start + s(0.8),
        on: { object: 2 },
      });
    }
    trace.laneEnd(lane, 'returned', s(from + 2.45));
  }
}

/** What lanes printed; in a real run the host reads it from pipes. */
function printed(model: TraceModel): TraceModel {
  const pieces: OutputPiece[] = [
    { lane: 1, ns: s(0.14), stream: 'stdout', text: 'task: t1\n' },
    { lane: 2, ns: s(0.17), stream: 'stdout', text: 'task: t2\n' },
    { lane: 4, ns: s(1.9), stream: 'stderr', text: 'late\n' },
    { lane: 0, ns: s(4.2), stream: 'stdout', text: 'MainThread\n' },
  ];
  Object.defineProperty(model, 'output', { value: pieces.toSorted((a, b) => a.ns - b.ns) });
  return model;
}

export function finishedRun(): TraceModel {
  const trace = twoThreads();
  trace.laneEnd(4, 'killed', s(4.3));
  trace.laneEnd(0, 'returned', s(4.3));
  return printed(modelOf([trace]));
}

/** The same run at 2.1 s: nothing has ended that ends later. */
export function liveRun(nowNs: number): TraceModel {
  return printed(liveModelOf([twoThreads()], nowNs));
}

/** Many lanes with many short waits: `records` in all, more or less. */
export function manyRecords(records: number, lanes = 64): TraceWriter {
  const trace = new TraceWriter({ pid: 1 });
  const site = trace.site(FILE, 7, 1, 'work');
  trace.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  trace.object(1, 'queue', 'jobs');
  trace.object(2, 'lock', 'results');
  for (let lane = 1; lane < lanes; lane++) {
    trace.lane(lane, 'thread', `Thread-${lane} (work)`, lane * 1e4, {
      parent: 0,
      begin: lane * 1e4 + 5e3,
    });
  }
  const each = Math.floor((records - 4 * lanes) / 2);
  const kinds = ['get', 'lock', 'sleep', 'put'] as const;
  // A fixed generator: the same trace each time.
  let seed = 12345;
  const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
  const at = new Float64Array(lanes).fill(2e6);
  for (let index = 0; index < each; index++) {
    const lane = 1 + (index % (lanes - 1));
    const from = at[lane]! + 1e3 + random() * 4e4;
    const to = from + (random() < 0.01 ? 5e6 : 1e3 + random() * 6e4);
    at[lane] = to;
    const kind = kinds[index % 4]!;
    const giver = 1 + ((lane + 7) % (lanes - 1));
    trace.wait({
      lane,
      kind,
      from,
      to,
      site,
      ...(kind === 'sleep'
        ? {}
        : { on: { object: kind === 'lock' ? 2 : 1 }, cause: { lane: giver, t: to - 500, site } }),
    });
  }
  for (let lane = 1; lane < lanes; lane++) trace.laneEnd(lane, 'returned', at[lane]! + 1e5);
  trace.laneEnd(0, 'returned', Math.max(...at) + 2e5);
  return trace;
}
