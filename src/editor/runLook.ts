/** Owns the icon and colour of a run, live or ended. No `vscode`. */
import type { StateLook } from './look';
import type { RunEntry } from './runs';

export function lookOfRun(entry: RunEntry): StateLook {
  switch (entry.state) {
    case 'running':
      return { icon: 'play', colour: 'charts.blue' };
    case 'stopping':
      return { icon: 'debug-stop', colour: 'charts.blue' };
    case 'succeeded':
      return { icon: 'check', colour: 'charts.green' };
    case 'failed':
      return { icon: 'error', colour: 'charts.red' };
    default:
      return { icon: 'circle-slash', colour: 'disabledForeground' };
  }
}
