/** Owns the words for how a run is doing, the same in the tree, the terminal and the status bar. No `vscode`. */
import type { Translate } from '../base/translate';
import type { RunEntry } from './runs';

/** `a.py ended with exit status 0`, `a.py was stopped`, `a.py was killed by SIGKILL`. */
export function describeRunEnd(entry: RunEntry, say: Translate): string {
  const { end, state } = entry;
  const { title } = entry.origin;
  if (!end) return say('{0} is running', title);
  if (state === 'stopped') return say('{0} was stopped', title);
  if (end.signal) return say('{0} was killed by {1}', title, end.signal);
  return say('{0} ended with exit status {1}', title, end.exitCode ?? say('unknown'));
}

/** The same of a run that was named just before. */
export function describeEnd({ end, state }: RunEntry, say: Translate): string {
  if (!end) return say('is running');
  if (state === 'stopped') return say('was stopped');
  if (end.signal) return say('was killed by {0}', end.signal);
  return say('ended with exit status {0}', end.exitCode ?? say('unknown'));
}

/** `done`, `exit status 1`, `stopped`, for lists. */
export function shortEnd({ end, state }: RunEntry, say: Translate): string {
  if (!end) return say('running');
  if (state === 'stopped') return say('stopped');
  if (end.signal) return end.signal;
  return end.exitCode === 0 ? say('done') : say('exit status {0}', end.exitCode ?? say('unknown'));
}

/** `3 min ago`, for a list of runs. */
export function describeAge(startedAt: Date, now: Date, say: Translate): string {
  const seconds = Math.max(0, (now.getTime() - startedAt.getTime()) / 1000);
  if (seconds < 45) return say('just now');
  if (seconds < 3600) return say('{0} min ago', Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86_400) return say('{0} h ago', Math.round(seconds / 3600));
  return say('{0} d ago', Math.round(seconds / 86_400));
}
