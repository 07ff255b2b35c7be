import assert from 'node:assert/strict';
import type { Snippet } from '../../../src/analysis/waitPoint';
import { NoSnippetError, readSource, snippetAt } from '../../../src/cli/snippet';

const fence = (line: number, endLine: number): Snippet => ({
  kind: 'fence',
  language: 'python',
  label: 'python',
  line,
  column: 1,
  endLine,
  endColumn: 1,
});

const NOTES = { path: '/n/notes.md', text: '' };

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof NoSnippetError) return error.message;
    throw error;
  }
  return '';
}

describe('the snippet that FILE[:LINE] means', () => {
  it('is the whole of a program', () => {
    const snippet = snippetAt({ path: '/n/a.py', text: 'x' }, null, []);
    assert.deepEqual(
      [snippet.language, snippet.lines, snippet.isSaved],
      ['python', undefined, true],
    );
    assert.equal(snippetAt({ path: '/n/a.mts', text: 'x' }, null, []).language, 'javascript');
  });

  it('is the fence at the line, its marks included', () => {
    for (const line of [4, 5, 8, 9]) {
      const snippet = snippetAt(NOTES, line, [fence(5, 8), fence(12, 13)]);
      assert.deepEqual([snippet.lines, snippet.isEmbedded], [{ first: 5, last: 8 }, true]);
    }
  });

  it('is of the kind of module that the fence itself is, whatever the others are', () => {
    const text =
      '```python\nimport os\n```\n```js\nconst fs = require("fs");\n```\n```ts\nlet x: 1;\n```\n';
    const script = { language: 'javascript', label: 'js' } as const;
    const fences = [
      fence(2, 2),
      { ...fence(5, 5), ...script },
      { ...fence(8, 8), ...script, label: 'ts' },
    ];
    const endings = [2, 5, 8].map(line => snippetAt({ ...NOTES, text }, line, fences).extension);
    assert.deepEqual(endings, ['.py', '.cjs', '.mts']);
  });

  it('is the only fence when no line is given', () => {
    assert.deepEqual(snippetAt(NOTES, null, [fence(5, 8)]).lines, { first: 5, last: 8 });
  });

  it('says which fences there are when it is not clear', () => {
    const two = [fence(5, 8), fence(12, 13)];
    assert.match(
      failure(() => snippetAt(NOTES, null, two)),
      /2 fences .* notes\.md:5 or notes\.md:12/,
    );
    assert.match(
      failure(() => snippetAt(NOTES, 10, two)),
      /no fence .* line 10 .* notes\.md:5/,
    );
    assert.match(
      failure(() => snippetAt(NOTES, 10, [])),
      /has no fence that can be run/,
    );
    assert.match(
      failure(() => snippetAt({ path: '/n/a.py', text: '' }, 3, [])),
      /Leave ":3" out/,
    );
  });

  it('says why a file cannot be read', () => {
    const cwd = process.cwd();
    assert.match(
      failure(() => readSource('no-such-file.py', cwd)),
      /does not exist/,
    );
    assert.match(
      failure(() => readSource('src', cwd)),
      /is not a file/,
    );
    assert.match(
      failure(() => readSource('LICENSE', cwd)),
      /neither Python, JavaScript/,
    );
  });
});
