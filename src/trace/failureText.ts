/** Owns the shortening of an exception's words to one line: they stand in tables, tree rows and marks. Pure. */

/** `ValueError: first` of a message of many lines; the whole of it is in the output of the run. */
export function failureInOneLine(text: string): string {
  const [first = '', second = ''] = text.trim().split(/\s*\n\s*/);
  return /^[\w.]+:$/.test(first) && second !== '' ? `${first} ${second}` : first;
}
