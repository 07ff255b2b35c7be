/** Owns the gallery: the examples that ride along, opened as the person's own copy, so that editing one breaks nothing. */
import * as vscode from 'vscode';

export interface Gallery {
  readonly extensionUri: vscode.Uri;
  /** The copies stand here. */
  readonly storageUri: vscode.Uri;
}

/** A row of media/examples/index.json. */
interface Example {
  readonly file: string;
  readonly title: string;
  readonly topic: string;
}

/** `argument` names a file of the gallery; without it the person chooses. */
export async function openExample(gallery: Gallery, argument: unknown): Promise<void> {
  const folder = vscode.Uri.joinPath(gallery.extensionUri, 'media', 'examples');
  const name = typeof argument === 'string' ? argument : await choose(folder);
  if (!name) return;
  const uri = await copyOf(vscode.Uri.joinPath(folder, name), gallery.storageUri);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
}

async function choose(folder: vscode.Uri): Promise<string | undefined> {
  const examples = await readIndex(folder);
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

async function readIndex(folder: vscode.Uri): Promise<readonly Example[]> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'index.json'));
  const rows: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(rows) ? rows.filter(isExample) : [];
}

/** A copy that is already there keeps what the person made of it. */
async function copyOf(original: vscode.Uri, storage: vscode.Uri): Promise<vscode.Uri> {
  const name = original.path.split('/').at(-1) ?? '';
  const copy = vscode.Uri.joinPath(storage, 'examples', name);
  try {
    await vscode.workspace.fs.copy(original, copy, { overwrite: false });
  } catch (problem) {
    const exists = problem instanceof vscode.FileSystemError && problem.code === 'FileExists';
    if (!exists) throw problem;
  }
  return copy;
}

function isExample(row: unknown): row is Example {
  return (
    typeof row === 'object' &&
    row !== null &&
    ['file', 'title', 'topic'].every(key => key in row && typeof Reflect.get(row, key) === 'string')
  );
}
