/**
 * Owns the cutting of a JavaScript text into pieces that are parsed one by one, by characters alone: a piece begins at a line
 * without indentation, outside of all brackets, quotes and comments, whose first word can only begin a statement. A text
 * whose brackets or quotes do not match is cut at such lines wherever they stand, so that a half-typed line costs its own
 * piece only.
 */
import type { Piece } from '../inference/pieceReader';

/** Words that begin a statement and nothing else, wherever a line begins with them. */
const DECLARATIONS = new Set(
  'import export function class const let var async interface type enum abstract declare namespace'.split(
    ' ',
  ),
);
/** Declarations that can be all that follows `if (x)`. */
const BODIES = new Set(['function', 'var', 'async']);
/** Words that begin a statement when the one before has ended. */
const STATEMENTS = new Set('if for while do switch try return throw await debugger'.split(' '));
/** Words after which a slash begins a regular expression, and a line is not over. */
const OPERATORS = new Set(
  'return typeof instanceof in of new delete void throw case do else await yield extends import export default async from as'.split(
    ' ',
  ),
);

const NEWLINE = 10;
const DOUBLE = 34;
const DOLLAR = 36;
const SINGLE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const BACKTICK = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

export function cutStatements(text: string): Piece[] {
  const strict = new Cutter(text, false);
  const starts = strict.run() ?? new Cutter(text, true).run() ?? [];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}

class Cutter {
  private readonly text: string;
  /** The text does not match up: a declaration at the start of a line begins a piece whatever is open. */
  private readonly isForced: boolean;
  private readonly starts: number[] = [0];
  /** Open brackets; a backtick stands for a template whose `${` is open. */
  private open: number[] = [];
  private at = 0;
  /** The last word or sign that is no blank and no comment; a word is `a` followed by itself. */
  private last = '';
  private hasMismatch = false;

  constructor(text: string, isForced: boolean) {
    this.text = text;
    this.isForced = isForced;
  }

  /** Where pieces begin; undefined when the text does not match up and was not forced. */
  run(): number[] | undefined {
    const { text } = this;
    this.lineStart();
    while (this.at < text.length && !(this.hasMismatch && !this.isForced)) this.step();
    const isSound = !this.hasMismatch && this.open.length === 0;
    return isSound || this.isForced ? this.starts : undefined;
  }

  private step(): void {
    const { text } = this;
    const code = text.charCodeAt(this.at);
    if (code === NEWLINE) {
      this.at++;
      this.lineStart();
    } else if (code <= 32) this.at++;
    else if (isWordCode(code)) this.word();
    else if (code === DOUBLE || code === SINGLE) this.quoted(code);
    else if (code === BACKTICK) this.template(this.at + 1);
    else if (code === SLASH) this.slash();
    else this.sign(code);
  }

  private word(): void {
    const from = this.at;
    while (isWordCode(this.text.charCodeAt(this.at))) this.at++;
    this.last = `a${this.text.slice(from, this.at)}`;
  }

  private sign(code: number): void {
    this.last = this.text[this.at] ?? '';
    this.at++;
    if (code === 40 || code === OPEN_BRACKET || code === OPEN_BRACE) this.open.push(code);
    else if (code === 41 || code === CLOSE_BRACKET || code === CLOSE_BRACE) this.close(code);
  }

  private close(code: number): void {
    const opened = this.open.pop();
    if (opened === BACKTICK && code === CLOSE_BRACE) this.template(this.at);
    else if (opened !== (code === 41 ? 40 : code - 2)) {
      this.hasMismatch = true;
      if (opened === BACKTICK) this.template(this.at);
    }
  }

  /** A string ends with its line, also where its quote is missing: an apostrophe between tags opens none. */
  private quoted(quote: number): void {
    const { text } = this;
    let at = this.at + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === quote || code === NEWLINE) break;
    }
    this.at = text.charCodeAt(at) === quote ? at + 1 : Math.min(at, text.length);
    this.last = 'a"';
  }

  /** The text of a template up to its end or its next `${`. */
  private template(from: number): void {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === BACKTICK) {
        this.at = at + 1;
        this.last = 'a`';
        return;
      } else if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN_BRACE) {
        this.open.push(BACKTICK);
        this.at = at + 2;
        this.last = '{';
        return;
      } else if (this.isForced && code === NEWLINE && this.isDeclaration(at + 1)) {
        this.at = at;
        this.last = ';';
        return;
      }
    }
    this.hasMismatch = true;
    this.at = text.length;
  }

  private slash(): void {
    const { text } = this;
    const next = text.charCodeAt(this.at + 1);
    if (next === SLASH) {
      const end = text.indexOf('\n', this.at);
      this.at = end < 0 ? text.length : end;
    } else if (next === STAR) this.comment();
    else if (this.canBeExpression()) this.regex();
    else this.sign(SLASH);
  }

  private comment(): void {
    const end = this.text.indexOf('*/', this.at + 2);
    if (end >= 0) {
      this.at = end + 2;
      return;
    }
    this.hasMismatch = true;
    // Forced, a comment without end is taken for a line of it.
    const line = this.text.indexOf('\n', this.at);
    this.at = line < 0 || !this.isForced ? this.text.length : line;
  }

  /** A regular expression is over with its line at the latest. */
  private regex(): void {
    const { text } = this;
    let isInClass = false;
    for (let at = this.at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) break;
      if (code === BACKSLASH) at++;
      else if (code === OPEN_BRACKET) isInClass = true;
      else if (code === CLOSE_BRACKET) isInClass = false;
      else if (code === SLASH && !isInClass) {
        this.at = at + 1;
        this.last = 'a/';
        return;
      }
    }
    this.sign(SLASH);
  }

  /** True where an operand is due, so that a slash is no division. */
  private canBeExpression(): boolean {
    const { last } = this;
    if (last.startsWith('a')) return OPERATORS.has(last.slice(1));
    return last !== ')' && last !== ']' && last !== '}';
  }

  private lineStart(): void {
    const { text, at } = this;
    if (at === 0 || !isWordCode(text.charCodeAt(at))) return;
    if (this.open.length > 0) {
      if (!this.isForced || !this.isDeclaration(at)) return;
      this.open = [];
    } else if (!this.beginsStatement(at)) return;
    this.starts.push(at);
    this.last = '';
  }

  private beginsStatement(at: number): boolean {
    const word = this.wordAt(at);
    const { last } = this;
    const isOver = last === ';' || last === '}';
    if (isOver) return !CONTINUATIONS.has(word);
    // `if (x)` and `else` go on with the statement of the next line, which can be no declaration of a block.
    if (last === ')') return DECLARATIONS.has(word) && !BODIES.has(word);
    const isOperand = last.startsWith('a') || last === ']' || last === '';
    if (!isOperand || OPERATORS.has(last.slice(1))) return false;
    return DECLARATIONS.has(word) || STATEMENTS.has(word);
  }

  private isDeclaration(at: number): boolean {
    return DECLARATIONS.has(this.wordAt(at));
  }

  private wordAt(at: number): string {
    let end = at;
    while (isWordCode(this.text.charCodeAt(end))) end++;
    return this.text.slice(at, end);
  }
}

/** Words that go on with the statement before, after its brace. */
const CONTINUATIONS = new Set(
  'else catch finally while in of instanceof as satisfies from extends implements'.split(' '),
);

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  code === 95 ||
  code === DOLLAR ||
  (code >= 48 && code <= 57) ||
  code > 127;
