// The rungs of tests, from the cheapest to the dearest. Each finds its files, runs them and returns what it counted.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { capture } from './command.ts';
import { checks } from './checks.ts';
import { ensureChromium, ensureDebianPackages } from './system.ts';
import { addTally, emptyTally, failure, readReport, type Tally } from './testReport.ts';
import { ensureServer } from './vscodeServer.ts';
import { packageExtension } from './vsix.ts';

export interface Selection {
  /** Source files to run, such as test/unit/x.test.ts; all of the rung when empty. */
  files: readonly string[];
  grep?: string | undefined;
}

export interface Rung {
  name: string;
  /** Installs what only this rung needs. */
  prepare?(): Promise<unknown>;
  run(selection: Selection): Promise<Tally>;
}

const reports = path.join('dist', 'test-reports');
const minute = 60_000;

export const rungs: readonly Rung[] = [
  { name: 'check', run: runChecks },
  {
    name: 'unit',
    run: selection =>
      runFiles('unit', [filesOf('unit', selection)], selection, { timeoutMs: 20_000 }),
  },
  {
    name: 'tracer',
    prepare: () =>
      ensureDebianPackages(['xvfb', 'python3-tk'], 'run the tkinter example in the tests'),
    run: selection =>
      runFiles('tracer', oneByOne('tracer', selection), selection, {
        timeoutMs: 2 * minute,
        atOnce: 2,
      }),
  },
  {
    name: 'editor',
    prepare: async () => [await ensureChromium(), await ensureServer()],
    run: selection =>
      runFiles('editor', [filesOf('editor', selection)], selection, {
        timeoutMs: minute,
        program: 'editorProgram.js',
      }),
  },
  {
    name: 'browser',
    prepare: async () => [
      await ensureChromium(),
      await ensureServer(),
      await packageExtension({ out: path.join('dist', 'concurrency-lens.vsix') }),
    ],
    run: selection =>
      runFiles('browser', oneByOne('browser', selection), selection, { timeoutMs: 3 * minute }),
  },
];

async function runChecks(selection: Selection): Promise<Tally> {
  const tally = emptyTally();
  for (const check of checks()) {
    if (selection.grep && !check.name.includes(selection.grep)) continue;
    const { code, text } = await check.run();
    console.log(`  ${code === 0 ? 'ok  ' : 'FAIL'} ${check.name}`);
    if (code === 0) tally.passed++;
    else {
      console.log(text.trimEnd());
      addTally(tally, failure(`check: ${check.name}`));
    }
  }
  return tally;
}

/** Source files of a rung; bundles of tests that were deleted since are thereby left out. */
function filesOf(rung: string, selection: Selection): string[] {
  const folder = path.join('test', rung);
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.test.ts'))
    .map(file => path.join(folder, file))
    .toSorted();
  return selection.files.length === 0 ? all : all.filter(file => selection.files.includes(file));
}

function oneByOne(rung: string, selection: Selection): string[][] {
  return filesOf(rung, selection).map(file => [file]);
}

interface HowToRun {
  timeoutMs: number;
  atOnce?: number;
  program?: string;
}

/** Runs each group of files in a process of its own, `atOnce` of them side by side, and prints each when it has ended. */
async function runFiles(
  rung: string,
  groups: readonly (readonly string[])[],
  selection: Selection,
  how: HowToRun,
): Promise<Tally> {
  const total = emptyTally();
  const waiting = groups.filter(group => group.length > 0);
  if (waiting.length === 0) return failure(`${rung}: no test file was found in test/${rung}`);
  rmSync(path.join(reports, rung), { recursive: true, force: true });
  mkdirSync(path.join(reports, rung), { recursive: true });
  const queue = [...waiting];
  const worker = async () => {
    for (let group = queue.shift(); group; group = queue.shift()) {
      addTally(total, await runGroup(rung, group, selection, how));
    }
  };
  await Promise.all(Array.from({ length: how.atOnce ?? 1 }, worker));
  return total;
}

async function runGroup(
  rung: string,
  files: readonly string[],
  selection: Selection,
  how: HowToRun,
): Promise<Tally> {
  const label = files.length === 1 ? files[0]! : rung;
  const name = files.length === 1 ? path.basename(files[0]!, '.test.ts') : 'all';
  const report = path.join(reports, rung, `${name}.jsonl`);
  const program = path.join('dist', 'test', 'support', how.program ?? 'mochaProgram.js');
  const flags = ['--report', report, ...(selection.grep ? ['--grep', selection.grep] : [])];
  if (how.program === undefined) flags.push('--timeout', String(how.timeoutMs));
  const bundles = files.map(file => path.join('dist', file).replace(/\.ts$/, '.js'));
  const started = Date.now();
  const { code, text } = await capture(
    process.execPath,
    ['--enable-source-maps', program, ...flags, ...bundles],
    { limitMs: 12 * minute },
  );
  const tally = readReport(report, label);
  console.log(`  ${label} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  console.log(text.trimEnd());
  // A crash after the last test shows in the exit code alone.
  if (code !== 0 && tally.failed === 0) {
    addTally(
      tally,
      failure(`${label}: every test passed, but the run ended with exit code ${code}`),
    );
  }
  return tally;
}
