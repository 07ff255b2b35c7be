/** Owns growable columns: typed arrays that double, so that a million rows cost a few allocations and no objects. */

export class F64Column {
  data = new Float64Array(64);
  length = 0;

  push(value: number): number {
    if (this.length === this.data.length) {
      const next = new Float64Array(this.length * 2);
      next.set(this.data);
      this.data = next;
    }
    this.data[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    return index < this.length ? this.data[index]! : Number.NaN;
  }
}

export class I32Column {
  data = new Int32Array(64);
  length = 0;

  push(value: number): number {
    if (this.length === this.data.length) {
      const next = new Int32Array(this.length * 2);
      next.set(this.data);
      this.data = next;
    }
    this.data[this.length] = value;
    return this.length++;
  }

  /** -1 outside. */
  at(index: number): number {
    return index < this.length ? this.data[index]! : -1;
  }
}

export class U8Column {
  data = new Uint8Array(64);
  length = 0;

  push(value: number): number {
    if (this.length === this.data.length) {
      const next = new Uint8Array(this.length * 2);
      next.set(this.data);
      this.data = next;
    }
    this.data[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    return index < this.length ? this.data[index]! : 0;
  }
}

/**
 * Row numbers in order of a time column. Rows come nearly in order, so one is put in its place among the last few;
 * what comes far out of order (a damaged trace) is sorted once, when next asked for, so that no input is quadratic.
 */
export class OrderedIds {
  private ids = new Int32Array(4);
  private count = 0;
  private sorted = true;

  push(id: number, times: Float64Array): void {
    if (this.count === this.ids.length) {
      const next = new Int32Array(this.count * 2);
      next.set(this.ids);
      this.ids = next;
    }
    const { ids } = this;
    let at = this.count++;
    const time = times[id]!;
    for (let moves = 0; at > 0 && times[ids[at - 1]!]! > time; at--) {
      if (moves++ === 16) {
        this.sorted = false;
        break;
      }
      ids[at] = ids[at - 1]!;
    }
    ids[at] = id;
  }

  view(times: Float64Array): Int32Array {
    const view = this.ids.subarray(0, this.count);
    if (!this.sorted) {
      view.sort((one, other) => times[one]! - times[other]! || one - other);
      this.sorted = true;
    }
    return view;
  }
}

export const NO_IDS = new Int32Array(0);
