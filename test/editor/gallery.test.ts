/** Examples in one language open their counterparts in the other beside them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { activate, closeAll, openFile } from './window';

const visible = (): (readonly [number | undefined, string])[] =>
  vscode.window.visibleTextEditors
    .map(editor => [editor.viewColumn, path.posix.basename(editor.document.uri.path)] as const)
    .toSorted((one, other) => (one[0] ?? 0) - (other[0] ?? 0));

async function sisterLens(uri: vscode.Uri): Promise<vscode.Command | undefined> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  const found = lenses.find(lens => lens.command?.command === 'concurrencyLens.openSister');
  if (found) assert.equal(found.range.start.line, 0);
  return found?.command;
}

describe('the gallery', () => {
  let api: ExtensionApi;
  before(async () => (api = await activate()));
  afterEach(() => closeAll(api));

  it('opens the JavaScript sister beside a Python example, by its lens, and the other way by the command', async () => {
    await vscode.commands.executeCommand('concurrencyLens.openExample', '12_pool_map.py');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document, 'the example did not open');
    const lens = await sisterLens(document.uri);
    assert.equal(lens?.title, 'Open 05_worker_pool_map.mjs Beside');
    await vscode.commands.executeCommand(lens.command, ...(lens.arguments ?? []));
    const both = [
      [1, '12_pool_map.py'],
      [2, '05_worker_pool_map.mjs'],
    ];
    assert.deepEqual(visible(), both);
    await vscode.commands.executeCommand('concurrencyLens.openSister');
    assert.deepEqual(visible(), both);
    const { activeTextEditor } = vscode.window;
    assert.equal(activeTextEditor?.document, document);
  });

  it('offers nothing where there is no sister', async () => {
    await vscode.commands.executeCommand('concurrencyLens.openExample', '33_event_wait.py');
    const alone = vscode.window.activeTextEditor?.document;
    assert.ok(alone, 'the example did not open');
    assert.equal(await sisterLens(alone.uri), undefined);
    // A file of the person's own is no example, whatever its name.
    const { document } = await openFile('12_pool_map.py', 'import time\ntime.sleep(0)\n');
    assert.equal(await sisterLens(document.uri), undefined);
  });
});
