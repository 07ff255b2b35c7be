/** Owns the context key that offers an example's sister where there is one. */
import * as vscode from 'vscode';
import type { Gallery } from './gallery';
import { CONTEXT_KEYS } from './ids';

export function tellSister(gallery: Gallery): vscode.Disposable {
  const update = async (editor: vscode.TextEditor | undefined): Promise<void> => {
    const hasSister =
      editor !== undefined && (await gallery.sisterOf(editor.document.uri)) !== undefined;
    if (vscode.window.activeTextEditor !== editor) return;
    await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasSister, hasSister);
  };
  void update(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(editor => void update(editor));
}
