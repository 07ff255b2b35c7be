/** Each JavaScript example, plainly and through the product in both launchers: the same output, and the waits its comment promises. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assertPrints, assertWaits, javascriptExamples } from '../support/javascriptExamples';
import { EXAMPLES, limited } from './examplesRun';
import { LAUNCHERS, recordScript, runScript, type Launcher } from './recordedJavaScript';

const FOLDER = path.join(EXAMPLES, 'javascript');
const files = javascriptExamples();

const key = (file: string, launcher: Launcher): string => `${file} ${launcher}`;

describe('JavaScript examples', function () {
  this.timeout(180_000);
  const atOnce = limited(4);
  const plain = new Map<string, ReturnType<typeof runScript>>();
  const recorded = new Map<string, ReturnType<typeof recordScript>>();
  before(() => {
    for (const file of files) {
      const program = path.join(FOLDER, file);
      plain.set(
        file,
        atOnce(() => runScript(program)),
      );
      for (const launcher of LAUNCHERS) {
        recorded.set(
          key(file, launcher),
          atOnce(() => recordScript(launcher, program)),
        );
      }
    }
    // Reported by the test that awaits it.
    for (const run of [...plain.values(), ...recorded.values()]) run.catch(() => undefined);
  });

  for (const file of files) {
    it(`${file} prints by itself what it says`, async () => {
      const run = await plain.get(file);
      assert.equal(run?.exitCode, 0, run?.err);
      assertPrints(file, run?.out ?? '');
    });
    for (const launcher of LAUNCHERS) {
      it(`${file} prints the same in a ${launcher}, and shows its waits`, async () => {
        const run = await recorded.get(key(file, launcher));
        assert.ok(run);
        assert.equal(run.end.exitCode, 0, run.err);
        assert.equal(run.err, '');
        assertPrints(file, run.out);
        assertWaits(file, run.model);
      });
    }
  }

  it('stand in index.json, linked with their Python sisters both ways', () => {
    const parsed: unknown = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8'));
    const rows = parsed as { file: string; sister: string | null }[];
    const mine = rows.filter(row => row.file.startsWith('javascript/'));
    assert.deepEqual(
      mine.map(row => path.basename(row.file)),
      files,
    );
    for (const { file, sister } of mine) {
      assert.equal(rows.find(row => row.file === sister)?.sister, file);
      const source = readFileSync(path.join(EXAMPLES, file), 'utf8');
      assert.ok(source.includes(`Python sister: ${sister}`), `${file} does not name ${sister}`);
    }
  });
});
