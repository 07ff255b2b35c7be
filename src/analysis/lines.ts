/** Owns the way from offsets to lines and columns. */

/** Line starts of a text; lines end with \n, \r\n or a lone \r, as editors count them. */
export class LineTable {
  private readonly starts: number[] = [0];

  readonly text: string;

  constructor(text: string) {
    this.text = text;
    const { starts } = this;
    const hasCarriageReturn = text.includes('\r');
    if (!hasCarriageReturn) {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
        starts.push(at + 1);
      return;
    }
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
    }
  }

  get count(): number {
    return this.starts.length;
  }

  /** 0-based line of an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  startOf(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** Text of a 0-based line without its line end. */
  lineText(line: number): string {
    let end = line + 1 < this.starts.length ? this.startOf(line + 1) : this.text.length;
    const start = this.startOf(line);
    while (
      end > start &&
      (this.text.charCodeAt(end - 1) === 10 || this.text.charCodeAt(end - 1) === 13)
    )
      end--;
    return this.text.slice(start, end);
  }
}

export const splitLines = (text: string): string[] => text.split(/\r\n|\n|\r/);
