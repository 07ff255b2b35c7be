// Six downloads, two at a time: a semaphore built on promises, in TypeScript.
// Look at limit.acquire(): the third call waits there until one of the first two is done.
// Python sister: 21_asyncio_semaphore.py
import { setTimeout as sleep } from 'node:timers/promises';

class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(permits: number) {
    this.free = permits;
  }

  async acquire(): Promise<void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>(resolve => this.waiting.push(resolve));
  }

  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}

const limit = new Semaphore(2);

async function download(page: number): Promise<string> {
  await limit.acquire();
  try {
    await sleep(200);
    console.log(`page ${page}`);
    return `page ${page}`;
  } finally {
    limit.release();
  }
}

const pages: string[] = await Promise.all([1, 2, 3, 4, 5, 6].map(page => download(page)));
console.log(`${pages.length} pages`);
