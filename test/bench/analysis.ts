// Rows about analysis: a file of 1,000 lines opened and typed in, and whether the cost grows with the length of the file alone.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Analyzer, createAnalyzer } from '../../src/analysis/analyzer';
import { percentile, type BenchRow } from './bench';

const CORPUS = 'test/fixtures/corpus';
const WASM = 'node_modules/@vscode/tree-sitter-wasm/wasm';

export const rows: readonly BenchRow[] = [
  {
    name: 'analysis of a 1,000-line Python file',
    hold: 15,
    measure: async () => ({ value: opening(await analyzer(), 1000, 80), unit: 'ms' }),
  },
  {
    name: 'analysis after one keystroke in it',
    hold: 3,
    measure: async () => ({ value: typing(await analyzer(), 1000, 60), unit: 'ms' }),
  },
  {
    name: 'analysis of 100,000 lines, per line against 1,000 lines',
    hold: 1.5,
    measure: async () => {
      const tool = await analyzer();
      const small = opening(tool, 1000, 80);
      const large = opening(tool, 100_000, 1);
      return { value: large / 100 / small, unit: 'x', detail: `${(large / 1000).toFixed(2)} s` };
    },
  },
];

let opened: Promise<Analyzer> | undefined;

function analyzer(): Promise<Analyzer> {
  opened ??= createAnalyzer(name => Promise.resolve(readFileSync(path.join(WASM, name))));
  return opened;
}

function opening(tool: Analyzer, lines: number, times: number): number {
  const text = program(lines);
  const took: number[] = [];
  for (let run = 0; run <= times; run++) {
    const from = threadMs();
    const document = tool.open('python', text);
    took.push(threadMs() - from);
    document.dispose();
  }
  return undisturbed(took);
}

function typing(tool: Analyzer, lines: number, times: number): number {
  const text = program(lines);
  const place = text.indexOf('\n', text.length / 2);
  const document = tool.open('python', text);
  const took: number[] = [];
  let typed = '';
  for (let key = 0; key < times; key++) {
    const start = place + typed.length;
    typed += key === 0 ? '\n' : 'x';
    const newText = text.slice(0, place) + typed + text.slice(place);
    const from = threadMs();
    document.update([{ start, oldEnd: start, newText: typed.slice(-1) }], newText);
    took.push(threadMs() - from);
  }
  document.dispose();
  return undisturbed(took);
}

/** Time of this thread alone, in milliseconds: what else runs on the machine is left out. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** What the machine does beside it, and the compiler at first, are not the analysis's. */
const undisturbed = (took: readonly number[]): number => percentile(took, 10);

/** The corpus over and over, with names of its own each time, as a long file has. */
function program(count: number): string {
  const files = readdirSync(CORPUS).filter(name => name.endsWith('.py') && name !== 'negatives.py');
  const lines: string[] = [];
  for (let copy = 0; lines.length < count; copy++) {
    for (const file of files) {
      const text = readFileSync(path.join(CORPUS, file), 'utf8').replaceAll(
        /^from __future__.*$/gm,
        '',
      );
      lines.push(...renamed(text, `_${copy}_${file.slice(0, 2)}`).split('\n'));
    }
  }
  return lines.slice(0, count).join('\n');
}

function renamed(text: string, suffix: string): string {
  const names = new Set<string>();
  for (const match of text.matchAll(/^\s*(?:async )?(?:def|class) (\w+)|^(\w+)(?:, \w+)* = /gm)) {
    const name = match[1] ?? match[2] ?? '';
    if (!name.startsWith('__') && name.length > 0) names.add(name);
  }
  return text.replaceAll(/(?<![\w.'"])\w+|(?<=\.)\w+/g, word =>
    names.has(word) ? word + suffix : word,
  );
}
