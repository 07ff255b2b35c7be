/**
 * Owns the end of a run whose host died without a word (SIGKILL, a crash): a shell that holds a pipe to the host, and kills
 * the run's process group when the pipe closes. Not on Windows.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** Kill what it returns when the run has ended: after that its group's number may be another's. */
export function guardGroup(group: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const guard = spawn('/bin/sh', ['-c', 'read -r line; kill -s KILL -- "-$0"', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl+C in the host's terminal is not for it.
    detached: true,
    env: {},
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  // Neither keeps the host alive.
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}
