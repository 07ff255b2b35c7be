/** Owns the reading of settings, fresh at each use; their defaults and words are in package.json. */
import * as vscode from 'vscode';
import { SECTION, type SettingKey, type Settings } from './settingKeys';

export function setting<K extends SettingKey>(
  key: K,
  scope?: vscode.ConfigurationScope,
): Settings[K] {
  // The manifest declares a default for every key, so the value is never undefined.
  return vscode.workspace.getConfiguration(SECTION, scope).get<Settings[K]>(key)!;
}

export async function changeSetting<K extends SettingKey>(
  key: K,
  value: Settings[K] | undefined,
  target: vscode.ConfigurationTarget,
): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update(key, value, target);
}

export function onSettingChange(
  keys: readonly SettingKey[],
  listener: () => void,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (keys.some(key => event.affectsConfiguration(`${SECTION}.${key}`))) listener();
  });
}
