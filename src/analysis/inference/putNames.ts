/** Owns the names of methods that put things into containers and queues. */

/** Methods that put their argument into their object: the position of the item. */
export const PUTS: ReadonlyMap<string, number> = new Map([
  ['append', 0],
  ['push', 0],
  ['unshift', 0],
  ['appendleft', 0],
  ['add', 0],
  ['put', 0],
  ['put_nowait', 0],
  ['send', 0],
  ['insert', 1],
  ['set', 1],
  ['setdefault', 1],
]);
export const SPREADS: ReadonlySet<string> = new Set(['extend', 'extendleft', 'update']);

/** Functions that put one argument into the list that their first one is: the position of the item. */
export const PUTS_INTO_FIRST: ReadonlyMap<string, number> = new Map([
  ['heappush', 1],
  ['heappushpop', 1],
  ['heapreplace', 1],
]);
