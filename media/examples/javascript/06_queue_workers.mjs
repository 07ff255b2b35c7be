// A queue with room for two: a fast producer is held up by slow consumers (back-pressure).
// Look at queue.put(): once the queue is full it waits until a consumer has taken something.
// Python sister: 32_queue_back_pressure.py
import { setTimeout as sleep } from 'node:timers/promises';

class Queue {
  #items = [];
  #getters = [];
  #putters = [];

  constructor(maxsize) {
    this.maxsize = maxsize;
  }

  async put(item) {
    while (this.#items.length >= this.maxsize) {
      await new Promise(resolve => this.#putters.push(resolve));
    }
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get() {
    while (this.#items.length === 0) {
      await new Promise(resolve => this.#getters.push(resolve));
    }
    this.#putters.shift()?.();
    return this.#items.shift();
  }
}

const queue = new Queue(2);
const DONE = Symbol('done');

async function produce() {
  for (let i = 1; i <= 6; i++) {
    await queue.put(i);
    console.log(`put ${i}`);
  }
  await queue.put(DONE);
  await queue.put(DONE);
}

async function consume(name) {
  for (;;) {
    const item = await queue.get();
    if (item === DONE) return;
    await sleep(300);
    console.log(`${name} did ${item}`);
  }
}

await Promise.all([produce(), consume('first'), consume('second')]);
