import assert from 'node:assert/strict';
import { heldNs, holdsAt, openWaits, stateAt, visibleHandoffs } from '../../../src/trace/queries';
import type { TraceModel } from '../../../src/trace/traceModel';
import { liveModelOf, modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

function lane(waits: readonly { from: number; to?: number; ready?: number }[]): TraceModel {
  const w = new TraceWriter();
  w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 10 });
  for (const wait of waits) w.wait({ lane: 1, kind: 'lock', ...wait });
  w.laneEnd(1, 'returned', 1000);
  w.laneEnd(0, 'returned', 1200);
  return modelOf([w]);
}

describe('state at a moment', () => {
  it('tells not started, running, waiting, ready and ended apart', () => {
    const model = lane([{ from: 100, to: 200, ready: 150 }]);
    const states = [5, 10, 99, 100, 149, 150, 199, 200, 999, 1000].map(
      ns => stateAt(model, 1, ns).state,
    );
    assert.deepEqual(states, [
      'not-started',
      'running',
      'running',
      'waiting',
      'waiting',
      'ready',
      'ready',
      'running',
      'running',
      'ended',
    ]);
    assert.equal(stateAt(model, 99, 0).state, 'not-started');
  });

  it('answers with the innermost wait', () => {
    const model = lane([
      { from: 100, to: 900 },
      { from: 200, to: 300 },
    ]);
    const inner = stateAt(model, 1, 250);
    const outer = stateAt(model, 1, 350);
    assert.ok(inner.state === 'waiting' && outer.state === 'waiting');
    assert.deepEqual([inner.wait.id, outer.wait.id], [1, 0]);
  });

  it('lists what waits now, the longest first', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 10 });
    w.wait({ lane: 1, kind: 'lock', from: 50 });
    w.wait({ lane: 0, kind: 'join', on: { lane: 1 }, from: 20 });
    const model = liveModelOf([w], 100);
    assert.deepEqual(
      openWaits(model).map(wait => wait.lane),
      [0, 1],
    );
  });
});

describe('holds and handoffs', () => {
  it('sums how long a lane held a lock', () => {
    const w = new TraceWriter();
    w.object(1, 'lock', 'a');
    for (const [acquired, released] of [
      [10, 20],
      [50, 75],
    ] as const) {
      w.record('owner', { id: 1, a: 1, t: acquired });
      w.record('owner', { id: 1, a: 0, t: released });
    }
    const model = modelOf([w]);
    assert.equal(heldNs(model, 0, 0), 35);
    assert.equal(holdsAt(model, 0, 60).length, 1);
    assert.equal(holdsAt(model, 0, 30).length, 0);
  });

  it('finds the handoffs that touch a window, and says when there are too many', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'T1', 0, { parent: 0 });
    const a = w.handoffCode('put-get');
    for (const [from, to] of [
      [10, 20],
      [15, 300],
      [200, 210],
      [250, 400],
    ] as const) {
      w.record('handoff', { lane: 1, a, t: to, causeLane: 1, causeT: from });
    }
    const model = modelOf([w]);
    const found = visibleHandoffs(model, 190, 260, 10);
    assert.deepEqual(
      found.handoffs.map(h => h.from.ns),
      [200, 250],
    );
    assert.equal(visibleHandoffs(model, 0, 500, 3).isCut, true);
  });
});
