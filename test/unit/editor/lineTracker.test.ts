import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { LineTracker } from '../../../src/editor/marks/lineTracker';

const TEXT = 'import threading\nt = threading.Thread()\nt.start()\nt.join()\nprint("done")\n';

/** Replaces lines `from` to `to` (0-based, inclusive) as an editor does, and tells the tracker. */
function replaceLines(
  tracker: LineTracker,
  text: string,
  from: number,
  to: number,
  made: string[],
): string {
  const lines = text.split('\n');
  lines.splice(from, to - from + 1, ...made);
  const next = lines.join('\n');
  tracker.apply([{ startLine: from, endLine: to, newLines: made.length }], next);
  return next;
}

describe('lines of a run through edits', () => {
  it('keeps a line that moves down', () => {
    const tracker = new LineTracker(TEXT);
    replaceLines(tracker, TEXT, 0, 0, ['# a comment', 'import threading']);
    assert.equal(tracker.lineNow(4), 5);
    assert.equal(tracker.lineThen(5), 4);
    assert.equal(tracker.lineThen(1), undefined);
    assert.equal(tracker.isStale, true);
  });

  it('keeps a line when a new one is opened right above it', () => {
    const tracker = new LineTracker(TEXT);
    replaceLines(tracker, TEXT, 3, 3, ['', 't.join()']);
    assert.equal(tracker.lineNow(4), 5);
  });

  it('drops a line while it reads differently, and takes it back', () => {
    const tracker = new LineTracker(TEXT);
    const changed = replaceLines(tracker, TEXT, 3, 3, ['t.join(1)']);
    assert.equal(tracker.lineNow(4), undefined);
    replaceLines(tracker, changed, 3, 3, ['t.join()']);
    assert.equal(tracker.lineNow(4), 4);
    assert.equal(tracker.isStale, false);
  });

  it('drops a deleted line and moves those below up', () => {
    const tracker = new LineTracker(TEXT);
    replaceLines(tracker, TEXT, 1, 2, ['t.start()']);
    assert.equal(tracker.lineNow(2), undefined);
    assert.equal(tracker.lineNow(4), 3);
  });

  it('takes a deleted line back when the deletion is undone', () => {
    const tracker = new LineTracker(TEXT);
    const without = replaceLines(tracker, TEXT, 3, 4, ['print("done")']);
    assert.equal(tracker.lineNow(4), undefined);
    replaceLines(tracker, without, 3, 3, ['t.join()', 'print("done")']);
    assert.equal(tracker.lineNow(4), 4);
  });

  it('marks one of two equal lines, not both', () => {
    const tracker = new LineTracker(TEXT);
    replaceLines(tracker, TEXT, 3, 3, ['t.join()', 't.join()']);
    assert.equal(tracker.lineNow(4), 4);
    assert.equal(tracker.lineThen(5), undefined);
  });

  it('finds what is left when the whole text is replaced', () => {
    const tracker = new LineTracker(TEXT);
    tracker.replaceAll(`# new\n${TEXT}# end\n`);
    assert.equal(tracker.lineNow(5), undefined, 'nothing is known of the middle');
    tracker.replaceAll(TEXT.replace('t.start()', 't.start(  )'));
    assert.equal(tracker.lineNow(2), 2);
    assert.equal(tracker.lineNow(3), undefined);
    assert.equal(tracker.lineNow(4), 4);
  });

  it('takes several edits of one change, lowest line first or last', () => {
    for (const order of [1, -1]) {
      const tracker = new LineTracker(TEXT);
      const edits = [
        { startLine: 0, endLine: 0, newLines: 2 },
        { startLine: 2, endLine: 2, newLines: 3 },
      ];
      const text =
        '# one\nimport threading\nt = threading.Thread()\n# two\n# three\nt.start()\nt.join()\nprint("done")\n';
      tracker.apply(order === 1 ? edits : edits.toReversed(), text);
      assert.deepEqual(
        [1, 2, 3, 4].map(line => tracker.lineNow(line)),
        [2, 3, 6, 7],
      );
    }
  });

  it('never puts a mark on a line that reads differently, and no line twice', () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(8), fc.nat(3), fc.array(line, { minLength: 1, maxLength: 4 })), {
          maxLength: 6,
        }),
        (original, edits) => {
          const first = original.join('\n');
          const tracker = new LineTracker(first);
          let text = first;
          for (const [from, span, made] of edits) {
            const last = text.split('\n').length - 1;
            const start = Math.min(from, last);
            text = replaceLines(tracker, text, start, Math.min(start + span, last), made);
          }
          const lines = text.split('\n');
          const places = original.map((_, index) => tracker.lineNow(index + 1));
          const known = places.filter(place => place !== undefined);
          assert.equal(new Set(known).size, known.length);
          places.forEach((place, index) => {
            if (place !== undefined) assert.equal(lines[place - 1], original[index]);
          });
          if (text === first)
            assert.deepEqual(
              places,
              original.map((_, index) => index + 1),
            );
        },
      ),
    );
  });
});
