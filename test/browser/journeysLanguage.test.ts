// A person whose window is in Japanese runs an example: what they look at most is in Japanese too.
import assert from 'node:assert/strict';
import path from 'node:path';
import { useStage } from '../support/journey';
import type { Mark } from '../support/workbench';

const textAt = (marks: Mark[], line: number) => marks.find(mark => mark.line === line)?.text ?? '';

describe('a window in Japanese', () => {
  const stage = useStage();
  const inside = [16, 24] as const;

  it('tells in Japanese of a deadlock, from before the run until after its end', async () => {
    const file = path.join(stage.workspace.folder, 'examples', '31_deadlock.py');
    const window = await stage.open({ file, language: 'ja' });
    const before = await window.marksWhen(marks => textAt(marks, inside[0]) !== '');
    assert.equal(textAt(before, inside[0]), 'right を待つ場合あり');
    await window.page.locator('.activitybar a[aria-label^="並行処理"]').click();
    await window.lens('並行スニペットを実行').click();
    const during = await window.marksWhen(marks => textAt(marks, inside[1]).includes('…'));
    assert.match(textAt(during, inside[1]), /^lock left を待機中、A が保持、[\d.]+ m?s …$/u);
    const rows = await window.treeWhen(all => all.some(row => row.startsWith('デッドロック')));
    await window.screenshot('in Japanese');
    const has = (pattern: RegExp): boolean => rows.some(row => pattern.test(row));
    assert.ok(has(/^MainThread A を join · /u), rows.join('\n'));
    assert.ok(has(/^B lock left の取得待ち（A が保持） · /u), rows.join('\n'));
    assert.ok(has(/^デッドロック（.*どれも先に進めません。/u), rows.join('\n'));
    await window.lens('停止').click();
    const after = await window.marksWhen(marks => textAt(marks, inside[1]).includes('実行終了時'));
    assert.match(
      textAt(after, inside[1]),
      /^実行終了時 lock left を待機中（A が保持、[\d.]+ m?s）$/u,
    );
  });
});
