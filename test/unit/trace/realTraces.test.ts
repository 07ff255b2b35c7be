import assert from 'node:assert/strict';
import path from 'node:path';
import { openTrace } from '../../../src/trace/openTrace';
import type { TraceModel } from '../../../src/trace/traceModel';

/** Traces that the Python tracer wrote, of programs in /tmp/notes. */
const open = (name: string): TraceModel =>
  openTrace(path.join(process.cwd(), 'test/fixtures/traces', name), { exitCode: 0 });

const lanesOf = (model: TraceModel) =>
  model.lanes.map(lane => [lane.kind, lane.name, lane.parent, lane.end]);

function handoffsOf(model: TraceModel): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < model.handoffCount; index++) {
    const { kind } = model.handoff(index);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const waitsAt = (model: TraceModel, file: string, line: number) =>
  Array.from(model.waitsAtLine(file, line), id => model.wait(id));

describe('traces of the Python tracer', () => {
  it('two threads joined', () => {
    const model = open('join');
    assert.deepEqual(lanesOf(model), [
      ['main', 'MainThread', null, 'returned'],
      ['thread', 'Thread-1 (run)', 0, 'returned'],
      ['thread', 'Thread T2', 0, 'returned'],
    ]);
    assert.deepEqual(handoffsOf(model), { start: 2, 'end-join': 2 });
    const [join] = waitsAt(model, '/tmp/notes/join.py', 9);
    assert.deepEqual(
      [join?.kind, join?.label, join?.on, join?.endedBy, join?.outcome],
      ['join', 'Thread-1 (run)', [1], 1, 'done'],
    );
    assert.deepEqual(model.notes, []);
    const { lane, count } = model.outputRecords;
    assert.deepEqual(new Set(lane.data.subarray(0, count)), new Set([1, 2]));
  });

  it('two processes that hand items over a queue and a pipe', () => {
    const model = open('pipes');
    assert.deepEqual(lanesOf(model), [
      ['main', 'MainThread', null, 'returned'],
      ['process', 'producer', 0, 'returned'],
      ['process', 'consumer', 0, 'returned'],
      ['thread', 'QueueFeederThread', 1, 'returned'],
    ]);
    const { 'put-get': puts, 'send-recv': sends, start, 'end-join': ends } = handoffsOf(model);
    assert.deepEqual([puts, sends, start, ends], [6, 5, 3, 2]);
    const received = waitsAt(model, '/tmp/notes/pipes.py', 17);
    assert.deepEqual(
      received.map(wait => [wait.endedBy, wait.endedAt?.line ?? null, wait.outcome]),
      [...Array.from({ length: 5 }, () => [2, 10, 'done']), [null, null, 'raised']],
    );
  });

  it('jobs of a process pool', () => {
    const model = open('executor_map');
    assert.deepEqual(
      model.jobs.map(job => [job.submittedBy, model.lanes[job.lane ?? -1]?.kind, job.outcome]),
      Array.from({ length: 3 }, () => [0, 'process', 'done']),
    );
    const counts = handoffsOf(model);
    assert.deepEqual([counts['submit-run'], counts['run-result']], [3, 3]);
  });

  it('tasks gathered, of which one is the last', () => {
    const model = open('asyncio_gather');
    const tasks = model.lanes.filter(lane => lane.kind === 'task');
    assert.equal(tasks.length, 4);
    const [gather] = waitsAt(model, '/tmp/notes/18_asyncio_gather.py', 25);
    assert.deepEqual([gather?.kind, gather?.on, gather?.endedBy], ['wait', [2, 3, 4], 2]);
  });

  it('daemon workers on a queue, cut off at the end', () => {
    const model = open('queue_workers');
    assert.deepEqual(
      model.lanes.slice(1).map(lane => [lane.daemon, lane.end]),
      Array.from({ length: 3 }, () => [true, 'exited']),
    );
    assert.equal(handoffsOf(model)['put-get'], 6);
    const [drain] = waitsAt(model, '/tmp/notes/16_queue_workers.py', 28);
    assert.equal(drain?.kind, 'drain');
    assert.ok(
      drain?.endedBy !== null && drain.endedAt?.line === 14,
      'the sixth task_done() ended it',
    );
  });
});
