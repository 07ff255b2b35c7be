// The measure of analysis: programs in many styles are run, and what really waited is compared with what was marked on the code
// that ran. `node dist/test/scorer/score.js FOLDER` prints the same for any folder.
import assert from 'node:assert/strict';
import { programsOf, report, score, type Score } from '../scorer/compare';
import { javascript } from '../scorer/javascript';
import { python } from '../scorer/python';
import { findPythons } from '../../scripts/lib/pythons';

const PRECISION = 0.99;
const RECALL = 0.95;

describe('wait points against what really waited', () => {
  it('of Python programs', async function () {
    this.timeout(300_000);
    const [newest] = findPythons().slice(-1);
    assert.ok(newest, 'there is no Python to run the programs');
    const folders = ['test/fixtures/corpus', 'test/fixtures/programs/python'];
    const programs = folders.flatMap(folder => programsOf(folder, python));
    holds(await score(programs, python, { by: 'witness', python: newest.path, timeoutS: 60 }));
  });

  it('of JavaScript and TypeScript programs', async function () {
    this.timeout(300_000);
    const programs = programsOf('test/fixtures/programs/javascript', javascript);
    holds(await score(programs, javascript, { by: 'tracer', python: '', timeoutS: 60 }));
  });
});

function holds(total: Score): void {
  console.log(report(total).replaceAll(/^/gm, '      '));
  assert.ok(total.points > 100 && total.sites > 100, 'the programs did not run');
  assert.ok(total.right / total.points >= PRECISION, report(total));
  assert.ok(total.found / total.sites >= RECALL, report(total));
}
