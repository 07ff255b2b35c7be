import assert from 'node:assert/strict';
import { inEnglish, type Translate } from '../../../src/base/translate';
import type { WaitPoint } from '../../../src/analysis/waitPoint';
import { marksOfDocument } from '../../../src/editor/marks/documentMarks';
import { LineTracker } from '../../../src/editor/marks/lineTracker';
import { markAsText } from '../../../src/editor/marks/mark';
import { pointPhrase } from '../../../src/editor/marks/pointPhrase';
import type { RunEntry } from '../../../src/editor/runs';
import { WAIT_KINDS } from '../../../src/trace/format';
import type { RunModel } from '../../../src/trace/model';
import { liveModelOf, modelOf } from '../../support/traceFolder';
import { LANGUAGES, translationTo } from '../../support/translations';
import { TraceWriter } from '../../support/traceWriter';

const S = 1e9;
const FILE = '/notes/a.py';
const TEXT = 'a\nb\nc\nt.join()\n';

function point(line: number, more: Partial<WaitPoint> = {}): WaitPoint {
  return {
    line,
    column: 1,
    endLine: line,
    endColumn: 9,
    kind: 'join',
    target: 't',
    label: 't',
    certain: true,
    registers: false,
    ...more,
  };
}

function marks(
  model: RunModel | undefined,
  points: WaitPoint[],
  more: {
    most?: number;
    nearLine?: number;
    tracker?: LineTracker;
    isEnded?: boolean;
    showsBefore?: boolean;
    say?: Translate;
  } = {},
): string[] {
  const end = (more.isEnded ?? model?.finished) ? { exitCode: 0, signal: null } : null;
  const entry = { model, end } as unknown as RunEntry;
  const tracker = more.tracker ?? new LineTracker(TEXT);
  const state = {
    points,
    lineCount: 5,
    run: model && { entry, file: FILE, tracker },
    showsBefore: more.showsBefore ?? true,
    most: more.most ?? 100,
    nearLine: more.nearLine ?? 1,
  };
  return marksOfDocument(state, more.say ?? inEnglish).map(markAsText);
}

function joined(to?: number): TraceWriter {
  const w = new TraceWriter();
  w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 0 });
  w.wait({
    kind: 'join',
    on: { lane: 1 },
    from: 0,
    site: w.site(FILE, 4),
    ...(to === undefined ? {} : { to }),
  });
  return w;
}

const runOf = (model: RunModel) => ({
  entry: { model, end: { exitCode: 0, signal: null } } as unknown as RunEntry,
  file: FILE,
  tracker: new LineTracker(TEXT),
});

function sleepAt(line: number, to: number): TraceWriter {
  const w = new TraceWriter();
  w.wait({ kind: 'sleep', from: 0, to, site: w.site(FILE, line) });
  w.laneEnd(0, 'returned', 10 * S);
  return w;
}

describe('marks of a document', () => {
  it('show the runs of several parts of a document at once, the first before the others', () => {
    const state = {
      points: [],
      lineCount: 5,
      run: runOf(modelOf([sleepAt(2, 1 * S)])),
      others: [runOf(modelOf([sleepAt(2, 9 * S)])), runOf(modelOf([sleepAt(4, 2 * S)]))],
      showsBefore: false,
      most: 100,
      nearLine: 1,
    };
    const shown = marksOfDocument(state, inEnglish);
    assert.deepEqual(
      shown.map(({ line, text }) => [line, text]),
      [
        [2, 'slept 1.00 s'],
        [4, 'slept 2.00 s'],
      ],
    );
  });

  it('say what lines would wait for while nothing has run', () => {
    assert.deepEqual(marks(undefined, [point(4), point(2, { kind: 'get', label: 'q' })]), [
      '2 before queue: may wait for an item from q',
      '4 before join: will wait for t',
    ]);
    assert.deepEqual(marks(undefined, [point(4)], { showsBefore: false }), []);
  });

  it('speak the language of the editor, before, while and after a line waits', () => {
    const queue = point(2, { kind: 'get', label: 'q' });
    const say = translationTo('ja');
    assert.deepEqual(marks(undefined, [point(4), queue], { say }), [
      '2 before queue: q のアイテムを待つ場合あり',
      '4 before join: t を待つ',
    ]);
    assert.deepEqual(marks(liveModelOf([joined()], 2 * S), [], { say }), [
      '4 during join: T1 を待機中、2.00 s …',
    ]);
    assert.deepEqual(marks(modelOf([joined(4 * S)]), [], { say }), [
      '4 after join: T1 を 4.00 s 待った',
    ]);
    assert.deepEqual(marks(undefined, [point(4), queue], { say: translationTo('zh-tw') }), [
      '2 before queue: 可能等待 q 的項目',
      '4 before join: 將等待 t',
    ]);
  });

  it('have words in every language for each kind of wait that a text may have', () => {
    for (const say of LANGUAGES.map(translationTo)) {
      for (const kind of WAIT_KINDS) {
        for (const certain of [true, false]) {
          for (const registers of [true, false]) {
            const shown = point(1, { kind, certain, registers, label: '3 s' });
            assert.match(pointPhrase(shown, say), /3 s/u);
          }
        }
      }
    }
  });

  it('stand on the first line of a statement, one for each line', () => {
    const points = [point(2, { endLine: 3 }), point(2, { kind: 'sleep' })];
    assert.deepEqual(marks(undefined, points), ['2 before join: will wait for t']);
  });

  it('put what a run measured in the place of what was expected', () => {
    assert.deepEqual(marks(modelOf([joined(4 * S)]), [point(4), point(2)]), [
      '2 before join: will wait for t',
      '4 after join: waited 4.00 s for T1',
    ]);
  });

  it('count along while the line waits', () => {
    assert.deepEqual(marks(liveModelOf([joined()], 2 * S), [point(4)]), [
      '4 during join: waiting for T1, 2.00 s …',
    ]);
  });

  it('move with their line, grey, and leave a line that changed', () => {
    const tracker = new LineTracker(TEXT);
    tracker.apply([{ startLine: 0, endLine: 0, newLines: 2 }], `new\n${TEXT}`);
    const model = modelOf([joined(4 * S)]);
    assert.deepEqual(marks(model, [point(5)], { tracker }), ['5 stale join: waited 4.00 s for T1']);
    tracker.apply([{ startLine: 4, endLine: 4, newLines: 1 }], 'new\na\nb\nc\nt.join(1)\n');
    assert.deepEqual(marks(model, [point(5)], { tracker }), ['5 before join: will wait for t']);
  });

  it('keep to the most that are allowed: those that wait now, then those in view', () => {
    const points = [point(1), point(2), point(3), point(5)];
    assert.deepEqual(marks(liveModelOf([joined()], S), points, { most: 2, nearLine: 1 }), [
      '1 before join: will wait for t',
      '4 during join: waiting for T1, 1.00 s …',
    ]);
  });

  it('say of a listener when it will run: the line itself does not wait', () => {
    const listener = point(1, { kind: 'recv', label: 'worker', registers: true });
    assert.equal(pointPhrase(listener, inEnglish), 'will run when data comes from worker');
    assert.equal(
      pointPhrase({ ...listener, certain: false }, inEnglish),
      'may run when data comes from worker',
    );
    const step = point(1, { kind: 'await', label: 'fetch()', registers: true });
    assert.equal(pointPhrase(step, inEnglish), 'will run after fetch()');
  });

  it('hedge where only the name speaks for a wait, and cut long labels', () => {
    assert.equal(pointPhrase(point(1, { certain: false }), inEnglish), 'may wait for t');
    const long = pointPhrase(point(1, { label: 'x'.repeat(200) }), inEnglish);
    assert.ok(long.length < 80 && long.endsWith('…'), long);
  });
});
