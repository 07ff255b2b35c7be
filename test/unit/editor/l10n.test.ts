import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PAGE_WORDS } from '../../../src/webview/pageWords';

const LANGUAGES = ['ja', 'zh-tw'];

const read = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

/** What the code hands to `l10n.t`, and what the timeline page says. */
function messages(): string[] {
  const found = new Set<string>(Object.values(PAGE_WORDS));
  for (const name of readdirSync('src/editor', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(path.join('src/editor', name), 'utf8');
    for (const [, quote = '', body = ''] of text.matchAll(
      /l10n\.t\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/gu,
    )) {
      found.add(body.replaceAll(`\\${quote}`, quote));
    }
  }
  return [...found];
}

/** `{0}`, links and code must survive a translation. */
const fixed = (text: string): string[] =>
  (text.match(/\{\d\}|\(command:[^)]*\)|\$\([\w-]+\)|(?<!`)`[^`\s]+`(?!`)/gu) ?? []).toSorted();

for (const language of LANGUAGES) {
  describe(`translation: ${language}`, () => {
    it('has every message of the code, and no other', () => {
      const bundle = read(`media/l10n/bundle.l10n.${language}.json`);
      assert.deepEqual(Object.keys(bundle).toSorted(), messages().toSorted());
      for (const [message, translated] of Object.entries(bundle)) {
        assert.deepEqual(fixed(translated), fixed(message), message);
      }
    });

    it('has every text of the manifest, and no other', () => {
      const english = read('package.nls.json');
      const translated = read(`package.nls.${language}.json`);
      assert.deepEqual(Object.keys(translated), Object.keys(english));
      for (const [key, text] of Object.entries(translated)) {
        assert.deepEqual(fixed(text), fixed(english[key] ?? ''), key);
      }
    });
  });
}
