import assert from 'node:assert/strict';
import { runJsonPieces } from '../../../src/trace/exporters/json';
import { perfettoPieces } from '../../../src/trace/exporters/perfetto';
import type { TraceModel } from '../../../src/trace/traceModel';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

function joined(): TraceModel {
  const w = new TraceWriter();
  w.lane(1, 'thread', 'Thread T2', 1000, { parent: 0, begin: 2000, site: w.site('/a.py', 4) });
  const cause = { lane: 1, t: 8000, site: w.site('/a.py', 9) };
  w.wait({
    kind: 'join',
    on: { lane: 1 },
    from: 3000,
    to: 9000,
    site: w.site('/a.py', 20, 1),
    cause,
  });
  w.laneEnd(1, 'returned', 8000);
  w.laneEnd(0, 'returned', 9500);
  const model = modelOf([w], { exitCode: 0 });
  model.addOutput({ lane: 1, ns: 7000, stream: 'stdout', text: '2s\n' });
  return model;
}

describe('JSON export', () => {
  it('has every field of the contract', () => {
    const finding = {
      rule: 'deadlock',
      severity: 'error',
      message: 'm',
      file: '/a.py',
      line: 12,
    } as const;
    const input = { exitCode: 0, signal: null, findings: [finding] };
    const text = [...runJsonPieces(joined(), input)].join('');
    const json = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual(
      [json['exitCode'], json['signal'], json['durationNs'], json['findings'], json['notes']],
      [0, null, 9500, [finding], []],
    );
    assert.deepEqual(json['output'], [{ lane: 1, ns: 7000, stream: 'stdout', text: '2s\n' }]);
    const [main, thread] = json['lanes'] as Record<string, unknown>[];
    assert.deepEqual([main?.['id'], main?.['kind'], main?.['parent']], [0, 'main', null]);
    const { id, kind, name, pid, parent, daemon, startNs, endNs, end, line } = thread!;
    assert.deepEqual(
      { id, kind, name, pid, parent, daemon, startNs, endNs, end, line },
      {
        id: 1,
        kind: 'thread',
        name: 'Thread T2',
        pid: 100,
        parent: 0,
        daemon: false,
        startNs: 2000,
        endNs: 8000,
        end: 'returned',
        line: 4,
      },
    );
    assert.deepEqual(json['waits'], [
      {
        lane: 0,
        kind: 'join',
        file: '/a.py',
        line: 20,
        column: 1,
        endColumn: null,
        startNs: 3000,
        endNs: 9000,
        readyNs: 8000,
        outcome: 'done',
        on: [1],
        jobs: [],
        object: null,
        endedBy: 1,
        endedAt: { file: '/a.py', line: 9 },
        timeoutNs: null,
        label: 'Thread T2',
      },
    ]);
    assert.deepEqual(json['handoffs'], [
      {
        kind: 'start',
        from: { lane: 0, ns: 1000, file: '/a.py', line: 4 },
        to: { lane: 1, ns: 2000, file: null, line: null },
      },
      {
        kind: 'end-join',
        from: { lane: 1, ns: 8000, file: '/a.py', line: 9 },
        to: { lane: 0, ns: 9000, file: '/a.py', line: 20 },
      },
    ]);
  });

  it('says of a thread at rest in its event loop that it waits for input or output', () => {
    const w = new TraceWriter();
    w.wait({ kind: 'idle', from: 1000, to: 5000 });
    const input = { exitCode: 0, signal: null, findings: [] };
    const text = [...runJsonPieces(modelOf([w], { exitCode: 0 }), input)].join('');
    const { waits } = JSON.parse(text) as { waits: Record<string, unknown>[] };
    assert.deepEqual(
      waits.map(({ kind, startNs, endNs }) => [kind, startNs, endNs]),
      [['io', 1000, 5000]],
    );
  });
});

describe('Perfetto export', () => {
  interface TraceEvent {
    readonly ph: string;
    readonly name: string;
    readonly tid: number;
    readonly pid: number;
    readonly ts: number;
    readonly dur: number;
    readonly id: number;
    readonly args: Record<string, unknown>;
  }

  it('is one JSON document with a track per lane, a slice per wait and an arrow per handoff', () => {
    const text = [...perfettoPieces(joined())].join('');
    const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
    const names = traceEvents.filter(event => event.name === 'thread_name');
    assert.deepEqual(
      names.map(event => [event.pid, event.tid, event.args['name']]),
      [
        [1, 1, 'MainThread'],
        [1, 2, 'Thread T2'],
      ],
    );
    const slice = traceEvents.find(event => event.name === 'join: Thread T2');
    assert.deepEqual([slice?.ph, slice?.tid, slice?.ts, slice?.dur], ['X', 1, 3, 6]);
    const arrows = traceEvents.filter(event => event.name === 'end-join');
    assert.deepEqual(
      arrows.map(event => [event.ph, event.tid, event.ts]),
      [
        ['s', 2, 8],
        ['f', 1, 9],
      ],
    );
    assert.equal(arrows[0]?.id, arrows[1]?.id);
    assert.equal(traceEvents.find(event => event.ph === 'i')?.args['text'], '2s\n');
  });
});
