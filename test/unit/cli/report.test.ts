import assert from 'node:assert/strict';
import { paintFor } from '../../../src/cli/paint';
import { report } from '../../../src/cli/report';
import type { ReportInput } from '../../../src/cli/report';
import type { TraceModel } from '../../../src/trace/traceModel';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const S = 1e9;
const FILE = '/n/a.py';
const SOURCE = 'import threading\nt.start()\nt.join()\n';
const PLAIN = paintFor({}, {});

function joined(): TraceModel {
  const w = new TraceWriter();
  w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 0, flags: 1 });
  w.lane(2, 'process', 'resource tracker', 0, { parent: 0, begin: 0, flags: 2 });
  w.wait({ kind: 'join', on: { lane: 1 }, from: 0, to: 4 * S, site: w.site(FILE, 3) });
  w.laneEnd(1, 'raised', 4 * S, 0, 'ValueError: no');
  w.laneEnd(0, 'returned', 4 * S);
  w.record('dropped', { x: 1 });
  return modelOf([w]);
}

const input = (more: Partial<ReportInput> = {}): ReportInput => ({
  model: joined(),
  file: FILE,
  source: SOURCE,
  lines: null,
  findings: [],
  endWords: '',
  ...more,
});

describe('the report of a run', () => {
  it('has the source with its waits, the lanes and the notes', () => {
    assert.equal(
      report(input(), PLAIN),
      `1  import threading
2  t.start()
3  t.join()          ‹ waited 4.00 s for T1

Lanes
  MainThread  main            from     0 ns for   4.00 s  returned
    T1        thread, daemon  from     0 ns for   4.00 s  raised ValueError: no
  and 1 started by Python itself

Notes
  1 record could not be written, so some waits may be missing.

4.00 s in all; 15 records taken, 1 dropped; less than 1 % slower for it
`,
    );
  });

  it('keeps the columns of the lanes, also beside a program that is not traced', () => {
    const w = new TraceWriter();
    w.lane(1, 'subprocess', 'df -h', 0, { parent: 0, begin: 0 });
    w.laneEnd(0, 'returned', 4 * S);
    const text = report(input({ model: modelOf([w]) }), PLAIN);
    const begins = [...text.matchAll(/^ {2}.*from .* for /gm)].map(([row]) => row.indexOf('from '));
    assert.deepEqual(begins, [begins[0], begins[0]]);
    assert.match(text, /df -h +subprocess, not traced {2}from/);
  });

  it('shows the lines of a fence only, with their own numbers', () => {
    const text = report(input({ lines: { first: 2, last: 3 } }), PLAIN);
    assert.match(text, /^2 {2}t\.start\(\)\n3 {2}t\.join\(\) {3}‹ waited/);
  });

  it('lists findings and how the run ended', () => {
    const finding = { severity: 'error', message: 'Stuck.', line: 3 } as const;
    const text = report(
      input({
        endWords: 'ended by SIGKILL',
        findings: [
          { ...finding, rule: 'deadlock', file: FILE },
          { ...finding, rule: 'never-joined', file: '/n/b.py' },
        ],
      }),
      PLAIN,
    );
    assert.match(text, /error {2}line 3: Stuck\. \[deadlock\]/);
    assert.match(text, /error {2}\/n\/b\.py:3: Stuck\./);
    assert.match(text, /\nended by SIGKILL; 4\.00 s in all/);
  });

  it('is coloured only where a person looks at it', () => {
    const escape = '\u001b[';
    assert.ok(report(input(), paintFor({ isTTY: true }, {})).includes(escape));
    assert.ok(!report(input(), paintFor({ isTTY: true }, { NO_COLOR: '1' })).includes(escape));
    assert.ok(!report(input(), paintFor({ isTTY: false }, {})).includes(escape));
  });
});
