/** Owns the file ending of a program that has no file of its own: to Node, `.cjs` and `.mts` mean something. */
import { languageOfInfo } from '../analysis/markdown';
import type { Language } from '../trace/format';

/** These say which kind of module it is themselves. */
const SAID: ReadonlySet<string> = new Set(['mjs', 'cjs', 'mts', 'cts']);

/** `info` is a fence's (`ts title="x"`, `{.js}`) or the editor's name of the language; `text` is that of the part that runs. */
export function programEnding(language: Language, info: string, text: string): string {
  if (language === 'python') return '.py';
  const word = /^\{?[.\s]*(\w*)/.exec(info)?.[1]?.toLowerCase() ?? '';
  if (SAID.has(word)) return `.${word}`;
  const kind = isCommon(text) ? 'c' : 'm';
  return languageOfInfo(info) === 'typescript' || word === 'tsx' ? `.${kind}ts` : `.${kind}js`;
}

/** Written for CommonJS; marks of a quotation may stand before each line. */
function isCommon(text: string): boolean {
  return (
    /\brequire\s*\(|\bmodule\.exports\b/u.test(text) && !/^[\s>]*(?:import|export)\b/mu.test(text)
  );
}
