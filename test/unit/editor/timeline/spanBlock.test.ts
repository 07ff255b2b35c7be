import assert from 'node:assert/strict';
import { inEnglish } from '../../../../src/base/translate';
import * as fc from 'fast-check';
import { walkLane } from '../../../../src/editor/timeline/lanePieces';
import { RunIndex } from '../../../../src/editor/timeline/runIndex';
import { gridOf } from '../../../../src/editor/timeline/spanBlock';
import { windowBlock } from '../../../../src/editor/timeline/windowBlock';
import type { RunModel } from '../../../../src/trace/model';
import type { Block } from '../../../../src/webview/messages';
import { FLAG, groupOfState, IDLE } from '../../../../src/webview/spanState';
import { liveModelOf, modelOf } from '../../../support/traceFolder';
import { TraceWriter } from '../../../support/traceWriter';

const oneLane = (): TraceWriter => {
  const trace = new TraceWriter();
  trace.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  return trace;
};

/** `running 0..100`, `queue* 100..200`: * is ready, ~ merged, | the end of the lane, ... goes on. */
function picture(model: RunModel, lane = 0, fromNs = 0, toNs = model.nowNs): string[] {
  const spans: string[] = [];
  walkLane(model, model.lanes[lane]!, fromNs, toNs, {
    piece: (start, end, state, flags) => spans.push(`${nameOf(state, flags)} ${start}..${end}`),
  });
  return spans;
}

function nameOf(state: number, flags: number): string {
  const marks = [
    [FLAG.ready, '*'],
    [FLAG.mixed, '~'],
    [FLAG.cap, '|'],
    [FLAG.open, '...'],
  ] as const;
  const name = state === IDLE ? 'idle' : groupOfState(state);
  return name + marks.map(([flag, mark]) => (flags & flag ? mark : '')).join('');
}

function block(model: RunModel, fromNs: number, toNs: number, nsPerPx: number): Block {
  const lanes = model.lanes.map(lane => lane.id);
  const ask = { request: 1, run: 1, fromNs, toNs, nsPerPx, lanes, arrows: true };
  return windowBlock(model, new RunIndex(model), ask, inEnglish);
}

function spansOf({ spans, originNs }: Block): string[] {
  return Array.from({ length: spans.count }, (_, at) => {
    const name = nameOf(spans.state[at]!, spans.flags[at]!);
    return `${name} ${spans.start[at]! + originNs}..${spans.end[at]! + originNs}`;
  });
}

describe('pieces of a lane', () => {
  it('are running between waits, split where a wait was ready', () => {
    const trace = oneLane();
    trace.wait({ kind: 'get', from: 100, to: 200, ready: 180 });
    trace.laneEnd(0, 'returned', 300);
    assert.deepEqual(picture(modelOf([trace])), [
      'running 0..100',
      'queue 100..180',
      'queue* 180..200',
      'running| 200..300',
    ]);
  });

  it('show the innermost of nested waits', () => {
    const trace = oneLane();
    const outer = trace.beginWait({ kind: 'join', from: 100 });
    trace.wait({ kind: 'lock', from: 150, to: 170 });
    trace.endWait(outer, { kind: 'join', from: 100, to: 300 });
    trace.laneEnd(0, 'returned', 400);
    assert.deepEqual(
      picture(modelOf([trace])),
      ['join 100..150', 'lock 150..170', 'join 170..300', 'running| 300..400'].toSpliced(
        0,
        0,
        'running 0..100',
      ),
    );
  });

  it('go on while the lane lives, and stop with it when a wait never ended', () => {
    const trace = oneLane();
    trace.wait({ kind: 'event', from: 100 });
    assert.deepEqual(picture(liveModelOf([trace], 500)), ['running 0..100', 'lock... 100..500']);
    trace.laneEnd(0, 'killed', 250);
    assert.deepEqual(picture(modelOf([trace])), ['running 0..100', 'lock| 100..250']);
  });

  it('tell a lane that is made but not started', () => {
    const trace = oneLane();
    trace.lane(1, 'thread', 'late', 100, { parent: 0, begin: 180 });
    trace.laneEnd(1, 'returned', 200);
    trace.laneEnd(0, 'returned', 300);
    assert.deepEqual(picture(modelOf([trace]), 1), ['idle 100..180', 'running| 180..200']);
  });

  it('of a window are those that touch it, those that began long before it included', () => {
    const trace = oneLane();
    const outer = trace.beginWait({ kind: 'join', from: 10 });
    for (let at = 0; at < 20; at++)
      trace.wait({ kind: 'lock', from: 100 + at * 10, to: 105 + at * 10 });
    trace.endWait(outer, { kind: 'join', from: 10, to: 900 });
    trace.laneEnd(0, 'returned', 1000);
    const model = modelOf([trace]);
    assert.deepEqual(picture(model, 0, 500, 600).at(-1), 'running| 900..1000');
    assert.ok(picture(model, 0, 500, 600).includes('join 295..900'));
  });
});

describe('block of a window', () => {
  it('keeps what is wider than a pixel and merges what is not', () => {
    const trace = oneLane();
    for (let at = 0; at < 100; at++)
      trace.wait({ kind: 'get', from: 1000 + at * 10, to: 1008 + at * 10 });
    trace.wait({ kind: 'sleep', from: 4000, to: 8000 });
    trace.laneEnd(0, 'returned', 10_000);
    const model = modelOf([trace]);
    const fine = spansOf(block(model, 0, 10_000, 1));
    assert.equal(fine.filter(span => span.startsWith('queue ')).length, 100);
    const coarse = spansOf(block(model, 0, 10_000, 100));
    assert.deepEqual(coarse[0], 'running 0..1000');
    assert.ok(
      coarse.some(span => span.startsWith('queue~ ')),
      coarse.join('\n'),
    );
    assert.ok(coarse.includes('quiet 4000..8000'));
    assert.ok(coarse.length < 8, coarse.join('\n'));
  });

  it('does not change what is merged when the window moves', () => {
    const trace = oneLane();
    let at = 100;
    for (let index = 0; index < 400; index++) {
      const kind = index % 3 === 0 ? 'lock' : 'get';
      trace.wait({ kind, from: at, to: at + 7 + (index % 11) });
      at += 20 + (index % 7);
    }
    trace.laneEnd(0, 'returned', at + 1000);
    const model = modelOf([trace]);
    const inside = (from: number, to: number): string[] =>
      spansOf(block(model, from, to, 64)).filter(span => {
        const [start, end] = (span.split(' ')[1] ?? '').split('..').map(Number);
        return start! >= 3000 && end! <= 6000;
      });
    assert.deepEqual(inside(1000, 8000), inside(1333, 7777));
    assert.ok(inside(1000, 8000).length > 2);
  });

  it('has no gap and no overlap within a lane, whatever the waits', () => {
    const waits = fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 60 });
    fc.assert(
      fc.property(waits, fc.integer({ min: 1, max: 500 }), (steps, nsPerPx) => {
        const trace = oneLane();
        let now = 0;
        for (const [pause, length] of steps) {
          trace.wait({ kind: 'get', from: now + pause, to: now + pause + length });
          now += pause + length;
        }
        trace.laneEnd(0, 'returned', now + 10);
        const { spans } = block(modelOf([trace]), 0, now + 10, nsPerPx);
        for (let at = 1; at < spans.count; at++) assert.equal(spans.start[at], spans.end[at - 1]);
        assert.equal(spans.start[0], 0);
        assert.equal(spans.end[spans.count - 1], now + 10);
        assert.ok(
          spans.count <= 2 * ((now + 10) / gridOf(nsPerPx)) + 2,
          'no more than pixels can show',
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes labels only where there is room, each text once', () => {
    const trace = oneLane();
    trace.object(1, 'queue', 'jobs');
    trace.wait({ kind: 'get', from: 100, to: 200, on: { object: 1 } });
    trace.wait({ kind: 'get', from: 1000, to: 9000, on: { object: 1 } });
    trace.wait({ kind: 'get', from: 10_000, to: 18_000, on: { object: 1 } });
    trace.laneEnd(0, 'returned', 20_000);
    const { labels, spans } = block(modelOf([trace]), 0, 20_000, 20);
    assert.deepEqual(labels, ['get: queue jobs  8 µs']);
    assert.deepEqual(
      [...spans.label].filter(label => label > 0),
      [1, 1],
    );
  });

  it('thins out arrows that nobody could tell apart, and says how many there were', () => {
    const trace = oneLane();
    trace.lane(1, 'thread', 'giver', 0, { parent: 0, begin: 0 });
    for (let at = 0; at < 5000; at++) {
      trace.waitDone({
        kind: 'get',
        from: 100 + at * 10,
        to: 105 + at * 10,
        cause: { lane: 1, t: 101 + at * 10 },
      });
    }
    trace.laneEnd(0, 'returned', 60_000);
    const { arrows } = block(modelOf([trace]), 0, 60_000, 10);
    assert.ok(arrows.total >= 5000, `${arrows.total}`);
    assert.ok(arrows.count > 100 && arrows.count <= 600, `${arrows.count}`);
    const last = Math.max(...arrows.to);
    assert.ok(last > 40_000, 'they come from the whole window');
  });
});

describe('jobs on a lane', () => {
  it('cut its running spans, each with its name', () => {
    const trace = oneLane();
    trace.lane(1, 'thread', 'worker', 0, { parent: 0, begin: 0 });
    for (let job = 0; job < 3; job++) {
      trace.record('jobSubmit', { id: job + 1, lane: 0, t: 10, text: trace.string(`f(${job})`) });
      trace.record('jobBegin', { id: job + 1, lane: 1, t: 1000 + job * 1000 });
      trace.record('jobEnd', { id: job + 1, lane: 1, t: 1900 + job * 1000, b: 1 });
    }
    trace.wait({ lane: 1, kind: 'get', from: 3950, to: 4950 });
    trace.laneEnd(1, 'returned', 5000);
    trace.laneEnd(0, 'returned', 5000);
    const { spans, labels } = block(modelOf([trace]), 0, 5000, 2);
    const named = Array.from({ length: spans.count }, (_, at) =>
      spans.lane[at] === 1 ? `${labels[spans.label[at]! - 1] ?? '-'} ${spans.start[at]}` : '',
    );
    assert.deepEqual(
      named.filter(one => one !== ''),
      [
        '- 0',
        'f(0) 1000',
        '- 1900',
        'f(1) 2000',
        '- 2900',
        'f(2) 3000',
        '- 3900',
        'get  1 µs 3950',
        '- 4950',
      ],
    );
  });

  it('that only wait are named on the wait', () => {
    const trace = oneLane();
    trace.record('jobSubmit', { id: 1, lane: 0, t: 10, text: trace.string('f(0)') });
    trace.record('jobBegin', { id: 1, lane: 0, t: 100 });
    // As JavaScript tells it, with the time asked for.
    trace.wait({ kind: 'sleep', label: 'sleep 500 ms', from: 110, to: 990 });
    trace.record('jobEnd', { id: 1, lane: 0, t: 1000, b: 1 });
    trace.laneEnd(0, 'returned', 2000);
    assert.ok(block(modelOf([trace]), 0, 2000, 1).labels.includes('f(0): sleep  880 ns'));
  });
});
