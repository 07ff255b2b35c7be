/** The same engine in a terminal: runs a snippet and prints the annotated source and the lanes. See src/cli/arguments.ts. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArguments, USAGE, UsageError } from './cli/arguments';
import { pointsCommand } from './cli/pointsCommand';
import { runCommand } from './cli/runCommand';
import { NoSnippetError } from './cli/snippet';
import { EXIT } from './cli/streams';
import type { Host } from './cli/streams';
import { LaunchError } from './runtimes/runtime';

async function main(host: Host, argv: readonly string[]): Promise<number> {
  try {
    const command = parseArguments(argv, file => existsSync(path.resolve(host.cwd, file)));
    if (command.name === 'help') {
      host.stdout.write(USAGE);
      return 0;
    }
    return command.name === 'run'
      ? await runCommand(command, host)
      : await pointsCommand(command, host);
  } catch (error) {
    if (error instanceof UsageError) {
      host.stderr.write(`${error.message}\nSee "node dist/cli.js help".\n`);
      return EXIT.usage;
    }
    if (error instanceof LaunchError || error instanceof NoSnippetError) {
      host.stderr.write(`${error.message}\n`);
      return EXIT.notStarted;
    }
    throw error;
  }
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main(
  {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    distFolder: __dirname,
  },
  process.argv.slice(2),
).then(
  status => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
