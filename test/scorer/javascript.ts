/** Watches JavaScript and TypeScript programs: traced for what waited, with `witness.mjs` and V8's coverage for what ran and was called. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lastLine, type Observed, type Options, type Site, type Watcher } from './observed';
import { noteEnd, tracedSites } from './tracedRun';

export const javascript: Watcher = {
  languageId: file => (/\.[mc]?ts$/.test(file) ? 'typescript' : 'javascript'),
  isProgram: name => /\.[mc]?[jt]s$/.test(name) && !name.startsWith('_'),
  watch: (program, options) => {
    const called = witness(program, options);
    const sites = tracedSites(program, ['--in', 'process'], options.timeoutS);
    return { waited: { ...called, sites }, called };
  },
};

function witness(program: string, { timeoutS }: Options): Observed {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'witness-'));
  const coverage = path.join(folder, 'coverage');
  const preload = pathToFileURL(path.resolve('test/scorer/witness.mjs')).href;
  const result = spawnSync(process.execPath, [program], {
    env: {
      ...process.env,
      // Not as an argument: a worker or a program with arguments of its own would not have it.
      NODE_OPTIONS: `--import=${preload}`,
      NODE_V8_COVERAGE: coverage,
      WITNESS_OUT: folder,
    },
    timeout: timeoutS * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  noteEnd(program, result.status, lastLine(result.stderr));
  const ran = readCoverage(coverage);
  const sites = readSites(folder);
  fs.rmSync(folder, { recursive: true });
  return { sites, ran };
}

function readSites(folder: string): Site[] {
  const rows = fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.txt'))
    .flatMap(name => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'));
  return rows.filter(Boolean).map(row => {
    const [op = '', file = '', line = '', column = ''] = row.split('\t');
    return { op, file, line: Number(line), column: Number(column) };
  });
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

/** Each process and worker has its own count; a place ran when it did in one of them. */
function readCoverage(folder: string): Observed['ran'] {
  const ranges = new Map<string, Range[][]>();
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const read = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Coverage;
    for (const { url, functions } of read.result) {
      if (!url.startsWith('file:')) continue;
      const file = fileURLToPath(url);
      const all = functions.flatMap(one => one.ranges);
      ranges.set(file, [...(ranges.get(file) ?? []), all]);
    }
  }
  const starts = new Map<string, number[]>();
  return (file, line, column) => {
    let lines = starts.get(file);
    if (!lines) starts.set(file, (lines = lineStarts(fs.readFileSync(file, 'utf8'))));
    const offset = (lines[line - 1] ?? 0) + column - 1;
    return (ranges.get(file) ?? []).some(all => countAt(all, offset) > 0);
  };
}

/** The innermost range decides. */
function countAt(ranges: readonly Range[], offset: number): number {
  let inner: Range | undefined;
  for (const range of ranges) {
    if (range.startOffset > offset || range.endOffset <= offset) continue;
    const isInner =
      !inner || range.endOffset - range.startOffset <= inner.endOffset - inner.startOffset;
    if (isInner) inner = range;
  }
  return inner?.count ?? 0;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
