// Rows about analysis: files opened and typed in, whether the cost grows with the length of the file alone, and text that is no code.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Analyzer, createAnalyzer, type OpenOptions } from '../../src/analysis/analyzer';
import type { BenchRow, Measured } from './bench';

const WASM = 'node_modules/@vscode/tree-sitter-wasm/wasm';

interface Language {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly isProgram: RegExp;
  /** What of a program may stand once in a file only. */
  readonly once: RegExp;
  /** Where a name is defined. */
  readonly definition: RegExp;
  /** A function's first line, and what is typed into its body: at the end of it one more wait point. */
  readonly body: RegExp;
  readonly typed: string;
}

const python: Language = {
  id: 'python',
  name: 'Python',
  folder: 'test/fixtures/corpus',
  isProgram: /^(?!negatives).*\.py$/,
  once: /^from __future__.*$/gm,
  definition: /^\s*(?:async )?(?:def|class) (\w+)|^(\w+)(?:, \w+)* = /gm,
  body: /^def \w+\(.*\):$/m,
  typed: '\n    threading.Event().wait()',
};
const typescript: Language = {
  id: 'typescript',
  name: 'TypeScript',
  folder: 'test/fixtures/programs/javascript',
  isProgram: /^[^_].*\.m[jt]s$/,
  once: /^export default/gm,
  definition: /^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)/gm,
  body: /^(?:export )?async function \w+\([^{]*\) \{$/m,
  typed: '\n  await somethingElse();',
};

export const rows: readonly BenchRow[] = [
  ...[python, typescript].flatMap((language): BenchRow[] => [
    {
      name: `analysis of a 1,000-line ${language.name} file`,
      hold: 15,
      measure: async () => ({ value: opening(await analyzer(), language, 1000, 80), unit: 'ms' }),
    },
    {
      name: `analysis after a keystroke in 1,000 lines of ${language.name}`,
      hold: 3,
      measure: async () => typing(await analyzer(), language, 1000),
    },
    {
      name: `analysis after a keystroke in 10,000 lines of ${language.name}`,
      hold: 50,
      measure: async () => typing(await analyzer(), language, 10_000),
    },
    {
      name: `analysis of 100,000 characters that are no ${language.name}`,
      hold: 1000,
      measure: async () => lost(await analyzer(), language),
    },
  ]),
  {
    name: 'analysis after a keystroke in a file that imports 4,000 lines of Python',
    hold: 15,
    measure: async () => importing(await analyzer()),
  },
  {
    name: 'analysis of 100,000 lines, per line against 1,000 lines',
    hold: 1.5,
    measure: async () => {
      const tool = await analyzer();
      const small = opening(tool, python, 1000, 80);
      const large = opening(tool, python, 100_000, 2);
      return { value: large / 100 / small, unit: 'x', detail: `${(large / 1000).toFixed(2)} s` };
    },
  },
];

let opened: Promise<Analyzer> | undefined;

function analyzer(): Promise<Analyzer> {
  opened ??= createAnalyzer(name => Promise.resolve(readFileSync(path.join(WASM, name))));
  return opened;
}

function opening(tool: Analyzer, language: Language, lines: number, times: number): number {
  const text = program(language, lines);
  const open = (): void => tool.open(language.id, text).dispose();
  return perCall(times, open);
}

/** A short program that imports four long ones, each from the one before. */
function importing(tool: Analyzer): Measured {
  const files = new Map<string, string>();
  for (let at = 0; at < 4; at++)
    files.set(`/w/part${at}.py`, `from part${at + 1} import *\n${program(python, 1000)}`);
  const options = { path: '/w/main.py', readFile: (name: string) => files.get(name) };
  return typingInto(tool, python, `from part0 import *\n${program(python, 300)}`, options);
}

function typing(tool: Analyzer, language: Language, lines: number): Measured {
  return typingInto(tool, language, program(language, lines));
}

/** Types a statement into a function in the middle of the file, again and again; at its end it must be a wait point. */
function typingInto(
  tool: Analyzer,
  language: Language,
  text: string,
  options?: OpenOptions,
): Measured {
  const half = Math.floor(text.length / 2);
  const head = language.body.exec(text.slice(half));
  if (!head) throw new Error('there is no function in the second half of the file to type into');
  const place = half + head.index + head[0].length;
  const textAt = (key: number): string =>
    text.slice(0, place) + language.typed.slice(0, key) + text.slice(place);
  const document = tool.open(language.id, text, options);
  const before = document.analysis.waitPoints.length;
  let key = 0;
  const type = (): void => {
    key = (key % language.typed.length) + 1;
    document.update(textAt(key));
    const added = document.analysis.waitPoints.length - before;
    const isWhole = key === language.typed.length;
    if (isWhole && added !== 1)
      throw new Error(`what was typed added ${added} wait points, not one`);
  };
  const value = perCall(language.typed.length * 4, type);
  document.dispose();
  return { value, unit: 'ms' };
}

/**
 * Processor time of this thread for one call, in milliseconds, so that what else runs on the machine is left out. It is told in
 * ticks longer than a call, so many calls are taken together; the least of four such batches, after one that warms up.
 */
function perCall(times: number, work: () => void): number {
  const took: number[] = [];
  const batches = times >= 8 ? 4 : 1;
  for (let batch = 0; batch <= batches; batch++) {
    const from = threadMs();
    const size = Math.ceil(times / batches);
    for (let at = 0; at < size; at++) work();
    took.push((threadMs() - from) / size);
  }
  return Math.min(...took.slice(1));
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The slowest of some texts that are no code at all. */
function lost(tool: Analyzer, language: Language): Measured {
  const took = new Map<string, number>();
  for (const [name, text] of Object.entries(texts())) {
    took.set(
      name,
      perCall(1, () => tool.open(language.id, text).dispose()),
    );
  }
  const [name, value] = [...took].toSorted((a, b) => b[1] - a[1])[0] ?? ['', NaN];
  return { value, unit: 'ms', detail: name };
}

function texts(): Record<string, string> {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const words = 'the quick brown fox it is for in and or class import (then) {goes} "home".'.split(
    ' ',
  );
  return {
    'random characters': fill(() => String.fromCharCode(random(60) === 0 ? 10 : 32 + random(95))),
    prose: fill(() => (words[random(words.length)] ?? '') + (random(12) === 0 ? '\n' : ' ')),
    'open brackets': fill(() => ('([{'[random(3)] ?? '') + 'x'),
    tags: fill(() => '<a>'),
  };
}

function fill(next: () => string): string {
  let text = '';
  while (text.length < 100_000) text += next();
  return text;
}

/**
 * The programs over and over, with names of their own each time, as a long file has; each whole, since a file that is cut off
 * in the middle of one is parsed twice.
 */
function program(language: Language, count: number): string {
  const files = readdirSync(language.folder).filter(name => language.isProgram.test(name));
  const lines: string[] = [];
  for (let copy = 0, before = -1; lines.length > before; copy++) {
    before = lines.length;
    for (const file of files) {
      const text = readFileSync(path.join(language.folder, file), 'utf8');
      const suffix = `_${copy}_${file.slice(0, 2)}`;
      const more = renamed(text.replaceAll(language.once, ''), language, suffix).split('\n');
      if (lines.length + more.length <= count) lines.push(...more);
    }
  }
  if (lines.length < count * 0.95) throw new Error(`${lines.length} lines are not ${count}`);
  return lines.join('\n');
}

function renamed(text: string, language: Language, suffix: string): string {
  const names = new Set<string>();
  for (const match of text.matchAll(language.definition)) {
    const name = match[1] ?? match[2] ?? '';
    if (!name.startsWith('__') && name.length > 0) names.add(name);
  }
  return text.replaceAll(/(?<![\w.'"])\w+|(?<=\.)\w+/g, word =>
    names.has(word) ? word + suffix : word,
  );
}
