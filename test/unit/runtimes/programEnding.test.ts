import assert from 'node:assert/strict';
import { programEnding } from '../../../src/runtimes/programEnding';

describe('the ending of a program without a file', () => {
  for (const [info, text, ending] of [
    ['js', 'await f();', '.mjs'],
    ['js {highlight: [1]}', 'const fs = require("fs");', '.cjs'],
    ['javascript', 'module.exports = 1;', '.cjs'],
    ['js', 'import { createRequire } from "module";\nconst require = f();\nrequire("x");', '.mjs'],
    ['ts title="a"', 'const x: number = 1;', '.mts'],
    ['{.typescript .numbered}', 'const x: number = 1;', '.mts'],
    ['typescript', '> const fs = require("fs");', '.cts'],
    ['js', '> import fs from "fs";\n> // not require()', '.mjs'],
    ['tsx', 'const x: number = 1;', '.mts'],
    ['cjs', 'await f();', '.cjs'],
    ['', 'await f();', '.mjs'],
  ] as const)
    it(`${info || 'no name'}: ${text.slice(0, 40)}`, () =>
      assert.equal(programEnding('javascript', info, text), ending));

  it('python: always the same', () => {
    assert.equal(programEnding('python', 'js', 'require("x")'), '.py');
  });
});
