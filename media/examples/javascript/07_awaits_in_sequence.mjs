// Three awaits one after the other: each starts when the one before has ended.
// Look at the marks: 500, 0 and 300 ms, added up. Compare with 08_awaits_gathered.mjs.
// Python sister: 17_asyncio_basic.py
import { setTimeout as sleep } from 'node:timers/promises';

const seconds = [
  ['first', 500],
  ['second', 0],
  ['third', 300],
];

async function sleeping(order, ms) {
  await sleep(ms);
  return order;
}

for (const [order, ms] of seconds) {
  const result = await sleeping(order, ms);
  console.log(`${result} is finished.`);
}
