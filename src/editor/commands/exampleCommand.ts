/** Owns the commands of the gallery: open an example, and its sister in the other language beside it. */
import * as vscode from 'vscode';
import type { Gallery } from '../gallery';

/** `argument` names a file of the gallery; without it the person chooses. */
export async function openExample(gallery: Gallery, argument: unknown): Promise<void> {
  const file = typeof argument === 'string' ? argument : await choose(gallery);
  if (file) await gallery.show(file);
}

/** Of the example in the active editor, or of the one whose lens was clicked. */
export async function openSister(gallery: Gallery, argument: unknown): Promise<void> {
  const editor =
    vscode.window.visibleTextEditors.find(one => one.document.uri.toString() === argument) ??
    vscode.window.activeTextEditor;
  const sister = editor && (await gallery.sisterOf(editor.document.uri));
  if (!sister) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This file is no example with a counterpart in the other language.'),
    );
    return;
  }
  const isFirst = (editor.viewColumn ?? vscode.ViewColumn.One) === vscode.ViewColumn.One;
  await gallery.show(sister, isFirst ? vscode.ViewColumn.Two : vscode.ViewColumn.One);
}

async function choose(gallery: Gallery): Promise<string | undefined> {
  const examples = await gallery.examples();
  const topics = [...new Set(examples.map(example => example.topic))];
  const items = topics.flatMap(topic => [
    { label: topic, kind: vscode.QuickPickItemKind.Separator, file: '' },
    ...examples
      .filter(example => example.topic === topic)
      .map(example => ({ label: example.title, description: example.file, file: example.file })),
  ]);
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Open which example?'),
    matchOnDescription: true,
  });
  return chosen?.file;
}
