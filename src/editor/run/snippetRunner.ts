/** Owns the way from "run this" to a run: trust, saving, settings, interpreter, a folder for the trace; and the words when it fails. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { prepareSnippet } from '../../runtimes/prepareSnippet';
import { programEnding } from '../../runtimes/programEnding';
import { LaunchError, type RunRequest } from '../../runtimes/runtime';
import type { CellText } from '../../runtimes/snippetText';
import { documentKey } from '../documentKey';
import { COMMANDS } from '../ids';
import { isHost } from '../languages';
import { cellsAbove, isCell, notebookOf } from '../notebooks';
import type { PythonEnvironments } from '../pythonEnvironments';
import type { LiveRun, RunEntry, RunService } from '../runs';
import { setting } from '../settings';
import { expand, personsEnvironment, type Variables } from './environment';
import { titleOf, type RunTarget } from './targets';

/** How this run differs from what the settings say. */
export interface RunChoices {
  readonly interpreter?: string;
  readonly args?: readonly string[];
  readonly inProcess?: 'worker' | 'process';
}

/** Starts the engine on a request that is ready. */
export type Launch = (request: RunRequest) => Promise<LiveRun>;

/** Folders of runs that a closed window left behind go after this long. */
const STALE_MS = 24 * 3600_000;

export class SnippetRunner {
  private readonly runs: RunService;
  private readonly launch: Launch;
  private readonly pythons: PythonEnvironments;
  private readonly storage: string;
  private readonly log: vscode.LogOutputChannel;
  private readonly targets = new WeakMap<RunEntry, { target: RunTarget; choices: RunChoices }>();

  constructor(
    runs: RunService,
    launch: Launch,
    pythons: PythonEnvironments,
    storage: vscode.Uri,
    log: vscode.LogOutputChannel,
  ) {
    this.runs = runs;
    this.launch = launch;
    this.pythons = pythons;
    this.storage = path.join(storage.fsPath, 'runs');
    this.log = log;
    void this.sweep();
  }

  /** Undefined when it was not started; the person has been told why. */
  async run(target: RunTarget, choices: RunChoices = {}): Promise<RunEntry | undefined> {
    if (!vscode.workspace.isTrusted) {
      await this.tellRestricted();
      return undefined;
    }
    try {
      // Finding the interpreter may take a moment the first time.
      const title = vscode.l10n.t('Starting {0}', target.title);
      const options = { location: vscode.ProgressLocation.Window, title };
      return await vscode.window.withProgress(options, () => this.start(target, choices));
    } catch (problem) {
      await this.tell(target, problem);
      return undefined;
    }
  }

  /** The same snippet again, from the document as it is now. */
  async runAgain(entry: RunEntry): Promise<RunEntry | undefined> {
    const before = this.targets.get(entry);
    if (!before) return undefined;
    const uri = before.target.document.uri;
    const document = await vscode.workspace.openTextDocument(uri);
    return this.run({ ...before.target, document }, before.choices);
  }

  private async start(target: RunTarget, choices: RunChoices): Promise<RunEntry> {
    const { document } = target;
    if (document.uri.scheme === 'file' && document.isDirty && target.kind === 'file')
      await document.save();
    const folder = await this.makeFolder();
    const text = document.getText();
    try {
      const request = await prepareSnippet(
        {
          documentPath: documentKey(document.uri),
          isSaved: document.uri.scheme === 'file' && !document.isDirty,
          language: target.language,
          text,
          lines: target.lines,
          isCell: isCell(document),
          ...(isCell(document) ? { cellsAbove: cellsAbove(document).map(cellText) } : {}),
          ...(document.uri.scheme === 'file' ? {} : { shownAs: titleOf(document) }),
          isEmbedded: target.kind === 'fence' || isHost(document.languageId),
          extension: endingOf(target),
        },
        { ...(await this.settingsFor(target, choices)), traceFolder: path.join(folder, 'trace') },
        path.join(folder, 'scratch'),
        vscode.l10n.t,
      );
      const origin = {
        title: target.title,
        uri: document.uri.toString(),
        documentPath: request.documentPath,
        firstLine: target.lines?.first ?? 1,
        lastLine: target.lines?.last ?? document.lineCount,
        text,
      };
      const entry = await this.runs.start(origin, async () =>
        withFolder(await this.launch(request), folder),
      );
      this.targets.set(entry, { target, choices });
      return entry;
    } catch (problem) {
      await rm(folder, { recursive: true, force: true });
      throw problem;
    }
  }

  private async settingsFor(target: RunTarget, choices: RunChoices) {
    // Settings and folders of a cell are those of its notebook.
    const uri = notebookOf(target.document)?.uri ?? target.document.uri;
    const folder = (
      vscode.workspace.getWorkspaceFolder(uri) ?? vscode.workspace.workspaceFolders?.[0]
    )?.uri.fsPath;
    const fileDirname = uri.scheme === 'file' ? path.dirname(uri.fsPath) : (folder ?? homedir());
    const variables: Variables = {
      workspaceFolder: folder ?? fileDirname,
      fileDirname,
      home: homedir(),
    };
    const env = Object.fromEntries(
      Object.entries(setting('run.env', uri)).map(([name, value]) => [
        name,
        expand(value, variables),
      ]),
    );
    const interpreter = choices.interpreter ?? (await this.interpreterFor(target, uri));
    return {
      args: choices.args ?? setting('run.args', uri).map(arg => expand(arg, variables)),
      cwd: expand(setting('run.cwd', uri), variables) || fileDirname,
      env: personsEnvironment(process.env, env),
      ...(interpreter ? { interpreter: expand(interpreter, variables) } : {}),
      memoryMb: setting('javascript.memoryLimit', uri),
      ...placeOf(choices.inProcess, setting('javascript.runsIn', uri)),
    };
  }

  private interpreterFor(target: RunTarget, uri: vscode.Uri): Promise<string | undefined> {
    return target.language === 'python'
      ? this.pythons.chosenFor(uri)
      : Promise.resolve(setting('javascript.node', uri) || undefined);
  }

  private async makeFolder(): Promise<string> {
    const folder = path.join(this.storage, `${Date.now()}-${randomBytes(4).toString('hex')}`);
    await mkdir(path.join(folder, 'trace'), { recursive: true });
    await mkdir(path.join(folder, 'scratch'));
    return folder;
  }

  private async tellRestricted(): Promise<void> {
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t(
        'This workspace is in Restricted Mode: its lines are marked, but nothing in it is run. Trust the workspace to run snippets.',
      ),
      manage,
    );
    if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  }

  private async tell(target: RunTarget, problem: unknown): Promise<void> {
    const words = problem instanceof Error ? problem.message : String(problem);
    this.log.error(`${target.title} could not be run: ${words}`);
    const isInterpreter =
      problem instanceof LaunchError &&
      (problem.reason === 'no-interpreter' || problem.reason === 'too-old');
    const choose = vscode.l10n.t('Choose Interpreter…');
    const chosen = await vscode.window.showErrorMessage(words, ...(isInterpreter ? [choose] : []));
    if (chosen === choose) await vscode.commands.executeCommand(COMMANDS.chooseInterpreter);
  }

  /** Best effort: what cannot be read or removed is left for the next time. */
  private async sweep(): Promise<void> {
    const names = await readdir(this.storage).catch(() => []);
    for (const name of names) {
      const folder = path.join(this.storage, name);
      const age = await stat(folder).then(
        found => Date.now() - found.mtimeMs,
        () => 0,
      );
      if (age > STALE_MS) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

const cellText = (document: vscode.TextDocument): CellText => ({
  documentPath: documentKey(document.uri),
  text: document.getText(),
  shownAs: titleOf(document),
});

/** The run's folder goes with the run. */
function withFolder(run: LiveRun, folder: string): LiveRun {
  const dispose = (): void => {
    run.dispose();
    void rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  return {
    request: run.request,
    model: run.model,
    startedAt: run.startedAt,
    onDidWrite: run.onDidWrite,
    ended: run.ended,
    write: text => run.write(text),
    endInput: () => run.endInput(),
    interrupt: () => run.interrupt(),
    stop: () => run.stop(),
    dispose,
  };
}

/** Worker is the default; left open, a snippet that cannot live in one gets a process of its own. */
function placeOf(
  chosen: RunChoices['inProcess'],
  usual: 'worker' | 'process',
): Pick<RunRequest, 'inProcess'> {
  if (chosen) return { inProcess: chosen };
  return usual === 'process' ? { inProcess: 'process' } : {};
}

/** Of the copy that runs, where one is made. */
function endingOf({ document, kind, language, info, lines }: RunTarget): string {
  const own = path.extname(document.uri.path);
  const isOwn = kind !== 'fence' && document.uri.scheme === 'file' && !isHost(document.languageId);
  if (isOwn && own) return own;
  const part = lines && new vscode.Range(lines.first - 1, 0, lines.last, 0);
  return programEnding(language, info, document.getText(part));
}
