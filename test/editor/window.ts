// What tests inside the extension host share: the extension's API, documents in the workspace, waiting for marks and ends.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { Event } from '../../src/base/emitter';
import type { RunEntry } from '../../src/editor/runs';

export async function activate(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>(
    'concurrency-lens.concurrency-lens',
  );
  assert.ok(extension, 'the extension is not there');
  const api = await extension.activate();
  await api.documents.ready;
  return api;
}

/** A file of its own in the workspace, opened in the editor. */
export async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'the tests need a workspace folder');
  const own = path.posix.join(`t-${randomBytes(4).toString('hex')}`, name);
  const uri = vscode.Uri.joinPath(folder, own);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return vscode.window.showTextDocument(uri, { preview: false });
}

/** A notebook whose cells are Python, with these texts. */
export async function openNotebook(texts: readonly string[]): Promise<vscode.NotebookDocument> {
  const { NotebookCellData, NotebookCellKind, NotebookData } = vscode;
  const cells = texts.map(text => new NotebookCellData(NotebookCellKind.Code, text, 'python'));
  const data = new NotebookData(cells);
  const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

export async function openUntitled(language: string, content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  return vscode.window.showTextDocument(document, { preview: false });
}

/** Resolves once `isRight`, asked now and after each firing of the event. */
export function until<T>(
  event: Event<T>,
  isRight: () => boolean,
  what: () => string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): boolean => {
      if (!isRight()) return false;
      subscription.dispose();
      clearTimeout(timer);
      resolve();
      return true;
    };
    const subscription = event(() => void check());
    // Only so that a failure says what was seen last instead of "timeout".
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`waited in vain; last seen: ${what()}`));
    }, 40_000);
    check();
  });
}

/** The marks of a document as text, one a line, once they satisfy the condition. */
export async function marksWhen(
  api: ExtensionApi,
  document: vscode.TextDocument,
  isRight: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const now = (): readonly string[] =>
    api.markHistory.historyOf(document.uri.toString()).at(-1)?.lines ?? [];
  await until(
    api.markHistory.onDidShow,
    () => isRight(now()),
    () => now().join('\n'),
  );
  return now();
}

export async function ended(api: ExtensionApi, entry: RunEntry): Promise<RunEntry> {
  await until(
    api.runs.onDidEnd,
    () => entry.end !== null,
    () => entry.state,
  );
  return entry;
}

/** Runs the active editor's snippet, as the command does, and hands over the run. */
export async function start(
  api: ExtensionApi,
  command = 'concurrencyLens.run',
  ...args: unknown[]
): Promise<RunEntry> {
  const before = api.runs.entries.length;
  const entry = await vscode.commands.executeCommand<RunEntry | undefined>(command, ...args);
  assert.ok(entry, `${command} started nothing (${before} runs before)`);
  return entry;
}

export async function closeAll(api: ExtensionApi): Promise<void> {
  await api.runs.stopAll();
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const entry of api.runs.entries.slice()) api.runs.remove(entry);
}

/** Durations differ from run to run; what they say does not. */
export const masked = (lines: readonly string[]): string[] =>
  lines.map(line => line.replaceAll(/\d+(\.\d+)? (s|ms|µs|ns)\b/gu, '<time>'));
