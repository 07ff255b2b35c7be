/** Owns the strings of one trace file: they come in parts, in any order, and may be used before they are whole. */

/** Longer strings are cut: a name or a message needs no more, and a hostile length costs no memory. */
const MAX_BYTES = 64 * 1024;
const PART_BYTES = 44;

interface Partial {
  readonly total: number;
  readonly parts: Map<number, Uint8Array>;
}

export class StringTable {
  private readonly whole = new Map<number, string>();
  private readonly partial = new Map<number, Partial>();
  private readonly waiting = new Map<number, ((text: string) => void)[]>();
  private readonly decoder = new TextDecoder();

  /** `part` is a view of the bytes of the record; it is copied. */
  add(id: number, total: number, offset: number, part: Uint8Array): void {
    if (this.whole.has(id)) return;
    const wanted = Math.min(total, MAX_BYTES);
    if (offset === 0 && wanted <= PART_BYTES) {
      this.complete(id, this.decoder.decode(part.subarray(0, wanted)));
      return;
    }
    if (offset >= wanted || offset % PART_BYTES !== 0) return;
    let entry = this.partial.get(id);
    if (!entry) this.partial.set(id, (entry = { total: wanted, parts: new Map() }));
    entry.parts.set(offset, part.slice(0, Math.min(PART_BYTES, entry.total - offset)));
    if (entry.parts.size * PART_BYTES < entry.total) return;
    this.partial.delete(id);
    this.complete(id, this.join(entry) + (total > MAX_BYTES ? '…' : ''));
  }

  /** The text so far; null for number 0, which means none, and for a string of which nothing has come. */
  get(id: number): string | null {
    const text = this.whole.get(id);
    if (text !== undefined) return text;
    const entry = this.partial.get(id);
    return entry ? `${this.join(entry)}…` : null;
  }

  /** Calls back with the text, now or when it is whole. */
  whenKnown(id: number, use: (text: string) => void): void {
    if (id === 0) return;
    const text = this.whole.get(id);
    if (text !== undefined) {
      use(text);
      return;
    }
    const list = this.waiting.get(id);
    if (list) list.push(use);
    else this.waiting.set(id, [use]);
  }

  /** At the end of the run: what never became whole is used as far as it came. */
  giveUp(): void {
    for (const id of this.partial.keys()) this.complete(id, this.get(id) ?? '');
    this.partial.clear();
    this.waiting.clear();
  }

  private complete(id: number, text: string): void {
    this.whole.set(id, text);
    const list = this.waiting.get(id);
    if (!list) return;
    this.waiting.delete(id);
    for (const use of list) use(text);
  }

  private join(entry: Partial): string {
    const bytes: Uint8Array[] = [];
    let length = 0;
    for (let part; (part = entry.parts.get(length)); length += part.length) {
      bytes.push(part);
      if (part.length < PART_BYTES) break;
    }
    return this.decoder.decode(concat(bytes));
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
