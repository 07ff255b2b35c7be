/**
 * Owns the launch of a Python snippet: which interpreter, with the tracer first on its path and the run's folder in its
 * environment, and otherwise exactly as a terminal would start it. A failure the person can mend is explained at the end.
 */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { inEnglish, type Translate } from '../../base/translate';
import { explainEnd } from '../explainedEnd';
import { startProcess } from '../process';
import {
  LaunchError,
  programFiles,
  type KnownProcess,
  type RunHandle,
  type RunRequest,
  type Runtime,
} from '../runtime';
import { adviseOnFailure } from './failureAdvice';
import { InterpreterFinder, type Interpreter } from './interpreter';

export interface PythonRuntimeOptions {
  /** Holds `sitecustomize.py` and the tracer's package. */
  readonly tracerFolder: string;
  /** The language of what it tells; English where it is not said. */
  readonly say?: Translate;
  /** How a person chooses another interpreter where this runs: ` with --python PATH`. */
  readonly howToChoose?: string;
  /** Folders to look for `.venv` or `venv` in, nearest first; by default those above the document and the working directory. */
  readonly environmentFolders?: (request: RunRequest) => readonly string[];
}

/** The variable that tells the tracer where to write; also the mark by which every process of the run is known. */
const RUN_FOLDER = 'CLENS_RUN';
/** Beside the tracer's package; reads its list of files from the variable. */
const CELLS_PROGRAM = 'clens_cells.py';
const CELLS = 'CLENS_CELLS';

export function createPythonRuntime(options: PythonRuntimeOptions): Runtime {
  const { say = inEnglish, tracerFolder } = options;
  const finder = new InterpreterFinder(say, options.howToChoose);
  const foldersOf = options.environmentFolders ?? foldersAbove;
  return {
    language: 'python',
    async launch(request, known) {
      await checkRequest(request, say);
      const interpreter = await finder.find({
        chosen: request.interpreter,
        folders: foldersOf(request),
        env: request.env,
      });
      return launch(request, interpreter, tracerFolder, known, say);
    },
  };
}

async function launch(
  request: RunRequest,
  interpreter: Interpreter,
  tracerFolder: string,
  known: (() => Iterable<KnownProcess>) | undefined,
  say: Translate,
): Promise<RunHandle> {
  const program = await programOf(request, tracerFolder);
  let handle: RunHandle;
  try {
    handle = await startProcess({
      command: interpreter.path,
      ...program,
      cwd: request.cwd,
      markedBy: RUN_FOLDER,
      known,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LaunchError(
      'failed',
      say(
        'Python could not be started with {0}: {1}. Check that it may be executed, or choose another interpreter.',
        interpreter.path,
        reason,
      ),
    );
  }
  return explainEnd(handle, errorTail =>
    adviseOnFailure(errorTail, {
      interpreter: interpreter.path,
      part: request.part,
      say,
    }),
  );
}

/** A cell of a notebook runs in a file of ours, which looks for what the cell takes from those above it. */
async function programOf(
  request: RunRequest,
  tracerFolder: string,
): Promise<{ args: string[]; env: Record<string, string> }> {
  const env = environmentFor(request, tracerFolder);
  const { programPath, cellsAbove } = request;
  if (!cellsAbove) return { args: [programPath, ...request.args], env };
  const list = path.join(path.dirname(programPath), 'cells.txt');
  const lines = programFiles(request).map(
    file => `${file.programPath}\t${file.shownAs ?? file.documentPath}`,
  );
  await writeFile(list, lines.join('\n'), 'utf8');
  const program = path.join(tracerFolder, CELLS_PROGRAM);
  return { args: [program, ...request.args], env: { ...env, [CELLS]: list } };
}

function environmentFor(request: RunRequest, tracerFolder: string): Record<string, string> {
  const theirs = request.env['PYTHONPATH'];
  const env: Record<string, string> = {
    ...request.env,
    PYTHONPATH: theirs ? tracerFolder + path.delimiter + theirs : tracerFolder,
    [RUN_FOLDER]: request.traceFolder,
  };
  // A Windows console takes any character, a pipe only those of the old code page: print() must not fail for being traced.
  const hasChosenEncoding = env['PYTHONIOENCODING'] ?? env['PYTHONUTF8'];
  if (process.platform === 'win32' && !hasChosenEncoding) env['PYTHONIOENCODING'] = 'utf-8';
  return env;
}

async function checkRequest(request: RunRequest, say: Translate): Promise<void> {
  const { programPath, cwd } = request;
  const program = await stat(programPath).catch(() => undefined);
  if (!program?.isFile()) {
    throw new LaunchError(
      'unreadable',
      program
        ? say(
            'The file {0} is not a file. Save the snippet, or choose another file, and run it again.',
            programPath,
          )
        : say(
            'The file {0} does not exist. Save the snippet, or choose another file, and run it again.',
            programPath,
          ),
    );
  }
  await access(programPath, constants.R_OK).catch(() => {
    throw new LaunchError(
      'unreadable',
      say('The file {0} may not be read. Change its permissions and run it again.', programPath),
    );
  });
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new LaunchError(
      'failed',
      folder
        ? say(
            'The working directory {0} is not a folder. Create it, or choose another one in the settings.',
            cwd,
          )
        : say(
            'The working directory {0} does not exist. Create it, or choose another one in the settings.',
            cwd,
          ),
    );
  }
}

/** Those above the document and the working directory, up to the repository's top or the home folder. */
function foldersAbove(request: RunRequest): readonly string[] {
  const folders = new Set<string>();
  for (const start of [path.dirname(request.documentPath), request.cwd]) {
    if (!path.isAbsolute(start)) continue;
    for (let folder = start; folder !== path.dirname(folder); folder = path.dirname(folder)) {
      if (folder === homedir()) break;
      folders.add(folder);
    }
  }
  return [...folders];
}
