/** Compares what an example printed with what the notes print. */
import assert from 'node:assert/strict';
import { EXPECTED, type ExpectedOutput } from './examplesExpected';
import { unglued } from './examplesRun';

export function assertExample(file: string, lines: readonly string[]): void {
  const check = checks[file];
  const expected = EXPECTED[file];
  assert.ok(check ?? expected, `no expected output is noted for ${file}`);
  if (check) check(lines);
  else if (expected) assertPrints(lines, expected);
}

function assertPrints(printed: readonly string[], expected: ExpectedOutput): void {
  if (expected.order === 'exact') {
    assert.deepEqual(printed, expected.lines);
    return;
  }
  const actual = unglued(printed, expected.lines);
  assert.deepEqual(actual.toSorted(), expected.lines.toSorted());
  if (expected.order === 'last') assert.equal(actual.at(-1), expected.lines.at(-1));
}

/** The examples whose output is not one fixed text. */
const checks: Record<string, (lines: readonly string[]) => void> = {
  '06_popen_pipe.py': lines => {
    assert.ok(lines.length > 0);
    for (const line of lines) assert.match(line, /\//);
  },
  '22_popen_close_pipe.py': lines => {
    assert.match(lines.join('\n'), /^(dmesg|ls \/dev) \| grep \w+: \d+ lines$/);
  },
  '11_thread_is_alive.py': lines => {
    // At the third second the thread ends and the main thread asks: which is first is luck.
    const alive = lines.filter(line => line === 'True').length;
    assert.ok(alive === 2 || alive === 3, `alive ${alive} times`);
    assert.equal(lines.filter(line => line === 'False').length, 6 - alive);
    assert.equal(lines[0], 'input: 4');
    assert.ok(lines.includes("double: {'thread1': 16}"));
    assert.equal(lines.at(-1), "{'thread1': 16}");
  },
  '20_asyncio_queue.py': lines => {
    const done = lines.slice(0, -1).map(line => line.replace(/^worker [AB]: /, ''));
    const all = [1, 2, 3, 4, 5, 6].map(number => `request ${number} is finished.`);
    assert.deepEqual(done.toSorted(), all);
    assert.equal(lines.at(-1), 'queue is empty.');
  },
  '21_asyncio_semaphore.py': lines => {
    assert.equal(lines.length, 11);
    assert.equal(lines.at(-1), '10 pages');
    for (const line of lines.slice(0, -1)) assert.match(line, /^page \d+ \([123] at once\)$/);
  },
  '28_process_queue.py': lines => {
    const squares = lines.map(line => line.replace(/ \(Process-[12]\)$/, '')).toSorted();
    assert.deepEqual(
      squares,
      [1, 2, 3, 4, 5, 6].map(n => `${n} * ${n} = ${n * n}`),
    );
  },
  '32_queue_back_pressure.py': lines => {
    const puts = lines.filter(line => line.startsWith('put'));
    const dones = lines.filter(line => line.startsWith('done'));
    assert.deepEqual(
      puts,
      [1, 2, 3, 4, 5, 6].map(n => `put ${n}`),
    );
    assert.deepEqual(
      dones,
      [1, 2, 3, 4, 5, 6].map(n => `done ${n}`),
    );
    // Two wait in the queue and one is in hand: the fifth goes in only after the first is done.
    assert.ok(lines.indexOf('put 5') > lines.indexOf('done 1'));
  },
};
