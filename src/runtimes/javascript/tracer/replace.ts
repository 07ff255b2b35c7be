/** Owns putting a watching function in place of another, so that the snippet cannot tell by its name, its length or its text. */

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const originals = new WeakMap<object, AnyFunction>();

/** Does nothing where the function is missing: an older Node, or a snippet's own shim. */
export function replace<T extends object>(
  owner: T,
  name: keyof T & (string | symbol),
  make: (original: AnyFunction) => AnyFunction,
): void {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = property ? property.value : Reflect.get(owner, name);
  if (typeof original !== 'function' || property?.configurable === false) return;
  const watching = make(original as AnyFunction);
  disguise(watching, original as AnyFunction);
  Object.defineProperty(owner, name, {
    ...(property ?? { writable: true, enumerable: false, configurable: true }),
    value: watching,
  });
}

/** The stand-in takes over the name, the length, the prototype's own marks and the text of the original. */
export function disguise(standIn: AnyFunction, original: AnyFunction): void {
  for (const key of Reflect.ownKeys(original)) {
    if (key === 'prototype') continue;
    const property = Object.getOwnPropertyDescriptor(original, key);
    if (property) {
      try {
        Object.defineProperty(standIn, key, property);
      } catch {
        // A property that a class has fixed: the stand-in keeps its own.
      }
    }
  }
  originals.set(standIn, original);
}

export function originalOf(standIn: object): AnyFunction | undefined {
  return originals.get(standIn);
}
