// What else can be run beside a whole file, and what a person does while it runs: a fence of notes, a selection, an unsaved
// document, a snippet that reads its input; and what happens where nothing may run.
import assert from 'node:assert/strict';
import { useStage } from '../support/journey';
import type { Mark } from '../support/workbench';

const runTitle = 'Concurrency: Run Concurrent Snippet';
const textAt = (marks: Mark[], line: number) => marks.find(mark => mark.line === line)?.text ?? '';

const threads = [
  'import threading, time',
  'def nap(): time.sleep(0.7)',
  't = threading.Thread(target=nap, name="napper")',
  't.start()',
  't.join()',
  '',
].join('\n');

describe('snippets of every kind', () => {
  const stage = useStage();

  it('runs a fence of Markdown notes in place', async () => {
    const file = stage.workspace.write(
      'notes.md',
      `# Notes\n\nJoin:\n\n\`\`\`python\n${threads}\`\`\`\n\nThe end.\n`,
    );
    const window = await stage.open({ file });
    const before = await window.marksWhen(marks => textAt(marks, 10) !== '');
    assert.match(textAt(before, 10), /^will wait for napper/);
    await window.lens('Run Concurrent Snippet').click();
    const after = await window.marksWhen(marks => textAt(marks, 10).startsWith('waited'));
    assert.match(textAt(after, 10), /^waited \d+ ms for napper|^waited 0\.\d+ s for napper/);
    await window.screenshot('a fence');
  });

  it('runs a selection with the lines it has in the file', async () => {
    const file = stage.workspace.write(
      'selection.py',
      `raise SystemExit("the whole file ran")\n\n${threads}`,
    );
    const window = await stage.open({ file });
    await window.marksWhen(marks => marks.length > 0);
    await window.goToLine(3);
    for (let line = 0; line < 5; line++) await window.page.keyboard.press('Shift+ArrowDown');
    await window.command('Concurrency: Run Selection as Concurrent Snippet');
    const marks = await window.marksWhen(all => textAt(all, 7).startsWith('waited'));
    assert.match(textAt(marks, 7), /for napper/);
    await window.screenshot('b selection');
  });

  it('runs a document that was never saved', async () => {
    const window = await stage.open();
    await window.command('File: New Untitled Text File');
    await window.editor.waitFor();
    await window.command('Change Language Mode');
    await window.page.locator('.quick-input-widget input').first().fill('Python');
    await window.choose('Python');
    await window.editor.click();
    await window.page.keyboard.insertText(threads);
    await window.command(runTitle);
    const marks = await window.marksWhen(all => textAt(all, 5).startsWith('waited'));
    assert.match(textAt(marks, 5), /for napper/);
    await window.screenshot('c unsaved');
  });

  it('takes what the person types as standard input', async () => {
    const file = stage.workspace.write(
      'ask.py',
      `${threads}name = input("Who? ")\nprint("Hello", name.upper())\n`,
    );
    const window = await stage.open({ file });
    await window.marksWhen(marks => marks.length > 0);
    await window.command(runTitle);
    await window.command('Concurrency: Show Output of Run');
    await window.terminalWhen(text => text.includes('Who?'));
    await window.typeInTerminal('world\r');
    await window.terminalWhen(text => text.includes('Hello WORLD'));
    await window.screenshot('d input');
    await window.when(
      async () => stage.leftovers(),
      all => all.length === 0,
    );
  });
});

describe('Restricted Mode', () => {
  const stage = useStage({ trustAll: false });

  it('marks what can wait and runs nothing', async () => {
    const file = stage.workspace.write(
      'touch.py',
      `${threads}open(__file__ + ".ran", "w").close()\n`,
    );
    const window = await stage.open({ file });
    const marks = await window.marksWhen(all => textAt(all, 5) !== '');
    assert.match(textAt(marks, 5), /^will wait for napper/);
    await window.editor.click();
    await window.page.keyboard.press('Control+Alt+r');
    await window.screenshot('e restricted');
    const { existsSync } = await import('node:fs');
    assert.equal(existsSync(`${file}.ran`), false);
    assert.deepEqual(stage.leftovers(), []);
    await window.showThreads();
    await window.page
      .locator('.part.sidebar')
      .getByText('This workspace is in Restricted Mode')
      .waitFor();
    await window.screenshot('f restricted threads');
  });
});

const isLive = ({ text }: Mark): boolean => /^(waiting|sleeping)/.test(text);

/** Waits without end, one of each family: quiet, lock, queue, await, join. */
const families = `import asyncio, queue, threading, time

lock = threading.Lock()

def hold():
    with lock:
        time.sleep(600)

def want():
    with lock:
        pass

async def forever():
    await asyncio.get_running_loop().create_future()

def take():
    queue.Queue().get()

for work in (hold, want, take, lambda: asyncio.run(forever())):
    threading.Thread(target=work, daemon=True).start()
t = threading.Thread(target=time.sleep, args=(600,), name="t")
t.start()
t.join()
`;

for (const theme of [
  'Default Light Modern',
  'Default Dark Modern',
  'Default High Contrast',
  'Default High Contrast Light',
]) {
  describe(`in the theme ${theme}`, () => {
    const stage = useStage({ settings: { 'workbench.colorTheme': theme } });

    it('has marks that can be read', async () => {
      const file = stage.workspace.write('families.py', families);
      const window = await stage.open({ file });
      await window.marksWhen(marks => marks.length > 0);
      await window.showThreads();
      await window.command(runTitle);
      await window.timeline.getByText('MainThread').first().waitFor();
      // A line with a wait of each family goes on, so each colour is seen.
      await window.marksWhen(marks => marks.filter(isLive).length >= 5);
      // VS Code takes the styles of marks that change away a moment before it draws their lines anew.
      const contrasts = await window.when(
        () => window.markContrasts(),
        all =>
          ['sleeping', 'waiting for lock', 'waiting for an item', 'waiting for t,'].every(words =>
            all.some(({ text }) => text.includes(words)),
          ),
      );
      assert.deepEqual(
        contrasts.filter(({ ratio }) => ratio < 3),
        [],
      );
      await window.screenshot(`g ${theme}`);
      await window.command('Concurrency: Stop Run');
      await window.when(
        async () => stage.leftovers(),
        all => all.length === 0,
      );
    });
  });
}
