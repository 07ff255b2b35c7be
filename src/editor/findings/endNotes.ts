/** Owns telling the person why a run failed and what to do, where the runtime knows; the same words are in the terminal. */
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { RunSource } from '../runs';

export function tellEndNotes(runs: RunSource): vscode.Disposable {
  return runs.onDidEnd(entry => {
    const [note] = entry.end?.notes ?? [];
    if (!note || entry.state !== 'failed') return;
    const show = vscode.l10n.t('Show Output');
    void vscode.window.showWarningMessage(`${entry.origin.title}: ${note}`, show).then(chosen => {
      if (chosen === show) void vscode.commands.executeCommand(COMMANDS.showTerminal, entry.id);
    });
  });
}
