/**
 * Owns the mending of half-typed Python before it is parsed, so that one line in the works does not cost the marks of the
 * rest: brackets and quotes are closed, a header gets its colon, a dangling operator an operand. Only line ends grow: every
 * other position stays what it is in the document.
 */

const HARD_KEYWORD =
  /^(?:def|class|return|while|with|try|raise|pass|break|continue|del|global|nonlocal|assert|import|from|except|finally|elif|@)(?![\w])/;
const HEADER = /^(?:async\s+)?(?:if|elif|else|for|while|with|try|except|finally|def|class)\b/;
const OPENERS = '([{';
const CLOSERS = ')]}';
const WORD_OPERATORS = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
  'for',
  'lambda',
  'await',
  'async',
  'yield',
  'from',
  'import',
  'return',
  'as',
  'del',
  'assert',
  'raise',
  'with',
  'while',
  'elif',
  'global',
  'nonlocal',
  'print',
  'exec',
]);

interface Open {
  readonly closer: string;
  readonly line: number;
}

export function mend(text: string): string {
  const lines = text.split('\n');
  const extra = new Map<number, string>();
  new Mender(lines, extra).run();
  if (extra.size === 0) return text;
  return lines.map((line, at) => join(line, extra.get(at))).join('\n');
}

/** The addition goes before a carriage return and before a comment at the end. */
function join(line: string, addition: string | undefined): string {
  if (addition === undefined) return line;
  const hasReturn = line.endsWith('\r');
  const body = hasReturn ? line.slice(0, -1) : line;
  const end = codeEnd(body);
  return body.slice(0, end) + addition + body.slice(end) + (hasReturn ? '\r' : '');
}

/** Where the code of a line ends: before a comment and the blanks in front of it. */
function codeEnd(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '#') return line.slice(0, at).trimEnd().length;
  }
  return line.trimEnd().length === 0 ? line.length : line.trimEnd().length;
}

class Mender {
  private readonly lines: readonly string[];
  private readonly extra: Map<number, string>;
  private open: Open[] = [];
  /** Line at which the statement began. */
  private statement = 0;
  /** The last token ended an operand: a name, number, string or closing bracket. */
  private afterOperand = false;
  private lastWord = '';
  private hasColon = false;

  constructor(lines: readonly string[], extra: Map<number, string>) {
    this.lines = lines;
    this.extra = extra;
  }

  run(): void {
    let repairs = 0;
    let at = 0;
    while (at < this.lines.length) {
      const next = this.line(at);
      // A repair goes back to the line after it; each line is gone back to at most once in a while.
      if (next <= at && ++repairs > 200) return;
      at = next;
    }
    if (this.open.length) this.closeFrom(this.lines.length);
  }

  private add(line: number, text: string): void {
    this.extra.set(line, (this.extra.get(line) ?? '') + text);
  }

  /** Reads one line; gives the line to go on with. */
  private line(number: number): number {
    const line = this.lines[number] ?? '';
    const first = /\S/.exec(line)?.index ?? -1;
    if (first < 0) return number + 1;
    if (this.open.length) {
      if (HARD_KEYWORD.test(line.slice(first))) return this.closeFrom(number);
    } else {
      this.statement = number;
      this.afterOperand = false;
      this.lastWord = '';
      this.hasColon = false;
    }
    let isFirstToken = true;
    for (let at = first; at < line.length;) {
      const char = line[at] ?? '';
      if (char === '#') break;
      if (char === ' ' || char === '\t' || char === '\r' || char === '\f') {
        at++;
        continue;
      }
      if (char === '\\' && /^\\\s*$/.test(line.slice(at))) {
        return number + 1 < this.lines.length && !this.open.length
          ? this.continued(number)
          : number + 1;
      }
      const quote = /^[rRbBuUfFtT]{0,2}("""|'''|"|')/.exec(line.slice(at, at + 5));
      if (quote?.[1]) {
        const text = this.string(number, at + quote[0].length, quote[1]);
        this.afterOperand = true;
        this.lastWord = '';
        if (text.line !== number) return this.rest(text.line, text.at);
        at = text.at;
        isFirstToken = false;
        continue;
      }
      if (OPENERS.includes(char)) {
        this.open.push({ closer: CLOSERS[OPENERS.indexOf(char)] ?? ')', line: number });
        this.afterOperand = false;
      } else if (CLOSERS.includes(char)) {
        this.open.pop();
        this.afterOperand = true;
        this.lastWord = '';
      } else if (/[\w\u0080-\uffff]/.test(char)) {
        const word =
          /^[\w\u0080-\uffff.]*?(?=[^\w\u0080-\uffff]|$)/.exec(line.slice(at))?.[0] || char;
        const isOperator = WORD_OPERATORS.has(word);
        // Two operands side by side at the start of a line: the bracket before was never closed.
        if (isFirstToken && this.open.length && this.afterOperand && !isOperator)
          return this.closeFrom(number);
        this.afterOperand = !isOperator;
        this.lastWord = word;
        at += word.length;
        isFirstToken = false;
        continue;
      } else {
        if (char === ':' && this.open.length === 0) this.hasColon = true;
        this.afterOperand = false;
        this.lastWord = char;
      }
      isFirstToken = false;
      at++;
    }
    if (!this.open.length) this.endStatement(number);
    return number + 1;
  }

  private continued(number: number): number {
    // The next line belongs to the same statement; its own first token is judged like any other.
    const statement = this.statement;
    const next = this.line(number + 1);
    this.statement = statement;
    return next;
  }

  /** The rest of a line after a string that began on an earlier one. */
  private rest(number: number, at: number): number {
    const line = this.lines[number];
    if (line === undefined) return number;
    // Seen as a line of its own whose front is blank, so that positions stay.
    const lines = this.lines as string[];
    const whole = lines[number] ?? '';
    lines[number] = ' '.repeat(at) + whole.slice(at);
    const depth = this.open.length;
    const statement = this.statement;
    if (depth === 0 && lines[number].trim() === '') {
      lines[number] = whole;
      return number + 1;
    }
    const next = this.line(number);
    lines[number] = whole;
    this.statement = Math.min(statement, this.statement);
    return next;
  }

  /** Reads a string; an unclosed one is closed at the end of the line it began on. */
  private string(number: number, from: number, quote: string): { line: number; at: number } {
    let line = number;
    let at = from;
    for (;;) {
      const text = this.lines[line];
      if (text === undefined) break;
      for (; at < text.length; at++) {
        if (text[at] === '\\') {
          at++;
          continue;
        }
        if (text.startsWith(quote, at)) return { line, at: at + quote.length };
      }
      if (quote.length === 1 && !/\\\r?$/.test(text)) break;
      line++;
      at = 0;
    }
    this.add(number, quote);
    return { line: number, at: (this.lines[number] ?? '').length };
  }

  /** The brackets that are open were left open before line `number`: closes them where the statement seems to end. */
  private closeFrom(number: number): number {
    const [outermost] = this.open;
    if (!outermost) return number;
    const indent = indentOf(this.lines[this.statement] ?? '');
    let end = number;
    for (let at = outermost.line + 1; at < number; at++) {
      const line = this.lines[at] ?? '';
      const code = line.trim();
      if (
        code !== '' &&
        !code.startsWith('#') &&
        indentOf(line) <= indent &&
        !CLOSERS.includes(code[0] ?? '')
      ) {
        end = at;
        break;
      }
    }
    let last = end - 1;
    while (last > outermost.line && !/\S/.test((this.lines[last] ?? '').replace(/#.*/, ''))) last--;
    // Brackets opened after the place where the statement now ends belong to lines that are read again.
    const closers = this.open
      .filter(open => open.line <= last)
      .map(open => open.closer)
      .reverse()
      .join('');
    this.add(last, closers);
    this.open = [];
    this.afterOperand = true;
    this.lastWord = ')';
    this.endStatement(last);
    return end;
  }

  private endStatement(last: number): void {
    const head = (this.lines[this.statement] ?? '').trimStart();
    const isHeader = HEADER.test(head);
    const needsOperand =
      !this.afterOperand &&
      (/^[-+*/%=.<>&|^@!~]$/.test(this.lastWord) ||
        /^(?:and|or|not|in|is|await|as|import|from|lambda|yield from)$/.test(this.lastWord));
    if (needsOperand) this.add(last, this.lastWord === '.' ? '_' : ' _');
    if (!isHeader) return;
    const body = this.nextCode(last + 1);
    const isIndented =
      body >= 0 && indentOf(this.lines[body] ?? '') > indentOf(this.lines[this.statement] ?? '');
    const endsWithColon = this.lastWord === ':';
    if (!this.hasColon) this.add(last, isIndented ? ':' : ': pass');
    else if (endsWithColon && !isIndented) this.add(last, ' pass');
  }

  private nextCode(from: number): number {
    for (let at = from; at < this.lines.length; at++)
      if (/^\s*[^\s#]/.test(this.lines[at] ?? '')) return at;
    return -1;
  }
}

function indentOf(line: string): number {
  let width = 0;
  for (const char of line) {
    if (char === ' ') width++;
    else if (char === '\t') width += 8 - (width % 8);
    else break;
  }
  return width;
}
