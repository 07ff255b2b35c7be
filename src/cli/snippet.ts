/** Owns turning FILE[:LINE] into the snippet that is meant. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SnippetText } from '../runtimes/snippetText';
import type { Language } from '../trace/format';
import { reasonOf } from '../base/reason';
import { findFences } from './fences';
import type { Fence } from './fences';

/** A sentence on why the file gives no snippet. */
export class NoSnippetError extends Error {}

const LANGUAGE_OF: Readonly<Record<string, Language>> = {
  '.py': 'python',
  '.pyw': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'javascript',
  '.mts': 'javascript',
  '.cts': 'javascript',
};
const MARKDOWN = new Set(['.md', '.markdown', '.mdown', '.mkd']);

export function readSource(file: string, cwd: string): { path: string; text: string } {
  const full = path.resolve(cwd, file);
  try {
    if (!statSync(full).isFile()) throw new NoSnippetError(`${file} is not a file.`);
    return { path: full, text: readFileSync(full, 'utf8') };
  } catch (error) {
    if (error instanceof NoSnippetError) throw error;
    if (!existsSync(full)) throw new NoSnippetError(`${file} does not exist. Check its name.`);
    throw new NoSnippetError(`${file} could not be read: ${reasonOf(error)}.`);
  }
}

export function languageOf(file: string): Language | 'markdown' | null {
  const ending = path.extname(file).toLowerCase();
  return MARKDOWN.has(ending) ? 'markdown' : (LANGUAGE_OF[ending] ?? null);
}

export function snippetAt(file: string, text: string, line: number | null): SnippetText {
  const language = languageOf(file);
  if (language === 'markdown') return fenceSnippet(file, text, line);
  if (language === null) {
    throw new NoSnippetError(
      `${path.basename(file)} is neither Python, JavaScript, TypeScript nor Markdown by its name.`,
    );
  }
  if (line !== null) {
    throw new NoSnippetError(
      `A line picks a fence of a Markdown document; ${path.basename(file)} is run as a whole. Leave ":${line}" out.`,
    );
  }
  return { documentPath: file, isSaved: true, language, text };
}

function fenceSnippet(file: string, text: string, line: number | null): SnippetText {
  const fences = findFences(text);
  const fence = line === null ? onlyFence(file, fences) : fenceAt(file, fences, line);
  if (fence.language === null) {
    throw new NoSnippetError(
      `The fence at line ${fence.first - 1} of ${path.basename(file)} is marked "${fence.info}", which is no language that can be run.`,
    );
  }
  const { language, first, last } = fence;
  const lines = { first, last };
  return { documentPath: file, isSaved: true, language, text, lines, isEmbedded: true };
}

function onlyFence(file: string, fences: readonly Fence[]): Fence {
  const runnable = fences.filter(fence => fence.language !== null);
  if (runnable.length === 1) return runnable[0]!;
  const name = path.basename(file);
  if (runnable.length === 0) {
    throw new NoSnippetError(`${name} has no fence marked python, js or ts.`);
  }
  const some = runnable.slice(0, 5).map(fence => `${name}:${fence.first - 1}`);
  throw new NoSnippetError(
    `${name} has ${runnable.length} fences that can be run; say which by its line, such as ${some.join(', ')}.`,
  );
}

/** The marks themselves count as the fence. */
function fenceAt(file: string, fences: readonly Fence[], line: number): Fence {
  const fence = fences.find(one => line >= one.first - 1 && line <= one.last + 1);
  if (!fence) {
    throw new NoSnippetError(`There is no fence at line ${line} of ${path.basename(file)}.`);
  }
  return fence;
}
