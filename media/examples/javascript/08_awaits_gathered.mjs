// The same three calls at once: Promise.all waits for the longest, not for the sum.
// Look at the mark of Promise.all: it says which call was last and how much earlier the rest
// were done. Python sister: 18_asyncio_gather.py
import { setTimeout as sleep } from 'node:timers/promises';

const seconds = [
  ['first', 500],
  ['second', 0],
  ['third', 300],
];

async function sleeping(order, ms) {
  await sleep(ms);
  console.log(`${order} is finished.`);
  return order;
}

const results = await Promise.all(seconds.map(([order, ms]) => sleeping(order, ms)));
console.log(results);
