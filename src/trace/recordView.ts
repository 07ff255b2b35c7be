/** Owns the reading of one record's fields, as `FIELD` of the format lays them out: 16 words, the same for every kind. */
import { FIELD, RECORD_BYTES } from './format';

const WORDS = RECORD_BYTES / 4;
const TWO_32 = 2 ** 32;
/** No run is longer; a later time is damage. 2^51 ns are 26 days. */
const LATEST_NS = 2 ** 51;
/** Clocks of two processes agree, but a run's beginning is read a little late. */
const EARLIEST_NS = -60e9;

const T = FIELD.t / 4;
const T2 = FIELD.t2 / 4;
const CAUSE_T = FIELD.causeT / 4;
const X = FIELD.x / 4;

/** Stands on one record of a buffer; moved from record to record, so that reading makes no objects. */
export class RecordView {
  private words: Uint32Array = new Uint32Array(WORDS);
  private at = 0;
  private readonly baseHigh: number;
  private readonly baseLow: number;

  /** Times are given since `base`. */
  constructor(base: readonly [high: number, low: number]) {
    [this.baseHigh, this.baseLow] = base;
  }

  open(words: Uint32Array): void {
    this.words = words;
  }

  moveTo(index: number): void {
    this.at = index * WORDS;
  }

  get kind(): number {
    return this.words[this.at]! & 0xff;
  }

  get a(): number {
    return (this.words[this.at]! >>> 8) & 0xff;
  }

  get b(): number {
    return (this.words[this.at]! >>> 16) & 0xff;
  }

  get c(): number {
    return this.words[this.at]! >>> 24;
  }

  get lane(): number {
    return this.words[this.at + FIELD.lane / 4]!;
  }

  get site(): number {
    return this.words[this.at + FIELD.site / 4]!;
  }

  get ref(): number {
    return this.words[this.at + FIELD.ref / 4]!;
  }

  get id(): number {
    return this.words[this.at + FIELD.id / 4]!;
  }

  /** Lane number + 1; 0 is unknown. */
  get causeLane(): number {
    return this.words[this.at + FIELD.causeLane / 4]!;
  }

  get causeSite(): number {
    return this.words[this.at + FIELD.causeSite / 4]!;
  }

  get text(): number {
    return this.words[this.at + FIELD.text / 4]!;
  }

  get xLow(): number {
    return this.words[this.at + X]!;
  }

  get xHigh(): number {
    return this.words[this.at + X + 1]!;
  }

  get hasX(): boolean {
    return this.xLow !== 0 || this.xHigh !== 0;
  }

  get hasT2(): boolean {
    return this.words[this.at + T2] !== 0 || this.words[this.at + T2 + 1] !== 0;
  }

  /** `x` as a plain number. */
  get x(): number {
    return this.xHigh * TWO_32 + this.xLow;
  }

  /** Ns since the base; -1 when the time is out of all reason. */
  get t(): number {
    return this.time(T);
  }

  get t2(): number {
    return this.time(T2);
  }

  /** NaN where it is not told. */
  get readyOfT2(): number {
    return this.optionalTime(T2);
  }

  get readyOfX(): number {
    return this.optionalTime(X);
  }

  get causeT(): number {
    return this.optionalTime(CAUSE_T);
  }

  private time(word: number): number {
    const { words, at } = this;
    const high = words[at + word + 1]! - this.baseHigh;
    const ns = high * TWO_32 + (words[at + word]! - this.baseLow);
    if (ns >= 0) return ns <= LATEST_NS ? ns : -1;
    return ns > EARLIEST_NS ? 0 : -1;
  }

  private optionalTime(word: number): number {
    const { words, at } = this;
    if (words[at + word] === 0 && words[at + word + 1] === 0) return Number.NaN;
    const ns = this.time(word);
    return ns < 0 ? Number.NaN : ns;
  }
}
