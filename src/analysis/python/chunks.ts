/**
 * Owns the cutting of a text into pieces that are parsed one by one: a statement of the module, the head of a class, a
 * statement of a class's body. A piece that has not changed is not parsed again, and an error ends with its piece.
 */
import type { Statement } from './scan';

export interface Chunk {
  readonly kind: 'statement' | 'class-head' | 'member';
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** The piece is indented, so it is parsed inside a block of its own. */
  readonly isIndented: boolean;
}

/** Words that go on with the statement before. */
const CONTINUATIONS = new Set(['else', 'elif', 'except', 'finally']);

export function cut(statements: readonly Statement[], textLength: number): Chunk[] {
  const chunks: Chunk[] = [];
  let base = statements[0]?.indent ?? 0;
  for (let at = 0; at < statements.length;) {
    const next = endOfPiece(statements, at, base);
    const first = statements[at];
    if (first) {
      addPiece(chunks, statements, at, next, statements[next]?.start ?? textLength);
      base = Math.min(base, statements[next]?.indent ?? base);
    }
    at = next;
  }
  return chunks;
}

/** Place of the first statement after the piece that begins at `from`: the next one no deeper than `indent`. */
function endOfPiece(statements: readonly Statement[], from: number, indent: number): number {
  let at = from + 1;
  for (; at < statements.length; at++) {
    const statement = statements[at];
    if (!statement || statement.indent > indent || CONTINUATIONS.has(statement.word)) continue;
    // A decorator belongs to what it decorates.
    if (statements[at - 1]?.word === '@' && (statements[at - 1]?.indent ?? 0) <= indent) continue;
    break;
  }
  return at;
}

function addPiece(
  chunks: Chunk[],
  statements: readonly Statement[],
  from: number,
  next: number,
  end: number,
): void {
  const first = statements[from];
  if (!first) return;
  let head = from;
  while (statements[head]?.word === '@' && head + 1 < next) head++;
  const body = statements[head + 1];
  const isClass = statements[head]?.word === 'class' && first.indent === 0;
  if (!isClass || !body || head + 1 >= next || body.indent === 0) {
    chunks.push({ kind: 'statement', start: first.start, end, isIndented: first.indent > 0 });
    return;
  }
  chunks.push({ kind: 'class-head', start: first.start, end: body.start, isIndented: false });
  for (let at = head + 1; at < next;) {
    const after = Math.min(endOfPiece(statements, at, body.indent), next);
    const start = statements[at]?.start ?? end;
    chunks.push({
      kind: 'member',
      start,
      end: after < next ? (statements[after]?.start ?? end) : end,
      isIndented: true,
    });
    at = after;
  }
}
