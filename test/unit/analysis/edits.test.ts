import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { array, assert as check, constantFrom, nat, oneof, property, string } from 'fast-check';
import type { DocumentAnalysis } from '../../../src/analysis/openDocument';
import { analyzer, show } from './analysisSupport';

const CORPUS = 'test/fixtures/corpus';
const FILES = readdirSync(CORPUS).filter(name => name.endsWith('.py'));
const TEXTS = FILES.map(name => readFileSync(path.join(CORPUS, name), 'utf8'));
const MARKDOWN = readFileSync('test/fixtures/notes.md', 'utf8');
const SCRIPT = `import { Worker } from 'worker_threads';
const w = new Worker('x');
w.on('message', async m => { await Promise.all([f(m), g(m)]); });
class Pool { ws = [w]; async close() { for (const one of this.ws) await one.terminate(); } }
await new Pool().close();
`;

const PIECES = [
  'import threading\n|def f(x):\n|    x.join()\n|class A(threading.Thread):\n|with lock:\n|t = threading.Thread()\n|t.join()\n',
  '(|)|[|]|{|}|"""|\'\'\'|"|\'|`|#|:|=|;|*|@|\\\n|\n|\r\n|\r|\t|    |self.|await |for x in y:|lambda: ',
  '```python\n|```\n|> |- |<script>|\u3000|𝔘|\u0000|é|from a\n|import b\n|else:\n|def g(',
];
const pieces = constantFrom(...PIECES.flatMap(row => row.split('|')));
const soup = array(oneof(pieces, string()), { maxLength: 60 }).map(parts => parts.join(''));

function points(document: DocumentAnalysis): string[] {
  return document.analysis.waitPoints.map(
    point => `${point.column}-${point.endLine}:${point.endColumn} ${show(point)}`,
  );
}

describe('analysis of any text', () => {
  for (const languageId of ['python', 'markdown', 'javascript', 'typescriptreact', 'vue']) {
    it(`never throws and points into the text: ${languageId}`, async () => {
      const tool = await analyzer();
      check(
        property(soup, text => {
          const document = tool.open(languageId, text);
          const lines = text.split(/\r\n|\n|\r/);
          for (const point of document.analysis.waitPoints) {
            const line = lines[point.line - 1];
            assert.ok(
              line !== undefined && point.column >= 1 && point.column <= line.length + 1,
              show(point),
            );
            assert.ok(point.endLine >= point.line && point.endLine <= lines.length, show(point));
          }
          document.dispose();
        }),
        { numRuns: 150 },
      );
    });

    it(`says of an edited text what it says of the same text opened anew: ${languageId}`, async () => {
      const tool = await analyzer();
      check(
        property(array(soup, { minLength: 2, maxLength: 4 }), texts => {
          const document = tool.open(languageId, texts[0] ?? '');
          for (const text of texts.slice(1)) document.update(text);
          const fresh = tool.open(languageId, texts.at(-1) ?? '');
          assert.deepEqual(points(document), points(fresh));
          assert.deepEqual(document.analysis.snippets, fresh.analysis.snippets);
          document.dispose();
          fresh.dispose();
        }),
        { numRuns: 60 },
      );
    });
  }
});

describe('texts to get lost in', () => {
  const many = 5000;
  const texts: Record<string, string> = {
    'quotes without end': '"""'.repeat(many),
    'brackets without end': '([{'.repeat(many),
    'calls left open, line after line': 'foo(\n'.repeat(many),
    'definitions left open': 'def f(\n'.repeat(many),
    'continued lines that hold nothing': '\\\n'.repeat(many),
    'tags without end': '<script>'.repeat(many),
    'a chain of calls': `x${'.join()'.repeat(many)}`,
    'lists that hold each other':
      'xs = []\nys = xs + xs\nxs.extend(ys)\nys.extend(xs)\nfor t in xs: t.join()\n',
    'objects spread into each other':
      'a = { ...b };\nb = { ...a, ...b };\nb.worker.on("exit", f);\n',
    'comments between operands': `x = a ${'// '.repeat(many)}
+ b;
y = a ${'/* */ '.repeat(many)}+ b;
z = a ${'/'.repeat(many)}
+ b;
`,
    'a command of quotes': `import subprocess\nsubprocess.run("x${"'".repeat(20 * many)}x")\n`,
    'names that lead to each other': Array.from(
      { length: many },
      (_, i) => `x${i} = x${i + 1}`,
    ).join('\n'),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`come to an end: ${name}`, async () => {
      const tool = await analyzer();
      for (const languageId of ['python', 'javascript', 'markdown', 'vue']) {
        const document = tool.open(languageId, text);
        assert.ok(document.analysis.waitPoints.every(point => point.line >= 1));
        document.dispose();
      }
    });
  }
});

describe('deleting a part of a text and restoring it', () => {
  const cases: [string, string][] = [
    ...TEXTS.map((text, index): [string, string] => [FILES[index] ?? '', text]),
    ['notes.md', MARKDOWN],
    ['pool.mjs', SCRIPT],
  ];
  for (const [name, text] of cases) {
    it(`gives the same points: ${name}`, async () => {
      const tool = await analyzer();
      const languageId = name.endsWith('.py')
        ? 'python'
        : name.endsWith('.md')
          ? 'markdown'
          : 'javascript';
      const document = tool.open(languageId, text);
      const before = points(document);
      assert.ok(before.length > 0 || name === 'negatives.py' || name === '_helper.py');
      check(
        property(nat(text.length), nat(200), (start, length) => {
          const end = Math.min(text.length, start + length);
          document.update(text.slice(0, start) + text.slice(end));
          document.update(text);
          assert.deepEqual(points(document), before);
        }),
        { numRuns: name === 'notes.md' ? 15 : 40 },
      );
      document.dispose();
    });
  }

  it('says after each deletion what a fresh look says', async () => {
    const tool = await analyzer();
    check(
      property(constantFrom(...TEXTS), nat(), nat(80), (text, place, length) => {
        const document = tool.open('python', text);
        const start = place % text.length;
        const cut = text.slice(0, start) + text.slice(start + length);
        document.update(cut);
        const fresh = tool.open('python', cut);
        assert.deepEqual(points(document), points(fresh));
        document.dispose();
        fresh.dispose();
      }),
      { numRuns: 120 },
    );
  });
});

describe('updates', () => {
  it('move with the lines above them', async () => {
    const document = (await analyzer()).open('python', 'import time\ntime.sleep(1)\n');
    document.update('import time\n\n\ntime.sleep(1)\n');
    assert.deepEqual(document.analysis.waitPoints.map(show), ['4: sleep 1 s']);
    document.dispose();
  });

  it('can be cancelled, and the next one catches up', async () => {
    const document = (await analyzer()).open('python', 'import time\ntime.sleep(1)\n');
    const next = 'import time\ntime.sleep(1)\ntime.sleep(2)\n';
    assert.equal(document.update(next, { isCancelled: () => true }), false);
    assert.deepEqual(document.analysis.waitPoints.map(show), ['2: sleep 1 s']);
    assert.equal(document.update(next), true);
    assert.deepEqual(document.analysis.waitPoints.map(show), ['2: sleep 1 s', '3: sleep 2 s']);
    document.dispose();
  });
});
