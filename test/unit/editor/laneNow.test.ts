import assert from 'node:assert/strict';
import { inEnglish, type Translate } from '../../../src/base/translate';
import { describeState, stateNow } from '../../../src/editor/laneNow';
import { describeAge, describeEnd, describeRunEnd, shortEnd } from '../../../src/editor/runWords';
import type { RunEntry } from '../../../src/editor/runs';
import { LANE_ENDS, WAIT_KINDS } from '../../../src/trace/format';
import type { RunModel } from '../../../src/trace/model';
import { LANGUAGES, translationTo } from '../../support/translations';
import { liveModelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const S = 1e9;

const states = (model: RunModel, say: Translate): string[] =>
  model.lanes.map(lane => describeState(model, lane, stateNow(model, lane), say));

function threads(): RunModel {
  const w = new TraceWriter();
  for (const id of [1, 2, 3]) w.lane(id, 'thread', `T${id}`, 0, { parent: 0, begin: 0 });
  w.object(1, 'lock', 'jobs');
  w.record('owner', { lane: 2, id: 1, a: 1, t: 0 });
  w.wait({ lane: 0, kind: 'join', on: { lane: 1 }, from: 1 * S });
  w.wait({ lane: 1, kind: 'lock', on: { object: 1 }, from: 2 * S });
  w.laneEnd(3, 'raised', 3 * S, 0, 'ValueError: no');
  return liveModelOf([w], 4 * S);
}

const ended = (state: RunEntry['state'], exitCode: number | null, signal: string | null) =>
  ({ state, end: { exitCode, signal }, origin: { title: 'a.py' } }) as unknown as RunEntry;

describe('words for how a lane is doing', () => {
  it('say what it waits for and since when, or how it ended', () => {
    assert.deepEqual(states(threads(), inEnglish), [
      'joins T1 · 3.00 s',
      'wants lock jobs, held by T2 · 2.00 s',
      'running',
      'raised: ValueError: no · 3.00 s',
    ]);
  });

  it('speak the language of the editor', () => {
    assert.deepEqual(states(threads(), translationTo('ja')), [
      'T1 を join · 3.00 s',
      'lock jobs の取得待ち（T2 が保持） · 2.00 s',
      '実行中',
      '例外: ValueError: no · 3.00 s',
    ]);
    assert.deepEqual(states(threads(), translationTo('zh-tw')), [
      'join T1 · 3.00 s',
      '想取得 lock jobs（由 T2 持有） · 2.00 s',
      '執行中',
      '引發例外：ValueError: no · 3.00 s',
    ]);
  });

  it('are there in every language for each kind of wait and of end', () => {
    for (const say of LANGUAGES.map(translationTo)) {
      for (const kind of WAIT_KINDS) {
        const w = new TraceWriter();
        w.wait({ kind, label: 'x', from: 0 });
        assert.match(states(liveModelOf([w], 1 * S), say)[0] ?? '', / · 1\.00 s$/u);
      }
      for (const end of LANE_ENDS.filter(one => one !== 'running')) {
        for (const detail of ['', 'why']) {
          const w = new TraceWriter();
          w.laneEnd(0, end, 1 * S, 3, detail);
          assert.match(states(liveModelOf([w], 2 * S), say)[0] ?? '', / · 1\.00 s$/u);
        }
      }
    }
  });
});

describe('words for how a run is doing', () => {
  const say = translationTo('ja');

  it('say how it ended, whole or of one named before', () => {
    const failed = ended('failed', 3, null);
    assert.equal(describeRunEnd(failed, inEnglish), 'a.py ended with exit status 3');
    assert.equal(describeEnd(failed, inEnglish), 'ended with exit status 3');
    assert.equal(describeRunEnd(failed, say), 'a.py は終了コード 3 で終了しました');
    const killed = ended('failed', null, 'SIGKILL');
    assert.equal(describeRunEnd(killed, say), 'a.py は SIGKILL で強制終了しました');
    assert.equal(shortEnd(ended('stopped', null, 'SIGTERM'), say), '停止');
    assert.equal(shortEnd(ended('succeeded', 0, null), say), '完了');
  });

  it('say how long ago it was', () => {
    assert.deepEqual(
      [10, 180, 7200, 200_000].map(seconds =>
        describeAge(new Date(0), new Date(seconds * 1000), say),
      ),
      ['たった今', '3 分前', '2 時間前', '2 日前'],
    );
  });
});
