/**
 * Owns the first look at a Python text, by characters alone: where its statements begin, and the mending of what is half
 * typed, so that one line in the works does not cost the marks of the rest. Brackets and quotes are closed, a header gets its
 * colon, a dangling operator an operand. Only line ends grow: every other position stays what it is in the document.
 */

export interface Statement {
  /** Offset of its first line in the mended text. */
  start: number;
  /** Width of its indentation. */
  readonly indent: number;
  /** Its first word, or its first character. */
  readonly word: string;
  readonly line: number;
}

export interface Scan {
  readonly text: string;
  readonly statements: readonly Statement[];
}

const HARD_KEYWORDS = new Set(
  'def class return while with try raise pass break continue del global nonlocal assert import from except finally elif'.split(
    ' ',
  ),
);
const HEADERS = new Set(
  'if elif else for while with try except finally def class async'.split(' '),
);
const OPERATOR_WORDS = new Set(
  'and or not in is if else for lambda await async yield from import as'.split(' '),
);
const DANGLING_WORDS = new Set('and or not in is await as import from lambda'.split(' '));
const DANGLING_CHARS = '-+*/%=.<>&|^@!~';

const TAB = 9;
const NEWLINE = 10;
const FORM_FEED = 12;
const RETURN = 13;
const SPACE = 32;
const DOUBLE = 34;
const HASH = 35;
const SINGLE = 39;
const COLON = 58;
const BACKSLASH = 92;

interface Open {
  readonly closer: string;
  readonly line: number;
}

/** What the last token was: 'operand' for a name, number, string or closing bracket, else its text. */
type Token = { readonly isOperand: boolean; readonly text: string };
const OPERAND: Token = { isOperand: true, text: '' };
const NOTHING: Token = { isOperand: false, text: '' };

// The grammar looks ahead over all of them at each; nobody writes so many.
const IDLE_CONTINUATIONS = /(?:\\\r?\n[ \t]*){100,}/g;
const blank = (lines: string): string => lines.replaceAll('\\', ' ');

export function scan(text: string): Scan {
  return new Scanner(text.replaceAll(IDLE_CONTINUATIONS, blank)).run();
}

class Scanner {
  private readonly text: string;
  private readonly lineStarts: number[] = [0];
  private readonly statements: Statement[] = [];
  private readonly insertions: { readonly at: number; readonly text: string }[] = [];
  private open: Open[] = [];
  private line = 0;
  private at = 0;
  private isContinued = false;
  private hasColon = false;
  private last: Token = NOTHING;
  /** Characters that may be read again in all: what is broken throughout is left as it is. */
  private patience: number;

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
      this.lineStarts.push(at + 1);
    this.patience = 2 * text.length + 2000;
  }

  run(): Scan {
    while (this.line < this.lineStarts.length) {
      this.readLine();
      if (this.line >= this.lineStarts.length && this.open.length > 0)
        this.closeBefore(this.lineStarts.length);
    }
    return this.assemble();
  }

  /** Reads the current line from its start, or from where a string that began earlier ended. */
  private readLine(): void {
    const { text } = this;
    let at = this.lineStarts[this.line] ?? text.length;
    let code = text.charCodeAt(at);
    let indent = 0;
    while (code === SPACE || code === TAB || code === FORM_FEED) {
      indent = code === TAB ? indent + 8 - (indent % 8) : indent + 1;
      code = text.charCodeAt(++at);
    }
    this.at = at;
    if (code === NEWLINE || code === RETURN || code === HASH || at >= text.length) {
      if (this.open.length === 0 && this.isContinued) this.endStatement(this.line - 1);
      this.isContinued = false;
      this.line++;
      return;
    }
    if (this.open.length > 0) {
      if (this.opensNewStatement(at, code)) return this.closeBefore(this.line);
    } else if (!this.isContinued) {
      this.statements.push({
        start: this.lineStarts[this.line] ?? 0,
        indent,
        word: this.wordAt(at),
        line: this.line,
      });
      this.last = NOTHING;
      this.hasColon = false;
    }
    this.isContinued = false;
    this.readTokens();
  }

  /** Inside brackets: can the first token of a line only begin a statement? */
  private opensNewStatement(at: number, code: number): boolean {
    if (!isWordCode(code)) return code === 64 && !this.last.isOperand;
    const word = this.wordAt(at);
    if (HARD_KEYWORDS.has(word)) return true;
    if (!this.last.isOperand || OPERATOR_WORDS.has(word)) return false;
    // A string after a string is one string; its prefix is no operand of its own.
    const next = this.text.charCodeAt(at + word.length);
    return !(word.length <= 2 && (next === SINGLE || next === DOUBLE));
  }

  private readTokens(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === SPACE || code === TAB || code === RETURN || code === FORM_FEED) this.at++;
      else if (code === NEWLINE || code === HASH || this.at >= text.length) break;
      else if (code === DOUBLE || code === SINGLE) this.readString(code);
      else if (isWordCode(code)) this.readWord();
      else if (code === BACKSLASH && this.isLineEnd(this.at + 1)) {
        this.isContinued = true;
        break;
      } else this.readSign(code);
    }
    if (this.open.length === 0 && !this.isContinued) this.endStatement(this.line);
    this.line++;
  }

  private readSign(code: number): void {
    const char = this.text[this.at] ?? '';
    this.at++;
    if (code === 40 || code === 91 || code === 123) {
      this.open.push({ closer: code === 40 ? ')' : code === 91 ? ']' : '}', line: this.line });
      this.last = NOTHING;
    } else if (code === 41 || code === 93 || code === 125) {
      this.open.pop();
      this.last = OPERAND;
    } else {
      if (code === COLON && this.open.length === 0) this.hasColon = true;
      this.last = { isOperand: false, text: char };
    }
  }

  private readWord(): void {
    const word = this.wordAt(this.at);
    const end = this.at + word.length;
    const next = this.text.charCodeAt(end);
    this.at = end;
    if ((next === SINGLE || next === DOUBLE) && word.length <= 2 && /^[rbuft]+$/i.test(word))
      return this.readString(next);
    this.last = OPERATOR_WORDS.has(word) ? { isOperand: false, text: word } : OPERAND;
  }

  /** Reads a string, over lines where it has three quotes; an unclosed one is closed at the end of the line it began on. */
  private readString(quote: number): void {
    const { text } = this;
    const isTriple =
      text.charCodeAt(this.at + 1) === quote && text.charCodeAt(this.at + 2) === quote;
    const from = this.at + (isTriple ? 3 : 1);
    let lines = 0;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        at++;
        if (text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === NEWLINE) at++;
        if (text.charCodeAt(at) === NEWLINE) lines++;
      } else if (code === NEWLINE) {
        if (!isTriple) break;
        lines++;
      } else if (
        code === quote &&
        (!isTriple || (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote))
      ) {
        this.at = at + (isTriple ? 3 : 1);
        this.line += lines;
        this.last = OPERAND;
        return;
      }
    }
    const mark = String.fromCharCode(quote);
    this.insert(this.line, isTriple ? mark.repeat(3) : mark);
    this.at = this.lineEnd(this.line);
    this.last = OPERAND;
  }

  /** The open brackets were left open before line `number`: closes them where the statement seems to end, and goes on from there. */
  private closeBefore(number: number): void {
    const [outermost] = this.open;
    const statement = this.statements.at(-1);
    if (!outermost || !statement) {
      this.open = [];
      return;
    }
    let end = number;
    for (let line = outermost.line + 1; line < number; line++) {
      const start = this.codeStart(line);
      const code = this.text.charCodeAt(start);
      const isCode =
        start < this.lineEnd(line) && code !== HASH && code !== 41 && code !== 93 && code !== 125;
      if (isCode && this.indentOf(line) <= statement.indent) {
        end = line;
        break;
      }
    }
    let last = end - 1;
    while (last > outermost.line && this.codeEnd(last) <= this.codeStart(last)) last--;
    const rewind = this.lineStarts[end] ?? this.text.length + 1;
    this.patience -= Math.max(0, this.at - rewind);
    while ((this.statements.at(-1)?.start ?? -1) >= rewind) this.statements.pop();
    while ((this.insertions.at(-1)?.at ?? -1) >= rewind) this.insertions.pop();
    // Brackets opened after the place where the statement now ends are read again.
    const closers = this.open.filter(open => open.line <= last).map(open => open.closer);
    this.insert(last, closers.toReversed().join(''));
    this.open = [];
    this.last = OPERAND;
    this.endStatement(last);
    this.line = this.patience > 0 ? end : Math.max(end, number);
    this.isContinued = false;
  }

  private endStatement(line: number): void {
    const statement = this.statements.at(-1);
    if (!statement) return;
    const { last } = this;
    if (
      !last.isOperand &&
      last.text !== '' &&
      (DANGLING_CHARS.includes(last.text) || DANGLING_WORDS.has(last.text))
    ) {
      this.insert(line, last.text === '.' ? '_' : ' _');
    }
    if (!HEADERS.has(statement.word)) return;
    if (this.hasColon && last.text !== ':') return;
    const isIndented = this.indentOfNextCode(line + 1) > statement.indent;
    if (!this.hasColon) this.insert(line, isIndented ? ':' : ': pass');
    else if (!isIndented) this.insert(line, ' pass');
  }

  private insert(line: number, text: string): void {
    this.insertions.push({ at: this.codeEnd(line), text });
  }

  private indentOfNextCode(from: number): number {
    for (let line = from; line < this.lineStarts.length; line++) {
      const start = this.codeStart(line);
      if (start < this.lineEnd(line) && this.text.charCodeAt(start) !== HASH)
        return this.indentOf(line);
    }
    return -1;
  }

  private lineEnd(line: number): number {
    const next = this.lineStarts[line + 1];
    let end = next === undefined ? this.text.length : next - 1;
    if (this.text.charCodeAt(end - 1) === RETURN && end > (this.lineStarts[line] ?? 0)) end--;
    return end;
  }

  private codeStart(line: number): number {
    let at = this.lineStarts[line] ?? this.text.length;
    const end = this.lineEnd(line);
    while (at < end && isBlank(this.text.charCodeAt(at))) at++;
    return at;
  }

  /** Where the code of a line ends: before a comment and the blanks in front of it. */
  private codeEnd(line: number): number {
    const start = this.lineStarts[line] ?? this.text.length;
    let end = this.lineEnd(line);
    let quote = 0;
    for (let at = start; at < end; at++) {
      const code = this.text.charCodeAt(at);
      if (quote) {
        if (code === BACKSLASH) at++;
        else if (code === quote) quote = 0;
      } else if (code === DOUBLE || code === SINGLE) quote = code;
      else if (code === HASH) {
        end = at;
        break;
      }
    }
    while (end > start && isBlank(this.text.charCodeAt(end - 1))) end--;
    return end;
  }

  private indentOf(line: number): number {
    let width = 0;
    for (let at = this.lineStarts[line] ?? 0; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === TAB) width += 8 - (width % 8);
      else if (code === SPACE || code === FORM_FEED) width++;
      else return width;
    }
  }

  private isLineEnd(at: number): boolean {
    let place = at;
    while (isBlank(this.text.charCodeAt(place)) || this.text.charCodeAt(place) === RETURN) place++;
    return place >= this.text.length || this.text.charCodeAt(place) === NEWLINE;
  }

  private wordAt(at: number): string {
    let end = at;
    while (isWordCode(this.text.charCodeAt(end))) end++;
    return this.text.slice(at, Math.max(end, at + 1));
  }

  private assemble(): Scan {
    if (this.insertions.length === 0) return { text: this.text, statements: this.statements };
    // A stable sort keeps the order of what goes to the same place.
    const sorted = this.insertions.toSorted((a, b) => a.at - b.at);
    let text = '';
    let from = 0;
    let grown = 0;
    let next = 0;
    for (const statement of this.statements) {
      for (; next < sorted.length && (sorted[next]?.at ?? 0) < statement.start; next++)
        grown += sorted[next]?.text.length ?? 0;
      statement.start += grown;
    }
    for (const insertion of sorted) {
      text += this.text.slice(from, insertion.at) + insertion.text;
      from = insertion.at;
    }
    return { text: text + this.text.slice(from), statements: this.statements };
  }
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB || code === FORM_FEED;

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 48 && code <= 57) ||
    code > 127
  );
}
