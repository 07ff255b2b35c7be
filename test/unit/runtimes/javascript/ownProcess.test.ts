import assert from 'node:assert/strict';
import { needsOwnProcess } from '../../../../src/runtimes/javascript/ownProcess';

const reasonFor = (source: string): string | null =>
  needsOwnProcess(source, { cwd: process.cwd() });

describe('which JavaScript needs a process of its own', () => {
  const needs: readonly (readonly [source: string, reason: string])[] = [
    ['const rl = readline.createInterface({ input: process.stdin });', 'standard input'],
    ["import { stdin as input, stdout as output } from 'node:process';", 'standard input'],
    ["const { stdin } = require('process');", 'standard input'],
    ["import cluster from 'node:cluster';", 'cluster'],
    ["process.on('SIGINT', end);", 'signals'],
  ];
  for (const [source, reason] of needs) {
    it(`${source} does`, () => assert.match(String(reasonFor(source)), new RegExp(reason)));
  }

  for (const source of [
    "const { Worker, isMainThread } = require('node:worker_threads');",
    "const { stdin, stdout } = spawn('cat');",
    "child.stdin.end('text');",
    "import { argv } from 'node:process';",
  ]) {
    it(`${source} does not`, () => assert.equal(reasonFor(source), null));
  }
});
