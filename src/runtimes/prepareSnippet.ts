/**
 * Owns making a snippet ready to run: a saved file as it is; anything else (a selection, a fence, text not saved) as a
 * file of its own in which line N is line N of the document, and column M is column M.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inEnglish, type Translate } from '../base/translate';
import type { Language } from '../trace/format';
import { layOutPython } from './python/layOutPython';
import type { RunRequest } from './runtime';
import { keepLines, type LaidOutProgram, type SnippetText } from './snippetText';

/** How to run it; see `RunRequest`. */
export type RunSettings = Omit<
  RunRequest,
  'documentPath' | 'programPath' | 'language' | 'notes' | 'part' | 'shownAs'
>;

/**
 * `scratchFolder` exists and outlives the run (a child started late by `spawn` reads the program again); nothing is
 * written to it for a saved file run whole.
 */
export async function prepareSnippet(
  snippet: SnippetText,
  settings: RunSettings,
  scratchFolder: string,
  say: Translate = inEnglish,
): Promise<RunRequest> {
  const { documentPath, language } = snippet;
  const base = { ...settings, documentPath, language, ...partOf(snippet) };
  if (snippet.isSaved && !snippet.lines) return { ...base, programPath: documentPath };
  const { text, notes } = layOut(snippet, say);
  // A folder of its own: no neighbour of the program can be imported by accident.
  const folder = await mkdtemp(path.join(scratchFolder, 'snippet-'));
  const programPath = path.join(folder, programName(snippet));
  await writeFile(programPath, text, 'utf8');
  const cellsAbove = await writeCells(snippet, folder);
  // A notebook's cell has no file; its neighbours are those of the working directory, as in Jupyter.
  const home = snippet.isCell ? settings.cwd : path.dirname(documentPath);
  const env = language === 'python' ? withNeighbours(settings.env, home) : settings.env;
  return { ...base, ...cellsAbove, env, programPath, ...(notes.length > 0 ? { notes } : {}) };
}

/** Only Python can take names from other cells; those of JavaScript would be modules without exports. */
async function writeCells(
  { cellsAbove, language }: SnippetText,
  folder: string,
): Promise<Pick<RunRequest, 'cellsAbove'>> {
  if (!cellsAbove || language !== 'python') return {};
  const files = cellsAbove.map(async ({ documentPath, text, shownAs }, index) => {
    const programPath = path.join(folder, `cell above ${index + 1}.py`);
    await writeFile(programPath, text, 'utf8');
    return { documentPath, programPath, ...(shownAs === undefined ? {} : { shownAs }) };
  });
  return { cellsAbove: await Promise.all(files) };
}

function partOf({ isCell, lines, shownAs }: SnippetText): Pick<RunRequest, 'part' | 'shownAs'> {
  const part = isCell ? 'cell' : lines ? 'lines' : undefined;
  return { ...(part ? { part } : {}), ...(shownAs === undefined ? {} : { shownAs }) };
}

/** The program's text alone, for those who need no file. */
export function layOut(snippet: SnippetText, say: Translate = inEnglish): LaidOutProgram {
  if (snippet.language === 'python') return layOutPython(snippet, say);
  const { lines, text } = snippet;
  return { text: lines ? keepLines(text, lines).join('\n') : text, notes: [] };
}

/** Files beside the document stay importable: the program stands elsewhere, so its folder comes next on the path. */
function withNeighbours(
  env: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  if (!path.isAbsolute(folder)) return env;
  const theirs = env['PYTHONPATH'];
  return { ...env, PYTHONPATH: theirs ? folder + path.delimiter + theirs : folder };
}

const ENDING: Readonly<Record<Language, string>> = { python: '.py', javascript: '.mjs' };

/** Recognisable in a traceback: `notes.md.py`, `Untitled-1.py`. */
function programName(snippet: SnippetText): string {
  const ending = snippet.extension ?? ENDING[snippet.language];
  const name = path.basename(snippet.documentPath).replace(/[^\p{L}\p{N}._ -]/gu, '_') || 'snippet';
  return name.endsWith(ending) ? name : name + ending;
}
