/** Owns how many terminal columns a character takes: enough to move the cursor over what a person typed. */

export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += columnsOfChar(char.codePointAt(0) ?? 0);
  return columns;
}

function columnsOfChar(code: number): number {
  if (code < 0x300) return 1;
  if (code === 0x200d || (code >= 0x300 && code <= 0x36f) || (code >= 0xfe00 && code <= 0xfe0f))
    return 0;
  return isWide(code) ? 2 : 1;
}

/** East Asian wide and fullwidth blocks, and emoji. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe4f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
