/** Owns the command line's grammar: arguments in, a command or what is wrong with them out. */

export interface RunCommand {
  readonly name: 'run';
  readonly file: string;
  /** Picks the Markdown fence at that line. */
  readonly line: number | null;
  readonly isJson: boolean;
  readonly perfetto: string | null;
  readonly timeoutMs: number | null;
  readonly python: string | null;
  readonly inProcess: 'worker' | 'process' | null;
  readonly args: readonly string[];
}

export interface PointsCommand {
  readonly name: 'points';
  readonly file: string;
  readonly isJson: boolean;
}

export interface HelpCommand {
  readonly name: 'help';
}

export type Command = RunCommand | PointsCommand | HelpCommand;

export const USAGE = `Runs a concurrency snippet and shows who waits for whom and for how long.

  node dist/cli.js run FILE[:LINE] [--json] [--perfetto OUT] [--timeout S] [--python PATH] [--in worker|process] [-- ARGS...]
  node dist/cli.js points FILE [--json]

  run       runs the snippet, then prints its source with the measured waits, and the lanes
  points    prints the places of the source at which a lane can wait, without running it

  FILE:LINE         the Markdown fence at that line
  --json            one JSON object on standard output, and nothing else there
  --perfetto OUT    writes the run as a trace for Perfetto or chrome://tracing
  --timeout S       ends the run after S seconds, and says what still waited for what
  --python PATH     the Python interpreter to use
  --in WHERE        JavaScript only: run in a worker, or in a process of its own
  -- ARGS           arguments for the snippet
`;

export class UsageError extends Error {}

/** Throws a UsageError with a sentence. `exists` tells a file called `a:3` from line 3 of `a`. */
export function parseArguments(
  argv: readonly string[],
  exists: (file: string) => boolean,
): Command {
  const [name, ...rest] = argv;
  if (name === undefined) {
    throw new UsageError('Say what to do: "run" a snippet, or show the wait "points" of a file.');
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    return { name: 'help' };
  }
  if (name !== 'run' && name !== 'points') {
    if (exists(name.replace(/:\d+$/, ''))) {
      throw new UsageError(`${name} is a file; say "run ${name}" to run it.`);
    }
    throw new UsageError(`There is no command "${name}"; the commands are "run" and "points".`);
  }
  const scan = new Scan(name, rest);
  const options = scan.read();
  if (options.help) return { name: 'help' };
  if (options.files.length !== 1) {
    throw new UsageError(
      options.files.length === 0
        ? `"${name}" needs a file: the snippet to ${name === 'run' ? 'run' : 'look at'}.`
        : `"${name}" takes one file, not ${options.files.length}: ${options.files.join(', ')}. Arguments for the snippet come after "--".`,
    );
  }
  const isJson = options.isJson;
  if (name === 'points') return { name, file: options.files[0]!, isJson };
  const { file, line } = splitLine(options.files[0]!, exists);
  return {
    name,
    file,
    line,
    isJson,
    perfetto: options.values.get('--perfetto') ?? null,
    timeoutMs: timeoutOf(options.values.get('--timeout')),
    python: options.values.get('--python') ?? null,
    inProcess: whereOf(options.values.get('--in')),
    args: options.args,
  };
}

interface Options {
  readonly files: string[];
  readonly values: Map<string, string>;
  readonly args: readonly string[];
  isJson: boolean;
  help: boolean;
}

const VALUE_OPTIONS = ['--perfetto', '--timeout', '--python', '--in'];

class Scan {
  private readonly command: string;
  private readonly words: readonly string[];

  constructor(command: string, words: readonly string[]) {
    this.command = command;
    this.words = words;
  }

  read(): Options {
    const separator = this.words.indexOf('--');
    const own = separator < 0 ? this.words : this.words.slice(0, separator);
    const args = separator < 0 ? [] : this.words.slice(separator + 1);
    if (separator >= 0 && this.command === 'points') {
      throw new UsageError('"points" runs nothing, so it takes no arguments for the snippet.');
    }
    const options: Options = { files: [], values: new Map(), args, isJson: false, help: false };
    for (let at = 0; at < own.length; at++) {
      const word = own[at]!;
      const [option, inline] = splitOption(word);
      if (option === '--json') options.isJson = true;
      else if (option === '--help' || option === '-h') options.help = true;
      else if (this.command === 'run' && VALUE_OPTIONS.includes(option)) {
        const value = inline ?? own[++at];
        if (value === undefined || value === '') throw new UsageError(`${option} needs a value.`);
        options.values.set(option, value);
      } else if (word.startsWith('-') && word !== '-') {
        throw new UsageError(`"${this.command}" has no option ${option}.`);
      } else options.files.push(word);
    }
    return options;
  }
}

function splitOption(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function splitLine(
  text: string,
  exists: (file: string) => boolean,
): { file: string; line: number | null } {
  const match = /^(.+):(\d+)$/.exec(text);
  if (!match || exists(text)) return { file: text, line: null };
  return { file: match[1]!, line: Number(match[2]) };
}

function timeoutOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (!(seconds > 0) || !Number.isFinite(seconds)) {
    throw new UsageError(`--timeout takes seconds, more than 0; "${text}" is not that.`);
  }
  return seconds * 1000;
}

function whereOf(text: string | undefined): 'worker' | 'process' | null {
  if (text === undefined || text === 'worker' || text === 'process') return text ?? null;
  throw new UsageError(`--in takes "worker" or "process"; "${text}" is neither.`);
}
