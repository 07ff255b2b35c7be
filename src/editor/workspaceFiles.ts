/** Owns the reading of a neighbour file for the analysis: as it stands in the editor, else as it is on disk. */
import { readFileSync, statSync } from 'node:fs';
import * as vscode from 'vscode';

/** Larger files are no modules that a person imports from. */
const MOST_BYTES = 300_000;
const MOST_KEPT = 64;

export class WorkspaceFiles {
  /** By path, with the time of its change: an analysis asks for the same few files at each keystroke. */
  private readonly kept = new Map<string, { readonly changed: number; readonly text: string }>();

  /** `path` as in the uri of a file; undefined where there is none that can be read. */
  read(path: string): string | undefined {
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.path === path && uri.scheme === 'file',
    );
    if (document) return document.getText();
    try {
      return this.onDisk(path, vscode.Uri.file(path).fsPath);
    } catch {
      // It may not be read, or has just gone: then nothing is known of it.
      return undefined;
    }
  }

  private onDisk(path: string, fsPath: string): string | undefined {
    const found = statSync(fsPath, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > MOST_BYTES) return undefined;
    const known = this.kept.get(path);
    if (known?.changed === found.mtimeMs) return known.text;
    const text = readFileSync(fsPath, 'utf8');
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(path, { changed: found.mtimeMs, text });
    return text;
  }
}
