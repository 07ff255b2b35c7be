/**
 * Owns the reading of a run's trace folder: finds the files and reads the slots that were written since the last look.
 * The files are memory-mapped by their writers, so nothing announces a write: the owner of a reader calls `poll`.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../base/reason';
import { parseHeader } from './fileHeader';
import type { FileDecoder } from './fileDecoder';
import { RECORD_BYTES, TRACE_FILE_SUFFIX } from './format';
import type { TraceModel } from './traceModel';

const CHUNK_RECORDS = 8192;
/** Read in one poll at most, so that a flood of records does not hold up the host. */
const RECORDS_PER_POLL = 150_000;
/** A run with more is cut there; the columns of that many waits take about a gigabyte. */
export const MAX_RECORDS = 10_000_000;
const MAX_FILES = 20_000;
/** A slot that stays empty this long while later ones are written is passed over, and looked at again. */
const HOLE_PATIENCE_MS = 100;
/** More holes than threads that may be about to write are not waited for. */
const MAX_HOLES = 512;
/** A child's file may be there before its parent has told of the child. */
const PARENT_PATIENCE_MS = 300;

interface TraceFile {
  readonly name: string;
  readonly firstSeenMs: number;
  decoder: FileDecoder | undefined;
  /** Next slot to read. */
  next: number;
  /** Slots passed over while empty. */
  holes: number[];
  /** When the empty slot at `next` was first met, with later ones written; undefined when there is none. */
  holeSinceMs: number | undefined;
  /** It cannot be read, or is no trace: said once, then left alone. */
  isRefused: boolean;
}

export class TraceReader {
  private readonly folder: string;
  private readonly model: TraceModel;
  private readonly nowMs: () => number;
  private readonly files = new Map<string, TraceFile>();
  private readonly buffer = new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES);
  private readonly bytes = new Uint8Array(this.buffer);
  private readonly words = new Uint32Array(this.buffer);

  constructor(folder: string, model: TraceModel, nowMs: () => number) {
    this.folder = folder;
    this.model = model;
    this.nowMs = nowMs;
  }

  /** Reads what is new. True when there was more than one poll takes: call again soon. */
  poll(): boolean {
    const hasMore = this.read(false, RECORDS_PER_POLL);
    this.model.publish();
    return hasMore;
  }

  /** Something is written that cannot be read yet: a child of which its parent has not told, a slot taken and not filled. */
  get isBehind(): boolean {
    const since = this.nowMs() - 2 * PARENT_PATIENCE_MS;
    for (const file of this.files.values()) {
      if (file.isRefused) continue;
      if (file.decoder ? file.holeSinceMs !== undefined : file.firstSeenMs > since) return true;
    }
    return false;
  }

  /** Reads everything that is left, empty slots or not: no writer lives any more. */
  drain(): void {
    this.read(true, Number.POSITIVE_INFINITY);
  }

  private read(isFinal: boolean, limit: number): boolean {
    this.findFiles();
    let left = limit;
    for (const file of this.inOrder()) {
      if (file.isRefused || left <= 0) continue;
      left -= this.readFile(file, isFinal, left);
    }
    return left <= 0;
  }

  /** Parents before children: a child's lane is then known when its own file is opened, also offline or after a pause. */
  private inOrder(): readonly TraceFile[] {
    const files = [...this.files.values()].filter(file => !file.isRefused);
    if (files.length < 2 || files.every(file => file.decoder)) return files;
    const starts = new Map(files.map(file => [file, this.startOf(file)]));
    return files.toSorted((one, other) => starts.get(one)! - starts.get(other)!);
  }

  private startOf(file: TraceFile): number {
    if (file.decoder) return -1;
    const count = this.withFile(file, fd => readSync(fd, this.bytes, 0, RECORD_BYTES, 0)) ?? 0;
    if (count < RECORD_BYTES) return Number.MAX_VALUE;
    const header = parseHeader(this.words);
    return typeof header === 'object' && 'pid' in header
      ? Math.max(0, this.model.sinceStart(header.time))
      : Number.MAX_VALUE;
  }

  private findFiles(): void {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      this.model.hostNotes.add(`The trace folder could not be read: ${reasonOf(error)}.`);
      return;
    }
    for (const name of names.toSorted()) {
      if (!name.endsWith(TRACE_FILE_SUFFIX) || this.files.has(name)) continue;
      if (this.files.size >= MAX_FILES) {
        this.model.hostNotes.add(`Only the first ${MAX_FILES} trace files were read.`);
        return;
      }
      this.files.set(name, {
        name,
        firstSeenMs: this.nowMs(),
        decoder: undefined,
        next: 0,
        holes: [],
        holeSinceMs: undefined,
        isRefused: false,
      });
    }
  }

  private withFile<T>(file: TraceFile, use: (fd: number) => T): T | undefined {
    let fd: number | undefined;
    try {
      fd = openSync(path.join(this.folder, file.name), 'r');
      return use(fd);
    } catch (error) {
      this.refuse(file, `could not be read: ${reasonOf(error)}`);
      return undefined;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  private readFile(file: TraceFile, isFinal: boolean, limit: number): number {
    // It is looked at once more at the end, all the same.
    if (!isFinal && file.decoder?.isOver === true) return 0;
    return this.withFile(file, fd => this.readSlots(file, fd, isFinal, limit)) ?? 0;
  }

  private readSlots(file: TraceFile, fd: number, isFinal: boolean, limit: number): number {
    const wasGone = file.decoder?.root.isGone === true;
    if (file.holes.length > 0) this.fillHoles(file, fd);
    let taken = 0;
    while (taken < limit) {
      if (this.model.records >= MAX_RECORDS) {
        this.model.hostNotes.add(
          `The run has more than ${MAX_RECORDS} records; what came after them was left out.`,
        );
        break;
      }
      const size = readSync(fd, this.bytes, 0, this.bytes.length, file.next * RECORD_BYTES);
      let count = Math.floor(size / RECORD_BYTES);
      if (isFinal && size % RECORD_BYTES !== 0) this.noteTorn(file);
      if (count === 0) {
        if (isFinal && !file.decoder) this.refuse(file, 'is empty, and was left out');
        break;
      }
      count = this.writtenCount(count);
      if (count === 0) break;
      if (!file.decoder && !this.open(file, isFinal)) break;
      const stopped = this.decode(file, count, isFinal);
      taken += stopped;
      if (stopped < count || count < CHUNK_RECORDS) break;
    }
    if (file.decoder) file.decoder.isOver = wasGone && taken === 0 && file.holes.length === 0;
    return taken;
  }

  /** Slots of the buffer up to the last that is written. */
  private writtenCount(count: number): number {
    let last = count;
    while (last > 0 && (this.words[(last - 1) * 16]! & 0xff) === 0) last--;
    return last;
  }

  private open(file: TraceFile, isFinal: boolean): boolean {
    const header = parseHeader(this.words);
    if (header === 'unwritten') {
      if (isFinal) this.refuse(file, 'has no beginning, and was left out');
      return false;
    }
    if ('problem' in header) {
      this.refuse(file, header.problem);
      return false;
    }
    const isLate = isFinal || this.nowMs() - file.firstSeenMs > PARENT_PATIENCE_MS;
    file.decoder = this.model.openFile(header, isLate);
    return file.decoder !== undefined;
  }

  /** Decodes `count` slots of the buffer, over holes when they were waited for long enough; returns how many are behind us. */
  private decode(file: TraceFile, count: number, isFinal: boolean): number {
    const decoder = file.decoder!;
    const first = file.next;
    let at = 0;
    while (at < count) {
      const stopped = decoder.decode(this.bytes, this.words, at, count);
      if (stopped > at) file.holeSinceMs = undefined;
      at = stopped;
      if (at === count) break;
      if (!isFinal) {
        file.holeSinceMs ??= this.nowMs();
        if (this.nowMs() - file.holeSinceMs < HOLE_PATIENCE_MS) break;
        if (file.holes.length < MAX_HOLES) file.holes.push(first + at);
      }
      at++;
    }
    file.next = first + at;
    return at;
  }

  private fillHoles(file: TraceFile, fd: number): void {
    file.holes = file.holes.filter(slot => {
      const size = readSync(fd, this.bytes, 0, RECORD_BYTES, slot * RECORD_BYTES);
      if (size < RECORD_BYTES || (this.words[0]! & 0xff) === 0) return true;
      file.decoder!.decode(this.bytes, this.words, 0, 1);
      return false;
    });
  }

  private noteTorn(file: TraceFile): void {
    this.model.hostNotes.add(
      `The trace file ${file.name} ends in the middle of a record; the rest of it was read.`,
    );
  }

  private refuse(file: TraceFile, problem: string): void {
    file.isRefused = true;
    this.model.hostNotes.add(`The trace file ${file.name} ${problem}.`);
  }
}
