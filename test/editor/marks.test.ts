import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { activate, closeAll, ended, marksWhen, masked, openFile, start } from './window';

const JOIN = `import threading
import time

def work():
    time.sleep(0.05)

t = threading.Thread(target=work, name="worker")
t.start()
t.join()
print("done")
`;

/** As long as the test likes: the thread goes on when a line is written to it. */
const HELD = JOIN.replace('import time', 'import sys').replace(
  'time.sleep(0.05)',
  'sys.stdin.readline()',
);

const hasPhase = (phase: string, line: number) => (lines: readonly string[]) =>
  lines.some(text => text.startsWith(`${line} ${phase} `));

describe('inline marks', () => {
  let api: ExtensionApi;
  before(async () => (api = await activate()));
  afterEach(() => closeAll(api));

  it('say before, during and after a run what a line waits for', async () => {
    const { document } = await openFile('join.py', HELD);
    await marksWhen(api, document, hasPhase('before', 9));
    const entry = await start(api);
    await marksWhen(api, document, hasPhase('during', 9));
    entry.run.write('go on\n');
    await ended(api, entry);
    await marksWhen(api, document, hasPhase('after', 9));
    const history = api.markHistory
      .historyOf(document.uri.toString())
      .flatMap(one => masked(one.lines));
    const seen = [...new Set(history.filter(line => line.startsWith('9 ')))];
    assert.deepEqual(seen, [
      '9 before join: will wait for worker',
      '9 during join: waiting for worker, <time> …',
      '9 after join: waited <time> for worker',
    ]);
  });

  it('sum up the waits of a loop', async () => {
    const { document } = await openFile(
      'loop.py',
      'import threading, time\nts = [threading.Thread(target=time.sleep, args=(0.05,)) for _ in range(3)]\nfor t in ts: t.start()\nfor t in ts:\n    t.join()\n',
    );
    await ended(api, await start(api));
    const lines = await marksWhen(api, document, hasPhase('after', 5));
    assert.match(
      masked(lines).find(line => line.startsWith('5 ')) ?? '',
      /^5 after join: 3 waits, <time> in all, longest <time> \(Thread-\d/u,
    );
  });

  it('stay on their lines, grey, while the text is edited around them', async () => {
    const editor = await openFile('edit.py', JOIN);
    await ended(api, await start(api));
    await marksWhen(api, editor.document, hasPhase('after', 9));
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), '# one\n# two\n'));
    const lines = await marksWhen(api, editor.document, hasPhase('stale', 11));
    assert.ok(!lines.some(line => /^(5|9) /u.test(line)), lines.join('\n'));
  });

  it('are dropped while their line reads differently, and come back with its words', async () => {
    const editor = await openFile('drop.py', JOIN);
    await ended(api, await start(api));
    await marksWhen(api, editor.document, hasPhase('after', 9));
    await editor.edit(edit => edit.replace(new vscode.Range(8, 0, 8, 8), 't.join(5)'));
    await marksWhen(
      api,
      editor.document,
      lines => !lines.some(line => /^9 (after|stale)/u.test(line)),
    );
    await editor.edit(edit => edit.replace(new vscode.Range(8, 0, 8, 9), 't.join()'));
    await marksWhen(api, editor.document, hasPhase('after', 9));
  });

  it('follow a run that is under way while the person types above', async () => {
    const editor = await openFile('live.py', HELD);
    const entry = await start(api);
    await marksWhen(api, editor.document, hasPhase('during', 9));
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), '# new\n'));
    await marksWhen(api, editor.document, hasPhase('during', 10));
    entry.run.write('go on\n');
    await ended(api, entry);
    await marksWhen(api, editor.document, hasPhase('stale', 10));
  });

  it('vanish when switched off and with Clear Marks', async () => {
    const { document } = await openFile('off.py', JOIN);
    await ended(api, await start(api));
    await marksWhen(api, document, hasPhase('after', 9));
    await vscode.commands.executeCommand('concurrencyLens.clearMarks');
    await marksWhen(api, document, hasPhase('before', 9));
    await vscode.commands.executeCommand('concurrencyLens.toggleMarks');
    await marksWhen(api, document, lines => lines.length === 0);
    await vscode.commands.executeCommand('concurrencyLens.toggleMarks');
    await marksWhen(api, document, hasPhase('before', 9));
  });

  it('are capped, those in view first', async () => {
    const settings = vscode.workspace.getConfiguration('concurrencyLens');
    await settings.update('marks.maxPerFile', 10, vscode.ConfigurationTarget.Global);
    try {
      const text = `import time\n${'time.sleep(0)\n'.repeat(400)}`;
      const { document } = await openFile('many.py', text);
      const lines = await marksWhen(api, document, all => all.length > 0);
      assert.equal(lines.length, 10);
    } finally {
      await settings.update('marks.maxPerFile', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('come back when a finished run is selected again', async () => {
    const { document } = await openFile('again.py', JOIN);
    const first = await ended(api, await start(api));
    const second = await ended(api, await start(api));
    assert.equal(api.runs.selected, second);
    await vscode.commands.executeCommand('concurrencyLens.selectRun', first);
    assert.equal(api.marks.runsFor(document)[0], first);
    await marksWhen(api, document, hasPhase('after', 9));
  });

  it('of a long file do not hold the editor up while the person types, and are right in the end', async () => {
    const { document } = await openFile('long.py', JOIN + JOIN.repeat(2000));
    await marksWhen(api, document, hasPhase('before', 9));
    let looks = 0;
    const counting = api.documents.onDidAnalyze(one => void (looks += one === document ? 1 : 0));
    const typed = '    threading.Event().wait()\n';
    const keys = typed.split('');
    for (const [at, key] of keys.entries()) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, document.positionAt(JOIN.indexOf('    time.sleep') + at), key);
      assert.ok(await vscode.workspace.applyEdit(edit));
    }
    const lines = await marksWhen(api, document, hasPhase('before', 5));
    counting.dispose();
    assert.ok(
      lines.some(line => line.startsWith('5 before lock: will wait for')),
      lines.slice(0, 5).join('\n'),
    );
    assert.ok(
      looks < keys.length,
      `${looks} looks at a file of 22,000 lines for ${keys.length} keys`,
    );
  });
});
