/** Owns finding the fence of a Markdown document that a line is in. */
import type { Language } from '../trace/format';

export interface Fence {
  readonly language: Language | null;
  /** Info string, as written. */
  readonly info: string;
  /** Lines between the marks, 1-based, inclusive; `last < first` when empty. */
  readonly first: number;
  readonly last: number;
}

const LANGUAGE_OF: Readonly<Record<string, Language>> = {
  python: 'python',
  py: 'python',
  python3: 'python',
  pycon: 'python',
  js: 'javascript',
  javascript: 'javascript',
  mjs: 'javascript',
  ts: 'javascript',
  typescript: 'javascript',
};

export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; info: string; first: number } | undefined;
  const lines = text.split(/\r\n|\n|\r/);
  const close = (last: number): void => {
    if (!open) return;
    const { info, first } = open;
    const word = /^\{?\.?([\w+-]*)/.exec(info)?.[1]?.toLowerCase() ?? '';
    fences.push({ language: LANGUAGE_OF[word] ?? null, info, first, last });
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const match = /^(?:\s|>|[-*+]\s|\d+[.)]\s)*(`{3,}|~{3,})\s*(.*)$/.exec(line);
    if (!match) continue;
    const [, mark = '', rest = ''] = match;
    if (!open) {
      if (mark.startsWith('`') && rest.includes('`')) continue;
      open = { mark, info: rest.trim(), first: index + 2 };
    } else if (mark[0] === open.mark[0] && mark.length >= open.mark.length && rest.trim() === '') {
      close(index);
    }
  }
  close(lines.length);
  return fences;
}
