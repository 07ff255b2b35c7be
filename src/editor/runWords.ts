/** Owns the words for how a run is doing, the same in the tree, the terminal and the status bar. No `vscode`. */
import type { RunEntry } from './runs';

/** `ended with exit status 0`, `was stopped`, `was killed by SIGKILL`. */
export function describeEnd(entry: RunEntry): string {
  if (!entry.end) return 'is running';
  if (entry.state === 'stopped') return 'was stopped';
  if (entry.end.signal) return `was killed by ${entry.end.signal}`;
  return `ended with exit status ${entry.end.exitCode ?? 'unknown'}`;
}

/** `done`, `exit status 1`, `stopped`, for lists. */
export function shortEnd(entry: RunEntry): string {
  if (!entry.end) return 'running';
  if (entry.state === 'stopped') return 'stopped';
  if (entry.end.signal) return entry.end.signal;
  return entry.end.exitCode === 0 ? 'done' : `exit status ${entry.end.exitCode ?? 'unknown'}`;
}

/** `3 min ago`, for a list of runs. */
export function describeAge(startedAt: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - startedAt.getTime()) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}
