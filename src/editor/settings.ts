/** Owns the settings: their names and types here, their defaults and words in package.json, read fresh at each use. */
import * as vscode from 'vscode';

export const SECTION = 'concurrencyLens';

export interface Settings {
  'python.interpreter': string;
  'run.args': string[];
  'run.env': Record<string, string>;
  'run.cwd': string;
  'run.keep': number;
  'marks.enabled': boolean;
  'marks.beforeRun': boolean;
  'marks.delay': number;
  'marks.maxPerFile': number;
  'codeLens.enabled': boolean;
  'terminal.reveal': 'always' | 'onOutput' | 'never';
  'terminal.lanePrefix': 'name' | 'colour' | 'off';
  'timeline.reveal': boolean;
  'timeline.follow': boolean;
  'javascript.runsIn': 'worker' | 'process';
}
export type SettingKey = keyof Settings;

/** The names again, as data: the manifest's test needs them at run time. */
export const SETTING_KEYS = [
  'python.interpreter',
  'run.args',
  'run.env',
  'run.cwd',
  'run.keep',
  'marks.enabled',
  'marks.beforeRun',
  'marks.delay',
  'marks.maxPerFile',
  'codeLens.enabled',
  'terminal.reveal',
  'terminal.lanePrefix',
  'timeline.reveal',
  'timeline.follow',
  'javascript.runsIn',
] as const satisfies readonly SettingKey[];

export function setting<K extends SettingKey>(
  key: K,
  scope?: vscode.ConfigurationScope,
): Settings[K] {
  // The manifest declares a default for every key, so the value is never undefined.
  return vscode.workspace.getConfiguration(SECTION, scope).get(key) as Settings[K];
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
