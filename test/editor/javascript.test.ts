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

const AWAIT = `const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
async function work(name) {
  await sleep(200);
  return name;
}
console.log(await Promise.all([work('a'), work('b')]));
`;

describe('JavaScript and TypeScript', () => {
  let api: ExtensionApi;
  before(async () => (api = await activate()));
  afterEach(() => closeAll(api));

  it('run in a worker, and their awaits are marked', async () => {
    const { document } = await openFile('all.mjs', AWAIT);
    const entry = await ended(api, await start(api));
    assert.equal(outputOf(entry), "[ 'a', 'b' ]\n");
    await marksWhen(api, document, lines => lines.some(line => /^6 after \w+: waited/u.test(line)));
  });

  it('run in a child process by setting', async () => {
    const settings = vscode.workspace.getConfiguration('concurrencyLens');
    await settings.update('javascript.runsIn', 'process', vscode.ConfigurationTarget.Workspace);
    try {
      await openFile('pid.mjs', `console.log(process.pid !== ${process.pid});\nawait null;\n`);
      assert.equal(outputOf(await ended(api, await start(api))), 'true\n');
    } finally {
      await settings.update('javascript.runsIn', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('run from an unsaved TypeScript document and from a fence', async () => {
    await openUntitled(
      'typescript',
      'const n: number = await Promise.resolve(41);\nconsole.log(n + 1);\n',
    );
    assert.equal(outputOf(await ended(api, await start(api))), '42\n');
    const editor = await openFile(
      'notes.md',
      '# JS\n\n```js\nconst os = require("node:os");\nconsole.log(typeof os.cpus());\n```\n',
    );
    editor.selection = new vscode.Selection(4, 0, 4, 0);
    assert.equal(outputOf(await ended(api, await start(api))), 'object\n');
  });

  it('leave the extension host responsive while they spin, and stop within a second', async () => {
    const { document } = await openFile('spin.mjs', 'console.log("up");\nfor (;;) {}\n');
    const entry = await start(api);
    await until(
      entry.run.onDidWrite,
      () => outputOf(entry) === 'up\n',
      () => outputOf(entry),
    );
    const answerMs: number[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const from = performance.now();
      // By way of the window, which asks the extension host.
      await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
      answerMs.push(performance.now() - from);
    }
    // The middle one: others may want the processor too.
    const [usual = NaN] = answerMs.toSorted((one, other) => one - other).slice(10);
    assert.ok(usual < 100, `the extension host answered after ${answerMs.join(', ')} ms`);
    const from = performance.now();
    await vscode.commands.executeCommand('concurrencyLens.stop');
    const stopMs = performance.now() - from;
    assert.equal(entry.state, 'stopped');
    assert.ok(stopMs < 1000, `it stopped after ${stopMs} ms`);
  });

  it('are ended when they need more memory than they may have, and the extension host lives on', async () => {
    const settings = vscode.workspace.getConfiguration('concurrencyLens');
    await settings.update('javascript.memoryLimit', 64, vscode.ConfigurationTarget.Workspace);
    try {
      await openFile(
        'hoard.mjs',
        'const kept = [];\nfor (;;) kept.push(new Array(10_000).fill(1));\n',
      );
      const entry = await ended(api, await start(api));
      assert.equal(entry.state, 'failed');
      assert.match(entry.model.notes.join('\n'), /needed more than the 64 MB of memory/u);
    } finally {
      await settings.update(
        'javascript.memoryLimit',
        undefined,
        vscode.ConfigurationTarget.Workspace,
      );
    }
  });
});
