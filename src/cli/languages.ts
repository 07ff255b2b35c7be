/** Owns which files the command line takes, by the ends of their names. */
import path from 'node:path';

/** As VS Code names them. */
export type LanguageId = 'python' | 'javascript' | 'typescript' | 'markdown';

const LANGUAGE_OF: Readonly<Record<string, LanguageId>> = {
  '.py': 'python',
  '.pyw': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdown': 'markdown',
  '.mkd': 'markdown',
};

export function languageOf(file: string): LanguageId | null {
  return LANGUAGE_OF[path.extname(file).toLowerCase()] ?? null;
}
