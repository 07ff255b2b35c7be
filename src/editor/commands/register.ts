/** Owns the registration of commands: typed by their ids, and no failure goes unseen. */
import * as vscode from 'vscode';
import type { CommandId, LinkId } from '../ids';

export type Handler = (...args: readonly unknown[]) => unknown;

export function registerAll(
  handlers: Readonly<Partial<Record<CommandId | LinkId, Handler>>>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registered = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        return await handler(...args);
      } catch (problem) {
        const words = problem instanceof Error ? problem.message : String(problem);
        log.error(`${id} failed: ${problem instanceof Error ? (problem.stack ?? words) : words}`);
        void vscode.window.showErrorMessage(words);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
