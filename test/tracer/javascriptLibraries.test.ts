/** Libraries' own tests, plain and traced: the part of `npm run transparency -- javascript` that takes seconds. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const NOT_TO_BE_HAD = 2;

describe('JavaScript libraries', function () {
  this.timeout(300_000);

  it('pass and fail their own tests as they do without the tracer', async function () {
    const child = spawn(process.execPath, ['scripts/transparency.ts', 'javascript', '--quick'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    if (code === NOT_TO_BE_HAD) {
      console.log(`      ${said.trim()}`);
      this.skip();
    }
    assert.equal(code, 0, said);
    assert.match(said, /fastq .*, 278 results, 0 files differ/);
    assert.match(said, /^0 differ$/m);
  });
});
