// Runs other programs for the scripts: inherited, captured or with a time limit, always without the variables of a
// surrounding VS Code.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

export const root = process.cwd();

// What a surrounding VS Code, an outer run of ours or an outer npm left behind. npm's settings are kept, but not the agent that
// names the Node it runs on: code-server reads its Node version from there.
const foreign =
  /^(VSCODE_|ELECTRON_|CLENS_|npm_(lifecycle|package|node|execpath|command|config_user_agent)|NODE_OPTIONS$|NODE$|INIT_CWD$)/;

/** The environment for children, without what would make them behave as if they were started from somewhere else. */
export function cleanEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a program with this terminal's output; resolves to its exit code (128 when a signal or a failed start ended it). */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: cleanEnvironment(options.env),
      stdio: 'inherit',
    });
    child.on('error', error => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(128);
    });
    child.on('close', code => resolve(code ?? 128));
  });
}

export interface Captured {
  code: number;
  /** stdout and stderr as they came. */
  text: string;
}

/** Runs a program and keeps what it printed. After `limitMs` it is killed with all its children and `text` says so. */
export function capture(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; limitMs?: number } = {},
): Promise<Captured> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: cleanEnvironment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let text = '';
    const add = (piece: Buffer) => void (text += piece.toString());
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    const limit = options.limitMs;
    const timer =
      limit === undefined
        ? undefined
        : setTimeout(() => {
            text += `\n${command} ${args.join(' ')} was ended after ${limit / 1000} s\n`;
            killGroup(child);
          }, limit);
    const forget = onEnd(() => killGroup(child));
    const done = (code: number) => {
      clearTimeout(timer);
      forget();
      resolve({ code, text });
    };
    child.on('error', error => {
      text += `${command} could not be started: ${error.message}\n`;
      done(128);
    });
    child.on('close', code => done(code ?? 128));
  });
}

/** True when the program can be started and answers `args` with exit code 0. */
export function answers(command: string, args: readonly string[] = ['--version']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Ends a child that was started detached, with everything in its process group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    } else {
      process.kill(-child.pid, signal);
    }
  } catch {
    // It has ended by itself.
  }
}

const endings = new Set<() => void>();
let listening = false;

/** Calls `work` when this process ends for any reason it can notice. Returns a function that takes it back. */
export function onEnd(work: () => void): () => void {
  endings.add(work);
  if (!listening) {
    listening = true;
    process.on('exit', () => endings.forEach(each => each()));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => process.exit(130));
    }
  }
  return () => void endings.delete(work);
}
