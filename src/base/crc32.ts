/** Owns CRC-32 (the one of zlib), by which bytes from a pipe are matched with the write that the trace tells of. */

const TABLE = new Int32Array(256);
for (let index = 0; index < 256; index++) {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLE[index] = value;
}

/** The running value of `bytes[from..to)` after `before`, as zlib has it. */
export function crc32(bytes: Uint8Array, from = 0, to: number = bytes.length, before = 0): number {
  let crc = ~before;
  for (let at = from; at < to; at++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
