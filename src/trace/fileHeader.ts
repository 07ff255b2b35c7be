/** Owns the first record of a trace file: whose it is, and whether this reader understands it. */
import { FORMAT_VERSION, LANGUAGES, RECORD_KINDS } from './format';
import type { Language } from './format';

export interface FileHeader {
  readonly pid: number;
  readonly parentPid: number;
  /** Its time, as two halves of a u64. */
  readonly time: readonly [high: number, low: number];
  readonly language: Language | null;
  /** For a JavaScript worker thread, the number its parent gave it; 0 for a process. */
  readonly worker: number;
  /** String number of the runtime's version. */
  readonly version: number;
}

/** `CLNS`, little-endian. */
const MAGIC = 0x534e4c43;

/** The header; `unwritten` when it is still to come; or what is wrong with it, to follow the file's name in a sentence. */
export function parseHeader(words: Uint32Array): FileHeader | 'unwritten' | { problem: string } {
  const first = words[0] ?? 0;
  if ((first & 0xff) === 0) return 'unwritten';
  if ((first & 0xff) !== RECORD_KINDS.header || words[6] !== MAGIC) {
    return { problem: 'is no trace file, and was left out' };
  }
  const version = (first >>> 8) & 0xff;
  if (version !== FORMAT_VERSION) {
    return {
      problem: `has format ${version} where this version reads format ${FORMAT_VERSION}, and was left out`,
    };
  }
  return {
    pid: words[1]!,
    parentPid: words[7]!,
    time: [words[3]!, words[2]!],
    language: LANGUAGES[((first >>> 16) & 0xff) - 1] ?? null,
    worker: first >>> 24 === 1 ? words[15]! * 2 ** 32 + words[14]! : 0,
    version: words[13]!,
  };
}
