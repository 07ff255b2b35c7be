/** Owns what a person reads of a run's output: the scratch copy of a fence or a selection is none of their business, its document is. */
import { pathToFileURL } from 'node:url';
import { type ProgramFile, programFiles } from './runtime';

/** `File "/work/notes.md", line 9` for what the interpreter says of its own file. */
export function shownOutput(program: Parameters<typeof programFiles>[0], text: string): string {
  return programFiles(program).reduce((shown, file) => named(file, shown), text);
}

function named({ programPath, documentPath, shownAs }: ProgramFile, text: string): string {
  if (programPath === documentPath) return text;
  // Node names a module by its URL, in which a blank or a letter outside ASCII reads differently.
  const shown = text.includes('file:')
    ? text.replaceAll(pathToFileURL(programPath).href, shownAs ?? pathToFileURL(documentPath).href)
    : text;
  return shown.replaceAll(programPath, shownAs ?? documentPath);
}
