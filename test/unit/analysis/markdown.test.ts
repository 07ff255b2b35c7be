import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyze, show } from './analysisSupport';

async function fences(text: string): Promise<string[]> {
  const { snippets } = await analyze('markdown', text);
  return snippets.map(one => `${one.language} ${one.line}-${one.endLine}`);
}

const CODE = 'import time\ntime.sleep(1)';

describe('fences of Markdown', () => {
  it('are found with backticks, tildes and longer marks', async () => {
    assert.deepEqual(await fences(`\`\`\`python\n${CODE}\n\`\`\`\n`), ['python 2-3']);
    assert.deepEqual(await fences(`~~~ py\n${CODE}\n~~~\n`), ['python 2-3']);
    assert.deepEqual(await fences(`\`\`\`\`python\n${CODE}\n\`\`\`\nx = 1\n\`\`\`\`\n`), [
      'python 2-5',
    ]);
    assert.deepEqual(await fences(`\`\`\`python\n${CODE}`), ['python 2-3']);
  });

  it('know the names of the languages', async () => {
    const infos =
      'python py python3 {.python} {python} pycon js javascript mjs ts typescript jsx tsx'.split(
        ' ',
      );
    for (const info of [...infos, 'python title="a.py"', 'Python']) {
      const text = `\`\`\`${info}\nimport time; time.sleep(1)\n\`\`\``;
      assert.equal((await fences(text)).length, 1, info);
    }
    for (const info of ['bash', 'text', 'json', 'console', 'pythonic', 'c++', 'rust']) {
      assert.deepEqual(await fences(`\`\`\`${info}\nimport time\n\`\`\``), [], info);
    }
  });

  it('stand indented, in lists and in quotations, and points keep the columns of the document', async () => {
    const text = `- item\n\n  \`\`\`python\n  import time\n  time.sleep(1)\n  \`\`\`\n\n> \`\`\`py\n> import time\n> time.sleep(2)\n> \`\`\`\n`;
    const { waitPoints, snippets } = await analyze('markdown', text);
    assert.deepEqual(
      snippets.map(one => [one.line, one.endLine]),
      [
        [4, 5],
        [9, 10],
      ],
    );
    assert.deepEqual(waitPoints.map(show), ['5: sleep 1 s', '10: sleep 2 s']);
    assert.deepEqual(
      waitPoints.map(one => [one.column, one.endColumn]),
      [
        [3, 16],
        [3, 16],
      ],
    );
  });

  it('end with their quotation', async () => {
    assert.deepEqual(await fences(`> \`\`\`py\n> import time\ntime.sleep(1)\n`), ['python 2-2']);
  });

  it('are not made by inline code or indented blocks', async () => {
    assert.deepEqual(
      await fences(`a \`\`\`py\` b\n\n    \`\`\`python\n    import time\n    \`\`\`\n`),
      [],
    );
  });

  it('without a language are Python only when nothing else is possible', async () => {
    const python = [
      'import time',
      'def f():\n    pass',
      'x = open("a")',
      'self.b = tk.Button(self.f)',
      'time.sleep(1)',
      'for i in x:\n    print(i)',
    ];
    for (const code of python)
      assert.equal((await fences(`\`\`\`\n${code}\n\`\`\``)).length, 1, code);
    const others = [
      '2s\n1s',
      'True\nFalse',
      'MainThread',
      "{'thread1': 16}",
      'input: 0\ndouble: 4',
      '[1, 2]',
      'df -h',
      '',
      'console.log("a")',
      'printf("a");',
      'task: t1 (thread name: Thread-1)',
      '$ python a.py',
      'make(1)',
      'a = 1',
    ];
    for (const code of others) assert.deepEqual(await fences(`\`\`\`\n${code}\n\`\`\``), [], code);
  });

  it('with prompts are console sessions', async () => {
    const text = '```pycon\n>>> import time\n>>> for i in x:\n...     time.sleep(1)\n1\n```';
    const { waitPoints } = await analyze('markdown', text);
    assert.deepEqual(
      waitPoints.map(point => `${show(point)} ${point.column}`),
      ['4: sleep 1 s 9'],
    );
  });

  it('of the notes are told from printed output', async () => {
    const text = readFileSync('test/fixtures/notes.md', 'utf8');
    const { snippets, waitPoints } = await analyze('markdown', text);
    const lines = text.split('\n');
    // Each of the programs and fragments of the notes has one of these in it; no printed output has.
    const code = /^(?:import|from|class \w+\(|def |async def |p1 = |self\.btn_Start = )/;
    const expected: string[] = [];
    let first = 0;
    let isOpen = false;
    for (const [index, line] of lines.entries()) {
      if (!line.startsWith('```')) continue;
      if (isOpen && lines.slice(first, index).some(one => code.test(one)))
        expected.push(`${first + 1}-${index}`);
      isOpen = !isOpen;
      first = index + 1;
    }
    assert.deepEqual(
      snippets.map(one => `${one.line}-${one.endLine}`),
      expected,
    );
    assert.ok(snippets.length >= 20);
    assert.ok(waitPoints.some(point => show(point).endsWith('join Thread T2')));
  });
});
