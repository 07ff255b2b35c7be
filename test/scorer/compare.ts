/** Compares the marks of analysis on what ran with the call sites that waited: precision, recall, and each miss and false mark. */
import fs from 'node:fs';
import path from 'node:path';
import { type Analyzer, createAnalyzer } from '../../src/analysis/analyzer';
import type { WaitPoint } from '../../src/analysis/waitPoint';
import type { Observed, Options, Site, Watcher } from './observed';

export interface Score {
  points: number;
  right: number;
  sites: number;
  found: number;
  /** Sites that a witness saw called, which could have waited. */
  called: number;
  calledFound: number;
  readonly misses: string[];
  readonly unmarked: string[];
  readonly falseMarks: string[];
}

export const emptyScore = (): Score => ({
  points: 0,
  right: 0,
  sites: 0,
  found: 0,
  called: 0,
  calledFound: 0,
  misses: [],
  unmarked: [],
  falseMarks: [],
});

export async function score(
  programs: readonly string[],
  watcher: Watcher,
  options: Options,
): Promise<Score> {
  const total = emptyScore();
  const analyzer = await openAnalyzer();
  for (const program of programs) {
    const { waited, called } = watcher.watch(program, options);
    const files = [...waited.sites, ...called.sites].map(site => site.file);
    for (const file of new Set([program, ...files])) {
      if (!fs.existsSync(file)) continue;
      const text = fs.readFileSync(file, 'utf8');
      const document = analyzer.open(watcher.languageId(file), text, { path: file, readFile });
      compare(file, document.analysis.waitPoints, waited, called, total);
      document.dispose();
    }
  }
  return total;
}

/** Programs of a folder: files beside each other are one program each, except those that start with an underscore. */
export function programsOf(target: string, watcher: Watcher): string[] {
  if (fs.statSync(target).isFile()) return [path.resolve(target)];
  const names = fs.readdirSync(target).filter(watcher.isProgram);
  return names.toSorted().map(name => path.resolve(target, name));
}

export function report(total: Score): string {
  return [
    ...total.misses.map(miss => `miss   ${miss}`),
    ...total.unmarked.map(call => `called ${call}`),
    ...total.falseMarks.map(mark => `false  ${mark}`),
    `precision ${percent(total.right, total.points)} (${total.right} of ${total.points} marks on lines that ran)`,
    `recall    ${percent(total.found, total.sites)} (${total.found} of ${total.sites} sites that waited)`,
    `called    ${percent(total.calledFound, total.called)} (${total.calledFound} of ${total.called} sites that were called and could have waited)`,
  ].join('\n');
}

function openAnalyzer(): Promise<Analyzer> {
  const wasm = 'node_modules/@vscode/tree-sitter-wasm/wasm';
  return createAnalyzer(name =>
    Promise.resolve(new Uint8Array(fs.readFileSync(path.join(wasm, name)))),
  );
}

/** An await waits by what it is; that its line ran is proof enough that it was reached. */
const isAwait = (source: string, point: WaitPoint): boolean =>
  /^await\b/.test(source.slice(point.column - 1)) ||
  /^\s*async (?:with|for)\b/.test(source) ||
  /\b(?:async for|for await)\b/.test(source);

/** Up to Python 3.12 a wait of a `with` statement has the place of the statement, not of its item. */
const isWith = (source: readonly string[], site: Site): boolean =>
  /^(?:async\s+)?with\b/.test((source[site.line - 1] ?? '').slice(site.column - 1));

const covers = (source: readonly string[], point: WaitPoint, site: Site): boolean => {
  // A `.then` is called where its name stands, in the middle of what is marked.
  if (site.op === 'then') return isWithin(point, site);
  if (site.column > 0 && site.line === point.line && !isWith(source, site)) {
    return site.column === point.column;
  }
  return sharesLine(point, site);
};
const isWithin = (point: WaitPoint, { line, column }: Site): boolean =>
  (line > point.line || (line === point.line && column >= point.column)) &&
  (line < point.endLine || (line === point.endLine && column < point.endColumn));
const sharesLine = (point: WaitPoint, site: Site): boolean =>
  site.line >= point.line && site.line <= point.endLine;

/** A listener has the kind of what it listens for, which a witness does not know. */
const isSameOp = (point: WaitPoint, site: Site): boolean =>
  site.op === point.kind || site.op === 'on';

function compare(
  file: string,
  points: readonly WaitPoint[],
  waited: Observed,
  called: Observed,
  total: Score,
): void {
  const source = fs.readFileSync(file, 'utf8').split('\n');
  const sites = waited.sites.filter(site => site.file === file);
  // What did not block this time was called all the same.
  const reached = [...sites, ...called.sites.filter(site => site.file === file)];
  const textAt = (line: number): string => (source[line - 1] ?? '').trim();
  const name = path.basename(file);
  const describe = (site: Site): string =>
    `${name}:${site.line}:${site.column} ${site.op}  ${textAt(site.line)}`;
  const isMarked = (site: Site): boolean =>
    points.some(point => covers(source, point, site) || sharesLine(point, site));
  for (const point of points) {
    if (!called.ran(file, point.line, point.column)) continue;
    total.points++;
    const isRight =
      isAwait(source[point.line - 1] ?? '', point) ||
      reached.some(
        site => covers(source, point, site) || (sharesLine(point, site) && isSameOp(point, site)),
      );
    const { line, column, kind, certain } = point;
    if (isRight) total.right++;
    else
      total.falseMarks.push(
        `${name}:${line}:${column} ${kind}${certain ? '' : '?'}  ${textAt(line)}`,
      );
  }
  for (const site of sites) {
    total.sites++;
    if (isMarked(site)) total.found++;
    else total.misses.push(describe(site));
  }
  for (const site of called.sites) {
    if (site.file !== file) continue;
    total.called++;
    if (isMarked(site)) total.calledFound++;
    else total.unmarked.push(describe(site));
  }
}

const readFile = (file: string): string | undefined =>
  fs.existsSync(file) && fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : undefined;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
