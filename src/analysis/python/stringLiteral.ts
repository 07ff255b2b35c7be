/** Owns the reading of Python string literals as far as labels and annotations need it. */

/** Text of a literal without prefix and quotes; escapes are left as they are written. */
export function textOfString(literal: string): string {
  const opened = /^[a-zA-Z]{0,2}("""|'''|"|')/.exec(literal);
  const quote = opened?.[1];
  if (!opened || !quote) return '';
  const body = literal.slice(opened[0].length);
  return body.endsWith(quote) ? body.slice(0, -quote.length) : body;
}
