/** Owns maps from the numbers in a trace file to rows of the model. The numbers are dense in honest files and anything in hostile ones. */

/** u32 -> row. Dense numbers live in an array, wild ones in a Map, so memory follows the number of entries. */
export class RowMap {
  private dense = new Int32Array(64).fill(-1);
  private readonly wild = new Map<number, number>();
  private entries = 0;

  /** -1 when absent. */
  get(key: number): number {
    return key < this.dense.length ? this.dense[key]! : (this.wild.get(key) ?? -1);
  }

  set(key: number, row: number): void {
    if (key >= this.dense.length) {
      if (key > this.entries * 4 + 4096) {
        this.wild.set(key, row);
        return;
      }
      this.grow(key);
    }
    if (this.dense[key] === -1) this.entries++;
    this.dense[key] = row;
  }

  private grow(key: number): void {
    let size = this.dense.length;
    while (size <= key) size *= 2;
    const next = new Int32Array(size).fill(-1);
    next.set(this.dense);
    this.dense = next;
    for (const [wildKey, row] of this.wild) {
      if (wildKey >= size) continue;
      next[wildKey] = row;
      this.entries++;
      this.wild.delete(wildKey);
    }
  }
}

/** u64, given as two halves -> value. Two levels, because a double does not hold every u64. */
export class KeyMap<V> {
  private readonly byHigh = new Map<number, Map<number, V>>();

  get(high: number, low: number): V | undefined {
    return this.byHigh.get(high)?.get(low);
  }

  set(high: number, low: number, value: V): void {
    let byLow = this.byHigh.get(high);
    if (!byLow) this.byHigh.set(high, (byLow = new Map()));
    byLow.set(low, value);
  }
}
