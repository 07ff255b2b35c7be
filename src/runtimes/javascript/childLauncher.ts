/** Owns a JavaScript snippet in a process of its own: a Node, found or chosen, that loads the tracer first. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Message, Translate } from '../../base/translate';
import { reasonOf } from '../../base/reason';
import { handleWithEnd } from '../handleWithEnd';
import { startProcess } from '../process';
import { LaunchError } from '../runtime';
import type { KnownProcess, RunHandle, RunRequest } from '../runtime';
import { RUN_VARIABLE } from './environment';
import { nodeOptionsWith } from './nodeOptions';

interface NodeProgram {
  readonly command: string;
  /** The host's own executable may be Electron, which is Node only when asked. */
  readonly env: Readonly<Record<string, string>>;
}

/** Node 20 is the oldest that is looked after. */
const OLDEST_MAJOR = 20;
const HOST_ENV = { ELECTRON_RUN_AS_NODE: '1' };

export async function launchChild(
  request: RunRequest,
  preload: string,
  known: (() => Iterable<KnownProcess>) | undefined,
  reason: Message | null,
  say: Translate,
): Promise<RunHandle> {
  const node = await findNode(request, say);
  let handle: RunHandle;
  try {
    handle = await startProcess({
      command: node.command,
      args: [request.programPath, ...request.args],
      cwd: request.cwd,
      env: {
        ...request.env,
        ...node.env,
        NODE_OPTIONS: nodeOptionsWith(preload, request.env['NODE_OPTIONS']),
        [RUN_VARIABLE]: request.traceFolder,
      },
      markedBy: RUN_VARIABLE,
      known,
    });
  } catch (error) {
    throw new LaunchError(
      'failed',
      say(
        'Node.js could not be started with {0}: {1}. Check that it may be executed, or choose another one in the settings.',
        node.command,
        reasonOf(error),
      ),
    );
  }
  if (reason === null) return handle;
  const note = say('This snippet runs in a process of its own, because {0}.', say(reason));
  return handleWithEnd(handle, end => ({ ...end, notes: [...(end.notes ?? []), note] }));
}

async function findNode(request: RunRequest, say: Translate): Promise<NodeProgram> {
  const command = request.interpreter ?? process.execPath;
  const env = request.interpreter === undefined && process.versions['electron'] ? HOST_ENV : {};
  const version =
    command === process.execPath ? process.versions.node : await askVersion(command, say);
  const [major = 0] = version.split('.').map(Number);
  if (major < OLDEST_MAJOR) {
    throw new LaunchError(
      'too-old',
      say(
        '{0} is Node.js {1}; JavaScript snippets need {2} or newer. Choose another one in the settings.',
        command,
        version,
        OLDEST_MAJOR,
      ),
    );
  }
  return { command, env };
}

async function askVersion(command: string, say: Translate): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, ['--version'], { timeout: 10_000 });
    const match = /^v(\d+\.\d+\.\d+)/.exec(stdout.trim());
    if (match?.[1] !== undefined) return match[1];
  } catch (error) {
    throw new LaunchError(
      'no-interpreter',
      say(
        "Node.js was not found at {0}: {1}. Correct the setting, or clear it to use the editor's own.",
        command,
        reasonOf(error),
      ),
    );
  }
  throw new LaunchError(
    'no-interpreter',
    say(
      "{0} did not say that it is Node.js. Correct the setting, or clear it to use the editor's own.",
      command,
    ),
  );
}
