import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { crc32 } from '../../../src/base/crc32';
import type { OutputPiece } from '../../../src/trace/model';
import { OutputMatcher } from '../../../src/trace/outputMatcher';
import { OutputRecords } from '../../../src/trace/outputRecords';
import { OutputStore } from '../../../src/trace/outputStore';

class Pipe {
  readonly records = new OutputRecords();
  readonly pieces: OutputPiece[] = [];
  readonly matcher = new OutputMatcher('stdout', this.records, piece => this.pieces.push(piece));
  private ns = 0;

  /** The tracer's record of a write; the bytes are given to the pipe apart. */
  record(source: number, lane: number, text: string | Uint8Array): Uint8Array {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.records.add(source, lane, 1, ++this.ns, bytes.length, crc32(bytes));
    return bytes;
  }

  get told(): [number | null, string][] {
    return this.pieces.map(piece => [piece.lane, piece.text]);
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const wrote = (text: string, lane = 1): OutputPiece => ({ lane, ns: 0, stream: 'stdout', text });

describe('output', () => {
  it('is told apart by lane, also when writes come in another order than their records', () => {
    const pipe = new Pipe();
    const [one, two, three] = [
      pipe.record(0, 1, 'one\n'),
      pipe.record(0, 2, 'two\n'),
      pipe.record(7, 5, 'three\n'),
    ];
    pipe.matcher.add(join(three, two, one));
    pipe.matcher.pass(100, true);
    assert.deepEqual(pipe.told, [
      [5, 'three\n'],
      [2, 'two\n'],
      [1, 'one\n'],
    ]);
  });

  it('is held back while the record of its write may not be read yet', () => {
    const pipe = new Pipe();
    pipe.matcher.add(utf8('forked\n'));
    pipe.matcher.pass(100, false, true);
    assert.deepEqual(pipe.told, []);
    pipe.record(3, 4, 'forked\n');
    pipe.matcher.pass(200, false, true);
    assert.deepEqual(pipe.told, [[4, 'forked\n']]);
  });

  it('belongs to no lane when no record tells of it', () => {
    const pipe = new Pipe();
    const known = pipe.record(0, 1, 'known\n');
    pipe.matcher.add(join(utf8('from a program\nthat is not traced\n'), known));
    pipe.matcher.pass(100, true);
    assert.deepEqual(pipe.told, [
      [null, 'from a program\nthat is not traced\n'],
      [1, 'known\n'],
    ]);
  });

  it('waits for the rest of a write, and gives up when it does not come', () => {
    const pipe = new Pipe();
    const bytes = pipe.record(0, 1, 'a long line\n');
    pipe.matcher.add(bytes.subarray(0, 4));
    pipe.matcher.pass(100, true);
    assert.deepEqual(pipe.told, []);
    pipe.matcher.add(bytes.subarray(4));
    pipe.matcher.pass(200, true);
    assert.deepEqual(pipe.told, [[1, 'a long line\n']]);
    pipe.record(0, 1, 'never written\n');
    pipe.matcher.add(utf8('other'));
    pipe.matcher.pass(300, false);
    assert.deepEqual(pipe.told.at(-1), [null, 'other']);
  });

  it('takes a character that is cut in two for one', () => {
    const pipe = new Pipe();
    const bytes = utf8('ü\n');
    pipe.matcher.add(bytes.subarray(0, 1));
    pipe.matcher.pass(1, false);
    pipe.matcher.add(bytes.subarray(1));
    pipe.matcher.end(2);
    assert.equal(pipe.pieces.map(piece => piece.text).join(''), 'ü\n');
  });

  it('shows bytes that are no UTF-8 as replacement characters', () => {
    const pipe = new Pipe();
    const bytes = pipe.record(0, 1, new Uint8Array([0xff, 0xfe, 0x41, 0x0a, 0xe2]));
    pipe.matcher.add(bytes);
    pipe.matcher.end(1);
    assert.equal(pipe.pieces.map(piece => piece.text).join(''), '\ufffd\ufffdA\n\ufffd');
  });

  it('gives a huge write to its lane before it is whole', () => {
    const pipe = new Pipe();
    const bytes = pipe.record(0, 3, 'x'.repeat(300_000));
    for (let at = 0; at < bytes.length; at += 65_536) {
      pipe.matcher.add(bytes.subarray(at, at + 65_536));
      pipe.matcher.pass(at, true);
      assert.equal(pipe.matcher.waiting, 0, 'nothing is held back');
    }
    assert.ok(pipe.pieces.every(piece => piece.lane === 3));
    assert.equal(
      pipe.pieces.reduce((sum, piece) => sum + piece.text.length, 0),
      300_000,
    );
  });

  it('never loses, adds or reorders a byte', () => {
    const write = fc.record({
      source: fc.nat(2),
      lane: fc.nat(4),
      text: fc.string({ minLength: 1, maxLength: 12 }),
      isTold: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (writes, sizes) => {
          const pipe = new Pipe();
          const all = join(
            ...writes.map(({ source, lane, text, isTold }) =>
              isTold ? pipe.record(source, lane, text) : utf8(text),
            ),
          );
          for (let at = 0; at < all.length;) {
            const { value: size } = sizes.next();
            pipe.matcher.add(all.subarray(at, at + size));
            pipe.matcher.pass(at, true);
            at += size;
          }
          pipe.matcher.end(1000);
          assert.equal(
            pipe.pieces.map(piece => piece.text).join(''),
            new TextDecoder('utf-8', { ignoreBOM: true }).decode(all),
          );
        },
      ),
    );
  });
});

describe('output store', () => {
  it('joins a line and its end', () => {
    const store = new OutputStore();
    for (const text of ['a', '\n', 'b', '\n']) store.add(wrote(text));
    store.add(wrote('c', 2));
    store.add(wrote('d', 3));
    assert.deepEqual(
      store.pieces.map(one => one.text),
      ['a\n', 'b\n', 'c', 'd'],
    );
  });

  it('keeps the head and the tail of a flood, and counts what it left out', () => {
    const store = new OutputStore();
    const line = `${'x'.repeat(999)}\n`;
    const lines = 100_000;
    for (let at = 0; at < lines; at++) store.add(wrote(`${at} ${line}`));
    const kept = store.pieces.reduce((sum, one) => sum + one.text.length, 0);
    assert.ok(kept < 16e6, `${kept} characters kept`);
    assert.match(store.pieces[0]!.text, /^0 /);
    assert.match(store.pieces.at(-1)!.text, /^99999 /);
    const total = Array.from({ length: lines }, (_, at) => `${at} ${line}`.length);
    assert.equal(
      kept + store.leftOutChars,
      total.reduce((sum, one) => sum + one, 0),
    );
  });
});
