import assert from 'node:assert/strict';
import { cutStatements } from '../../../src/analysis/javascript/cutStatements';
import { analyze, analyzer, expectMarked, show } from './analysisSupport';

const files: Readonly<Record<string, string>> = {
  '/w/pool.mjs': `import { Worker } from 'worker_threads';
export const start = code => new Worker(code);
export default class Pool { first() { return this.workers[0]; } workers = [start('x')]; }
export { start as begin };
export * from './more.js';
`,
  '/w/more.ts': `import { spawn } from 'child_process';
export function list(): ReturnType<typeof spawn> { return spawn('ls'); }
`,
  '/w/old.cjs': `const cp = require('child_process');
module.exports = { run: () => cp.spawn('ls') };
`,
  '/w/made.cjs': `const { Worker } = require('worker_threads');
module.exports = class Made extends Worker {};
`,
  '/w/round.mjs': `export * from './trip.mjs';`,
  '/w/trip.mjs': `export * from './round.mjs';`,
  '/w/index.js': `const { Worker } = require('worker_threads');
exports.Reader = class { constructor() { this.worker = new Worker('r.js'); } };
`,
  '/w/itself.cjs': `module.exports = require('./itself.cjs');`,
};
const workspace = { path: '/w/main.mjs', readFile: (path: string) => files[path] };

const cut = (text: string): string[] =>
  cutStatements(text).map(({ start, end }) => text.slice(start, end));

describe('files of a JavaScript workspace', () => {
  it('are followed through imports, exports and require', () =>
    expectMarked(
      `
import Pool, { begin, list } from './pool.mjs';
import * as everything from './pool.mjs';
import old from './old.cjs';
import { lost } from './round.mjs';
const Made = require('./made.cjs');
const itself = require('./itself.cjs');
const { Reader } = require('.');
new Pool().first().on('message', f); //: recv new Pool().first()
begin('y').on('exit', f); //: join begin()
everything.start('z').once('exit', f); //: join everything.start()
list().on('close', f); //: exit list()
old.run().on('exit', f); //: exit old.run()
const made = new Made();
made.on('message', f); //: recv made
lost.on('message', f);
new Reader().worker.once('message', f); //: recv new Reader().worker
itself.worker.on('message', f); //: recv? itself.worker
`,
      'javascript',
      workspace,
    ));

  it('are read again when the document is, and only where they can lie', async () => {
    const asked: string[] = [];
    const readFile = (path: string): string | undefined => {
      asked.push(path);
      return files[path];
    };
    const text =
      "import { start } from './pool';\nimport x from 'left-pad';\nstart('a').on('exit', f);\n";
    const { waitPoints } = await analyze('javascript', text, { path: '/w/main.mjs', readFile });
    assert.deepEqual(waitPoints.map(show), ['3: join start()']);
    assert.ok(asked.every(path => path.startsWith('/w/') && !path.includes('left-pad')));
  });
});

describe('TypeScript', () => {
  it('casts with angle brackets are no tags', () =>
    expectMarked(
      `
const n = <number>(await load()); //: await load()
const t = <T,>(x: T) => x;
await t(n); //: await t()
`,
      'typescript',
    ));

  it('with tags is read as such', () =>
    expectMarked(
      `
const view = <View onLoad={async () => { await load(); }}>Don't</View>; //: await load()
await view; //: await view
`,
      'typescriptreact',
    ));
});

describe('pieces of a JavaScript text', () => {
  it('begin where a statement can only begin', () => {
    const pieces = [
      "import a from 'a'\n",
      'const s = `x\nconst no = 1\n${ {a: `\nlet no`} }`\n',
      'function f() {\n  return /[`"\'{/]/.test(x) / 2\n}\n',
      "f()\n  .then(g)\n/* \nclass No {} */\n// don't\n",
      'class B {\n}\n',
      'if (a)\nreturn_()\n',
    ];
    assert.deepEqual(cut(pieces.join('')), pieces);
  });

  it('of a text that is left open begin at declarations', () => {
    const pieces = ['function f() {\n  if (x) {\n', 'const a = `\n', 'class B {}\n'];
    assert.deepEqual(cut(pieces.join('')), pieces);
  });

  it('that are half typed cost no marks elsewhere', async () => {
    const lines = [
      'async function one() { await a(); }',
      'const two = async () => {',
      '  await b();',
      '};',
      'async function three() { await c(); }',
    ];
    for (const half of [
      'x = foo(',
      'y = `',
      'if (a) {',
      '/* ',
      'z = [1, {',
      'call(async () => {',
    ]) {
      const text = [...lines.slice(0, 4), half, ...lines.slice(4)].join('\n');
      const document = (await analyzer()).open('javascript', text);
      const marked = document.analysis.waitPoints.map(point => point.label);
      assert.deepEqual(marked, ['a()', 'b()', 'c()'], half);
      document.dispose();
    }
  });
});
