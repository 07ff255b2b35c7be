/** Owns the reading of a neighbour file for the analysis: as it stands in the editor, else as it is on disk. */
import { readFileSync, statSync } from 'node:fs';
import * as vscode from 'vscode';

/** Larger files are no modules that a person imports from. */
const MOST_BYTES = 300_000;

/** Kept by time of change: an analysis asks for the same few files at each keystroke. */
const kept = new Map<string, { readonly changed: number; readonly text: string }>();
const MOST_KEPT = 64;

export function readNeighbour(path: string): string | undefined {
  const document = vscode.workspace.textDocuments.find(
    one => one.uri.scheme === 'file' && one.uri.fsPath.replaceAll('\\', '/') === path,
  );
  if (document) return document.getText();
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > MOST_BYTES) return undefined;
  const known = kept.get(path);
  if (known?.changed === found.mtimeMs) return known.text;
  const text = readText(path);
  if (text === undefined) return undefined;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(path, { changed: found.mtimeMs, text });
  return text;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It may not be read, or has just gone: then nothing is known of it.
    return undefined;
  }
}
