/** Owns the places a rewritten module speaks of, as rows small enough to stand in its text. */
import { getLineInfo } from 'acorn';
import type { Node } from 'acorn';

/** `call`: awaits the call it is given; `each`: one step of a `for await`; `function`: an async function's own place. */
export type SiteUse = 'call' | 'value' | 'each' | 'function';

/** [line, column, end column (0: on another line), use, what is awaited as written, enclosing function]; both columns 1-based. */
export type SiteRow = readonly [number, number, number, SiteUse, string, string];

/** What is waited for has to fit beside the line. */
const MAX_LABEL = 60;

export class SiteList {
  readonly rows: SiteRow[] = [];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  add(node: Node, what: Node, use: SiteUse, func: string): number {
    const start = getLineInfo(this.source, node.start);
    const end = getLineInfo(this.source, node.end);
    const endColumn = end.line === start.line ? end.column + 1 : 0;
    const label = use === 'function' ? '' : shorten(this.source.slice(what.start, what.end));
    this.rows.push([start.line, start.column + 1, endColumn, use, label, func]);
    return this.rows.length - 1;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= MAX_LABEL ? line : `${line.slice(0, MAX_LABEL - 2)} …`;
}
