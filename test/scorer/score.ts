/**
 * Scores analysis against what really waited: each program of the given folders is run, the call sites that waited or could
 * have are compared with the wait points on the lines that ran, and every miss and every false mark is printed.
 *
 *     node dist/test/scorer/score.js [--by tracer|witness] [--python PATH] [--timeout S] FOLDER_OR_FILE...
 *
 * `tracer` asks `dist/cli.js run --json`; `witness` (the default) asks test/scorer/witness.py, which knows nothing of the tracer.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createAnalyzer } from '../../src/analysis/analyzer';
import type { WaitPoint } from '../../src/analysis/waitPoint';

interface Site {
  readonly op: string;
  readonly file: string;
  readonly line: number;
  /** 0 where the interpreter does not say. */
  readonly column: number;
}

interface Observed {
  readonly sites: readonly Site[];
  /** Lines that ran, by file. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}

interface Options {
  by: 'tracer' | 'witness';
  python: string;
  timeoutS: number;
  targets: string[];
}

function parseArguments(args: readonly string[]): Options {
  const options: Options = {
    by: 'witness',
    python: process.env['SCORE_PYTHON'] ?? 'python3.12',
    timeoutS: 20,
    targets: [],
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--by') options.by = args[++at] === 'tracer' ? 'tracer' : 'witness';
    else if (arg === '--python') options.python = args[++at] ?? options.python;
    else if (arg === '--timeout') options.timeoutS = Number(args[++at]);
    else options.targets.push(arg);
  }
  if (options.targets.length === 0) options.targets.push('test/fixtures/corpus');
  return options;
}

/** Programs of a folder: files beside each other are one program each, except those that start with an underscore. */
function programsOf(target: string): string[] {
  if (fs.statSync(target).isFile()) return [path.resolve(target)];
  const names = fs
    .readdirSync(target)
    .filter(name => name.endsWith('.py') && !name.startsWith('_'));
  return names.toSorted().map(name => path.resolve(target, name));
}

function watch(program: string, options: Options): Observed {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'witness-'));
  const result = spawnSync(options.python, ['test/scorer/witness.py', folder, program], {
    input: 'one\ntwo\n',
    timeout: options.timeoutS * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  if (result.status !== 0)
    console.log(
      `  note: ${path.basename(program)} ended with ${result.status ?? result.signal}: ${lastLine(result.stderr)}`,
    );
  const sites: Site[] = [];
  const lines = new Map<string, Set<number>>();
  const seen = new Set<string>();
  for (const name of fs.readdirSync(folder)) {
    for (const row of fs.readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      const [op = '', file = '', line = '', column = ''] = row.split('\t');
      if (!line) continue;
      if (op === 'line') {
        const known = lines.get(file) ?? new Set();
        lines.set(file, known.add(Number(line)));
      } else if (!seen.has(row)) {
        seen.add(row);
        sites.push({ op, file, line: Number(line), column: Number(column) });
      }
    }
  }
  fs.rmSync(folder, { recursive: true });
  return { sites, lines };
}

function trace(program: string, options: Options, executed: Observed): Observed {
  const args = [
    'dist/cli.js',
    'run',
    program,
    '--json',
    '--timeout',
    String(options.timeoutS),
    '--python',
    options.python,
  ];
  const result = spawnSync(process.execPath, args, {
    input: 'one\ntwo\n',
    timeout: (options.timeoutS + 10) * 1000,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const sites = new Map<string, Site>();
  try {
    const report = JSON.parse(result.stdout) as {
      waits: { kind: string; file: string | null; line: number; column: number | null }[];
    };
    for (const { kind, file, line, column } of report.waits) {
      if (file && line)
        sites.set(`${kind} ${file} ${line} ${column}`, {
          op: kind,
          file,
          line,
          column: column ?? 0,
        });
    }
  } catch {
    console.log(`  note: ${path.basename(program)} gave no report: ${lastLine(result.stderr)}`);
  }
  return { sites: [...sites.values()], lines: executed.lines };
}

const lastLine = (text: string | null): string => (text ?? '').trim().split('\n').at(-1) ?? '';

interface Score {
  points: number;
  right: number;
  sites: number;
  found: number;
  readonly misses: string[];
  readonly falseMarks: string[];
}

/** An await waits by what it is; that its line ran is proof enough that it was reached. */
const isAwait = (source: string, point: WaitPoint): boolean =>
  /^await\b/.test(source.slice(point.column - 1)) ||
  /^\s*async (?:with|for)\b/.test(source) ||
  /\basync for\b/.test(source);

/** Up to Python 3.12 a wait of a `with` statement has the place of the statement, not of its item. */
const isWith = (source: readonly string[], site: Site): boolean =>
  /^(?:async\s+)?with\b/.test((source[site.line - 1] ?? '').slice(site.column - 1));

const covers = (source: readonly string[], point: WaitPoint, site: Site): boolean => {
  if (site.column > 0 && site.line === point.line && !isWith(source, site)) {
    return site.column === point.column;
  }
  return site.line >= point.line && site.line <= point.endLine;
};
const sharesLine = (point: WaitPoint, site: Site): boolean =>
  site.line >= point.line && site.line <= point.endLine;

function compare(
  file: string,
  points: readonly WaitPoint[],
  observed: Observed,
  called: Observed,
  score: Score,
): void {
  const source = fs.readFileSync(file, 'utf8').split('\n');
  const ran = observed.lines.get(file) ?? new Set();
  const sites = observed.sites.filter(site => site.file === file);
  // What did not block this time was called all the same.
  const reached = [...sites, ...called.sites.filter(site => site.file === file)];
  for (const point of points) {
    if (!ran.has(point.line)) continue;
    score.points++;
    const text = source[point.line - 1] ?? '';
    const isRight =
      isAwait(text, point) ||
      reached.some(
        site => covers(source, point, site) || (sharesLine(point, site) && site.op === point.kind),
      );
    if (isRight) score.right++;
    else
      score.falseMarks.push(
        `${path.basename(file)}:${point.line}:${point.column} ${point.kind}${point.certain ? '' : '?'}  ${text.trim()}`,
      );
  }
  for (const site of sites) {
    score.sites++;
    if (points.some(point => covers(source, point, site) || sharesLine(point, site))) score.found++;
    else
      score.misses.push(
        `${path.basename(file)}:${site.line}:${site.column} ${site.op}  ${(source[site.line - 1] ?? '').trim()}`,
      );
  }
}

const readFile = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  const wasm = 'node_modules/@vscode/tree-sitter-wasm/wasm';
  const analyzer = await createAnalyzer(name =>
    Promise.resolve(new Uint8Array(fs.readFileSync(path.join(wasm, name)))),
  );
  const score: Score = { points: 0, right: 0, sites: 0, found: 0, misses: [], falseMarks: [] };
  for (const program of options.targets.flatMap(programsOf)) {
    const watched = watch(program, options);
    const observed = options.by === 'tracer' ? trace(program, options, watched) : watched;
    for (const file of new Set([program, ...observed.sites.map(site => site.file)])) {
      if (!fs.existsSync(file)) continue;
      const document = analyzer.open('python', fs.readFileSync(file, 'utf8'), {
        path: file,
        readFile,
      });
      compare(file, document.analysis.waitPoints, observed, watched, score);
      document.dispose();
    }
  }
  for (const miss of score.misses) console.log(`miss   ${miss}`);
  for (const mark of score.falseMarks) console.log(`false  ${mark}`);
  console.log(
    `precision ${percent(score.right, score.points)} (${score.right} of ${score.points} marks on lines that ran)`,
  );
  console.log(
    `recall    ${percent(score.found, score.sites)} (${score.found} of ${score.sites} sites that waited or could have)`,
  );
}

void main();
