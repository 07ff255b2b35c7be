// A person runs an example in the served VS Code with the packaged extension and watches: marks, threads, timeline, output.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { useStage } from '../support/journey';
import type { Mark, Workbench } from '../support/workbench';

const runTitle = 'Concurrency: Run Concurrent Snippet';
const textAt = (marks: Mark[], line: number) => marks.find(mark => mark.line === line)?.text ?? '';
const seconds = (text: string) => Number(/waited (\d+\.\d+) s/.exec(text)?.[1]);

describe('running an example', () => {
  const stage = useStage();
  const example = (name: string) => path.join(stage.workspace.folder, 'examples', name);
  const joins = [26, 27] as const;

  const openFirst = async (): Promise<Workbench> => {
    const window = await stage.open({ file: example('01_threads_join.py') });
    await window.marksWhen(marks => marks.length > 0);
    return window;
  };
  const hasEnded = (window: Workbench) =>
    window.marksWhen(marks => textAt(marks, joins[1]).startsWith('waited'));

  it('says before any run what each line will wait for, and offers to run', async () => {
    const window = await openFirst();
    const marks = await window.marks();
    assert.match(textAt(marks, joins[0]), /^will wait for /);
    assert.match(textAt(marks, joins[1]), /^will wait for Thread T2/);
    await window.lens('Run Concurrent Snippet').waitFor();
    await window.screenshot('1 before the run');
  });

  it('runs from the palette, shows waits while they last and keeps what was measured', async () => {
    const window = await openFirst();
    await window.showThreads();
    await window.command(runTitle);
    await window.marksWhen(marks => /^waiting for .*, [\d.]+ s/.test(textAt(marks, joins[0])));
    const rows = await window.treeWhen(all => all.some(row => row.includes('Thread T2')));
    assert.ok(
      rows.some(row => row.includes('MainThread')),
      rows.join('\n'),
    );
    await window.screenshot('2 during the run');
    const marks = await hasEnded(window);
    await window.screenshot('3 after the run');
    const waited = seconds(textAt(marks, joins[0]));
    assert.ok(waited > 3.5 && waited < 6, textAt(marks, joins[0]));
    assert.match(textAt(marks, joins[1]), /^waited [\d.]+ (µs|ms) for Thread T2/);
    assert.deepEqual(stage.leftovers(), []);
  });

  it('runs from the lens above the code and prints to a terminal', async () => {
    const window = await openFirst();
    await window.lens('Run Concurrent Snippet').click();
    await hasEnded(window);
    await window.command('Concurrency: Show Output of Run');
    const text = await window.terminalWhen(all => all.includes('MainThread'));
    assert.match(text, /task: t1/);
    assert.match(text, /task: t2/);
    await window.screenshot('4 output');
  });

  it('draws a lane for each thread in the timeline', async () => {
    const window = await openFirst();
    await window.command(runTitle);
    await hasEnded(window);
    await window.command('Concurrency: Show in Timeline');
    const page = window.timeline;
    await page.getByText('Thread T2').first().waitFor();
    await page.getByText('MainThread').first().waitFor();
    await window.screenshot('5 timeline');
  });

  it('keeps marks on their lines while the person types above them during the run', async () => {
    const text = readFileSync(example('01_threads_join.py'), 'utf8').replaceAll(
      'sleep(1)',
      'sleep(4)',
    );
    const window = await stage.open({ file: stage.workspace.write('slow.py', text) });
    await window.marksWhen(marks => marks.length > 0);
    await window.command(runTitle);
    await window.marksWhen(marks => textAt(marks, joins[0]).startsWith('waiting for'));
    await window.goToLine(1);
    await window.page.keyboard.press('Home');
    for (const [at, line] of ['# first', '# second'].entries()) {
      await window.page.keyboard.type(line);
      await window.page.keyboard.press('Enter');
      await window.cursorAt(at + 2);
    }
    await window.marksWhen(marks => textAt(marks, joins[0] + 2).startsWith('waiting for'));
    await window.marksWhen(marks => textAt(marks, joins[1] + 2).startsWith('waited'));
    await window.screenshot('6 typed during the run');
  });

  it('compares a run with the one before, line by line', async () => {
    const text =
      'import threading, time\nt = threading.Thread(target=time.sleep, args=(0.5,))\nt.start()\nt.join()\n';
    const file = stage.workspace.write('twice.py', text);
    const window = await stage.open({ file });
    await window.marksWhen(marks => marks.length > 0);
    await window.command(runTitle);
    await window.marksWhen(marks => /^waited [45]\d\d ms/.test(textAt(marks, 4)));
    await window.goToLine(2);
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('Backspace');
    await window.page.keyboard.type('2');
    await window.command(runTitle);
    await window.marksWhen(marks => /^waited [12]\d\d ms/.test(textAt(marks, 4)));
    await window.command('Concurrency: Compare with the Run Before…');
    const row = window.page.locator('.quick-input-list .monaco-list-row', { hasText: '→' }).first();
    await row.waitFor();
    assert.match(
      (await row.textContent()) ?? '',
      /[45]\d\d ms → [12]\d\d ms {2}\([23]\d\d ms less\)/,
    );
    await window.screenshot('6 compared');
    await window.page.keyboard.press('Enter');
    await window.cursorAt(4);
  });

  it('stops half-way and leaves nothing running', async () => {
    const window = await openFirst();
    await window.command(runTitle);
    await window.marksWhen(marks => textAt(marks, joins[0]).startsWith('waiting for'));
    // A place of its own, so that it is in reach in a narrow window too.
    await window.page.setViewportSize({ width: 500, height: 800 });
    const stop = window.page.locator('.statusbar-item', { hasText: /^\s*Stop$/ });
    await window.when(
      async () => await stop.evaluate(item => item.scrollWidth - item.clientWidth),
      cut => cut <= 0,
    );
    await stop.click();
    await window.page.setViewportSize({ width: 1400, height: 1100 });
    const marks = await window.marksWhen(all => /was waiting/.test(textAt(all, joins[0])));
    assert.match(textAt(marks, joins[0]), /when the run ended/);
    await window.when(
      async () => stage.leftovers(),
      all => all.length === 0,
    );
    await window.screenshot('7 stopped');
  });

  it('shows both waits of a deadlock, what each lane holds, and ends it', async () => {
    const window = await stage.open({ file: example('31_deadlock.py') });
    await window.marksWhen(marks => marks.length > 0);
    await window.showThreads();
    await window.command(runTitle);
    const marks = await window.marksWhen(
      all => all.filter(mark => /^waiting for .*held by/.test(mark.text)).length >= 2,
    );
    const held = marks.filter(mark => mark.text.includes('held by'));
    assert.deepEqual(held.map(mark => /held by (\w)/.exec(mark.text)?.[1] ?? '').toSorted(), [
      'A',
      'B',
    ]);
    const rows = await window.treeWhen(all => all.filter(row => /lock/.test(row)).length >= 2);
    assert.ok(
      rows.some(row => /^A\b/.test(row)),
      rows.join('\n'),
    );
    await window.screenshot('8 deadlock');
    await window.command('Concurrency: Stop Run');
    await window.when(
      async () => stage.leftovers(),
      all => all.length === 0,
    );
    await window.screenshot('9 deadlock stopped');
  });
});
