/**
 * Owns the output between the snippet and the screen: a snippet can print far faster than a terminal can draw, so what
 * does not fit is left out, oldest first, and counted. Pure.
 */
import type { OutputPiece } from '../../trace/model';

export interface OutputBatch {
  readonly pieces: readonly OutputPiece[];
  /** Characters left out before `pieces`. */
  readonly skipped: number;
}

export class OutputBuffer {
  private readonly limit: number;
  private pieces: OutputPiece[] = [];
  private first = 0;
  private size = 0;
  private skipped = 0;

  /** `limit` is the most characters that wait for the screen. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get isEmpty(): boolean {
    return this.size === 0 && this.skipped === 0;
  }

  add(piece: OutputPiece): void {
    const text = piece.text;
    if (text.length > this.limit) {
      this.skipped += this.size + text.length - this.limit;
      this.pieces = [{ ...piece, text: text.slice(-this.limit) }];
      this.first = 0;
      this.size = this.limit;
      return;
    }
    this.pieces.push(piece);
    this.size += text.length;
    while (this.size > this.limit) this.dropFirst();
  }

  /** Takes up to `room` characters, or at least one piece. */
  take(room: number): OutputBatch {
    const skipped = this.skipped;
    this.skipped = 0;
    const taken: OutputPiece[] = [];
    let used = 0;
    while (this.first < this.pieces.length) {
      const piece = this.pieces[this.first];
      if (!piece || (used > 0 && used + piece.text.length > room)) break;
      taken.push(piece);
      used += piece.text.length;
      this.first++;
    }
    this.size -= used;
    this.compact();
    return { pieces: taken, skipped };
  }

  private dropFirst(): void {
    const piece = this.pieces[this.first++];
    this.size -= piece?.text.length ?? 0;
    this.skipped += piece?.text.length ?? 0;
    this.compact();
  }

  private compact(): void {
    if (this.first < 1024 && this.first < this.pieces.length) return;
    this.pieces = this.pieces.slice(this.first);
    this.first = 0;
  }
}
