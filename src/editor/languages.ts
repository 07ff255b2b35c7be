/** Owns which documents can be run, and how VS Code's names for languages map to the runtimes'. No `vscode`. */
import type { Language } from '../trace/format';

interface RunnableLanguage {
  readonly language: Language;
  /** For a copy of what has no file of its own. */
  readonly ending: string;
}

const RUNNABLE: Readonly<Record<string, RunnableLanguage>> = {
  python: { language: 'python', ending: '.py' },
  javascript: { language: 'javascript', ending: '.mjs' },
  typescript: { language: 'javascript', ending: '.mts' },
};

/** The name of a fence's language in its info string, where it differs from VS Code's. */
const FENCE_NAMES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
};

/** Documents that carry fences. */
const HOSTS: readonly string[] = ['markdown'];

export const LANGUAGE_IDS: readonly string[] = [...Object.keys(RUNNABLE), ...HOSTS];

export function runnable(languageId: string): RunnableLanguage | undefined {
  return Object.hasOwn(RUNNABLE, languageId) ? RUNNABLE[languageId] : undefined;
}

export function isHost(languageId: string): boolean {
  return HOSTS.includes(languageId);
}

/** `info` is the fence's: `python`, `ts title="x"`. */
export function endingOfFence(language: Language, info: string): string {
  const name = /^[\w+-]*/u.exec(info.trim())?.[0].toLowerCase() ?? '';
  const found = runnable(FENCE_NAMES[name] ?? name);
  if (found?.language === language) return found.ending;
  return language === 'python' ? '.py' : '.mjs';
}
