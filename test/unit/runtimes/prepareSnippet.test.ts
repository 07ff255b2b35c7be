import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { layOut, prepareSnippet } from '../../../src/runtimes/prepareSnippet';
import type { SnippetText } from '../../../src/runtimes/snippetText';

const settings = { args: [], cwd: '/', env: { PYTHONPATH: 'lib' }, traceFolder: '/trace' };

function python(text: string, more: Partial<SnippetText> = {}): SnippetText {
  return { documentPath: '/notes/notes.md', isSaved: true, language: 'python', text, ...more };
}

function fence(
  text: string,
  first: number,
  last: number,
): { lines: string[]; notes: readonly string[] } {
  const laidOut = layOut(python(text, { lines: { first, last }, isEmbedded: true }));
  return { lines: laidOut.text.split('\n'), notes: laidOut.notes };
}

describe('prepareSnippet', () => {
  let scratch: string;
  beforeEach(async () => (scratch = await mkdtemp(path.join(tmpdir(), 'prepare ü '))));
  afterEach(() => rm(scratch, { recursive: true }));

  it('runs a saved file in place', async () => {
    const request = await prepareSnippet(
      python('print(1)\n', { documentPath: '/here/a.py' }),
      settings,
      scratch,
    );
    assert.equal(request.programPath, '/here/a.py');
    assert.equal(request.env['PYTHONPATH'], 'lib');
  });

  it('writes unsaved text to a file named after the document, with its neighbours importable', async () => {
    const snippet = python('print("ü")\r\n', { documentPath: '/here/a b.py', isSaved: false });
    const request = await prepareSnippet(snippet, settings, scratch);
    assert.equal(path.basename(request.programPath), 'a b.py');
    assert.equal(await readFile(request.programPath, 'utf8'), 'print("ü")\r\n');
    assert.equal(request.env['PYTHONPATH'], `/here${path.delimiter}lib`);
    assert.equal(request.documentPath, '/here/a b.py');
  });

  it('gives a cell the neighbours of its notebook, and says what it is', async () => {
    const documentPath = 'vscode-notebook-cell:/here/a.ipynb#W1s';
    const cell = { documentPath, isSaved: false, isCell: true, shownAs: 'a.ipynb · cell 2' };
    const request = await prepareSnippet(
      python('import helper', cell),
      { ...settings, cwd: '/here' },
      scratch,
    );
    assert.equal(request.env['PYTHONPATH'], `/here${path.delimiter}lib`);
    assert.equal(request.part, 'cell');
    assert.equal(request.shownAs, 'a.ipynb · cell 2');
  });

  it('writes a document without a file', async () => {
    const snippet = python('print(1)', { documentPath: 'Untitled-1', isSaved: false });
    const request = await prepareSnippet(snippet, settings, scratch);
    assert.equal(path.basename(request.programPath), 'Untitled-1.py');
    assert.equal(request.env['PYTHONPATH'], 'lib');
  });
});

describe('a part of a document', () => {
  it('keeps its line numbers and its line ends', () => {
    const { text } = layOut(
      python('a\r\nb\r\nx = 1\r\ny = 2\r\nc\r\n', { lines: { first: 3, last: 4 } }),
    );
    assert.equal(text, '\r\n\r\nx = 1\r\ny = 2\r');
  });

  it('keeps its columns when it is indented', () => {
    const { text } = layOut(
      python('def f():\n    x = """a\n  b"""\n    print(x)\n', { lines: { first: 2, last: 4 } }),
    );
    assert.equal(text, 'if True:\n    x = """a\n  b"""\n    print(x)');
  });

  it('is moved left where no line above is free', () => {
    const { text } = layOut(python('    a = 1\n    b = 2\n', { lines: { first: 1, last: 2 } }));
    assert.equal(text, 'a = 1\nb = 2');
  });

  it('may begin with an import from the future', () => {
    const { text } = layOut(
      python('-\n  from __future__ import annotations\n  a = 1\n', {
        lines: { first: 2, last: 3 },
      }),
    );
    assert.equal(text, '\nfrom __future__ import annotations\na = 1');
  });

  it('loses the marks of a quotation, not its columns', () => {
    const { lines } = fence('> ```python\n> a = 1\n>\n> b = 2\n> ```', 2, 4);
    assert.deepEqual(lines, ['if True:', '  a = 1', ' ', '  b = 2']);
  });

  it('gets the imports of standard modules that a selection leaves out', () => {
    const text = 'import threading\n\nif 1:\n    t = threading.Thread()\n    t.start()\n';
    const { text: program, notes } = layOut(python(text, { lines: { first: 4, last: 5 } }));
    assert.equal(
      program,
      '\nimport threading\nif True:\n    t = threading.Thread()\n    t.start()',
    );
    assert.match(notes.join(), /an import of threading was added/);
    const fromTop = layOut(python('time.sleep(1)\n', { lines: { first: 1, last: 1 } }));
    assert.deepEqual([fromTop.text, fromTop.notes], ['time.sleep(1)', []]);
    const future = 'from __future__ import annotations\ntime.sleep(1)';
    assert.deepEqual(fence(`-\n${future}`, 2, 3), {
      lines: ['', ...future.split('\n')],
      notes: [],
    });
  });

  it('says that nothing happens where it only defines', () => {
    const text = 'from threading import Thread\ndef click():\n    Thread(target=print).start()\n';
    assert.match(layOut(python(text)).notes.join(), /only defines functions .* Add a call/);
    assert.match(fence(`-\n${text}`, 2, 4).notes.join(), /only defines/);
    assert.deepEqual(layOut(python(`${text}click()\n`)).notes, []);
  });

  it('loses the prompts and results of a console session', () => {
    const { lines, notes } = fence(
      '```\n>>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> x = 1',
      2,
      7,
    );
    assert.deepEqual(lines.slice(1), [
      '    for i in range(2):',
      '        print(i)',
      '   ',
      '',
      '',
      '    x = 1',
    ]);
    assert.equal(notes.length, 1);
  });

  it('gets the imports it lacks, on the line before it, and says so', () => {
    const { lines, notes } = fence(
      'text\n```\np = subprocess.run(["df"])\ntime.sleep(1)\n```',
      3,
      4,
    );
    assert.deepEqual(lines, [
      '',
      'import subprocess; import time',
      'p = subprocess.run(["df"])',
      'time.sleep(1)',
    ]);
    assert.deepEqual(notes, [
      'The snippet uses subprocess and time without importing them: imports of subprocess and time were added for this run.',
    ]);
  });

  it('gets imports and a block when it is indented, too', () => {
    const { lines } = fence('- x\n\n  ```\n  time.sleep(1)\n  ```', 4, 4);
    assert.deepEqual(lines, ['', 'import time', 'if True:', '  time.sleep(1)']);
  });
});

describe('the declared encoding of unsaved text', () => {
  const cases: [string, string][] = [
    ['# -*- coding: cp932 -*-\nx', '# -*- coding: utf-8 -*-\nx'],
    [
      '#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n',
      '#!/usr/bin/python\n# vim: set fileencoding=utf-8 :\n',
    ],
    ['x = 1\n# coding: latin-1\n', 'x = 1\n# coding: latin-1\n'],
  ];
  for (const [before, after] of cases) {
    it(JSON.stringify(before), () => assert.equal(layOut(python(before)).text, after));
  }
});
