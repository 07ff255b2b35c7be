import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/base/translate';
import type { WaitPoint } from '../../../src/analysis/waitPoint';
import { explained, waitedWords } from '../../../src/editor/hovers/waitWords';
import { OUTCOMES, WAIT_KINDS } from '../../../src/trace/format';
import { LANGUAGES, translationTo } from '../../support/translations';

const join: WaitPoint = {
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 9,
  kind: 'join',
  target: 't',
  label: 'worker',
  certain: true,
  registers: false,
};

describe('words of the hover', () => {
  it('say what the line does to what its text names', () => {
    assert.equal(explained(join, inEnglish), 'Waits until `t` has ended.');
    const listener: WaitPoint = { ...join, kind: 'recv', target: 'port', registers: true };
    assert.equal(
      explained(listener, inEnglish),
      'The function runs when something arrives through `port`.',
    );
  });

  it('name the call where there is nothing that it is called on', () => {
    const input: WaitPoint = { ...join, kind: 'io', target: null, label: 'input()' };
    assert.equal(explained(input, inEnglish), 'Waits for input or output: `input()`.');
  });

  it('keep to a code span, and to a length', () => {
    const long = explained({ ...join, target: '`'.repeat(200) }, inEnglish);
    assert.equal(long, `Waits until \`${"'".repeat(80)}\` has ended.`);
  });

  it('tell how a wait came out when it did not just succeed', () => {
    assert.equal(waitedWords(2e9, 'done', inEnglish), '2.00 s');
    assert.equal(waitedWords(2e9, 'timed-out', inEnglish), '2.00 s, timed out');
  });

  it('speak the language of the editor', () => {
    const put: WaitPoint = { ...join, kind: 'put', target: 'jobs' };
    const say = translationTo('ja');
    assert.equal(explained(join, say), '`t` が終わるまで待ちます。');
    assert.equal(explained(put, say), '`jobs` に空きができるまで待ち、アイテムを入れます。');
    assert.equal(waitedWords(2e9, 'waiting', say), '2.00 s、まだ待機中');
    assert.equal(explained(put, translationTo('zh-tw')), '等待直到 `jobs` 有空位，然後放入項目。');
    for (const each of LANGUAGES.map(translationTo)) {
      for (const kind of WAIT_KINDS) {
        assert.match(explained({ ...join, kind }, each), /`t`/u);
        assert.match(explained({ ...join, kind, registers: true }, each), /`t`/u);
      }
      for (const outcome of OUTCOMES) assert.match(waitedWords(2e9, outcome, each), /^2\.00 s/u);
    }
  });
});
