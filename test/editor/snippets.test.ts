import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { RunEntry } from '../../src/editor/runs';
import {
  activate,
  closeAll,
  ended,
  marksWhen,
  openFile,
  openUntitled,
  start,
  until,
} from './window';

const outputOf = (entry: RunEntry): string => entry.model.output.map(piece => piece.text).join('');

const NOTES = `# Notes

\`\`\`python
import threading
t = threading.Thread(target=print, args=("from the fence",))
t.start()
t.join()
\`\`\`

Some words.

\`\`\`python
import time
time.sleep(0.01)
print("second")
\`\`\`
`;

describe('what is run', () => {
  let api: ExtensionApi;
  before(async () => (api = await activate()));
  afterEach(() => closeAll(api));

  it('a file, saved first, in its own folder', async () => {
    const editor = await openFile(
      'with space é.py',
      'import os\nprint(os.path.basename(__file__), __name__)\n',
    );
    await editor.edit(edit =>
      edit.insert(new vscode.Position(2, 0), 'print(os.getcwd() == os.path.dirname(__file__))\n'),
    );
    const entry = await ended(api, await start(api));
    assert.equal(outputOf(entry), 'with space é.py __main__\nTrue\n');
    assert.equal(editor.document.isDirty, false);
    assert.equal(entry.origin.title, 'with space é.py');
  });

  it('a selection, with the line numbers of the document', async () => {
    const editor = await openFile(
      'part.py',
      'print("no")\nimport sys\nprint(sys._getframe().f_lineno)\nprint("no")\n',
    );
    editor.selection = new vscode.Selection(1, 0, 3, 0);
    const entry = await ended(api, await start(api, 'concurrencyLens.runSelection'));
    assert.equal(outputOf(entry), '3\n');
    assert.equal(entry.origin.title, 'part.py · lines 2-3');
  });

  it('an unsaved document', async () => {
    const editor = await openUntitled(
      'python',
      'import threading\nt = threading.Thread(target=lambda: None, name="T")\nt.start()\nt.join()\n',
    );
    await ended(api, await start(api));
    await marksWhen(api, editor.document, lines =>
      lines.some(line => /^4 after join: waited .* for T$/u.test(line)),
    );
  });

  it('the fence at the cursor, marked in place', async () => {
    const editor = await openFile('notes.md', NOTES);
    editor.selection = new vscode.Selection(4, 0, 4, 0);
    const entry = await ended(api, await start(api));
    assert.equal(outputOf(entry), 'from the fence\n');
    assert.equal(entry.origin.title, 'notes.md · line 4');
    await marksWhen(api, editor.document, lines =>
      lines.some(line => line.startsWith('7 after join: waited')),
    );
    editor.selection = new vscode.Selection(13, 0, 13, 0);
    assert.equal(outputOf(await ended(api, await start(api))), 'second\n');
  });

  it('from the lens above a fence', async () => {
    const { document } = await openFile('lens.md', NOTES);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const run = lenses.filter(lens => lens.command?.title.includes('Run Concurrent Snippet'));
    assert.deepEqual(
      run.map(lens => lens.range.start.line),
      [2, 11],
    );
    const command = run[1]?.command;
    assert.ok(command);
    const entry = await start(api, command.command, ...(command.arguments as unknown[]));
    assert.equal(outputOf(await ended(api, entry)), 'second\n');
  });

  it('a fence or a selection in a note, as the kind of module that it is itself', async () => {
    const note =
      '```python\nimport os\n```\n\n```js\nconst os = require("os");\nconsole.log(typeof os.cpus);\n```\n';
    const editor = await openFile('kinds.md', note);
    editor.selection = new vscode.Selection(5, 0, 5, 0);
    assert.equal(outputOf(await ended(api, await start(api))), 'function\n');
    editor.selection = new vscode.Selection(5, 0, 7, 0);
    const part = await ended(api, await start(api, 'concurrencyLens.runSelection'));
    assert.equal(outputOf(part), 'function\n');
  });

  it('again, as the document is then', async () => {
    const editor = await openFile('again.py', 'print(1)\n');
    await ended(api, await start(api));
    await editor.edit(edit => edit.replace(new vscode.Range(0, 6, 0, 7), '2'));
    const entry = await ended(api, await start(api, 'concurrencyLens.runAgain'));
    assert.equal(outputOf(entry), '2\n');
  });

  it('with the arguments, environment and folder of the settings', async () => {
    const settings = vscode.workspace.getConfiguration('concurrencyLens');
    const set = async (values: Record<string, unknown>): Promise<void> => {
      for (const [key, value] of Object.entries(values))
        await settings.update(key, value, vscode.ConfigurationTarget.Workspace);
    };
    await openFile(
      'set.py',
      'import os, sys\nprint(sys.argv[1:], os.environ["LENS_WORD"], "VSCODE_PID" in os.environ)\nprint(os.getcwd())\n',
    );
    await set({
      'run.args': ['a b', 'c'],
      'run.env': { LENS_WORD: 'hello' },
      'run.cwd': '${workspaceFolder}',
    });
    try {
      const entry = await ended(api, await start(api));
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
      assert.equal(outputOf(entry), `['a b', 'c'] hello False\n${folder}\n`);
    } finally {
      await set({ 'run.args': undefined, 'run.env': undefined, 'run.cwd': undefined });
    }
  });

  it('several at once, each stopped for itself', async () => {
    await openFile('one.py', 'import time\nprint("up", flush=True)\ntime.sleep(60)\n');
    const one = await start(api);
    await openFile('two.py', 'import time\nprint("up", flush=True)\ntime.sleep(60)\n');
    const two = await start(api);
    await until(
      one.run.onDidWrite,
      () => outputOf(one) === 'up\n',
      () => outputOf(one),
    );
    await until(
      two.run.onDidWrite,
      () => outputOf(two) === 'up\n',
      () => outputOf(two),
    );
    await vscode.commands.executeCommand('concurrencyLens.stop', one.id);
    assert.equal(one.state, 'stopped');
    assert.equal(two.state, 'running');
    await vscode.commands.executeCommand('concurrencyLens.stopAll');
    assert.equal(two.state, 'stopped');
  });

  it('with standard input', async () => {
    await openFile('ask.py', 'name = input("name? ")\nprint("hello", name)\n');
    const entry = await start(api);
    await until(
      entry.run.onDidWrite,
      () => outputOf(entry).includes('name?'),
      () => outputOf(entry),
    );
    entry.run.write('Ada\n');
    await ended(api, entry);
    assert.equal(outputOf(entry), 'name? hello Ada\n');
  });

  it('a syntax error ends as Python says it', async () => {
    await openFile('broken.py', 'import threading\nif\n');
    const entry = await ended(api, await start(api));
    assert.equal(entry.state, 'failed');
    assert.match(outputOf(entry), /broken\.py", line 2[\s\S]*SyntaxError/u);
  });
});
