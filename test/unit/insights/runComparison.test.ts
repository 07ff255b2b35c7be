import assert from 'node:assert/strict';
import { changeNs, compareRuns } from '../../../src/insights/runComparison';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const FILE = '/notes/a.py';

/** A run whose lines waited so long, ns: `[line, one wait, another ...]`. */
function run(...lines: readonly (readonly number[])[]) {
  const w = new TraceWriter();
  let at = 0;
  for (const [line, ...lengths] of lines) {
    for (const length of lengths) {
      w.wait({ kind: 'sleep', from: at, to: at + length, site: w.site(FILE, line!) });
      at += length + 1;
    }
  }
  return modelOf([w]);
}

const asItWas = (_file: string, line: number): number => line;

describe('comparison of two runs', () => {
  it('tells for each line how long it waited in either, the largest change first', () => {
    const changes = compareRuns(
      { model: run([3, 100], [5, 10, 20]), lineNow: asItWas },
      { model: run([3, 90], [5, 500], [8, 7]), lineNow: asItWas },
    );
    assert.deepEqual(
      changes.map(one => [one.line, one.before, one.now, changeNs(one)]),
      [
        [5, { waits: 2, totalNs: 30 }, { waits: 1, totalNs: 500 }, 470],
        [3, { waits: 1, totalNs: 100 }, { waits: 1, totalNs: 90 }, -10],
        [8, { waits: 0, totalNs: 0 }, { waits: 1, totalNs: 7 }, 7],
      ],
    );
  });

  it('follows lines that moved between the runs, and leaves out those that changed', () => {
    const changes = compareRuns(
      { model: run([3, 100], [4, 50]), lineNow: (_, line) => (line === 4 ? undefined : line + 2) },
      { model: run([5, 60]), lineNow: asItWas },
    );
    assert.deepEqual(
      changes.map(one => [one.line, one.before.totalNs, one.now.totalNs]),
      [[5, 100, 60]],
    );
  });
});
