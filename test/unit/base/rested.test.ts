import assert from 'node:assert/strict';
import { Rested } from '../../../src/base/rested';
import { ManualClock } from '../../support/manualClock';

/** Turns by the moment at which they began; the next takes `costMs`. */
function workOf(): { rested: Rested; clock: ManualClock; turns: number[]; costs: number[] } {
  const clock = new ManualClock();
  const turns: number[] = [];
  const costs: number[] = [];
  const rested = new Rested(
    () => {
      turns.push(clock.now());
      clock.pass(costs.shift() ?? 0);
    },
    40,
    clock,
  );
  return { rested, clock, turns, costs };
}

describe('work that rests', () => {
  it('makes one turn of a burst, the last call never lost', () => {
    const { rested, clock, turns } = workOf();
    for (let call = 0; call < 5; call++) rested.soon();
    clock.pass(100);
    assert.deepEqual(turns, [0, 40]);
  });

  it('rests after a dear turn, in proportion', () => {
    const { rested, clock, turns, costs } = workOf();
    costs.push(100);
    rested.soon();
    rested.soon();
    clock.pass(1000);
    assert.equal(turns[0], 0);
    assert.ok(turns[1]! >= 500, turns.join(', '));
  });

  it('rests half a second at most, whatever one turn took', () => {
    const { rested, clock, turns, costs } = workOf();
    costs.push(4000);
    rested.soon();
    rested.soon();
    clock.pass(600);
    assert.equal(turns.length, 2, turns.join(', '));
  });

  it('does not rest from what a person did', () => {
    const { rested, clock, turns, costs } = workOf();
    costs.push(100);
    rested.soon();
    clock.pass(60);
    rested.now();
    clock.pass(0);
    assert.equal(turns.length, 2, turns.join(', '));
  });
});
