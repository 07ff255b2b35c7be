// Rows about reading traces: how many records a second the decoder takes, and how long a large trace takes to open.
import { performance } from 'node:perf_hooks';
import { inEnglish } from '../../src/base/translate';
import { RunIndex } from '../../src/editor/timeline/runIndex';
import { windowBlock } from '../../src/editor/timeline/windowBlock';
import type { RunModel } from '../../src/trace/model';
import { stateAt } from '../../src/trace/queries';
import { openTrace } from '../../src/trace/openTrace';
import { TraceFolder } from '../support/traceFolder';
import { TraceWriter } from '../support/traceWriter';
import { percentile, type BenchRow } from './bench';

const RECORDS = 1_000_000;
const PIXELS = 1600;

export const rows: readonly BenchRow[] = [
  {
    name: 'decoder',
    hold: 3e6,
    better: 'higher',
    measure: async () => {
      const { seconds, records } = inFolder(folder => openings(folder, 7));
      return {
        value: records / seconds,
        unit: 'records/s',
        detail: `a trace of ${records.toLocaleString('en-US')} records from file to run model`,
      };
    },
  },
  {
    name: 'open a trace of 1,000,000 records and answer for the first paint',
    hold: 1,
    measure: async () => ({
      value: inFolder(folder => {
        const from = performance.now();
        const model = openTrace(folder.path);
        answer(model, new RunIndex(model), 0, model.nowNs);
        return (performance.now() - from) / 1000;
      }),
      unit: 's',
    }),
  },
  {
    name: 'spans and state of a window of that trace, 20 lanes at 1600 pixels, p95',
    hold: 16,
    measure: async () => ({ value: inFolder(windows), unit: 'ms' }),
  },
];

function inFolder<T>(use: (folder: TraceFolder) => T): T {
  const folder = new TraceFolder();
  try {
    folder.write('100-0.clens', busyTrace());
    return use(folder);
  } finally {
    folder.dispose();
  }
}

function openings(folder: TraceFolder, times: number): { seconds: number; records: number } {
  const seconds: number[] = [];
  let records = 0;
  for (let round = 0; round < times; round++) {
    const from = performance.now();
    records = openTrace(folder.path).records;
    if (round > 1) seconds.push((performance.now() - from) / 1000);
  }
  // The fastest: noise of the machine only ever slows it.
  return { seconds: Math.min(...seconds), records };
}

/** What the timeline is sent for a window. */
function answer(model: RunModel, index: RunIndex, fromNs: number, toNs: number): void {
  const lanes = model.lanes.map(lane => lane.id);
  const nsPerPx = (toNs - fromNs) / PIXELS;
  const ask = { run: 1, request: 1, fromNs, toNs, nsPerPx, lanes, arrows: true };
  windowBlock(model, index, ask, inEnglish);
}

function windows(folder: TraceFolder): number {
  const model = openTrace(folder.path);
  const index = new RunIndex(model);
  const times: number[] = [];
  for (let step = 0; step < 100; step++) {
    const width = model.nowNs / 1.1 ** step;
    const start = (model.nowNs - width) * (step / 100);
    const from = performance.now();
    answer(model, index, start, start + width);
    for (const lane of model.lanes) stateAt(model, lane.id, start + width / 2);
    times.push(performance.now() - from);
  }
  return percentile(times, 95);
}

/** Twenty lanes that wait for a queue, for a lock with its owner told, and sleep: the mixture of an event-heavy run. */
function busyTrace(): TraceWriter {
  const w = new TraceWriter();
  const lanes = 20;
  w.object(1, 'queue', 'jobs');
  w.object(2, 'lock', 'results_lock');
  const sites = Array.from({ length: 8 }, (_, at) => w.site('/work/busy.py', 10 + at, 5, 'work'));
  for (let lane = 1; lane < lanes; lane++) {
    w.lane(lane, 'thread', `worker ${lane}`, lane * 10, { parent: 0, begin: lane * 10 + 5 });
  }
  for (let t = 1000; w.count < RECORDS; t += 700) {
    const lane = ((t / 100) % lanes) | 0;
    const site = sites[t % 8]!;
    const cause = { lane: (lane + 1) % lanes, t: t + 100, site: sites[(t + 3) % 8]! };
    w.waitDone({ lane, kind: 'put', on: { object: 1 }, from: t, to: t + 30, site });
    w.wait({ lane, kind: 'get', on: { object: 1 }, from: t + 40, to: t + 150, site, cause });
    const owner = [{ lane: cause.lane }];
    w.wait({
      lane,
      kind: 'lock',
      on: { object: 2 },
      also: owner,
      from: t + 200,
      to: t + 400,
      site,
      cause,
    });
    w.record('owner', { lane, id: 2, a: 1, t: t + 401, site });
    w.record('owner', { lane, id: 2, a: 0, t: t + 450, site });
  }
  return w;
}
