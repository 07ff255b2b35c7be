/** Rewritten code: line for line the person's own, and gone again from what a function shows of itself. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { instrument, stripInstrumentation } from '../../../../src/runtimes/javascript/instrument';

function rewritten(source: string, type: 'module' | 'script' = 'module'): string {
  const result = instrument(source, 'file:///a.mjs', type);
  assert.ok(result, 'nothing was rewritten');
  return result.code;
}

/** Without the module's own first insertion, which is part of no function. */
const withoutSites = (code: string): string => code.replace(/;?var __clens_s=.*?\]\]\);/s, '');

describe('instrument', () => {
  it('leaves text without async code alone', () => {
    assert.equal(instrument('const a = [1, 2].map(x => x * 2);', 'a.js', 'script'), null);
  });

  const forms: Readonly<Record<string, string>> = {
    'an async function': 'async function f(a) {\n  const b = await g(a);\n  return b;\n}',
    'an arrow with an expression': 'const f = async x => await g(x);',
    'an arrow that returns an object': 'const f = async () => ({ a: await g() });',
    'an arrow without a blank': 'const f = async x=>await g(x);',
    'a method and a private one': 'class A {\n  async m() { await this.#n(); }\n  async #n() {}\n}',
    'an await in an await': 'async function f() { return (await (await g()).h()).i; }',
    'a catch clause': 'async function f() { try { await g(); } catch { await h(); } }',
    'for await': 'async function f(xs) { for await (const x of xs) { await x; } }',
    'for await at the top level':
      'outer: for await (const x of xs) {\n  for await (const y of x) if (y) continue outer;\n}\nawait z;',
    'for await where no other statement fits':
      'async function f(xs) { if (xs) for await (const x of xs) g(x); else h() }',
    'for await in for await, and without a semicolon':
      'async function f(xs) {\n  for await (const x of xs) for await (const y of x) await y\n  for await (const z of xs) ;\n}',
    'top-level await': 'const x = await import("node:fs");\nawait x;',
    'an async generator': 'async function* f() { yield await g(); }',
    'a directive': "async function f() {\n  'use strict'\n  await g()\n}",
    'a call of a known async function':
      'async function f() {}\nconst p = f();\nfoo(f(), [1].map(f));',
    'no semicolons': 'const a = 1\nawait a\nawait a\n',
    'brackets in strings': "async function f() { await g(')'); return '(' + (await h(`)`)); }",
  };
  for (const [name, source] of Object.entries(forms)) {
    it(`keeps ${name} on its lines, as text that parses`, () => {
      const code = rewritten(source);
      parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
      assert.equal(code.split('\n').length, source.split('\n').length);
    });

    it(`gives back the person's own text of ${name}`, () => {
      assert.equal(withoutSites(stripInstrumentation(rewritten(source))), source);
    });
  }

  it('maps columns back to where they were', () => {
    const result = instrument(
      'async function f() { await g(); throw x; }',
      'file:///a.mjs',
      'module',
    );
    const map = JSON.parse(result?.map ?? '{}') as { sources: string[]; mappings: string };
    assert.deepEqual(map.sources, ['file:///a.mjs']);
    assert.ok(map.mappings.length > 0);
  });

  it('throws for text that is no program, so that Node says what is wrong with it', () => {
    assert.throws(() => instrument('async function (', 'a.js', 'script'), SyntaxError);
  });

  it('gives back every example as it was written', () => {
    const folder = path.resolve('media/examples/javascript');
    for (const name of readdirSync(folder).filter(file => file.endsWith('.mjs'))) {
      const source = readFileSync(path.join(folder, name), 'utf8');
      const code = instrument(source, `file:///${name}`, 'module')?.code;
      if (code !== undefined) assert.equal(withoutSites(stripInstrumentation(code)), source, name);
    }
  });
});
