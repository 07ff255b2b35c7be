/** Owns the fences of a Markdown document: where they are, what language they say, and their text as a runtime gets it. */

import type { GrammarName } from './region';

export interface Fence {
  /** Info string as written, trimmed. */
  readonly info: string;
  /** 0-based lines between the marks; `last < first` when there are none. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
  /** Characters taken off the front of each line. */
  readonly shifts: readonly number[];
}

const OPENER = /^((?:[ \t]*>|[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*)([ \t]*)(`{3,}|~{3,})(.*)$/;
const LIST_ITEM = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]/;

export function findFences(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let isInList = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const match = OPENER.exec(line);
    if (!match) {
      if (LIST_ITEM.test(line)) isInList = true;
      else if (/^\S/.test(line)) isInList = false;
      continue;
    }
    const [, container = '', space = '', mark = '', info = ''] = match;
    if (mark.startsWith('`') && info.includes('`')) continue;
    const isListItem = /[-*+\d]/.test(container);
    // Four blanks make an indented block of code, except inside a list.
    if (!isInList && !isListItem && space.replaceAll('\t', '    ').length > 3) continue;
    if (isListItem) isInList = true;
    const quotes = (container.match(/>/g) ?? []).length;
    const { fence, end } = readFence(
      lines,
      at,
      quotes,
      container.length + space.length,
      mark,
      info.trim(),
    );
    fences.push(fence);
    at = end;
  }
  return fences;
}

function readFence(
  lines: readonly string[],
  opened: number,
  quotes: number,
  indent: number,
  mark: string,
  info: string,
): { fence: Fence; end: number } {
  const texts: string[] = [];
  const shifts: number[] = [];
  let at = opened + 1;
  let isClosed = false;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const start = afterQuotes(line, quotes);
    // A line without the quote marks of the fence's quotation ends the quotation, and the fence with it.
    if (start < 0) break;
    const rest = line.slice(start).trim();
    if (rest.length >= mark.length && rest.split('').every(char => char === mark[0])) {
      isClosed = true;
      break;
    }
    let shift = start;
    while (shift < indent && (line[shift] === ' ' || line[shift] === '\t')) shift++;
    texts.push(line.slice(shift));
    shifts.push(shift);
  }
  const fence = { info, first: opened + 1, last: at - 1, text: texts.join('\n'), shifts };
  return { fence, end: isClosed ? at : at - 1 };
}

/** Offset after `count` quote marks; -1 when the line has fewer. */
function afterQuotes(line: string, count: number): number {
  let at = 0;
  for (let quote = 0; quote < count; quote++) {
    while (line[at] === ' ' || line[at] === '\t') at++;
    if (line[at] !== '>') return -1;
    at++;
  }
  return at;
}

const PYTHON = new Set([
  'python',
  'py',
  'python3',
  'py3',
  'python2',
  'pycon',
  'ipython',
  'ipython3',
  'pyi',
]);
const JAVASCRIPT = new Set(['js', 'javascript', 'mjs', 'cjs', 'jsx', 'node', 'tsx']);
const TYPESCRIPT = new Set(['ts', 'typescript', 'mts', 'cts']);

/** The language that an info string names; `none` when it names nothing, `other` when something else. */
export function languageOfInfo(info: string): GrammarName | 'none' | 'other' {
  const word = /^\{?[.\s]*([\w+#-]*)/.exec(info)?.[1]?.toLowerCase() ?? '';
  if (word === '') return info.replaceAll(/[{}]/g, '').trim() === '' ? 'none' : 'other';
  if (PYTHON.has(word)) return 'python';
  if (TYPESCRIPT.has(word)) return 'typescript';
  return JAVASCRIPT.has(word) ? 'javascript' : 'other';
}

/** A console session with its prompts taken off; undefined for a text that is none. */
export function withoutPrompts(fence: Fence): Fence | undefined {
  const lines = fence.text.split('\n');
  if (!lines.some(line => /^\s*>>>(?: |$)/.test(line))) return undefined;
  const shifts = [...fence.shifts];
  let isInStatement = false;
  const texts = lines.map((line, index) => {
    const prompt = /^\s*(?:>>>|\.\.\.)(?: |$)/.exec(line)?.[0];
    const isFirst = prompt?.includes('>');
    if (prompt === undefined || !(isFirst || isInStatement)) {
      isInStatement = false;
      return '';
    }
    isInStatement = true;
    shifts[index] = (shifts[index] ?? 0) + prompt.length;
    return line.slice(prompt.length);
  });
  return { ...fence, text: texts.join('\n'), shifts };
}
