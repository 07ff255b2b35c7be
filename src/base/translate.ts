/**
 * Owns how a sentence gets into the person's language: whole, with holes for what differs, so that each language has its own
 * order of words. The editor hands its translations down; the command line speaks English.
 */

declare const isMessage: unique symbol;

/** An English sentence of a table that `messages` made; `{0}`, `{1}` stand for what differs. */
export type Message = string & { readonly [isMessage]: true };

/**
 * Takes a sentence as it stands in the code, or one of `messages`, never one that was put together: the test of the translations
 * reads them from the sources, where calls of this are named `say`.
 */
export type Translate = <Text extends string>(
  message: string extends Text ? never : Text,
  ...values: readonly (string | number)[]
) => string;

export const inEnglish: Translate = (message, ...values) => fill(message, values);

/** Puts values into the holes of a sentence. */
export function fill(sentence: string, values: readonly (string | number)[]): string {
  if (values.length === 0) return sentence;
  return sentence.replaceAll(/\{(\d)\}/gu, (hole, at: string) =>
    String(values[Number(at)] ?? hole),
  );
}

/** Marks the sentences of a table as ones that have translations. */
export const messages = <Key extends string>(
  table: Readonly<Record<Key, string>>,
): Readonly<Record<Key, Message>> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where a text becomes a message
  table as Readonly<Record<Key, Message>>;
