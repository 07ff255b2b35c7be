/** Owns colour in the terminal: only where a person looks at one. */

type Ink = (text: string) => string;

export interface Paint {
  readonly bold: Ink;
  readonly dim: Ink;
  readonly red: Ink;
  readonly green: Ink;
  readonly yellow: Ink;
  readonly blue: Ink;
  readonly magenta: Ink;
  readonly cyan: Ink;
}

export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const isOn = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const code = (open: number, close: number) => (text: string) =>
    isOn && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    blue: code(34, 39),
    magenta: code(35, 39),
    cyan: code(36, 39),
  };
}
