// What people run by mistake, or on bad days: each gets the right result or words that name the cause and the remedy, and leaves
// nothing running. The workspace itself has a space and letters outside ASCII in its path.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { useStage } from '../support/journey';
import type { Mark, Workbench } from '../support/workbench';

const runTitle = 'Concurrency: Run Concurrent Snippet';
const outputTitle = 'Concurrency: Show Output of Run';
const textAt = (marks: Mark[], line: number) => marks.find(mark => mark.line === line)?.text ?? '';

describe('bad input', () => {
  const stage = useStage({ workspaceName: 'Übung 1 スレッド' });

  const openWith = async (name: string, text: string | Uint8Array): Promise<Workbench> =>
    stage.open({ file: stage.workspace.write(name, text) });
  /** A folder of its own, for a setting of its own. */
  const openWithInterpreter = async (interpreter: string): Promise<Workbench> => {
    const folder = path.join(stage.workspace.folder, path.basename(path.dirname(interpreter)));
    const inFolder = (name: string) =>
      path.join(path.relative(stage.workspace.folder, folder), name);
    const settings = { 'concurrencyLens.python.interpreter': interpreter };
    stage.workspace.write(inFolder('.vscode/settings.json'), JSON.stringify(settings));
    const file = stage.workspace.write(inFolder('plain.py'), 'import threading\nprint("ran")\n');
    return stage.open({ folder, file });
  };
  const nothingLeft = (window: Workbench) =>
    window.when(
      async () => stage.leftovers(),
      all => all.length === 0,
      60_000,
    );

  it('a file with a syntax error: says so, on its line', async () => {
    const window = await openWith(
      'broken.py',
      'import threading\nthreading.Thread(target=print\nprint("never")\n',
    );
    await window.command(runTitle);
    await window.command(outputTitle);
    const text = await window.terminalWhen(all => all.includes('broken.py ended with'));
    assert.match(text, /SyntaxError/);
    assert.match(text, /broken\.py", line 2|broken\.py", line 3/);
    await window.page.locator('.editor-group-container.active .squiggly-error').waitFor();
    await window.screenshot('bad syntax');
    await nothingLeft(window);
  });

  it('an empty file: says that there is nothing to run, and what to do', async () => {
    const window = await openWith('empty.py', '');
    await window.command(runTitle);
    const words = await window.notification('empty.py is empty');
    assert.match(words, /Open Example/);
    await window.screenshot('bad empty');
    await nothingLeft(window);
  });

  it('no interpreter: names the setting', async () => {
    const window = await openWithInterpreter('/nowhere/bin/python3');
    await window.command(runTitle);
    const words = await window.notification(/nowhere/);
    assert.match(words, /\/nowhere\/bin\/python3/);
    await window.screenshot('bad no interpreter');
    await nothingLeft(window);
  });

  it('an interpreter that is too old: names both versions', async function () {
    const old = path.join(homedir(), '.pyenv/versions/3.7.16/bin/python3');
    if (!existsSync(old)) {
      this.test!.title += ' (skipped: no Python 3.7 here)';
      this.skip();
    }
    const window = await openWithInterpreter(old);
    await window.command(runTitle);
    const words = await window.notification(/3\.8/);
    assert.match(words, /3\.7/);
    await window.screenshot('bad old interpreter');
    await nothingLeft(window);
  });

  it('100 MB of output: all read, the window stays usable', async () => {
    const program =
      'import sys\nline = "x" * 99 + "\\n"\nfor _ in range(1_000_000): sys.stdout.write(line)\nprint("all written")\n';
    const window = await openWith('flood.py', program);
    await window.command(runTitle);
    await window.command(outputTitle);
    await window.terminalWhen(all => all.includes('all written'), 90_000);
    await window.screenshot('bad flood');
    await nothingLeft(window);
    await window.goToLine(2);
  });

  it('bytes that are no UTF-8: shown as such', async () => {
    const window = await openWith(
      'bytes.py',
      'import sys\nsys.stdout.buffer.write(b"a\\xff\\xfeb\\n")\nsys.stdout.flush()\nprint("after")\n',
    );
    await window.command(runTitle);
    await window.command(outputTitle);
    const text = await window.terminalWhen(all => all.includes('after'));
    assert.match(text, /a\uFFFD+b/);
    await window.screenshot('bad bytes');
    await nothingLeft(window);
  });

  it('2,000 threads: counted on their line', async () => {
    const program = [
      'import threading, time',
      'threads = [threading.Thread(target=time.sleep, args=(1,)) for _ in range(2000)]',
      'for t in threads: t.start()',
      'for t in threads: t.join()',
      '',
    ].join('\n');
    const window = await openWith('many.py', program);
    await window.showThreads();
    await window.command(runTitle);
    const marks = await window.marksWhen(
      all => /^2000 waits|^2,000 waits/.test(textAt(all, 4)),
      90_000,
    );
    assert.match(textAt(marks, 4), /in all/);
    await window.screenshot('bad many threads');
    await nothingLeft(window);
  });

  it('CRLF ends: marks stand on their lines', async () => {
    const program =
      'import threading\r\nt = threading.Thread(target=print, name="crlf")\r\nt.start()\r\nt.join()\r\n';
    const window = await openWith('windows.py', program);
    await window.marksWhen(all => textAt(all, 4).startsWith('will wait for crlf'));
    await window.command(runTitle);
    await window.marksWhen(all => textAt(all, 4).startsWith('waited'));
    await nothingLeft(window);
  });
});
