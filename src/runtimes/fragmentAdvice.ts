/** Owns what is said of a part of a document that uses what is defined elsewhere in it. */
import type { Translate } from '../base/translate';
import type { SnippetPart } from './runtime';

export function fragmentAdvice(name: string, part: SnippetPart, say: Translate): string {
  return part === 'cell'
    ? say(
        'A cell runs by itself here, without the cells above it, and this one uses {0}, which it does not define. Put what it needs into the same cell.',
        name,
      )
    : say(
        'The snippet is a fragment: it uses {0}, which it does not define. Add the definition, or run the whole file or a larger selection.',
        name,
      );
}
