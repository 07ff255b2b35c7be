/** Owns how documents are named outside `vscode`: a path for files on disk, the whole uri for the rest (untitled, notebook cells). */
import * as vscode from 'vscode';

export function documentKey(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** The document a site of a run names. */
export function keyToUri(key: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/iu.test(key) && !/^[a-z]:[\\/]/iu.test(key)
    ? vscode.Uri.parse(key, true)
    : vscode.Uri.file(key);
}
