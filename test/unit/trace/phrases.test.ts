import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/base/translate';
import { lineSummary, readyGapPhrase, waitingWords, waitPhrase } from '../../../src/trace/phrases';
import { OUTCOMES, WAIT_KINDS } from '../../../src/trace/format';
import type { TraceModel } from '../../../src/trace/traceModel';
import { liveModelOf, modelOf } from '../../support/traceFolder';
import { LANGUAGES, translationTo } from '../../support/translations';
import { TraceWriter } from '../../support/traceWriter';

const S = 1e9;
const MS = 1e6;
const FILE = '/notes/a.py';

function threads(...names: string[]): TraceWriter {
  const w = new TraceWriter();
  for (const [index, name] of names.entries()) {
    w.lane(index + 1, 'thread', name, 0, { parent: 0, begin: 0 });
  }
  return w;
}

const phrase = (model: TraceModel, id = 0): string => waitPhrase(model, model.wait(id), inEnglish);

describe('phrases', () => {
  it('says how long a wait took and for whom', () => {
    const w = threads('Thread T2');
    w.wait({ kind: 'join', on: { lane: 1 }, from: 1 * S, to: 5 * S });
    assert.equal(phrase(modelOf([w])), 'waited 4.00 s for Thread T2');
  });

  it('says what is waited for now, and since when', () => {
    const w = threads('Thread-1 (run)');
    w.wait({ kind: 'join', on: { lane: 1 }, from: 1 * S });
    assert.equal(phrase(liveModelOf([w], 3100 * MS)), 'waiting for Thread-1 (run), 2.10 s');
  });

  it('does not say how long a result took that had already raised', () => {
    const w = threads('T1');
    w.laneEnd(1, 'raised', 5, 0, 'ValueError: no');
    w.wait({ kind: 'result', on: { lane: 1 }, from: 10, to: 10, outcome: 'raised' });
    assert.equal(
      phrase(modelOf([w])),
      'did not have to wait for the result of T1, which raised ValueError: no',
    );
  });

  it('says in words how a wait came out', () => {
    const w = threads('T1');
    const join = { kind: 'join', on: { lane: 1 }, from: 0, to: 1 * S } as const;
    w.wait({ ...join, outcome: 'timed-out' });
    w.wait({ ...join, outcome: 'cancelled' });
    w.wait({ kind: 'sleep', from: 0, to: 2 * S });
    w.laneEnd(1, 'raised', 1 * S, 0, 'ValueError: no');
    w.wait({ ...join, kind: 'result', outcome: 'raised' });
    w.wait({ kind: 'get', from: 2 * S, label: 'queue jobs' });
    w.laneEnd(0, 'returned', 3 * S);
    const model = modelOf([w]);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map(id => phrase(model, id)),
      [
        'gave up after 1.00 s of waiting for T1',
        'cancelled after 1.00 s of waiting for T1',
        'slept 2.00 s',
        'waited 1.00 s for the result of T1, which raised ValueError: no',
        'was waiting for an item from queue jobs when the run ended, for 1.00 s',
      ],
    );
  });

  it('blames nobody for an exception that came from elsewhere, such as Ctrl+C', () => {
    const w = threads('T1');
    w.wait({ kind: 'sleep', from: 0, to: 1 * S, outcome: 'raised' });
    w.wait({ kind: 'sleep', from: 0, to: 1 * S, outcome: 'cancelled' });
    w.wait({ kind: 'join', on: { lane: 1 }, from: 0, to: 1 * S, outcome: 'raised' });
    const model = modelOf([w]);
    assert.deepEqual(
      [0, 1, 2].map(id => phrase(model, id)),
      [
        'slept 1.00 s, cut short by an exception',
        'cancelled after 1.00 s of sleep',
        'waited 1.00 s for T1, cut short by an exception',
      ],
    );
  });

  it('names the lane that holds the lock', () => {
    const w = threads('T1');
    w.object(1, 'lock', 'results_lock');
    w.record('owner', { lane: 1, id: 1, a: 1, t: 0 });
    w.wait({ kind: 'lock', on: { object: 1 }, also: [{ lane: 1 }], from: 1 * S });
    const model = liveModelOf([w], 2 * S);
    assert.equal(phrase(model), 'waiting for lock results_lock, held by T1, 1.00 s');
    w.laneEnd(0, 'killed', 3 * S);
    assert.equal(
      phrase(modelOf([w])),
      'was waiting for lock results_lock, held by T1, when the run ended, for 2.00 s',
    );
  });

  it('says which of several was last and how much earlier the rest were done', () => {
    const w = threads('fetch-1', 'fetch-2', 'fetch-3');
    const several = {
      kind: 'wait',
      on: { lane: 1 },
      also: [{ lane: 2 }, { lane: 3 }],
      from: 0,
    } as const;
    const id = w.beginWait(several);
    w.laneEnd(1, 'returned', 1 * S);
    w.laneEnd(3, 'returned', 1200 * MS);
    assert.equal(
      phrase(liveModelOf([w], 1300 * MS)),
      'waiting for 3 threads, only fetch-2 is left, 1.30 s',
    );
    w.laneEnd(2, 'returned', 3 * S);
    w.endWait(id, { ...several, to: 3 * S });
    assert.equal(
      phrase(modelOf([w])),
      'waited 3.00 s for 3 threads; last fetch-2, the rest were done 1.80 s earlier',
    );
  });

  it('sums up several waits of a line', () => {
    const w = threads('t1', 't2', 't3', 't4');
    const site = w.site(FILE, 12);
    const ns = [900 * MS, 1000 * MS, 1010 * MS, 1070 * MS];
    for (const [index, length] of ns.entries()) {
      const from = index * 2 * S;
      w.wait({ kind: 'join', on: { lane: index + 1 }, from, to: from + length, site });
    }
    const model = modelOf([w]);
    const summary = lineSummary(model, model.waitsAtLine(FILE, 12), inEnglish);
    assert.equal(summary?.text, '4 waits, 3.98 s in all, longest 1.07 s (t4)');
    assert.deepEqual([summary?.isLive, summary?.count, summary?.wait], [false, 4, 3]);
    assert.equal(lineSummary(model, model.waitsAtLine(FILE, 13), inEnglish), undefined);
  });

  it('shows what goes on now on a line that waited before', () => {
    const w = threads('t1', 't2');
    const site = w.site(FILE, 3);
    w.object(1, 'queue', 'jobs');
    w.wait({ lane: 1, kind: 'get', on: { object: 1 }, from: 0, to: 1 * S, site });
    w.wait({ lane: 1, kind: 'get', on: { object: 1 }, from: 2 * S, site });
    const one = liveModelOf([w], 4 * S);
    assert.equal(
      lineSummary(one, one.waitsAtLine(FILE, 3), inEnglish)?.text,
      'waiting for an item from queue jobs, 2.00 s (2nd wait here)',
    );
    w.wait({ lane: 2, kind: 'get', on: { object: 1 }, from: 3 * S, site });
    const two = liveModelOf([w], 4 * S);
    assert.equal(
      lineSummary(two, two.waitsAtLine(FILE, 3), inEnglish)?.text,
      'waiting for an item from queue jobs, 2.00 s (and 1 more lane here)',
    );
  });

  it('tells the kinds of waits on a line apart', () => {
    const w = threads('t1');
    const site = w.site(FILE, 4);
    for (const from of [0, 1 * S]) {
      w.wait({ kind: 'sleep', from, to: from + 100 * MS, site });
      w.wait({ kind: 'put', label: 'queue q', from: from + 100 * MS, to: from + 101 * MS, site });
    }
    const model = modelOf([w]);
    const text = lineSummary(model, model.waitsAtLine(FILE, 4), inEnglish)?.text;
    assert.equal(text, '2 sleeps, 200 ms in all, longest 100 ms');
    w.wait({ kind: 'join', on: { lane: 1 }, from: 2 * S, to: 2050 * MS, site });
    const more = modelOf([w]);
    assert.equal(
      lineSummary(more, more.waitsAtLine(FILE, 4), inEnglish)?.text,
      '2 sleeps, 200 ms in all, longest 100 ms; waited 50.0 ms for t1',
    );
  });

  it('does not make much of many waits that took no time', () => {
    const w = threads();
    const site = w.site(FILE, 4);
    for (let at = 0; at < 5; at++)
      w.waitDone({ kind: 'put', from: at * 1e5, to: at * 1e5 + 2e4, site });
    const model = modelOf([w]);
    const text = lineSummary(model, model.waitsAtLine(FILE, 4), inEnglish)?.text;
    assert.equal(text, '5 waits, only 100 µs in all');
  });

  it('tells when a lane was ready and not resumed', () => {
    const w = threads('t1');
    const lock = { kind: 'lock', from: 0, to: 1 * S } as const;
    w.wait({ ...lock, ready: 900 * MS });
    w.wait({ ...lock, ready: 1 * S });
    const model = modelOf([w]);
    assert.equal(readyGapPhrase(model.wait(0), inEnglish), 'ready 100 ms before it went on');
    assert.equal(readyGapPhrase(model.wait(1), inEnglish), null);
  });

  it("speaks the language of the editor, each sentence in that language's own order", () => {
    const w = threads('T1');
    w.wait({ kind: 'result', on: { lane: 1 }, from: 0, to: 1 * S });
    w.wait({ kind: 'get', label: 'queue jobs', from: 1 * S, to: 2 * S, outcome: 'timed-out' });
    w.wait({ kind: 'lock', on: { lane: 1 }, from: 2 * S, to: 3 * S });
    w.wait({ kind: 'join', on: { lane: 1 }, from: 3 * S, to: 4 * S, outcome: 'raised' });
    w.wait({ kind: 'barrier', label: 'barrier b', from: 4 * S });
    w.laneEnd(0, 'killed', 6 * S);
    const model = modelOf([w]);
    const all = (language: 'ja' | 'zh-tw'): string[] =>
      [0, 1, 2, 3, 4].map(id => waitPhrase(model, model.wait(id), translationTo(language)));
    assert.deepEqual(all('ja'), [
      'T1 の結果を 1.00 s 待った',
      'queue jobs のアイテムを 1.00 s 待ってタイムアウト',
      'T1 を 1.00 s 待った。T1 が保持',
      'T1 を 1.00 s 待った（例外で中断）',
      '実行終了時 barrier b で待機中（2.00 s）',
    ]);
    assert.deepEqual(all('zh-tw'), [
      '等待 T1 的結果花了 1.00 s',
      '等待 queue jobs 的項目達 1.00 s 後逾時',
      '等待 T1 花了 1.00 s；由 T1 持有',
      '等待 T1 花了 1.00 s，因例外中斷',
      '執行結束時仍在 barrier b 等待（2.00 s）',
    ]);
  });

  it('sums up in the language of the editor', () => {
    const w = threads('t1');
    const site = w.site(FILE, 4);
    for (const from of [0, 1 * S]) {
      w.wait({ kind: 'join', on: { lane: 1 }, from, to: from + 100 * MS, site });
      w.wait({ kind: 'sleep', from: from + 100 * MS, to: from + 200 * MS, site });
    }
    const model = modelOf([w]);
    const ids = model.waitsAtLine(FILE, 4);
    assert.equal(
      lineSummary(model, ids, translationTo('ja'))?.text,
      '待ち 2 回、合計 200 ms、最長 100 ms（t1）。スリープ 2 回、合計 200 ms、最長 100 ms',
    );
    assert.equal(
      lineSummary(model, ids, translationTo('zh-tw'))?.text,
      '等待 2 次，共 200 ms，最長 100 ms（t1）；休眠 2 次，共 200 ms，最長 100 ms',
    );
  });

  it('has words in every language for each kind of wait, however it came out', () => {
    for (const kind of WAIT_KINDS) {
      for (const outcome of OUTCOMES) {
        for (const to of [0, 1 * S]) {
          const w = threads('T1');
          w.wait({
            kind,
            on: { lane: 1 },
            from: 0,
            ...(outcome === 'waiting' ? {} : { to, outcome }),
          });
          const model = liveModelOf([w], 2 * S);
          const wait = model.wait(0);
          for (const say of LANGUAGES.map(translationTo)) {
            assert.match(waitPhrase(model, wait, say), kind === 'sleep' ? /\d n?s/u : /T1/u);
            assert.ok(waitingWords(wait, say).length > 0);
          }
        }
      }
    }
  });
});
