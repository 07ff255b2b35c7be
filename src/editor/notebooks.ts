/** Owns the questions about notebooks: which one a cell belongs to, what stands in the cells before it. */
import * as vscode from 'vscode';

export const isCell = (document: vscode.TextDocument): boolean =>
  document.uri.scheme === 'vscode-notebook-cell';

export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (!isCell(document)) return undefined;
  return vscode.workspace.notebookDocuments.find(one =>
    one.getCells().some(cell => cell.document === document),
  );
}

/** The code cells above, in the cell's own language. */
export function cellsAbove(document: vscode.TextDocument): vscode.TextDocument[] {
  const cells = codeCells(document);
  return cells.slice(0, Math.max(0, cells.indexOf(document)));
}

export const textsAbove = (document: vscode.TextDocument): string[] =>
  cellsAbove(document).map(cell => cell.getText());

export function laterCells(document: vscode.TextDocument): vscode.TextDocument[] {
  const cells = codeCells(document);
  const index = cells.indexOf(document);
  return index < 0 ? [] : cells.slice(index + 1);
}

/** 1-based, among all cells; undefined for what is no cell. */
export function cellNumber(document: vscode.TextDocument): number | undefined {
  const index =
    notebookOf(document)
      ?.getCells()
      .findIndex(cell => cell.document === document) ?? -1;
  return index < 0 ? undefined : index + 1;
}

export const cellsOf = (notebook: vscode.NotebookDocument): vscode.TextDocument[] =>
  notebook.getCells().map(cell => cell.document);

function codeCells(document: vscode.TextDocument): vscode.TextDocument[] {
  const notebook = notebookOf(document);
  return (notebook ? cellsOf(notebook) : []).filter(one => one.languageId === document.languageId);
}
