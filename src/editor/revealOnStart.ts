/** Owns bringing up the Timeline when a run starts, without taking the focus from the code. */
import * as vscode from 'vscode';
import { VIEWS } from './ids';
import type { RunSource } from './runs';
import { setting } from './settings';

export function revealOnStart(runs: RunSource): vscode.Disposable {
  return runs.onDidStart(() => {
    if (!setting('timeline.reveal')) return;
    void vscode.commands.executeCommand(`${VIEWS.timeline}.focus`, { preserveFocus: true });
  });
}
