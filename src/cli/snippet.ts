/** Owns turning FILE[:LINE] into the snippet that is meant. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Snippet } from '../analysis/waitPoint';
import { reasonOf } from '../base/reason';
import { programEnding } from '../runtimes/programEnding';
import type { SnippetText } from '../runtimes/snippetText';
import { languageOf } from './languages';

/** A sentence on why the file gives no snippet. */
export class NoSnippetError extends Error {}

export interface Source {
  readonly path: string;
  readonly text: string;
}

export function readSource(file: string, cwd: string): Source {
  const full = path.resolve(cwd, file);
  if (!existsSync(full)) throw new NoSnippetError(`${file} does not exist. Check its name.`);
  if (!statSync(full).isFile()) throw new NoSnippetError(`${file} is not a file.`);
  if (path.extname(full).toLowerCase() === '.ipynb') {
    throw new NoSnippetError(
      `${file} is a notebook. Open it in VS Code and run its cells there, or make a file of them first: jupyter nbconvert --to script ${file}`,
    );
  }
  if (languageOf(full) === null) {
    throw new NoSnippetError(
      `${file} is neither Python, JavaScript, TypeScript nor Markdown by its name.`,
    );
  }
  try {
    return { path: full, text: readFileSync(full, 'utf8') };
  } catch (error) {
    throw new NoSnippetError(`${file} could not be read: ${reasonOf(error)}.`);
  }
}

/** `snippets` are those that analysis found in a Markdown document. */
export function snippetAt(
  source: Source,
  line: number | null,
  snippets: readonly Snippet[],
): SnippetText {
  const { path: file, text } = source;
  const language = languageOf(file);
  const name = path.basename(file);
  if (language === 'markdown') return fenceSnippet(source, line, snippets);
  if (line !== null) {
    throw new NoSnippetError(
      `A line picks a fence of a Markdown document; ${name} is run as a whole. Leave ":${line}" out.`,
    );
  }
  return {
    documentPath: file,
    isSaved: true,
    language: language === 'python' ? 'python' : 'javascript',
    text,
  };
}

function fenceSnippet(
  { path: file, text }: Source,
  line: number | null,
  snippets: readonly Snippet[],
): SnippetText {
  const name = path.basename(file);
  const fences = snippets.filter(snippet => snippet.kind === 'fence');
  if (fences.length === 0) {
    throw new NoSnippetError(
      `${name} has no fence that can be run: none is marked python, js or ts.`,
    );
  }
  const away = (fence: Snippet): number =>
    line === null ? 0 : Math.max(fence.line - line, line - fence.endLine);
  const some = fences
    .toSorted((one, other) => away(one) - away(other))
    .slice(0, line === null ? 5 : 2)
    .toSorted((one, other) => one.line - other.line)
    .map(fence => `${name}:${fence.line}`);
  const such = some.length === 1 ? some[0] : `${some.slice(0, -1).join(', ')} or ${some.at(-1)}`;
  // The marks themselves count as the fence.
  const fence =
    line === null
      ? fences.length === 1
        ? fences[0]
        : undefined
      : fences.find(one => line >= one.line - 1 && line <= one.endLine + 1);
  if (!fence) {
    throw new NoSnippetError(
      line === null
        ? `${name} has ${fences.length} fences that can be run; say which by its line, such as ${such}.`
        : `There is no fence that can be run at line ${line} of ${name}; the nearest is at ${such}.`,
    );
  }
  const part = text
    .split('\n')
    .slice(fence.line - 1, fence.endLine)
    .join('\n');
  return {
    documentPath: file,
    isSaved: true,
    language: fence.language,
    text,
    lines: { first: fence.line, last: fence.endLine },
    isEmbedded: true,
    extension: programEnding(fence.language, fence.label, part),
  };
}
