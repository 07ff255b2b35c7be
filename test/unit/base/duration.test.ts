import assert from 'node:assert/strict';
import { formatDuration } from '../../../src/base/duration';

describe('durations', () => {
  for (const [ns, text] of [
    [0, '0 ns'],
    [999, '999 ns'],
    [8_000, '8 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [12_400_000, '12.4 ms'],
    [99_940_000, '99.9 ms'],
    [99_960_000, '100 ms'],
    [999_499_999, '999 ms'],
    [999_500_000, '1.00 s'],
    [3_980_000_000, '3.98 s'],
    [59_940_000_000, '59.9 s'],
    [59_960_000_000, '1 min 0 s'],
    [125_000_000_000, '2 min 5 s'],
    [3_600_000_000_000, '1 h 0 min'],
  ] as const) {
    it(`reads ${ns} ns as ${text}`, () => assert.equal(formatDuration(ns), text));
  }
});
