import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JavaScriptFileBuilder } from '../../../src/analysis/javascript/build';
import { PythonFileBuilder } from '../../../src/analysis/python/build';
import { type Grammar, loadGrammar, startTreeSitter } from '../../../src/analysis/treeSitter';
import { analyzer, pythonPoints, show } from './analysisSupport';

const WASM = path.resolve('node_modules/@vscode/tree-sitter-wasm/wasm');
const load = (name: string): Promise<Uint8Array> =>
  Promise.resolve(readFileSync(path.join(WASM, name)));

async function grammarOf(name: string): Promise<Grammar> {
  await startTreeSitter(load);
  return loadGrammar(load, `tree-sitter-${name}.wasm`);
}

/** Two hundred statements with a broken one in the middle. */
const around = (statement: (at: number) => string, broken: string): string =>
  Array.from({ length: 200 }, (_, at) => (at === 100 ? broken : statement(at))).join('\n');

describe('a broken statement in a file that is opened', () => {
  it('costs itself and its neighbours a second reading, in Python', async () => {
    const grammar = await grammarOf('python');
    const text = around(at => `value_${at} = compute(${at}, "some text")`, 'value = = compute(');
    new PythonFileBuilder(grammar, '').build(text);
    assert.ok(grammar.parsed >= text.length);
    assert.ok(grammar.parsed < text.length * 1.05, `${grammar.parsed} of ${text.length}`);
  });

  it('costs itself and its neighbours a second reading, in TypeScript', async () => {
    const grammar = await grammarOf('typescript');
    const text = around(
      at => `const value${at} = compute(${at}, 'some text');`,
      'const value = = 1;',
    );
    new JavaScriptFileBuilder(grammar, '').build(text);
    assert.ok(grammar.parsed >= text.length);
    assert.ok(grammar.parsed < text.length * 1.05, `${grammar.parsed} of ${text.length}`);
  });

  // The parser puts in an end of line after the first name, which shows in no node: two sound statements.
  it('reads the same as when it is typed', async () => {
    const rest = 'import subprocess as sp\np1 = Popen(["cat"])\np1.wait()\nsp.run(["true"])\n';
    const broken = `import os\nimport subproimport Popen, PIPE\n${rest}`;
    const document = (await analyzer()).open('python', `import os\n${rest}`);
    document.update(broken);
    const typed = document.analysis.waitPoints.map(show);
    document.dispose();
    assert.deepEqual(await pythonPoints(broken), typed);
    assert.deepEqual(
      typed.map(one => one.split(':')[0]),
      ['6'],
    );
  });
});
