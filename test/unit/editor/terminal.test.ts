import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { OutputPiece, RunModel } from '../../../src/trace/model';
import { LaneInk } from '../../../src/editor/terminal/laneInk';
import { LineEditor } from '../../../src/editor/terminal/lineEditor';
import { OutputBuffer } from '../../../src/editor/terminal/outputBuffer';

const piece = (
  text: string,
  lane: number | null = 0,
  stream: 'stdout' | 'stderr' = 'stdout',
): OutputPiece => ({
  lane,
  ns: 0,
  stream,
  text,
});

function type(...keys: string[]): { lines: string[]; echo: string; events: string[] } {
  const lines: string[] = [];
  const events: string[] = [];
  let echo = '';
  const editor = new LineEditor({
    echo: text => void (echo += text),
    submit: line => void lines.push(line),
    endInput: () => void events.push('end'),
    interrupt: () => void events.push('interrupt'),
  });
  for (const key of keys) editor.input(key);
  return { lines, echo, events };
}

describe('typing into the terminal of a run', () => {
  it('echoes what is typed and submits it with Enter', () => {
    const { lines, echo } = type('h', 'i', '\r');
    assert.deepEqual(lines, ['hi\n']);
    assert.equal(echo, 'hi\r\n');
  });

  it('rubs out, moves and inserts', () => {
    assert.deepEqual(type('a', 'x', '\x7f', 'c', '\x1b[D', 'b', '\r').lines, ['abc\n']);
    assert.deepEqual(type('one two', '\x17', 'three', '\r').lines, ['one three\n']);
    assert.deepEqual(type('abc', '\x01', '\x1b[3~', '\r').lines, ['bc\n']);
    assert.deepEqual(type('abc', '\x1b[D', '\x15', '\r').lines, ['c\n']);
    assert.deepEqual(type('\x7f', '\x1b[D', '\x1b[3~', '\r').lines, ['\n']);
  });

  it('moves over wide characters by two columns', () => {
    assert.ok(type('日', '\x1b[D').echo.endsWith('\x1b[2D'));
  });

  it('brings earlier lines back', () => {
    assert.deepEqual(type('first\r', 'second\r', '\x1b[A', '\x1b[A', '\r').lines, [
      'first\n',
      'second\n',
      'first\n',
    ]);
  });

  it('submits each line of a paste', () => {
    assert.deepEqual(type('one\r\ntwo\nthree').lines, ['one\n', 'two\n']);
  });

  it('interrupts with Ctrl+C and ends the input with Ctrl+D on an empty line', () => {
    assert.deepEqual(type('x', '\x03', '\x04').events, ['interrupt', 'end']);
    const partial = type('x', '\x04');
    assert.deepEqual([partial.lines, partial.events], [['x'], []]);
  });

  it('ignores keys that mean nothing here', () => {
    assert.deepEqual(type('\x1b[15~', '\x1bOP', '\x1b[5;5~', 'a', '\r').lines, ['a\n']);
  });
});

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'gu');
const plain = (text: string): string => text.replaceAll(COLOUR, '');

describe('colours of the output', () => {
  const model = { lanes: [{ name: 'MainThread' }, { name: 'T1' }] } as unknown as RunModel;

  it('names the lane at the start of each line, aligned', () => {
    const ink = new LaneInk(model, 'name');
    const painted = [piece('go\n'), piece('one\ntwo\n', 1), piece('a', 1), piece('b\n', 1)].map(
      one => ink.paint(one),
    );
    assert.equal(
      plain(painted.join('')),
      'MainThread │ go\r\nT1         │ one\r\nT1         │ two\r\nT1         │ ab\r\n',
    );
  });

  it('leaves the output of a run with one lane as it is', () => {
    const ink = new LaneInk({ lanes: [{ name: 'MainThread' }] } as unknown as RunModel, 'name');
    assert.equal(ink.paint(piece('one\ntwo')), 'one\r\ntwo');
  });

  it('paints other lanes and stderr, and nothing when it is off', () => {
    assert.equal(new LaneInk(model, 'colour').paint(piece('x\n', 1)), '\x1b[36mx\x1b[0m\r\n');
    assert.equal(
      new LaneInk(model, 'colour').paint(piece('x\n', 1, 'stderr')),
      '\x1b[31mx\x1b[0m\r\n',
    );
    assert.equal(new LaneInk(model, 'off').paint(piece('x\n', 1)), 'x\r\n');
  });

  it('does not double a carriage return', () => {
    assert.equal(new LaneInk(model, 'off').paint(piece('x\r\ny\rz\n', 0)), 'x\r\ny\rz\r\n');
  });
});

describe('output that comes too fast', () => {
  it('gives everything in order while it fits', () => {
    const buffer = new OutputBuffer(100);
    for (const text of ['a', 'b', 'c']) buffer.add(piece(text));
    assert.deepEqual(buffer.take(2), { pieces: [piece('a'), piece('b')], skipped: 0 });
    assert.deepEqual(buffer.take(2), { pieces: [piece('c')], skipped: 0 });
    assert.equal(buffer.isEmpty, true);
  });

  it('leaves out the oldest and says how much', () => {
    const buffer = new OutputBuffer(5);
    for (const text of ['aaa', 'bbb', 'cc']) buffer.add(piece(text));
    assert.deepEqual(buffer.take(10), { pieces: [piece('bbb'), piece('cc')], skipped: 3 });
  });

  it('counts every character once, shown or left out', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ maxLength: 30 }).map(text => ({ text })),
            fc.nat(20).map(room => ({ room })),
          ),
        ),
        steps => {
          const buffer = new OutputBuffer(16);
          let added = 0;
          let seen = 0;
          const take = (room: number): void => {
            const batch = buffer.take(room);
            seen += batch.skipped + batch.pieces.reduce((sum, one) => sum + one.text.length, 0);
          };
          for (const step of steps) {
            if ('room' in step) take(step.room);
            else {
              added += step.text.length;
              buffer.add(piece(step.text));
            }
          }
          while (!buffer.isEmpty) take(8);
          assert.equal(seen, added);
        },
      ),
    );
  });
});
