/**
 * Owns telling which lane wrote what: bytes come through the pipe, the trace has length and CRC-32 of each write. Writes
 * of several processes and threads may come in another order than they were recorded, so a few pending ones are tried;
 * bytes that match none belong to no lane (a program that is not traced).
 */
import { crc32 } from '../base/crc32';
import type { OutputPiece } from './model';
import type { OutputRecords } from './outputRecords';

export type StreamName = OutputPiece['stream'];

/** Pending writes of one process that are tried: as many threads may be between recording and writing. */
const TRIES_PER_SOURCE = 32;
/** Most attempts to find where known output begins again after unknown output, per pass. */
const RESYNC_TRIES = 256;
/** A write is not held back to be checked as a whole beyond this: what fits so far is taken for its. */
const LARGE_BYTES = 64 * 1024;
/** In a flood, neighbouring writes of a lane become one piece. */
const FLOOD_PIECES = 2000;

interface Source {
  /** Rows of `OutputRecords`, in the order they were recorded. */
  pending: number[];
}

/** One of the two streams of a run. */
export class OutputMatcher {
  private readonly stream: StreamName;
  private readonly records: OutputRecords;
  private readonly emit: (piece: OutputPiece) => void;
  private readonly sources = new Map<number, Source>();
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private seen = 0;
  /** A large write of which the beginning was given out already. */
  private streaming: { row: number; left: number } | undefined;
  private piecesInPass = 0;
  private held: OutputPiece | undefined;
  private lastNs = 0;

  constructor(stream: StreamName, records: OutputRecords, emit: (piece: OutputPiece) => void) {
    this.stream = stream;
    this.records = records;
    this.emit = emit;
  }

  add(chunk: Uint8Array): void {
    if (this.at === this.bytes.length) this.bytes = chunk;
    else {
      const left = this.bytes.subarray(this.at);
      const next = new Uint8Array(left.length + chunk.length);
      next.set(left);
      next.set(chunk, left.length);
      this.bytes = next;
    }
    this.at = 0;
  }

  get waiting(): number {
    return this.bytes.length - this.at;
  }

  /**
   * Gives out what can be attributed now. `isPatient` holds back the beginning of a write, `isBehind` whatever is not known,
   * since its record may not be read yet; `nowNs` times what is not known.
   */
  pass(nowNs: number, isPatient: boolean, isBehind = false): void {
    this.collect();
    this.piecesInPass = 0;
    while (this.at < this.bytes.length) {
      if (this.streaming) {
        this.takeStreaming(this.streaming);
        continue;
      }
      const row = this.matchAt(this.at);
      if (row >= 0) this.take(row, this.records.bytes.data[row]!);
      else if (isBehind || !this.takeUnknown(nowNs, isPatient)) break;
    }
    this.flush();
  }

  /** At the end of the run: everything is given out, also half a character. */
  end(nowNs: number): void {
    this.pass(nowNs, false);
    const rest = this.decoder.decode();
    if (rest) this.emit({ lane: null, ns: nowNs, stream: this.stream, text: rest });
  }

  private collect(): void {
    const { records } = this;
    const code = this.stream === 'stdout' ? 1 : 2;
    for (; this.seen < records.count; this.seen++) {
      if (records.stream.data[this.seen] !== code || records.bytes.data[this.seen] === 0) continue;
      const key = records.source.data[this.seen]!;
      let source = this.sources.get(key);
      if (!source) this.sources.set(key, (source = { pending: [] }));
      source.pending.push(this.seen);
    }
  }

  /** Row of the earliest pending write that these bytes are; -1 none. */
  private matchAt(at: number): number {
    const available = this.bytes.length - at;
    const sums = new Map<number, number>();
    let best = -1;
    for (const { pending } of this.sources.values()) {
      for (let index = 0; index < pending.length && index < TRIES_PER_SOURCE; index++) {
        const row = pending[index]!;
        const length = this.records.bytes.data[row]!;
        if (length > available) continue;
        let sum = sums.get(length);
        if (sum === undefined) sums.set(length, (sum = crc32(this.bytes, at, at + length)));
        if (sum !== this.records.crc.data[row]!) continue;
        if (best < 0 || this.records.ns.data[row]! < this.records.ns.data[best]!) best = row;
        break;
      }
    }
    return best;
  }

  private take(row: number, length: number): void {
    const source = this.sources.get(this.records.source.data[row]!)!;
    const { pending } = source;
    if (pending[0] === row) pending.shift();
    else pending.splice(pending.indexOf(row), 1);
    this.give(row, length);
  }

  /** False when it is better to wait for more. */
  private takeUnknown(nowNs: number, isPatient: boolean): boolean {
    const available = this.bytes.length - this.at;
    const unfinished = this.unfinished(available);
    if (unfinished >= 0) {
      if (isPatient && available < LARGE_BYTES) return false;
      if (available >= LARGE_BYTES) {
        this.streaming = { row: unfinished, left: this.records.bytes.data[unfinished]! };
        const { pending } = this.sources.get(this.records.source.data[unfinished]!)!;
        pending.splice(pending.indexOf(unfinished), 1);
        return true;
      }
    }
    const length = this.unknownLength();
    const ns = Math.max(nowNs, this.lastNs);
    this.giveText(null, ns, length);
    return true;
  }

  /** The earliest pending write that is longer than what has come. */
  private unfinished(available: number): number {
    let best = -1;
    for (const { pending } of this.sources.values()) {
      for (let index = 0; index < pending.length && index < TRIES_PER_SOURCE; index++) {
        const row = pending[index]!;
        if (this.records.bytes.data[row]! <= available) continue;
        if (best < 0 || this.records.ns.data[row]! < this.records.ns.data[best]!) best = row;
        break;
      }
    }
    return best;
  }

  /** How many bytes go by until known output begins again; known output begins after a line's end. */
  private unknownLength(): number {
    const { bytes } = this;
    const hasPending = [...this.sources.values()].some(source => source.pending.length > 0);
    if (!hasPending) return bytes.length - this.at;
    let from = this.at;
    for (let tries = 0; tries < RESYNC_TRIES; tries++) {
      const newline = bytes.indexOf(10, from);
      if (newline < 0 || newline + 1 >= bytes.length) break;
      from = newline + 1;
      if (this.matchAt(from) >= 0) return from - this.at;
    }
    return from > this.at && from < bytes.length ? from - this.at : bytes.length - this.at;
  }

  private takeStreaming(streaming: { row: number; left: number }): void {
    const length = Math.min(streaming.left, this.bytes.length - this.at);
    this.give(streaming.row, length);
    streaming.left -= length;
    if (streaming.left <= 0) this.streaming = undefined;
  }

  private give(row: number, length: number): void {
    this.giveText(this.records.lane.data[row]!, this.records.ns.data[row]!, length);
  }

  private giveText(lane: number | null, ns: number, length: number): void {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    if (ns > this.lastNs) this.lastNs = ns;
    // Undecodable bytes come out as the replacement character; a character cut in two waits for its rest.
    const text = this.decoder.decode(part, { stream: true });
    if (text === '') return;
    if (++this.piecesInPass > FLOOD_PIECES && this.held?.lane === lane) {
      this.held = { ...this.held, text: this.held.text + text };
      return;
    }
    this.flush();
    this.held = { lane, ns, stream: this.stream, text };
  }

  private flush(): void {
    if (!this.held) return;
    const { held } = this;
    this.held = undefined;
    this.emit(held);
  }
}
