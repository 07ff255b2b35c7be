/**
 * Owns which Python runs a snippet: the one the person chose, else the workspace's own environment, else PATH. Each
 * candidate is asked for its version once; what is older than the tracer supports is refused in words.
 */
import { execFile, type ExecFileException } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Translate } from '../../base/translate';
import { LaunchError } from '../runtime';

export interface Interpreter {
  /** What to start. */
  readonly path: string;
  readonly version: readonly [major: number, minor: number, micro: number];
  readonly implementation: string;
}

export interface InterpreterQuery {
  /** Chosen by the person: nothing else is tried then. A path, a folder of an environment, or a name on PATH. */
  readonly chosen?: string | undefined;
  /** Folders whose `.venv` or `venv` is looked at, nearest first. */
  readonly folders: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Oldest Python that the tracer runs on. */
const OLDEST = [3, 8] as const;
const PROBE_TIMEOUT_MS = 20_000;
const PROBE = [
  'import sys',
  'v = sys.version_info',
  'i = getattr(sys, "implementation", None)',
  'print("%d %d %d %s %s" % (v[0], v[1], v[2], i.name if i else "cpython", sys.executable))',
].join('\n');

type Probe =
  { readonly found: Interpreter; readonly executable: string } | { readonly failed: string };

/** Finds interpreters and remembers what each answered. */
export class InterpreterFinder {
  private readonly probes = new Map<string, Promise<Probe>>();
  private readonly say: Translate;
  private readonly remedy: string;

  /** `howToChoose` says how a person chooses another one where this runs: ` with --python PATH`. */
  constructor(say: Translate, howToChoose = '') {
    this.say = say;
    this.remedy = say(
      'Install Python 3.8 or newer, or choose another interpreter{0}.',
      howToChoose,
    );
  }

  /** Rejects with a LaunchError that names what was tried. */
  async find(query: InterpreterQuery): Promise<Interpreter> {
    if (query.chosen) return this.findChosen(query.chosen, query.env);
    const tried: string[] = [];
    let tooOld: Interpreter | undefined;
    for (const candidate of candidates(query)) {
      const probe = await this.probe(candidate.path, query.env);
      if ('failed' in probe) {
        tried.push(`${candidate.path} (${probe.failed})`);
      } else if (isTooOld(probe.found)) {
        tooOld ??= probe.found;
      } else {
        // A launcher on PATH (a version manager's shim, `py`) costs a start of its own each time: go straight to what it starts.
        return candidate.isLauncher ? { ...probe.found, path: probe.executable } : probe.found;
      }
    }
    if (tooOld) throw this.tooOld(tooOld);
    throw new LaunchError('no-interpreter', this.nothingFound(query, tried));
  }

  private nothingFound(query: InterpreterQuery, tried: readonly string[]): string {
    const { say } = this;
    const names = namesOnPath().join(', ');
    const found =
      query.folders.length > 0
        ? say(
            'No Python interpreter was found: looked for a .venv or venv of the workspace, and {0} on PATH.',
            names,
          )
        : say('No Python interpreter was found: looked for {0} on PATH.', names);
    const failures = tried.length > 0 ? [say('Tried: {0}.', tried.join('; '))] : [];
    return [found, ...failures, this.remedy].join(' ');
  }

  private async findChosen(
    chosen: string,
    env: Readonly<Record<string, string>>,
  ): Promise<Interpreter> {
    const { say, remedy } = this;
    const file = resolveChosen(chosen, env);
    if (!file) {
      throw new LaunchError(
        'no-interpreter',
        `${say('The chosen Python interpreter {0} does not exist.', chosen)} ${remedy}`,
      );
    }
    const probe = await this.probe(file, env);
    if ('failed' in probe) {
      throw new LaunchError(
        'no-interpreter',
        `${say('The chosen Python interpreter {0} does not work: {1}.', file, probe.failed)} ${remedy}`,
      );
    }
    if (isTooOld(probe.found)) throw this.tooOld(probe.found);
    return probe.found;
  }

  private tooOld(interpreter: Interpreter): LaunchError {
    const { say, remedy } = this;
    const words = say(
      'Python {0} at {1} is too old: snippets are traced on Python {2} and newer.',
      describeVersion(interpreter),
      interpreter.path,
      OLDEST.join('.'),
    );
    return new LaunchError('too-old', `${words} ${remedy}`);
  }

  private probe(file: string, env: Readonly<Record<string, string>>): Promise<Probe> {
    // The folder decides which version a version manager's shim starts, hence the environment's say in the key.
    const key = [file, modifiedAt(file), env['PYENV_VERSION'] ?? ''].join('\0');
    let probe = this.probes.get(key);
    if (!probe) {
      probe = ask(file, env, this.say);
      this.probes.set(key, probe);
    }
    return probe;
  }
}

export function describeVersion(interpreter: Interpreter): string {
  return interpreter.version.join('.');
}

function isTooOld({ version: [major, minor] }: Interpreter): boolean {
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function ask(file: string, env: Readonly<Record<string, string>>, say: Translate): Promise<Probe> {
  return new Promise(resolve => {
    const options = { env: { ...env }, timeout: PROBE_TIMEOUT_MS, windowsHide: true };
    // -S and -E are known to every Python, however old: it must be able to say that it is too old.
    execFile(file, ['-S', '-E', '-c', PROBE], options, (error, stdout, stderr) => {
      const match = /^(\d+) (\d+) (\d+) (\S+) (.*)$/m.exec(stdout);
      if (match) {
        const version = [Number(match[1]), Number(match[2]), Number(match[3])] as const;
        const implementation = match[4] ?? '';
        resolve({
          found: { path: file, version, implementation },
          executable: match[5]?.trim() || file,
        });
      } else {
        resolve({ failed: whyFailed(error, stderr, say) });
      }
    });
  });
}

function whyFailed(error: ExecFileException | null, stderr: string, say: Translate): string {
  const code = error?.code;
  if (code === 'EACCES') return say('it may not be executed');
  if (code === 'ENOENT') return say('it cannot be started');
  const lines = stderr.trim().split('\n');
  // Of a traceback the last line says what is wrong, of anything else the first: what follows is advice.
  const line = lines[lines[0]?.startsWith('Traceback') ? lines.length - 1 : 0]?.trim();
  if (line) return say('it said "{0}"', line);
  return say('it did not answer as a Python does');
}

interface Candidate {
  readonly path: string;
  readonly isLauncher: boolean;
}

function* candidates(query: InterpreterQuery): Iterable<Candidate> {
  const seen = new Set<string>();
  for (const folder of query.folders) {
    for (const name of ['.venv', 'venv']) {
      const file = pythonOfEnvironment(path.join(folder, name));
      if (file && !seen.has(file)) {
        seen.add(file);
        yield { path: file, isLauncher: false };
      }
    }
  }
  for (const name of namesOnPath()) {
    for (const file of onPath(name, query.env)) {
      if (seen.has(file)) continue;
      seen.add(file);
      yield { path: file, isLauncher: true };
    }
  }
  for (const file of versionedOnPath(query.env)) {
    if (!seen.has(file)) yield { path: file, isLauncher: true };
  }
}

function namesOnPath(): readonly string[] {
  return process.platform === 'win32' ? ['py', 'python', 'python3'] : ['python3', 'python'];
}

/** `python3.13`, `python3.12` ... : some systems have nothing else. */
function* versionedOnPath(env: Readonly<Record<string, string>>): Iterable<string> {
  const found: { file: string; minor: number }[] = [];
  for (const folder of pathFolders(env)) {
    for (const name of entriesOf(folder)) {
      const match = /^python3\.(\d+)(\.exe)?$/.exec(name);
      if (match) found.push({ file: path.join(folder, name), minor: Number(match[1]) });
    }
  }
  for (const { file } of found.toSorted((a, b) => b.minor - a.minor)) if (isFile(file)) yield file;
}

function resolveChosen(chosen: string, env: Readonly<Record<string, string>>): string | undefined {
  const expanded = chosen.replace(/^~(?=$|[/\\])/, homedir());
  if (!/[/\\]/.test(expanded)) {
    const [first] = onPath(expanded, env);
    if (first) return first;
  }
  const file = path.resolve(expanded);
  return isFile(file) ? file : (pythonOfEnvironment(file) ?? undefined);
}

function pythonOfEnvironment(folder: string): string | undefined {
  const inside =
    process.platform === 'win32'
      ? ['Scripts\\python.exe', 'python.exe']
      : ['bin/python', 'bin/python3'];
  return inside.map(name => path.join(folder, name)).find(isFile);
}

function* onPath(name: string, env: Readonly<Record<string, string>>): Iterable<string> {
  const endings = process.platform === 'win32' && !/\.exe$/i.test(name) ? ['.exe', '.bat'] : [''];
  for (const folder of pathFolders(env)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (isFile(file)) yield file;
    }
  }
}

function pathFolders(env: Readonly<Record<string, string>>): string[] {
  // On Windows the variable may be spelt `Path`.
  const name = Object.keys(env).find(key => key.toUpperCase() === 'PATH');
  const value = name === undefined ? '' : (env[name] ?? '');
  return value.split(path.delimiter).filter(folder => folder !== '');
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
