import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/base/translate';
import { findNeverSettled } from '../../../src/insights/neverSettled';
import type { LaneEnd } from '../../../src/trace/format';
import { translationTo } from '../../support/translations';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const JAVASCRIPT = 2;

/** An async call that awaits for ever in a program that ends like this. */
function found(end: LaneEnd, language = JAVASCRIPT, say = inEnglish) {
  const w = new TraceWriter({ language });
  w.lane(1, 'call', 'f', 0, { parent: 0, begin: 0 });
  w.wait({ lane: 1, kind: 'await', from: 10, site: w.site('/notes/a.mjs', 3) });
  w.laneEnd(0, end, 1000, 0);
  return findNeverSettled({
    model: modelOf([w]),
    waitPointsOf: () => [],
    sourceOf: () => null,
    say,
  });
}

describe('a promise that never settled', () => {
  it('is told when the program ended for want of anything to do', () => {
    const [finding, ...rest] = found('returned');
    assert.deepEqual(rest, []);
    assert.deepEqual([finding?.rule, finding?.line], ['never-settled', 3]);
    assert.match(finding?.message ?? '', /never settled.* while f still waited here/u);
  });

  it('is told in the language of the editor', () => {
    assert.equal(
      found('returned', JAVASCRIPT, translationTo('ja'))[0]?.message,
      'await は確定しませんでした。確定させるものがもうなく、f がここで待っている間にプログラムが終了しました。',
    );
  });

  it('is not told of a program that exited, was ended, or is in another language', () => {
    for (const each of [found('exited'), found('killed'), found('returned', 1)])
      assert.deepEqual(each, []);
  });
});
