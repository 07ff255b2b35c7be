import assert from 'node:assert/strict';
import { inEnglish, type Translate } from '../../../../src/base/translate';
import { RunIndex } from '../../../../src/editor/timeline/runIndex';
import { spanWords } from '../../../../src/editor/timeline/spanWords';
import { cardFor, findText } from '../../../../src/editor/timeline/waitQueries';
import { windowBlock } from '../../../../src/editor/timeline/windowBlock';
import { LANE_ENDS, LANE_KINDS, WAIT_KINDS } from '../../../../src/trace/format';
import type { RunModel, Wait } from '../../../../src/trace/model';
import type { Card } from '../../../../src/webview/messages';
import { LANGUAGES, translationTo } from '../../../support/translations';
import { modelOf } from '../../../support/traceFolder';
import { TraceWriter } from '../../../support/traceWriter';

const S = 1e9;

function run(): RunModel {
  const w = new TraceWriter();
  const [here, there] = [w.site('/a.py', 7), w.site('/a.py', 20)];
  w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 1 * S, site: here });
  w.object(1, 'lock', 'jobs');
  w.wait({
    kind: 'lock',
    on: { object: 1 },
    also: [{ lane: 1 }],
    from: 2 * S,
    to: 4 * S,
    timeout: 5 * S,
    site: here,
    cause: { lane: 1, t: 4 * S, site: there },
  });
  w.wait({ kind: 'join', on: { lane: 1 }, from: 4 * S, to: 6 * S, site: here });
  w.laneEnd(1, 'raised', 6 * S, 0, 'ValueError: no');
  w.laneEnd(0, 'returned', 7 * S);
  return modelOf([w]);
}

function card(model: RunModel, say: Translate, ask: Partial<Card> & { atNs?: number }): string[] {
  const index = new RunIndex(model);
  const { lane = 0, wait = null, atNs = 0 } = ask;
  const found = cardFor(
    model,
    { request: 1, lane, wait, atNs },
    { line: () => null, say },
    (one, ns) => index.jobAt(one, ns),
  );
  return [found?.title ?? '', ...(found?.lines ?? [])];
}

function labels(model: RunModel, say: Translate): readonly string[] {
  const lanes = model.lanes.map(lane => lane.id);
  const ask = { run: 1, request: 1, fromNs: 0, toNs: 7 * S, nsPerPx: S / 100, lanes, arrows: true };
  return windowBlock(model, new RunIndex(model), ask, say).labels;
}

describe('words of the timeline', () => {
  it('name spans and tell a wait in a card', () => {
    assert.deepEqual(labels(run(), inEnglish), ['lock jobs held by T1  2.00 s', 'join T1  2.00 s']);
    assert.deepEqual(card(run(), inEnglish, { wait: 0 }), [
      'MainThread waited 2.00 s for lock jobs; held by T1',
      'a.py:7',
      'ended by T1 at line 20',
      'timeout 5.00 s',
    ]);
  });

  it('speak the language of the editor', () => {
    const say = translationTo('ja');
    assert.deepEqual(labels(run(), say), ['lock jobs（T1 が保持）  2.00 s', 'T1 を join  2.00 s']);
    assert.deepEqual(card(run(), say, { wait: 0 }), [
      'MainThread: lock jobs を 2.00 s 待った。T1 が保持',
      'a.py:7',
      'T1 が 20 行目で終わらせた',
      'タイムアウト 5.00 s',
    ]);
    assert.deepEqual(card(run(), say, { lane: 1, atNs: 3 * S }), [
      'T1 は 5.00 s 実行した',
      'スレッドは a.py:7 で作成',
      'レーンは 6.00 s に例外で終了: ValueError: no',
    ]);
    assert.deepEqual(card(run(), translationTo('zh-tw'), { wait: 1 }), [
      'MainThread：等待 T1 花了 2.00 s',
      'a.py:7',
      '由 T1 結束',
    ]);
  });

  it('find a wait by the words that are shown, and by the English name of its kind', () => {
    const model = run();
    const found = (text: string): string[] =>
      findText(model, 1, text, translationTo('ja')).hits.map(hit => hit.text);
    assert.deepEqual(found('を join'), ['T1 を join']);
    assert.deepEqual(found('lock'), ['lock jobs']);
  });

  it('are there in every language for each kind of wait, of lane and of end', () => {
    for (const say of LANGUAGES.map(translationTo)) {
      const words = spanWords(say);
      for (const kind of WAIT_KINDS) {
        for (const label of ['', 'x'])
          assert.ok(words({ kind, label } as unknown as Wait).length > 0, kind);
      }
      for (const kind of LANE_KINDS) {
        for (const end of LANE_ENDS.filter(one => one !== 'running')) {
          const w = new TraceWriter();
          const site = w.site('/a.py', 7);
          w.lane(1, kind, 'L', 0, { parent: 0, begin: 1 * S, site });
          w.laneEnd(1, end, 2 * S);
          assert.ok(card(modelOf([w]), say, { lane: 1 }).length >= 3, `${kind} ${end}`);
        }
      }
    }
  });
});
