import assert from 'node:assert/strict';
import { WAIT_KINDS } from '../../../src/trace/format';
import { runNotes } from '../../../src/trace/runNotes';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';
import { translationTo } from '../../support/translations';

const S = 1e9;
const MS = 1e6;
const FILE = '/notes/join.py';

/** Two threads, joined in turn: the notes' first snippet. */
function twoJoins(): TraceWriter {
  const w = new TraceWriter();
  const start1 = w.site(FILE, 14, 1, '<module>');
  const join1 = w.site(FILE, 20, 1, '<module>');
  const join2 = w.site(FILE, 21, 1, '<module>');
  w.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  w.lane(1, 'thread', 'Thread-1 (run)', 10 * MS, { parent: 0, begin: 11 * MS, site: start1 });
  w.lane(2, 'thread', 'Thread T2', 20 * MS, { parent: 0, begin: 21 * MS });
  const wait = { kind: 'join', on: { lane: 1 }, site: join1, from: 30 * MS } as const;
  const id = w.beginWait(wait);
  w.laneEnd(2, 'returned', 2 * S);
  w.laneEnd(1, 'raised', 4 * S, 0, 'ValueError: no');
  w.endWait(id, { ...wait, to: 4001 * MS, cause: { lane: 1, t: 4 * S } });
  w.waitDone({ kind: 'join', on: { lane: 2 }, site: join2, from: 4002 * MS, to: 4002.1 * MS });
  w.laneEnd(0, 'returned', 4100 * MS);
  return w;
}

/** What is told of a main thread that raised this. */
function told(detail: string): string | null {
  const w = new TraceWriter();
  w.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  w.laneEnd(0, 'raised', 1 * S, 1, detail);
  return modelOf([w]).lanes[0]!.detail;
}

describe('run model', () => {
  it('has the lanes of the run with their times, parents and ends', () => {
    const { lanes } = modelOf([twoJoins()], { exitCode: 0 });
    assert.deepEqual(
      lanes.map(l => [l.id, l.kind, l.name, l.parent, l.createdNs, l.startNs, l.endNs, l.end]),
      [
        [0, 'main', 'MainThread', null, 0, 0, 4100 * MS, 'returned'],
        [1, 'thread', 'Thread-1 (run)', 0, 10 * MS, 11 * MS, 4 * S, 'raised'],
        [2, 'thread', 'Thread T2', 0, 20 * MS, 21 * MS, 2 * S, 'returned'],
      ],
    );
    assert.equal(lanes[1]!.detail, 'ValueError: no');
    assert.equal(lanes[1]!.site?.line, 14);
    assert.equal(lanes[0]!.exitCode, 0);
  });

  it('tells what a lane raised in one line', () => {
    assert.equal(told('ValueError: first\nsecond\nthird'), 'ValueError: first');
    assert.equal(
      told("Error: Cannot find module 'x'\r\nRequire stack:\r\n- a.js"),
      "Error: Cannot find module 'x'",
    );
    assert.equal(told('my.Error: \n  what is wrong\n'), 'my.Error: what is wrong');
    assert.equal(told('KeyboardInterrupt'), 'KeyboardInterrupt');
  });

  it('calls a program given as source by a short name, and keeps the whole', () => {
    const w = new TraceWriter();
    const command = 'python3 -c import time; time.sleep(1); print("the end")';
    w.lane(0, 'main', 'MainThread', 0, { begin: 0 });
    w.lane(1, 'subprocess', command, 10 * MS, { parent: 0, begin: 11 * MS });
    w.lane(2, 'thread', command, 20 * MS, { parent: 0, begin: 21 * MS });
    w.waitDone({ kind: 'exit', on: { lane: 1 }, from: 30 * MS, to: 1 * S });
    const model = modelOf([w]);
    assert.deepEqual(
      model.lanes.slice(1).map(lane => [lane.name, lane.command]),
      [
        ['python3 -c "…"', command],
        [command, null],
      ],
    );
    assert.equal(model.wait(0).label, 'python3 -c "…"');
  });

  it('has the waits with their targets, labels and who ended them', () => {
    const model = modelOf([twoJoins()]);
    assert.equal(model.waitCount, 2);
    const [first, second] = [model.wait(0), model.wait(1)];
    assert.deepEqual(
      [first.kind, first.lane, first.on, first.label, first.outcome, first.endedBy],
      ['join', 0, [1], 'Thread-1 (run)', 'done', 1],
    );
    assert.deepEqual([first.startNs, first.readyNs, first.endNs], [30 * MS, 4 * S, 4001 * MS]);
    assert.equal(first.site?.column, 1);
    assert.equal(second.endedBy, 2, 'the end of the joined lane, told by no record of the wait');
    assert.equal(second.readyNs, second.startNs, 'it had ended before');
    assert.deepEqual(model.files, [FILE]);
    assert.deepEqual([...(model.waitsOfLane(0) as Int32Array)], [0, 1]);
    assert.deepEqual([...(model.waitsAtLine(FILE, 20) as Int32Array)], [0]);
    assert.equal(model.waitsAtLine(FILE, 22).length, 0);
  });

  it('derives the handoffs of starts and of ended joins', () => {
    const model = modelOf([twoJoins()]);
    const handoffs = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i));
    assert.deepEqual(
      handoffs.map(h => [h.kind, h.from.lane, h.to.lane]),
      [
        ['start', 0, 1],
        ['start', 0, 2],
        ['end-join', 1, 0],
        ['end-join', 2, 0],
      ],
    );
    assert.equal(handoffs[0]!.from.site?.line, 14);
    assert.equal(handoffs[2]!.to.ns, 4001 * MS);
  });

  it('cuts off what was open when the process was killed', () => {
    const w = new TraceWriter();
    w.lane(0, 'main', 'MainThread', 0, { begin: 0 });
    w.lane(1, 'thread', 'T1', 1 * S, { parent: 0, begin: 1 * S });
    w.wait({ kind: 'join', on: { lane: 1 }, from: 2 * S });
    w.wait({ lane: 1, kind: 'sleep', from: 3 * S });
    const model = modelOf([w], { signal: 'SIGKILL' });
    assert.deepEqual(
      model.lanes.map(l => l.end),
      ['killed', 'killed'],
    );
    assert.deepEqual([model.wait(0).outcome, model.wait(1).outcome], ['cut-off', 'cut-off']);
    assert.equal(model.wait(0).endNs, model.lanes[0]!.endNs);
    assert.ok(model.finished);
  });

  it('gives a daemon thread the end of its process', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'daemon', 0, { parent: 0, flags: 1, begin: 0 });
    w.wait({ lane: 1, kind: 'sleep', from: 1 * S });
    w.laneEnd(0, 'returned', 2 * S);
    const [, daemon] = modelOf([w]).lanes;
    assert.deepEqual([daemon!.daemon, daemon!.end, daemon!.endNs], [true, 'exited', 2 * S]);
  });

  it('takes a process and its own trace file for one lane', () => {
    const parent = new TraceWriter({ pid: 100 });
    parent.lane(1, 'process', 'Process-1', 1 * S, { parent: 0 });
    parent.record('laneInfo', { lane: 1, t: 1100 * MS, x: 200 });
    parent.wait({ kind: 'join', on: { lane: 1 }, from: 1200 * MS, to: 3200 * MS });
    parent.laneEnd(1, 'exited', 3100 * MS, 7);
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 1050 * MS });
    child.lane(0, 'main', 'MainThread', 1050 * MS, { begin: 1060 * MS });
    child.lane(1, 'thread', 'inner', 2 * S, { parent: 0, begin: 2 * S });
    child.laneEnd(0, 'returned', 3 * S);
    const model = modelOf([parent, child]);
    assert.deepEqual(
      model.lanes.map(l => [l.kind, l.name, l.pid, l.parent, l.process]),
      [
        ['main', 'MainThread', 100, null, 0],
        ['process', 'Process-1', 200, 0, 1],
        ['thread', 'inner', 200, 1, 1],
      ],
    );
    const process = model.lanes[1]!;
    assert.deepEqual([process.end, process.endNs, process.exitCode], ['returned', 3 * S, 7]);
    assert.equal(model.wait(0).endedBy, 1);
    assert.equal(model.lanes[2]!.end, 'exited');
    const kinds = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i).kind);
    assert.deepEqual(kinds.toSorted(), ['end-join', 'start', 'start']);
  });

  it('takes the end of the target for the moment, where only the lane that ended the wait is told', () => {
    const w = new TraceWriter();
    w.lane(1, 'process', 'P', 0, { parent: 0, pid: 200, begin: 0 });
    w.wait({ kind: 'join', on: { lane: 1 }, from: 10, to: 50 });
    w.record('waitBegin', { id: 9, a: 1, c: 1, ref: 1, t: 60 });
    w.record('waitEnd', { id: 9, b: 1, t: 70, causeLane: 2 });
    w.laneEnd(1, 'exited', 40);
    const model = modelOf([w]);
    const ends = [0, 1]
      .map(id => model.wait(id))
      .map(one => [one.endedBy, one.endedAtNs, one.readyNs]);
    assert.deepEqual(ends, [
      [1, 40, 40],
      [1, 40, 60],
    ]);
    assert.equal(model.handoffCount, 3);
  });

  it('knows who cancelled a wait, and takes it for no handoff', () => {
    const w = new TraceWriter();
    w.lane(1, 'task', 'T', 0, { parent: 0, begin: 0 });
    for (const [from, outcome] of [
      [10, 'done'],
      [20, 'cancelled'],
      [30, 'timed-out'],
    ] as const) {
      w.wait({ kind: 'get', from, to: from + 5, outcome, cause: { lane: 1, t: from + 3 } });
    }
    const model = modelOf([w]);
    const handoffs = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i));
    assert.deepEqual(
      handoffs.filter(h => h.kind === 'put-get').map(h => h.to.ns),
      [15],
    );
    assert.deepEqual(
      [0, 1, 2].map(id => model.wait(id).endedBy),
      [1, 1, 1],
    );
  });

  it('matches causes and effects of different processes first in, first out', () => {
    const parent = new TraceWriter({ pid: 100 });
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 1 });
    const put = parent.handoffCode('put-get');
    const site = child.site(FILE, 9);
    const from = { lane: 0, a: put, x: 77 };
    const wait = child.wait({ kind: 'get', from: 5, to: 40, site });
    child.record('linkTo', { ...from, t: 40, id: wait });
    child.record('linkTo', { ...from, t: 50 });
    parent.record('linkFrom', { ...from, t: 20 });
    parent.record('linkFrom', { ...from, t: 30 });
    parent.record('linkFrom', { ...from, t: 35, x: 78 });
    const model = modelOf([parent, child]);
    const handoffs = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i));
    assert.deepEqual(
      handoffs.map(h => [h.kind, h.from.ns, h.to.ns, h.to.site?.line ?? null]),
      [
        ['put-get', 20, 40, 9],
        ['put-get', 30, 50, null],
      ],
    );
    assert.deepEqual([model.wait(0).endedBy, model.wait(0).readyNs], [0, 20]);
  });

  it('matches a signal with all it wakes, and with none that came before it', () => {
    const parent = new TraceWriter({ pid: 100 });
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 1 });
    const set = { a: parent.handoffCode('set-wait'), x: 5 };
    for (const t of [10 * MS, 20 * MS]) parent.record('linkFrom', { ...set, t });
    for (const t of [5 * MS, 12 * MS, 30 * MS, 31 * MS]) child.record('linkTo', { ...set, t });
    const model = modelOf([parent, child]);
    const handoffs = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i));
    assert.deepEqual(
      handoffs.map(h => [h.from.ns / MS, h.to.ns / MS]),
      [
        [10, 12],
        [20, 30],
        [20, 31],
      ],
    );
  });

  it('does not take a lane for the one that woke it', () => {
    const parent = new TraceWriter({ pid: 100 });
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 1 });
    const release = { a: parent.handoffCode('release-acquire'), x: 5 };
    parent.record('linkFrom', { ...release, t: 10 * MS });
    child.record('linkFrom', { ...release, t: 11 * MS });
    const id = child.wait({ kind: 'lock', from: 2 * MS, to: 12 * MS });
    child.record('linkTo', { ...release, t: 12 * MS, id });
    // Taken again inside: no handoff of its own.
    child.record('linkTo', { ...release, t: 13 * MS });
    const model = modelOf([parent, child]);
    assert.deepEqual([model.handoffCount, model.handoff(0).from.lane], [1, 0]);
    assert.equal(model.wait(0).endedBy, 0);
  });

  it('leaves an item alone that no recorded put can have sent', () => {
    const parent = new TraceWriter({ pid: 100 });
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 1 });
    const put = { a: parent.handoffCode('put-get'), x: 5 };
    parent.record('linkFrom', { ...put, t: 20 * MS });
    for (const t of [10 * MS, 30 * MS]) child.record('linkTo', { ...put, t });
    const model = modelOf([parent, child]);
    assert.equal(model.handoffCount, 1);
    assert.deepEqual([model.handoff(0).from.ns, model.handoff(0).to.ns], [20 * MS, 30 * MS]);
  });

  it('follows a job from its submitter over its worker to who waits for it', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'pool_0', 0, { parent: 0, begin: 0 });
    w.record('jobSubmit', { id: 3, lane: 0, t: 10, text: w.string('square(3)') });
    w.record('jobBegin', { id: 3, lane: 1, t: 20 });
    const wait = { kind: 'result', on: { job: 3 }, from: 15, to: 42 } as const;
    const id = w.beginWait(wait);
    w.record('jobEnd', { id: 3, lane: 1, t: 40, b: 1 });
    w.endWait(id, wait);
    const model = modelOf([w]);
    const { label, on, jobs, endedBy } = model.wait(0);
    assert.deepEqual([label, on, jobs, endedBy], ['square(3)', [1], [0], 1]);
    const kinds = Array.from({ length: model.handoffCount }, (_, i) => model.handoff(i).kind);
    assert.deepEqual(kinds, ['start', 'submit-run', 'run-result']);
    assert.deepEqual(
      [model.jobs[0]!.submittedNs, model.jobs[0]!.startNs, model.jobs[0]!.endNs],
      [10, 20, 40],
    );
  });

  it('knows who holds a contended lock, and who holds up the wait for it', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 0 });
    w.object(5, 'lock', 'results_lock');
    w.record('owner', { lane: 1, id: 5, a: 1, t: 10 });
    w.wait({ kind: 'lock', on: { object: 5 }, also: [{ lane: 1 }], from: 20, to: 50 });
    w.record('owner', { lane: 1, id: 5, a: 0, t: 45 });
    w.record('owner', { lane: 0, id: 5, a: 1, t: 50 });
    const model = modelOf([w]);
    const wait = model.wait(0);
    assert.deepEqual([wait.label, wait.object, wait.on], ['lock results_lock', 0, [1]]);
    const holds = Array.from(model.holdsOfObject(0), i => model.hold(i));
    assert.deepEqual(
      holds.map(h => [h.lane, h.fromNs, h.toNs]),
      [
        [1, 10, 45],
        [0, 50, null],
      ],
    );
    assert.equal(model.objects[0]!.owner, 0);
  });

  it('says what was lost and what was not traced', () => {
    const w = new TraceWriter();
    w.lane(1, 'process', 'Process-1', 1, { parent: 0, pid: 300, flags: 4 });
    w.record('note', { t: 2, text: w.string('python 3.8 has no columns') });
    w.record('dropped', { t: 3, x: 12 });
    w.record(99, { t: 4 });
    w.record('waitEnd', { t: 4, id: 4711, b: 1 });
    const model = modelOf([w]);
    assert.deepEqual(model.notes, [
      'python 3.8 has no columns',
      '12 records could not be written, so some waits may be missing.',
      '1 record of a kind this version does not know was left out.',
      '1 damaged record was left out.',
      'Process-1 (pid 300) was not traced: its interpreter did not load the tracer, as with -I, -E or -S.',
    ]);
    const inJapanese = runNotes(model, model.decoders, model.hostNotes, translationTo('ja'));
    assert.deepEqual(inJapanese.slice(1), [
      '記録 12 件を書き込めなかったため、一部の待ちが欠けている可能性があります。',
      'このバージョンが知らない種類の記録 1 件を省きました。',
      '壊れた記録 1 件を省きました。',
      'Process-1 (pid 300) は追跡されていません。-I、-E、-S を付けた場合のように、インタープリターがトレーサーを読み込みませんでした。',
    ]);
  });

  it('takes strings in parts, in any order, defined after their use', () => {
    const w = new TraceWriter();
    const name = 'Thread ü '.repeat(20);
    const utf8 = new TextEncoder().encode(name);
    w.record('lane', { lane: 1, a: 2, t: 0, text: 900 });
    for (let from = Math.floor(utf8.length / 44) * 44; from >= 0; from -= 44) {
      w.stringPart(900, utf8, from);
    }
    assert.equal(modelOf([w]).lanes[1]!.name, name);
  });

  it('knows what a wait was for from its end, where only that shows it', () => {
    const w = new TraceWriter();
    const heard = w.site(FILE, 7, 3, '<module>');
    w.lane(0, 'main', 'main', 0, { begin: 0 });
    w.lane(1, 'worker', 'pool', 10 * MS, { parent: 0, begin: 11 * MS });
    const id = w.beginWait({ kind: 'idle', from: 20 * MS });
    w.record('waitOn', { id, c: 1, ref: 1, t: 50 * MS });
    const recv = WAIT_KINDS.indexOf('recv') + 1;
    w.record('waitEnd', { id, a: recv, b: 1, t: 50 * MS, site: heard, text: w.string('pool') });
    const model = modelOf([w]);
    const wait = model.wait(0);
    assert.deepEqual(
      [wait.kind, wait.label, wait.site?.line, wait.on, wait.startNs, wait.endNs],
      ['recv', 'pool', 7, [1], 20 * MS, 50 * MS],
    );
    assert.deepEqual([...(model.waitsAtLine(FILE, 7) as Int32Array)], [0]);
    assert.deepEqual(model.files, [FILE]);
  });
});
