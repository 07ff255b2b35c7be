import assert from 'node:assert/strict';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { runJsonPieces } from '../../../src/trace/exporters/json';
import { perfettoEvents } from '../../../src/trace/exporters/perfetto';
import { walkLane } from '../../../src/editor/timeline/lanePieces';
import { OUTCOMES, RECORD_BYTES } from '../../../src/trace/format';
import { inEnglish } from '../../../src/base/translate';
import { lineSummary, readyGapPhrase, waitPhrase } from '../../../src/trace/phrases';
import { openWaits, stateAt, visibleHandoffs } from '../../../src/trace/queries';
import type { TraceModel } from '../../../src/trace/traceModel';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const TRACES = path.join(process.cwd(), 'test/fixtures/traces');

/** Traces that tracers really wrote, each a folder. */
function realTraces(): Uint8Array[] {
  if (!existsSync(TRACES)) return [];
  return readdirSync(TRACES, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.clens'))
    .map(name => new Uint8Array(readFileSync(path.join(TRACES, name))));
}

function sample(): Uint8Array {
  const w = new TraceWriter();
  const site = w.site('/notes/a.py', 5, 3, 'work');
  w.object(1, 'lock', 'a lock whose name is long enough to need several parts of a string, ü');
  w.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20, site });
  w.lane(2, 'process', 'P', 30, { parent: 0, pid: 200 });
  w.wait({ kind: 'lock', on: { object: 1 }, also: [{ lane: 1 }], from: 40, to: 50, site });
  w.waitDone({ kind: 'join', on: { lane: 2 }, from: 60, to: 70, cause: { lane: 1, t: 65, site } });
  w.record('jobSubmit', { id: 1, t: 71 });
  w.record('jobBegin', { id: 1, lane: 1, t: 72 });
  w.record('jobEnd', { id: 1, lane: 1, t: 73, b: 1 });
  w.record('owner', { lane: 1, id: 1, a: 1, t: 74 });
  w.record('step', { lane: 1, a: 1, t: 75, ref: 1 });
  w.record('step', { lane: 1, a: 0, t: 76, ref: 1, site });
  w.record('linkFrom', { a: 3, x: 5, t: 77 });
  w.record('linkTo', { a: 3, x: 5, t: 78, lane: 1 });
  w.record('output', { lane: 1, a: 1, t: 79, ref: 3, x: 99 });
  w.laneEnd(1, 'raised', 80, 0, 'ValueError');
  return w.bytes();
}

/** Everything a view may ask. */
function askEverything(model: TraceModel): void {
  assert.ok(model.finished);
  assert.ok(model.lanes.length > 0, 'there is always a main lane');
  for (const lane of model.lanes) {
    assert.equal(model.lanes[lane.id], lane, 'ids are dense');
    assert.ok(lane.endNs !== null && lane.endNs >= lane.startNs, `${lane.name} has an end`);
    assert.notEqual(lane.end, 'running');
    assert.ok(lane.parent === null || model.lanes[lane.parent]);
    assert.ok(model.lanes[lane.process]);
    let reached = Number.NEGATIVE_INFINITY;
    walkLane(model, lane, 0, model.nowNs, {
      piece: (startNs, endNs) => {
        assert.ok(startNs >= reached && endNs >= startNs, 'pieces follow one another');
        reached = endNs;
      },
    });
    stateAt(model, lane.id, model.nowNs / 2);
    let before = Number.NEGATIVE_INFINITY;
    for (const id of Array.from(model.waitsOfLane(lane.id))) {
      const wait = model.wait(id);
      assert.ok(wait.startNs >= before, 'waits come in order of their start');
      before = wait.startNs;
    }
  }
  for (let id = 0; id < model.waitCount; id++) {
    const wait = model.wait(id);
    assert.ok(wait.endNs !== null && wait.endNs >= wait.startNs);
    assert.notEqual(wait.outcome, 'waiting');
    assert.ok(waitPhrase(model, wait, inEnglish).length > 0);
    readyGapPhrase(wait, inEnglish);
  }
  for (const file of model.files) {
    for (const line of model.linesWithWaits(file)) {
      assert.ok(lineSummary(model, model.waitsAtLine(file, line), inEnglish));
    }
  }
  openWaits(model);
  visibleHandoffs(model, 0, model.nowNs, 100);
  JSON.parse([...runJsonPieces(model, { exitCode: 0, signal: null, findings: [] })].join(''));
  for (const event of perfettoEvents(model)) JSON.stringify(event);
}

describe('hostile traces', () => {
  it('takes any bytes for what they are, without a throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 3 }), files => {
        askEverything(modelOf(files));
      }),
      { numRuns: 100 },
    );
  });

  it('takes any records after a good beginning', () => {
    const header = new TraceWriter().bytes();
    const number = fc.oneof(fc.nat(5), fc.nat(40), fc.nat(0xffffffff));
    const record = fc.tuple(
      fc.integer({ min: 1, max: 30 }),
      fc.nat(255),
      fc.nat(30),
      fc.nat(4),
      fc.array(number, { minLength: 15, maxLength: 15 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 120 }), records => {
        const bytes = new Uint8Array(RECORD_BYTES * (records.length + 1));
        bytes.set(header);
        const view = new DataView(bytes.buffer);
        for (const [index, [kind, a, b, c, words, isPlausible]] of records.entries()) {
          const at = RECORD_BYTES * (index + 1);
          bytes.set([kind, a % 24, b % 9, c], at);
          for (const [word, value] of words.entries()) {
            view.setUint32(at + 4 + word * 4, value, true);
          }
          if (isPlausible) view.setBigUint64(at + 8, 5_000_000_000_000n + BigInt(index), true);
        }
        askEverything(modelOf([bytes]));
      }),
      { numRuns: 200 },
    );
  });

  for (const [index, trace] of [sample(), ...realTraces()].entries()) {
    const name = index === 0 ? 'a written trace' : `a real trace (${trace.length} bytes)`;
    it(`survives ${name} cut anywhere and with bytes changed`, () => {
      const small = trace.subarray(0, Math.min(trace.length, 64 * 400));
      fc.assert(
        fc.property(
          fc.nat(small.length),
          fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { maxLength: 40 }),
          (length, changes) => {
            const bytes = small.slice(0, length);
            for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
            askEverything(modelOf([bytes]));
          },
        ),
        { numRuns: index === 0 ? 300 : 30 },
      );
    });
  }

  it('reads on after holes, and says that a file ends in the middle of a record', () => {
    const w = new TraceWriter();
    w.hole();
    w.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 10 });
    w.hole();
    w.hole();
    w.wait({ lane: 1, kind: 'lock', from: 20, to: 30 });
    const whole = w.bytes();
    const model = modelOf([whole.subarray(0, whole.length - 7)]);
    assert.equal(model.lanes[1]!.name, 'T1');
    assert.deepEqual([model.waitCount, model.wait(0).outcome], [1, 'cut-off']);
    assert.deepEqual(model.notes, [
      'The trace file 0-0.clens ends in the middle of a record; the rest of it was read.',
    ]);
  });

  it('cuts a wait off that begins after its lane has ended', () => {
    for (const lane of [0, 1]) {
      const w = new TraceWriter();
      w.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 10 });
      w.laneEnd(lane, 'returned', 20, 0, '');
      w.record('waitBegin', { lane, id: 1, a: 1, t: 30 });
      const model = modelOf([w.bytes()]);
      assert.deepEqual(
        [model.wait(0).outcome, model.wait(0).endNs],
        ['cut-off', 30],
        `lane ${lane}`,
      );
    }
  });

  it('lets no lane end before it starts', () => {
    const w = new TraceWriter();
    w.laneEnd(1, 'returned', 20, 0, '');
    w.record('laneBegin', { lane: 1, t: 30 });
    const lane = modelOf([w.bytes()]).lanes[1]!;
    assert.deepEqual([lane.startNs, lane.endNs], [30, 30]);
  });

  it('leaves out the end of a wait that says it goes on', () => {
    const w = new TraceWriter();
    const waiting = OUTCOMES.indexOf('waiting') + 1;
    w.record('waitBegin', { lane: 0, id: 1, a: 1, t: 30 });
    w.record('waitEnd', { lane: 0, id: 1, b: waiting, t: 40 });
    w.record('waitDone', { lane: 0, a: 1, b: waiting, t: 50, t2: 60 });
    const model = modelOf([w.bytes()]);
    assert.deepEqual([model.waitCount, model.wait(0).outcome], [1, 'cut-off']);
    assert.ok(
      model.notes.some(note => note.startsWith('2 damaged records')),
      model.notes.join('; '),
    );
  });

  it('says in words what is wrong with a file', () => {
    const other = new TraceWriter().bytes();
    other[1] = 9;
    const notes = modelOf([new Uint8Array(0), new Uint8Array(640).fill(7), other]).notes;
    assert.deepEqual(notes.toSorted(), [
      'The snippet was not traced: its interpreter did not load the tracer.',
      'The trace file 0-0.clens is empty, and was left out.',
      'The trace file 1-0.clens is no trace file, and was left out.',
      'The trace file 2-0.clens has format 9 where this version reads format 1, and was left out.',
    ]);
  });

  it('is not slowed to a crawl by waits in reverse order of time', () => {
    const w = new TraceWriter();
    const site = w.site('/a.py', 1);
    const count = 60_000;
    for (let at = 0; at < count; at++) {
      w.waitDone({ kind: 'lock', from: (count - at) * 10, to: (count - at) * 10 + 5, site });
    }
    const model = modelOf([w]);
    const ids = model.waitsAtLine('/a.py', 1);
    assert.equal(ids.length, count);
    assert.deepEqual([ids[0], ids[count - 1]], [count - 1, 0]);
  });
});
