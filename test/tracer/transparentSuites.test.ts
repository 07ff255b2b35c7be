/** CPython's own tests, plain and traced: the part of `npm run transparency` that takes seconds, on the oldest and the newest interpreter. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { oldestAndNewest } from './examplesRun';

const SUITES = ['test_queue', 'test_thread', 'test_threading_local'];

describe("CPython's own tests give the same results when traced", function () {
  this.timeout(300_000);

  for (const { version } of oldestAndNewest()) {
    const short = /^3\.\d+/.exec(version)?.[0];
    it(`${SUITES.join(', ')} (${version})`, async function () {
      const chosen = short === undefined ? [] : ['--python', short];
      const child = spawn(process.execPath, ['scripts/transparency.ts', ...chosen, ...SUITES], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
      assert.equal(code, 0, said);
      if (/tests are not installed/.test(said)) {
        console.log(`      ${said.trim()}`);
        this.skip();
      }
      assert.match(said, /^0 tests differ$/m);
    });
  }
});
