import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES } from '../../support/translations';
import { PAGE_WORDS } from '../../../src/webview/pageWords';

const read = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

const STRING = /(['"`])((?:(?!\1)[^\\]|\\.)*)\1/u.source;
/** `l10n.t('...')`, and `say('...')` of what is handed down for it. */
const SAID = new RegExp(String.raw`(?:\bl10n\.t|(?<![.\w])say)\(\s*${STRING}`, 'gu');
/** The sentences of a table. */
const TABLE = /\bmessages\(\{(.*?)\}\)/gsu;
const ENTRY = new RegExp(String.raw`:\s*${STRING}`, 'gu');
/** One of two sentences, or one put together: neither would be found. */
const HIDDEN = /(?:\bl10n\.t|(?<![.\w])say)\((?!\s*['"`])[^,)]*['"`].*/gu;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(path.join('src', name), 'utf8'));

/** What the code hands to a translation, and what the timeline page says. */
function messages(): string[] {
  const found = new Set<string>(Object.values(PAGE_WORDS));
  const add = (matches: Iterable<RegExpExecArray>): void => {
    for (const [, quote = '', body = ''] of matches)
      found.add(body.replaceAll(`\\${quote}`, quote));
  };
  for (const text of sources) {
    add(text.matchAll(SAID));
    for (const [, table = ''] of text.matchAll(TABLE)) add(table.matchAll(ENTRY));
  }
  return [...found];
}

describe('messages', () => {
  it('stand whole where they are said, or in a table', () => {
    assert.deepEqual(
      sources.flatMap(text => text.match(HIDDEN) ?? []),
      [],
    );
  });
});

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
