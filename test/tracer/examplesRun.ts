/** Runs an example as a person does in a terminal: on a pseudo-terminal, so that lines of several processes stay whole. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const EXAMPLES = path.join(process.cwd(), 'media', 'examples');

export interface Interpreter {
  readonly version: string;
  readonly path: string;
}

export interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** The oldest and the newest supported interpreter under pyenv, or the machine's python3 where there is none. */
export function oldestAndNewest(): Interpreter[] {
  const root = path.join(homedir(), '.pyenv', 'versions');
  const found = (existsSync(root) ? readdirSync(root) : [])
    .filter(name => /^3\.\d+\.\d+$/.test(name) && minor(name) >= 8)
    .toSorted((a, b) => minor(a) - minor(b))
    .map(name => ({ version: name, path: path.join(root, name, 'bin', 'python') }));
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last) return [{ version: 'python3', path: 'python3' }];
  return first === last ? [first] : [first, last];
}

const minor = (version: string): number => Number(version.split('.')[1]);

const ON_A_TERMINAL =
  'import pty, sys\nstatus = pty.spawn(sys.argv[1:])\nsys.exit(status >> 8 or status & 127)';

/** Standard error comes with standard output there, so the warnings about old spellings are kept out of it. */
export function runExample(interpreter: Interpreter, file: string): Promise<Ended> {
  const command = [interpreter.path, '-W', 'ignore::DeprecationWarning', file];
  const { PYTHONUNBUFFERED: _, ...env } = process.env;
  return collect(interpreter.path, ['-c', ON_A_TERMINAL, ...command], env);
}

/** Everything a program writes until it ends. Its standard input stays open: a terminal's does too. */
export function collect(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: EXAMPLES, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', reject);
    child.on('close', code => resolve({ code, lines: masked(Buffer.concat(pieces).toString()) }));
  });
}

/** Lines without what differs from run to run: process ids, addresses, and the function in a thread's name (3.10+). */
export function masked(output: string): string[] {
  return output
    .replaceAll('\r\n', '\n')
    .replaceAll(/ at 0x[0-9a-f]+/g, ' at 0x?')
    .replaceAll(/(Thread-\d+) \(\w+\)/g, '$1')
    .replaceAll(/(^|-> )\[\d+\]/gm, '$1[pid]')
    .trimEnd()
    .split('\n');
}

/**
 * print() writes a text and its line end apart, so two lanes that print at the same moment may share a line:
 * `45` and an empty line are a 4 and a 5. Takes such lines apart again; any other line stays as it is.
 */
export function unglued(lines: readonly string[], expected: readonly string[]): string[] {
  const known = [...new Set(expected)].toSorted((a, b) => b.length - a.length);
  const split = (line: string): string[] | undefined => {
    if (line === '') return [];
    for (const part of known) {
      const rest = line.startsWith(part) ? split(line.slice(part.length)) : undefined;
      if (rest) return [part, ...rest];
    }
    return undefined;
  };
  return lines.flatMap(line => split(line) ?? [line]);
}

/** At most `width` of them at once: they mostly sleep, but a start of an interpreter is work. */
export function limited(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width;
  const queue: (() => void)[] = [];
  return async work => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free++;
    }
  };
}
