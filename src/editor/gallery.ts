/** Owns the gallery: the examples that ride along, opened as the person's own copies, so that editing one breaks nothing. */
import * as vscode from 'vscode';

/** A row of media/examples/index.json. */
export interface Example {
  readonly file: string;
  readonly title: string;
  readonly topic: string;
  /** The same in the other language, where there is one. */
  readonly sister: string | null;
}

export class Gallery {
  private readonly originals: vscode.Uri;
  private readonly copies: vscode.Uri;
  private index: Promise<readonly Example[]> | undefined;

  constructor(extensionUri: vscode.Uri, storageUri: vscode.Uri) {
    this.originals = vscode.Uri.joinPath(extensionUri, 'media', 'examples');
    this.copies = vscode.Uri.joinPath(storageUri, 'examples');
  }

  examples(): Promise<readonly Example[]> {
    this.index ??= readIndex(this.originals);
    return this.index;
  }

  /** The file of the gallery that stands beside this one in the other language; undefined for whatever has none. */
  async sisterOf(uri: vscode.Uri): Promise<string | undefined> {
    const name = uri.toString();
    const isNear = [this.originals, this.copies].some(folder =>
      name.startsWith(`${folder.toString()}/`),
    );
    if (!isNear) return undefined;
    const found = (await this.examples()).find(
      ({ file }) => name === String(this.copyOf(file)) || name === String(this.originalOf(file)),
    );
    return found?.sister ?? undefined;
  }

  async show(file: string, viewColumn?: vscode.ViewColumn): Promise<void> {
    const document = await vscode.workspace.openTextDocument(await this.makeCopy(file));
    await vscode.window.showTextDocument(document, {
      preview: false,
      ...(viewColumn === undefined ? {} : { viewColumn }),
    });
  }

  /** A copy that is already there keeps what the person made of it. */
  private async makeCopy(file: string): Promise<vscode.Uri> {
    const copy = this.copyOf(file);
    try {
      await vscode.workspace.fs.copy(this.originalOf(file), copy, { overwrite: false });
    } catch (problem) {
      const exists = problem instanceof vscode.FileSystemError && problem.code === 'FileExists';
      if (!exists) throw problem;
    }
    return copy;
  }

  private originalOf(file: string): vscode.Uri {
    return vscode.Uri.joinPath(this.originals, file);
  }

  private copyOf(file: string): vscode.Uri {
    return vscode.Uri.joinPath(this.copies, file.split('/').at(-1) ?? file);
  }
}

async function readIndex(folder: vscode.Uri): Promise<readonly Example[]> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'index.json'));
  const rows: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(rows) ? rows.filter(isExample) : [];
}

function isExample(row: unknown): row is Example {
  return (
    typeof row === 'object' &&
    row !== null &&
    ['file', 'title', 'topic'].every(key => key in row && typeof Reflect.get(row, key) === 'string')
  );
}
