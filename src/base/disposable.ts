/** Owns the smallest lifetime vocabulary: something that can be disposed, and a bag of such things. */

export interface Disposable {
  dispose(): void;
}

/** A bag of parts, disposed in reverse. Adding to a disposed bag disposes the part at once, so late parts do not leak. */
export class Parts implements Disposable {
  private items: Disposable[] | undefined = [];

  add<T extends Disposable>(part: T): T {
    if (this.items) this.items.push(part);
    else part.dispose();
    return part;
  }

  dispose(): void {
    const items = this.items ?? [];
    this.items = undefined;
    for (const part of items.toReversed()) part.dispose();
  }
}
