import { readFileSync } from 'node:fs';
import { fill, type Translate } from '../../src/base/translate';

export const LANGUAGES = ['ja', 'zh-tw'] as const;

/** As VS Code translates with the bundle that ships; a sentence that it does not have is an error here. */
export function translationTo(language: (typeof LANGUAGES)[number]): Translate {
  const text = readFileSync(`media/l10n/bundle.l10n.${language}.json`, 'utf8');
  const bundle = JSON.parse(text) as Record<string, string>;
  return (message: string, ...values) => {
    const translated = bundle[message];
    if (translated === undefined) throw new Error(`no translation of: ${message}`);
    return fill(translated, values);
  };
}
