import assert from 'node:assert/strict';
import { crc32 } from '../../../src/base/crc32';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('crc32', () => {
  it('is that of zlib', () => {
    assert.equal(crc32(bytes('')), 0);
    assert.equal(crc32(bytes('123456789')), 0xcbf43926);
    assert.equal(crc32(bytes('The quick brown fox jumps over the lazy dog')), 0x414fa339);
  });

  it('goes on from a part, and takes a range', () => {
    const whole = bytes('hello, world');
    assert.equal(crc32(whole, 5, whole.length, crc32(whole, 0, 5)), crc32(whole));
  });
});
