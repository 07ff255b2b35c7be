/**
 * Owns reading one `name = await expression` statement from the source. It takes only what it is sure of: a whole
 * statement of its own lines, assigned to plain names or to nothing.
 */
import type { WaitPoint } from '../analysis/waitPoint';

const STATEMENT = /^(\s*)(?:([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=\s*)?await\s+(.+)$/s;
const IMPORT = /^\s*import\s+(?:[\w., ]*,\s*)?asyncio\b(?!\s+as)/;

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
  /** Only blank lines are between this statement and that. */
  isBefore(other: AwaitStatement): boolean;
  /** Names that the other assigns occur in this one, or both call methods of one object, which may have an order. */
  uses(other: AwaitStatement): boolean;
}

export function parseAwait(
  lines: readonly string[],
  { line, endLine }: Pick<WaitPoint, 'line' | 'endLine'>,
): AwaitStatement | null {
  const text = lines
    .slice(line - 1, endLine)
    .join('\n')
    .trimEnd();
  const match = STATEMENT.exec(text);
  if (!match) return null;
  const [, space = '', target = '', expression = ''] = match;
  if (space.includes('\t') || !isWholeCall(expression)) return null;
  const names = new Set(
    target
      .split(',')
      .map(name => name.trim())
      .filter(Boolean),
  );
  const words = new Set(expression.match(/[A-Za-z_]\w*/g) ?? []);
  const receiver = receiverOf(expression);
  return {
    indent: space.length,
    line,
    endLine,
    endColumn: (lines[endLine - 1] ?? '').trimEnd().length + 1,
    target: target.trim(),
    expression,
    importsAsyncio: lines.some(one => IMPORT.test(one)),
    isBefore: other =>
      other.line > endLine &&
      lines.slice(endLine, other.line - 1).every(between => between.trim() === ''),
    uses: other =>
      other.names.some(name => words.has(name) || names.has(name)) ||
      (receiver !== '' && receiver === receiverOf(other.expression)),
    names: [...names],
  };
}

/** `conn` of `conn.send(x)`; empty for a plain function. A module's function is not told apart from an object's method. */
function receiverOf(expression: string): string {
  return /^([\w.]+)\.\w+\s*\(/.exec(expression)?.[1] ?? '';
}

/** A call from its name to its last bracket, with nothing behind it: no comment, operator or second statement. */
function isWholeCall(expression: string): boolean {
  if (!/^[A-Za-z_][\w.]*\s*\(/.test(expression)) return false;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at]!;
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
      continue;
    }
    if (char === '"' || char === "'") quote = char;
    else if (char === '#') return false;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) return at === expression.length - 1;
  }
  return false;
}
