/**
 * Owns one line of typed input: what a terminal in cooked mode does for a program that reads its standard input.
 * Pure: keys in, echo and submitted lines out.
 */
import { columnsOf } from './textWidth';

export interface LineEditorSink {
  /** Control sequences and text for the screen. */
  echo(text: string): void;
  /** A whole line with its `\n`. */
  submit(line: string): void;
  endInput(): void;
  interrupt(): void;
}

const ESC = '\x1b';
const HISTORY = 100;

export class LineEditor {
  private readonly sink: LineEditorSink;
  private chars: string[] = [];
  private cursor = 0;
  private readonly history: string[] = [];
  private historyAt = 0;

  constructor(sink: LineEditorSink) {
    this.sink = sink;
  }

  /** `data` is what the terminal sends: one key, a paste, or an escape sequence. */
  input(data: string): void {
    for (const key of keysOf(data)) this.key(key);
  }

  private key(key: string): void {
    switch (key) {
      case '\r':
      case '\n':
        return this.submit();
      case '\x03':
        this.reset();
        this.sink.echo('^C\r\n');
        return this.sink.interrupt();
      case '\x04':
        return this.endOfInput();
      case '\x7f':
      case '\b':
        return this.remove(this.cursor - 1, this.cursor);
      case `${ESC}[3~`:
        return this.remove(this.cursor, this.cursor + 1);
      case `${ESC}[D`:
        return this.move(this.cursor - 1);
      case `${ESC}[C`:
        return this.move(this.cursor + 1);
      case `${ESC}[H`:
      case `${ESC}OH`:
      case '\x01':
        return this.move(0);
      case `${ESC}[F`:
      case `${ESC}OF`:
      case '\x05':
        return this.move(this.chars.length);
      case `${ESC}[A`:
        return this.recall(-1);
      case `${ESC}[B`:
        return this.recall(1);
      case '\x15':
        return this.remove(0, this.cursor);
      case '\x0b':
        return this.remove(this.cursor, this.chars.length);
      case '\x17':
        return this.remove(this.wordStart(), this.cursor);
      default:
        if (key === '\t' || key >= ' ') this.insert(key);
    }
  }

  private insert(text: string): void {
    if (text.startsWith(ESC)) return;
    const added = Array.from(text);
    this.chars.splice(this.cursor, 0, ...added);
    this.cursor += added.length;
    this.sink.echo(text + this.tail());
  }

  private remove(from: number, to: number): void {
    const start = Math.max(0, from);
    if (start >= to || start >= this.chars.length) return;
    this.move(start);
    this.chars.splice(start, to - start);
    this.sink.echo(`${ESC}[K${this.tail()}`);
  }

  /** What stands right of the cursor, drawn again, and the way back. */
  private tail(): string {
    const rest = this.chars.slice(this.cursor).join('');
    return rest && rest + back(columnsOf(rest));
  }

  private move(to: number): void {
    const target = Math.min(Math.max(0, to), this.chars.length);
    const between = this.chars.slice(Math.min(target, this.cursor), Math.max(target, this.cursor));
    const columns = columnsOf(between.join(''));
    if (columns) this.sink.echo(target < this.cursor ? back(columns) : `${ESC}[${columns}C`);
    this.cursor = target;
  }

  private wordStart(): number {
    let at = this.cursor;
    while (at > 0 && this.chars[at - 1] === ' ') at--;
    while (at > 0 && this.chars[at - 1] !== ' ') at--;
    return at;
  }

  private recall(step: number): void {
    const at = this.historyAt + step;
    if (at < 0 || at > this.history.length) return;
    this.historyAt = at;
    this.move(0);
    this.chars = Array.from(this.history[at] ?? '');
    this.cursor = this.chars.length;
    this.sink.echo(`${ESC}[K${this.chars.join('')}`);
  }

  private submit(): void {
    const line = this.chars.join('');
    this.reset();
    if (line && this.history.at(-1) !== line) this.history.push(line);
    if (this.history.length > HISTORY) this.history.shift();
    this.historyAt = this.history.length;
    this.sink.echo('\r\n');
    this.sink.submit(`${line}\n`);
  }

  private endOfInput(): void {
    if (this.chars.length) return this.sink.submit(this.take());
    this.sink.endInput();
  }

  private take(): string {
    const text = this.chars.join('');
    this.reset();
    return text;
  }

  private reset(): void {
    this.chars = [];
    this.cursor = 0;
  }
}

const back = (columns: number): string => `${ESC}[${columns}D`;

/** Escape sequences (CSI and SS3), a CRLF, or one character. */
const KEY = new RegExp(`${ESC}\\[[0-9;?]*[ -/]*[@-~]|${ESC}O[A-Z]|\r\n|[^]`, 'gu');

/** Splits what the terminal sent into keys; `\r\n` of a paste is one Enter. */
function keysOf(data: string): string[] {
  return data.match(KEY)?.map(key => (key === '\r\n' ? '\r' : key)) ?? [];
}
