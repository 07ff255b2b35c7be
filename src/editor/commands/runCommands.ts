/** Owns the commands that start and stop runs. */
import * as vscode from 'vscode';
import type { Snippet } from '../../analysis/waitPoint';
import type { Documents } from '../documents';
import { COMMANDS } from '../ids';
import type { RunEntry, RunService } from '../runs';
import { chooseInterpreter, pickInterpreter } from './interpreterCommand';
import type { RunChoices, SnippetRunner } from '../run/snippetRunner';
import {
  fenceTarget,
  pickTarget,
  type Picked,
  type PickRequest,
  type RunTarget,
} from '../run/targets';
import { entryOf } from './arguments';
import { registerAll } from './register';

export interface RunCommandParts {
  readonly runs: RunService;
  readonly runner: SnippetRunner;
  readonly documents: Documents;
  readonly log: vscode.LogOutputChannel;
}

/** What a CodeLens hands to the run command: the document, and the snippet it stands above. */
export interface LensArgument {
  readonly uri: string;
  readonly snippet: Snippet;
}

export function registerRunCommands(parts: RunCommandParts): vscode.Disposable {
  const { runs, runner, documents, log } = parts;

  const run = async (
    picked: Picked | undefined,
    choices?: RunChoices,
  ): Promise<RunEntry | undefined> => {
    if (!picked) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'Open a Python, JavaScript or TypeScript file, or Markdown notes with fences, to run a concurrent snippet.',
        ),
      );
      return undefined;
    }
    if ('problem' in picked) {
      void vscode.window.showErrorMessage(picked.problem);
      return undefined;
    }
    return runner.run(picked.target, choices);
  };

  return registerAll(
    {
      [COMMANDS.run]: async argument => run(await pick(documents, argument)),
      [COMMANDS.runSelection]: async () => run(await pickSelection(documents)),
      [COMMANDS.runWith]: async argument => {
        const picked = await pick(documents, argument);
        if (!picked || 'problem' in picked) return run(picked);
        const choices = await askChoices(picked.target);
        return choices && run(picked, choices);
      },
      [COMMANDS.runAgain]: argument => {
        const entry = entryOf(argument, runs) ?? runs.selected;
        return entry && runner.runAgain(entry);
      },
      [COMMANDS.stop]: async argument => {
        const entry = entryOf(argument, runs);
        const stopped = entry ? [entry] : await pickLive(runs);
        await Promise.all(stopped.map(one => runs.stop(one)));
      },
      [COMMANDS.stopAll]: () => runs.stopAll(),
      [COMMANDS.removeRun]: argument => {
        const entry = entryOf(argument, runs);
        if (entry) runs.remove(entry);
      },
      [COMMANDS.chooseInterpreter]: () => chooseInterpreter(),
    },
    log,
  );
}

/** From a lens, a uri (editor title, a test), or the active editor: the file, the fence or cell at the cursor. */
async function pick(documents: Documents, argument: unknown): Promise<Picked | undefined> {
  if (isLens(argument)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(argument.uri));
    const { snippet } = argument;
    await documents.ready;
    if (snippet.kind === 'fence') return { target: fenceTarget(document, snippet) };
    return pickTarget(document, documents, {});
  }
  const editor = vscode.window.activeTextEditor;
  const document =
    argument instanceof vscode.Uri && argument.toString() !== editor?.document.uri.toString()
      ? await vscode.workspace.openTextDocument(argument)
      : editor?.document;
  if (!document) return undefined;
  await documents.ready;
  const request: PickRequest =
    document === editor?.document ? { line: editor.selection.active.line } : {};
  return pickTarget(document, documents, request);
}

async function pickSelection(documents: Documents): Promise<Picked | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  await documents.ready;
  const { selection } = editor;
  if (selection.isEmpty)
    return pickTarget(editor.document, documents, { line: selection.active.line });
  return pickTarget(editor.document, documents, { selection });
}

function isLens(argument: unknown): argument is LensArgument {
  return (
    typeof argument === 'object' && argument !== null && 'snippet' in argument && 'uri' in argument
  );
}

/** Of several runs that go on at once the person says which; the one that is looked at comes first. */
async function pickLive(runs: RunService): Promise<readonly RunEntry[]> {
  const { live, selected } = runs;
  if (live.length < 2) return live;
  const first = live.filter(entry => entry === selected);
  const others = live.filter(entry => entry !== selected);
  const one = [...first, ...others.toReversed()].map(entry => ({
    label: entry.origin.title,
    description: entry.startedAt.toLocaleTimeString(),
    entries: [entry],
  }));
  const all = { label: vscode.l10n.t('All {0} runs', live.length), description: '', entries: live };
  const chosen = await vscode.window.showQuickPick([...one, all], {
    placeHolder: vscode.l10n.t('Which run should stop?'),
  });
  return chosen?.entries ?? [];
}

/** Where to run, and arguments, for this run only. */
async function askChoices(target: RunTarget): Promise<RunChoices | undefined> {
  const where = target.language === 'python' ? await askPython(target) : await askPlace();
  if (!where) return undefined;
  const args = await vscode.window.showInputBox({
    title: vscode.l10n.t('Arguments for the snippet'),
    prompt: vscode.l10n.t('As on a command line; leave empty for none. Enter runs the snippet.'),
  });
  return args === undefined ? undefined : { ...where, args: splitArguments(args) };
}

async function askPython(target: RunTarget): Promise<RunChoices | undefined> {
  const title = vscode.l10n.t('Run with which Python? (this run only)');
  const interpreter = await pickInterpreter(target.document.uri, title);
  if (interpreter === undefined) return undefined;
  return interpreter ? { interpreter } : {};
}

async function askPlace(): Promise<RunChoices | undefined> {
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t('In a worker'),
        description: vscode.l10n.t('starts at once, with a memory limit of its own'),
        inProcess: 'worker' as const,
      },
      {
        label: vscode.l10n.t('In a child process'),
        description: vscode.l10n.t('as in a terminal'),
        inProcess: 'process' as const,
      },
    ],
    { placeHolder: vscode.l10n.t('Run where? (this run only)') },
  );
  return chosen && { inProcess: chosen.inProcess };
}

/** Quotes hold words together; there is no shell. */
export function splitArguments(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    match => match[1] ?? match[2] ?? match[3] ?? '',
  );
}
