/** Owns the context key that shows Run where it makes sense: Python files, Markdown, cells. */
import * as vscode from 'vscode';
import { Parts } from '../base/disposable';
import { CONTEXT_KEYS } from './ids';
import { canRun } from './run/targets';

export class CanRunContext implements vscode.Disposable {
  private readonly parts = new Parts();

  constructor() {
    this.parts.add(vscode.window.onDidChangeActiveTextEditor(update));
    // The language of a document changes by closing and opening it.
    this.parts.add(vscode.workspace.onDidOpenTextDocument(update));
    update();
  }

  dispose(): void {
    this.parts.dispose();
  }
}

function update(): void {
  const isRunnable = canRun(vscode.window.activeTextEditor?.document);
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.canRun, isRunnable);
}
