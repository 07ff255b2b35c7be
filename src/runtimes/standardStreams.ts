/**
 * Owns what the first process of a run has as its standard input, output and error, and the host's ends of it. Node gives a child
 * socket pairs, which `/dev/stdout` and `/dev/stderr` cannot be opened through on Linux (ENXIO), as a shell script does
 * with `echo oops > /dev/stderr`. Pipes can; Node makes none, so there they are named ones that lose their names at once.
 */
import { execFile, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, constants, openSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

export interface StandardStreams {
  readonly input: Writable | null;
  readonly output: Readable | null;
  readonly error: Readable | null;
  /** How the system names the outputs, in every process that holds one; undefined where the process itself is to be asked. */
  readonly names: ReadonlySet<string> | undefined;
}

export interface PreparedStreams {
  /** For `spawn`. */
  readonly stdio: StdioOptions;
  /** The host's ends, once the process has its own. */
  connect(child: ChildProcess): StandardStreams;
  /** There is no process: nothing stays open. */
  abandon(): void;
}

export async function prepareStreams(): Promise<PreparedStreams> {
  return (process.platform === 'linux' ? await namedPipes() : undefined) ?? ofNode;
}

const ofNode: PreparedStreams = {
  stdio: ['pipe', 'pipe', 'pipe'],
  connect: ({ stdin, stdout, stderr }) => {
    return { input: stdin, output: stdout, error: stderr, names: undefined };
  },
  abandon: () => {},
};

/** Undefined where they cannot be made: the socket pairs do for nearly everything. */
async function namedPipes(): Promise<PreparedStreams | undefined> {
  let folder: string | undefined;
  const open: number[] = [];
  try {
    folder = await mkdtemp(path.join(tmpdir(), 'concurrency-lens-pipes-'));
    const files = ['in', 'out', 'err'].map(name => path.join(folder ?? '', name));
    await promisify(execFile)('mkfifo', ['-m', '600', ...files]);
    const ends = openEnds(files, open);
    await rm(folder, { recursive: true });
    return connectable(ends);
  } catch {
    for (const descriptor of open) closeSync(descriptor);
    if (folder) await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}

interface Ends {
  readonly host: readonly [number, number, number];
  readonly child: readonly [number, number, number];
}

/** The host's ends do not block, those of the child do. Opening waits for nobody: the other end is always open already. */
function openEnds(files: readonly string[], open: number[]): Ends {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;
  const opened = (file: string | undefined, flags: number): number => {
    const descriptor = openSync(file ?? '', flags);
    open.push(descriptor);
    return descriptor;
  };
  const [input, output, error] = files;
  const both = openSync(input ?? '', O_RDWR);
  try {
    const [childIn, hostIn] = [opened(input, O_RDONLY), opened(input, O_WRONLY | O_NONBLOCK)];
    const [hostOut, childOut] = [opened(output, O_RDONLY | O_NONBLOCK), opened(output, O_WRONLY)];
    const [hostErr, childErr] = [opened(error, O_RDONLY | O_NONBLOCK), opened(error, O_WRONLY)];
    return { host: [hostIn, hostOut, hostErr], child: [childIn, childOut, childErr] };
  } finally {
    closeSync(both);
  }
}

function connectable({ host, child }: Ends): PreparedStreams {
  const names = new Set([child[1], child[2]].map(each => readlinkSync(`/proc/self/fd/${each}`)));
  const closeChildEnds = (): void => child.forEach(descriptor => closeSync(descriptor));
  return {
    stdio: [...child],
    connect: () => {
      closeChildEnds();
      const [input, output, error] = host;
      return {
        input: new Socket({ fd: input, readable: false, writable: true }),
        output: new Socket({ fd: output, readable: true, writable: false }),
        error: new Socket({ fd: error, readable: true, writable: false }),
        names,
      };
    },
    abandon: () => {
      closeChildEnds();
      host.forEach(descriptor => closeSync(descriptor));
    },
  };
}
