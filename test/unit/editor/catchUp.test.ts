import assert from 'node:assert/strict';
import { CatchUp } from '../../../src/editor/catchUp';
import { ManualClock } from '../../support/manualClock';

/** What was brought up to date and told, in order, with the moment; each bringing takes `costMs`. */
function setUp(costMs: number) {
  const clock = new ManualClock();
  const log: string[] = [];
  const catchUp = new CatchUp<string>(
    one => {
      log.push(`${clock.now()} bring ${one}`);
      clock.pass(costMs);
    },
    one => log.push(`${clock.now()} tell ${one}`),
    clock,
  );
  return { clock, log, catchUp };
}

describe('catching up with changes', () => {
  it('happens as soon as all have heard of it, each time, where it is cheap', () => {
    const { clock, log, catchUp } = setUp(2);
    catchUp.changed(['a']);
    assert.deepEqual(log, []);
    clock.pass(50);
    catchUp.changed(['a']);
    clock.pass(50);
    assert.deepEqual(log, ['0 bring a', '2 tell a', '50 bring a', '52 tell a']);
  });

  it('takes the changes of a burst together where it is dear', () => {
    const { clock, log, catchUp } = setUp(600);
    for (let key = 0; key < 20; key++) {
      catchUp.changed(['long']);
      clock.pass(100);
    }
    clock.pass(5000);
    // Once per key would be twelve seconds of work; the last change is seen all the same.
    const brought = log.filter(line => line.endsWith('bring long'));
    assert.ok(brought.length >= 2 && brought.length <= 5, log.join('; '));
    assert.match(log.at(-1) ?? '', /tell long$/);
  });

  it('is brought forward for whoever asks, and told in its turn', () => {
    const { clock, log, catchUp } = setUp(100);
    catchUp.changed(['a']);
    clock.pass(0);
    log.length = 0;
    catchUp.changed(['a', 'b']);
    catchUp.settle('b');
    catchUp.settle('b');
    assert.deepEqual(log, ['100 bring b']);
    clock.pass(2000);
    assert.equal(log.filter(line => line.endsWith('bring b')).length, 1);
    assert.deepEqual(
      log.filter(line => line.includes('tell')).map(line => line.replace(/^\d+ /, '')),
      ['tell a', 'tell b'],
    );
  });

  it('does not come back to what was closed', () => {
    const { clock, log, catchUp } = setUp(100);
    catchUp.changed(['a']);
    clock.pass(0);
    log.length = 0;
    catchUp.changed(['b']);
    catchUp.forget('b');
    clock.pass(2000);
    assert.deepEqual(log, []);
  });
});
