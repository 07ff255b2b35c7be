/** Owns the keeping of a run's output: all of it while it is small, else its head and its tail, and how much was left out. */
import type { OutputPiece } from './model';

const HEAD_COST = 4 * 1024 * 1024;
const TAIL_COST = 4 * 1024 * 1024;
/** What an object costs besides its text, in characters. */
const PIECE_COST = 64;
const MOST_JOINED = 4096;

export class OutputStore {
  /** Replaced, never changed in its middle, when the tail moves on. */
  pieces: OutputPiece[] = [];
  leftOutChars = 0;
  private headCount = 0;
  private headCost = 0;
  private tailCost = 0;

  add(piece: OutputPiece): void {
    if (this.continueLine(piece)) return;
    const cost = piece.text.length + PIECE_COST;
    this.pieces.push(piece);
    if (this.headCount === this.pieces.length - 1 && this.headCost + cost <= HEAD_COST) {
      this.headCount++;
      this.headCost += cost;
      return;
    }
    this.tailCost += cost;
    // Cut well below the limit, so that cutting is rare.
    if (this.tailCost > TAIL_COST * 2) this.cut();
  }

  /** `print` may write a line and its end apart: they are one piece. */
  private continueLine(piece: OutputPiece): boolean {
    const last = this.pieces.at(-1);
    if (!last || last.lane !== piece.lane || last.stream !== piece.stream) return false;
    if (last.text.endsWith('\n') || last.text.length > MOST_JOINED) return false;
    this.pieces[this.pieces.length - 1] = { ...last, text: last.text + piece.text };
    if (this.headCount === this.pieces.length) this.headCost += piece.text.length;
    else this.tailCost += piece.text.length;
    return true;
  }

  private cut(): void {
    let first = this.headCount;
    while (this.tailCost > TAIL_COST && first < this.pieces.length - 1) {
      const { length } = this.pieces[first]!.text;
      this.tailCost -= length + PIECE_COST;
      this.leftOutChars += length;
      first++;
    }
    this.pieces = [...this.pieces.slice(0, this.headCount), ...this.pieces.slice(first)];
  }
}
