/** Owns the names and types of the settings. No `vscode`, so that a test can compare them with package.json. */

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
  'terminal.reveal': 'always' | 'onOutput' | 'onInput' | 'never';
  'terminal.lanePrefix': 'name' | 'colour' | 'off';
  'timeline.reveal': boolean;
  'timeline.follow': boolean;
  'javascript.runsIn': 'worker' | 'process';
  'javascript.memoryLimit': number;
  'javascript.node': string;
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
  'javascript.memoryLimit',
  'javascript.node',
] as const satisfies readonly SettingKey[];
