/** Owns the reading of what VS Code hands to commands: a tree's row, a run's number, or nothing. */
import type { RunEntry, RunSource } from '../runs';

export interface LaneArgument {
  readonly entry: RunEntry;
  readonly lane: number;
}

/** A row of the Threads or Runs view, or a number. */
export function entryOf(argument: unknown, runs: RunSource): RunEntry | undefined {
  const id = typeof argument === 'number' ? argument : idOf(argument);
  return id === undefined ? undefined : runs.entries.find(entry => entry.id === id);
}

export function laneOf(argument: unknown, runs: RunSource): LaneArgument | undefined {
  const entry = entryOf(argument, runs);
  if (!entry || typeof argument !== 'object' || argument === null || !('lane' in argument))
    return undefined;
  const { lane } = argument;
  return typeof lane === 'number' && entry.model.lanes[lane] ? { entry, lane } : undefined;
}

function idOf(argument: unknown): number | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('entry' in argument) return idOf(argument.entry);
  if ('run' in argument && typeof argument.run === 'number') return argument.run;
  return 'id' in argument && typeof argument.id === 'number' ? argument.id : undefined;
}
