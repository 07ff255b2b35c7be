import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findMissingImports } from '../../../src/runtimes/python/missingImports';

describe('findMissingImports', () => {
  const cases: [code: string, missing: string[]][] = [
    ['t = threading.Thread()', ['threading']],
    ['import threading\nt = threading.Thread()', []],
    ['import os, threading\nt = threading.Thread()', []],
    ['import threading as t\nt.Thread()\nthreading.Thread()', []],
    ['from time import *\ntime.sleep(1)', []],
    ['from queue import Queue\nq = queue.Queue()', []],
    ['queue = Queue()\nqueue.get()', []],
    ['def f(queue):\n    queue.get()', []],
    ['for time in times: time.sleep()', []],
    ['x = self.queue.get()', []],
    ['with concurrent.futures.ThreadPoolExecutor() as e: pass', ['concurrent.futures']],
    ['asyncio.run(main())\ntime.sleep(1)\nasyncio.run(x())', ['asyncio', 'time']],
    ['print("time.sleep") # os.getpid()', []],
    ['"""\ntime.sleep(1)\n"""', []],
    ["print(f'{time.time()} os.name')", ['time']],
    ['x = "\\"time.sleep"; os.getpid()', ['os']],
    ['mylib.run()', []],
    ['', []],
  ];
  for (const [code, missing] of cases) {
    it(JSON.stringify(code), () => assert.deepEqual(findMissingImports(code), missing));
  }

  it('finds them in the fences of the notes', () => {
    const notes = readFileSync('test/fixtures/notes.md', 'utf8').split(/^```.*$/m);
    const fences = notes.filter((_, index) => index % 2 === 1);
    const lacking = fences.map(findMissingImports).filter(missing => missing.length > 0);
    assert.ok(lacking.some(missing => missing.includes('subprocess')));
  });

  it('takes time in proportion to hostile text', () => {
    for (const piece of ['"', "'''", '\\"', 'f"{', '#', 'time.', 'rb"', '((']) {
      assert.ok(Array.isArray(findMissingImports(piece.repeat(20_000))));
    }
  }).timeout(5000);
});
