/** The same on a Node without `module.registerHooks` (before 22.15), where one is on PATH: its modules are rewritten by another way. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { assertPrints, assertWaits } from '../support/javascriptExamples';
import { EXAMPLES } from './examplesRun';
import { assertSame, PROGRAMS } from './javascriptPrograms';
import { recordScript } from './recordedJavaScript';

const ASK = "[!!require('module').registerHooks, process.versions.node]";
const SHORT_EXAMPLES = [
  '06_queue_workers.mjs',
  '09_limited_concurrency.mts',
  '11_shared_memory.mjs',
];

/** An older Node that is looked after at all. */
function findOlderNode(): { path: string; version: string } | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    const { status, stdout } = spawnSync(file, ['-p', `JSON.stringify(${ASK})`], {
      encoding: 'utf8',
    });
    if (status !== 0) continue;
    const [hasHooks, version] = JSON.parse(stdout) as [boolean, string];
    if (!hasHooks && Number.parseInt(version, 10) >= 20) return { path: file, version };
  }
  return undefined;
}

const node = findOlderNode();

describe(`JavaScript on an older Node (${node?.version ?? 'none is on PATH'})`, function () {
  this.timeout(120_000);
  before(function () {
    if (!node) this.skip();
  });

  for (const program of PROGRAMS.filter(one => !one.knowsTypeScript)) {
    it(`${program.file} prints and ends the same, traced`, () =>
      assertSame(program, 'process', node?.path));
  }

  for (const file of SHORT_EXAMPLES) {
    it(`${file} shows its waits`, async () => {
      const options = { node: node?.path ?? '' };
      const program = path.join(EXAMPLES, 'javascript', file);
      const { model, end, out, err } = await recordScript('process', program, options);
      assert.equal(end.exitCode, 0, err);
      assert.equal(err, '');
      assertPrints(file, out);
      assertWaits(file, model);
    });
  }
});
