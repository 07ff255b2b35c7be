/** What the tests of analysis share: one analyzer, and sources that say in comments what they expect. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Analyzer, createAnalyzer } from '../../../src/analysis/analyzer';
import type { OpenOptions } from '../../../src/analysis/openDocument';
import type { SourceAnalysis, WaitPoint } from '../../../src/analysis/waitPoint';

const WASM = path.resolve('node_modules/@vscode/tree-sitter-wasm/wasm');
let made: Promise<Analyzer> | undefined;

export function analyzer(): Promise<Analyzer> {
  made ??= createAnalyzer(name => Promise.resolve(readFileSync(path.join(WASM, name))));
  return made;
}

export async function analyze(
  languageId: string,
  text: string,
  options: OpenOptions = {},
): Promise<SourceAnalysis> {
  const document = (await analyzer()).open(languageId, text, options);
  const { analysis } = document;
  document.dispose();
  return analysis;
}

export const show = (point: WaitPoint): string =>
  `${point.line}: ${point.kind}${point.certain ? '' : '?'} ${point.label}`;

export const pythonPoints = async (text: string): Promise<string[]> =>
  (await analyze('python', text)).waitPoints.map(show);

/** Expects exactly the wait points that comments announce: `x.join()  #: join x`, several with `;`. JavaScript says `//:`. */
export async function expectMarked(
  text: string,
  languageId = 'python',
  options: OpenOptions = {},
): Promise<void> {
  const expected = text.split('\n').flatMap((line, index) => {
    const said = /(?:#|\/\/): (.*)$/.exec(line)?.[1];
    return said ? said.split(';').map(one => `${index + 1}: ${one.trim()}`) : [];
  });
  const found = (await analyze(languageId, text, options)).waitPoints.map(show);
  assert.deepEqual(found, expected);
}

/** Expects no wait point at all. */
export async function expectUnmarked(text: string, languageId = 'python'): Promise<void> {
  assert.deepEqual((await analyze(languageId, text)).waitPoints.map(show), []);
}
