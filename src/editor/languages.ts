/** Owns which documents can be run, and how VS Code's names for languages map to the runtimes'. No `vscode`. */
import type { Language } from '../trace/format';

const RUNNABLE: Readonly<Record<string, Language>> = {
  python: 'python',
  javascript: 'javascript',
  typescript: 'javascript',
};

/** Documents that carry fences. */
const HOSTS: readonly string[] = ['markdown'];

export const LANGUAGE_IDS: readonly string[] = [...Object.keys(RUNNABLE), ...HOSTS];

export function runnable(languageId: string): Language | undefined {
  return Object.hasOwn(RUNNABLE, languageId) ? RUNNABLE[languageId] : undefined;
}

export function isHost(languageId: string): boolean {
  return HOSTS.includes(languageId);
}
