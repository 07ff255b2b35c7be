/**
 * Owns what is remembered of an object of the person's without keeping it alive and without its showing: a private field,
 * put on from outside. A WeakMap does the same, but holds the garbage collector up when there are many of them.
 */
type OnAny = new (object: object) => object;

/** A constructor that returns its argument lends its subclass's private fields to it. */
const Lender = function (object: object): object {
  return object;
} as unknown as OnAny; // oxlint-disable-line typescript/no-unsafe-type-assertion -- a function is what makes this work

/** Makes one kind of stamp; two kinds do not know of each other. */
export function makeStamps<T>(): {
  get(object: object): T | undefined;
  set(object: object, value: T): void;
} {
  class Stamp extends Lender {
    #value: T | undefined;

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: object, value: T): void {
      const stamped = #value in object ? object : new Stamp(object);
      stamped.#value = value;
    }
  }
  return { get: object => Stamp.get(object), set: (object, value) => Stamp.set(object, value) };
}
