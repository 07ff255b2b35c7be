import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatMoment, rulerTicks, TimeScale } from '../../../src/webview/timeScale';

const near = (one: number, other: number, tolerance: number): void =>
  assert.ok(Math.abs(one - other) <= tolerance, `${one} is not near ${other}`);

describe('time scale', () => {
  it('maps the ends of its range to the ends of its width', () => {
    const scale = new TimeScale(1e9, 3e9, 800);
    assert.equal(scale.toPx(1e9), 0);
    assert.equal(scale.toPx(3e9), 800);
    assert.equal(scale.toNsAt(400), 2e9);
  });

  it('keeps the moment under the pointer where it is, however it zooms', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        (px, factor) => {
          const before = new TimeScale(0, 10e9, 1000);
          const after = before.zoomAt(px, factor);
          near(after.toNsAt(px), before.toNsAt(px), 1);
          near(after.spanNs, before.spanNs / factor, 1);
        },
      ),
    );
  });

  it('never zooms closer than a clock can tell, and comes back from there', () => {
    let scale = new TimeScale(0, 1e9, 1000);
    for (let step = 0; step < 100; step++) scale = scale.zoomAt(500, 2);
    assert.equal(Math.round(scale.spanNs), 1000);
    for (let step = 0; step < 200; step++) scale = scale.zoomAt(500, 0.5);
    assert.ok(Number.isFinite(scale.fromNs) && Number.isFinite(scale.toNs));
  });

  it('leaves a part of the run in view when it pans', () => {
    const scale = new TimeScale(0, 1e9, 1000).panBy(1e7).clampTo(1e9);
    assert.ok(scale.fromNs < 1e9, 'the end of the run is still in view');
    const back = scale.panBy(-1e7).clampTo(1e9);
    assert.ok(back.toNs > 0, 'its start is still in view');
  });

  it('moves without zooming to show a moment, and not at all when it is in view', () => {
    const scale = new TimeScale(0, 1e9, 1000);
    assert.equal(scale.showing(5e8), scale);
    assert.equal(scale.showing(0), scale, 'at the very edge, too');
    const moved = scale.showing(7e9);
    assert.ok(moved.fromNs < 7e9 && moved.toNs > 7e9);
    near(moved.spanNs, scale.spanNs, 1);
    const long = scale.showing(2e9, 9e9);
    assert.ok(long.fromNs < 2e9 && long.toNs > 2e9, 'of a long span, its start');
  });

  it('fits a run of no length at all', () => {
    const scale = TimeScale.fit(0, 1000);
    assert.ok(scale.spanNs > 0);
  });
});

describe('ruler', () => {
  it('has round moments with as many digits as they need, and small ticks between', () => {
    const ticks = rulerTicks(new TimeScale(0, 4e9, 900));
    const labels = ticks.filter(tick => tick.isMajor).map(tick => tick.text);
    assert.deepEqual(labels.slice(0, 3), ['0 s', '0.5 s', '1.0 s']);
    assert.ok(ticks.some(tick => !tick.isMajor));
  });

  it('has no moment before the run', () => {
    assert.ok(rulerTicks(new TimeScale(-2e9, 2e9, 900)).every(tick => tick.ns >= 0));
  });

  it('tells neighbouring labels apart at every zoom', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 3, max: 12, noNaN: true }),
        fc.double({ min: 0, max: 1e11, noNaN: true }),
        (magnitude, from) => {
          const scale = new TimeScale(from, from + 10 ** magnitude, 1000);
          const labels = rulerTicks(scale)
            .filter(tick => tick.isMajor)
            .map(tick => tick.text);
          // Nine decimals of a second are a nanosecond; nothing finer is written.
          assert.equal(new Set(labels).size, labels.length, labels.join(' '));
        },
      ),
    );
  });

  it('says zero plainly', () => {
    assert.equal(formatMoment(0, 1e8), '0 s');
    assert.equal(formatMoment(2.5e6, 5e5), '2.5 ms');
    assert.equal(formatMoment(1.25e9, 1e7), '1.25 s');
  });
});
