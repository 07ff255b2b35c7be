/** Owns the choice of a Python interpreter by the person. */
import * as vscode from 'vscode';
import { knownInterpreters } from '../../runtimes/python/knownInterpreters';
import { changeSetting, setting } from '../settings';

const BROWSE = '\0browse';

interface Choice extends vscode.QuickPickItem {
  /** A path, empty for "find it", or `BROWSE`. */
  readonly value: string;
}

/** Writes the choice into the settings of the workspace, or the person's own where there is none. */
export async function chooseInterpreter(): Promise<void> {
  const resource = vscode.window.activeTextEditor?.document.uri;
  const chosen = await pickInterpreter(resource, vscode.l10n.t('Run snippets with which Python?'));
  if (chosen === undefined) return;
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await changeSetting('python.interpreter', chosen || undefined, target);
}

/** Empty means "let it be found"; undefined that the person thought better of it. */
export async function pickInterpreter(
  resource: vscode.Uri | undefined,
  title: string,
): Promise<string | undefined> {
  const current = setting('python.interpreter', resource);
  const known = await knownInterpreters({
    searchPath: process.env['PATH'] ?? '',
    folders: (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath),
  });
  const choices: Choice[] = [
    {
      label: vscode.l10n.t('Find it'),
      description: vscode.l10n.t('Python extension, then .venv, then PATH'),
      value: '',
    },
    ...known.map(({ name, path }) => ({ label: name, description: path, value: path })),
    { label: vscode.l10n.t('Browse…'), value: BROWSE },
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: current
      ? vscode.l10n.t('Now: {0}', current)
      : vscode.l10n.t('Now: found by itself'),
    matchOnDescription: true,
  });
  if (picked?.value !== BROWSE) return picked?.value;
  const files = await vscode.window.showOpenDialog({ title, canSelectMany: false });
  return files?.[0]?.fsPath;
}
