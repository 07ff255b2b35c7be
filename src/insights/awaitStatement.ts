/**
 * Owns reading one `name = await call(...)` statement from the source, and the loop it is in. It takes only what it is
 * sure of: a whole statement of its own lines, assigned to plain names or to nothing.
 */
import type { WaitPoint } from '../analysis/waitPoint';
import type { Language } from '../trace/format';

const STATEMENT: Readonly<Record<Language, RegExp>> = {
  python: /^(\s*)(?:([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=\s*)?await\s+(.+)$/s,
  javascript: /^(\s*)(?:(?:(?:const|let|var)\s+)?([\w$,{}[\]:\s]+?)\s*=\s*)?await\s+(.+?);?$/s,
};
/** `async for` and `for await` are in order by their nature. */
const LOOP: Readonly<Record<Language, RegExp>> = {
  python: /^\s*for\s+(.+?)\s+in\b/,
  javascript: /^\s*for\s*\(\s*(?:const|let|var)\s+(.+?)\s+of\b/,
};
const IMPORT = /^\s*import\s+(?:[\w., ]*,\s*)?asyncio\b(?!\s+as)/;
const WORD = /[A-Za-z_$][\w$]*/g;

export interface AwaitStatement {
  readonly indent: number;
  readonly line: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What it assigns to, as written; empty for nothing. */
  readonly target: string;
  readonly names: readonly string[];
  readonly expression: string;
  /** The module is at hand under its own name. */
  readonly importsAsyncio: boolean;
  /** It stands in a loop over items, is given the item, and nothing leaves the loop early. */
  readonly isPerItem: boolean;
  /** Only blank lines are between this statement and that. */
  isBefore(other: AwaitStatement): boolean;
  /** Names that the other assigns occur in this one, or both call methods of one object, which may have an order. */
  uses(other: AwaitStatement): boolean;
}

export function parseAwait(
  lines: readonly string[],
  { line, endLine }: Pick<WaitPoint, 'line' | 'endLine'>,
  language: Language,
): AwaitStatement | null {
  const text = lines
    .slice(line - 1, endLine)
    .join('\n')
    .trimEnd();
  const match = STATEMENT[language].exec(text);
  if (!match) return null;
  const [, space = '', target = '', expression = ''] = match;
  if (space.includes('\t') || !isWholeCall(expression)) return null;
  const names: readonly string[] = target.match(WORD) ?? [];
  const words = new Set<string>(expression.match(WORD) ?? []);
  const receiver = receiverOf(expression);
  return {
    indent: space.length,
    line,
    endLine,
    endColumn: (lines[endLine - 1] ?? '').trimEnd().length + 1,
    target: target.trim(),
    names,
    expression,
    importsAsyncio: lines.some(one => IMPORT.test(one)),
    isPerItem:
      !names.some(name => words.has(name)) &&
      loopNames(lines, line, space.length, LOOP[language]).some(name => words.has(name)),
    isBefore: other =>
      other.line > endLine &&
      lines.slice(endLine, other.line - 1).every(between => between.trim() === ''),
    uses: other =>
      other.names.some(name => words.has(name) || names.includes(name)) ||
      (receiver !== '' && receiver === receiverOf(other.expression)),
  };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Names that the innermost block's `for` gives; none when that block is something else, or is left in the middle. */
function loopNames(
  lines: readonly string[],
  line: number,
  indent: number,
  loop: RegExp,
): readonly string[] {
  let at = line - 2;
  while (at >= 0 && (lines[at]!.trim() === '' || indentOf(lines[at]!) >= indent)) at--;
  const head = lines[at];
  const match = head === undefined ? null : loop.exec(head);
  if (!match || head === undefined) return [];
  for (let body = at + 1; body < lines.length; body++) {
    if (lines[body]!.trim() === '') continue;
    if (indentOf(lines[body]!) <= indentOf(head)) break;
    if (/\b(?:break|return)\b/.test(lines[body]!)) return [];
  }
  return match[1]?.match(WORD) ?? [];
}

/** `conn` of `conn.send(x)`; empty for a plain function. A module's function is not told apart from an object's method. */
function receiverOf(expression: string): string {
  return /^([\w$.]+)\.[\w$]+\s*\(/.exec(expression)?.[1] ?? '';
}

/** A call from its name to its last bracket, with nothing behind it: no comment, operator or second statement. */
function isWholeCall(expression: string): boolean {
  if (!/^[A-Za-z_$][\w$.]*\s*\(/.test(expression)) return false;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at]!;
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
      continue;
    }
    if ('"\'`'.includes(char)) quote = char;
    else if (char === '#') return false;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) return at === expression.length - 1;
  }
  return false;
}
