// Runs the tests and examples that JavaScript libraries bring along, plain and traced, and prints those whose result differs.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { capture, root } from './command.ts';
import { filesOf, layOut, LIBRARIES, type Library } from './libraries.ts';

const FILE_LIMIT_MS = 120_000;
/** What differs is repeated, both ways: only what never agrees is reported. */
const REPEATS = 3;
const PRELOAD = path.join(root, 'dist', 'javascript', 'preload.cjs');

interface Result {
  readonly code: number;
  readonly lines: readonly string[];
  readonly complaint: string;
}

/** Returns how many files differ; undefined when a library is not to be had. */
export async function compareLibraries(
  names: readonly string[],
  isQuick: boolean,
): Promise<number | undefined> {
  const chosen = LIBRARIES.filter(library =>
    names.length > 0 ? names.includes(library.name) : !isQuick || library.isQuick,
  );
  const folder = path.join(root, 'dist', 'libraries');
  const problem = await layOut(folder, chosen);
  if (problem !== undefined) {
    console.log(problem);
    return undefined;
  }
  let differing = 0;
  for (const library of chosen) differing += await compare(folder, library);
  return differing;
}

async function compare(folder: string, library: Library): Promise<number> {
  const files = filesOf(folder, library);
  const differing: string[] = [];
  let results = 0;
  for (const file of files) {
    const plain = [await run(folder, library, file, false)];
    const traced = [await run(folder, library, file, true)];
    results += plain[0]!.lines.length;
    for (let turn = 0; turn < REPEATS && !agree(plain, traced); turn++) {
      plain.push(await run(folder, library, file, false));
      traced.push(await run(folder, library, file, true));
    }
    if (!agree(plain, traced)) differing.push(file, ...difference(plain.at(-1)!, traced.at(-1)!));
    for (const { complaint } of traced) if (complaint) differing.push(`  ${complaint}`);
  }
  const count = differing.filter(line => !line.startsWith(' ')).length;
  console.log(
    `${library.name} ${library.version}: ${files.length} files, ${results} results, ${count} files differ`,
  );
  for (const line of differing) console.log(`  ${line}`);
  return differing.length;
}

const agree = (plain: readonly Result[], traced: readonly Result[]): boolean =>
  plain.some(one =>
    traced.some(
      other => one.code === other.code && one.lines.join('\n') === other.lines.join('\n'),
    ),
  );

function difference(plain: Result, traced: Result): string[] {
  const missing = plain.lines.filter(line => !traced.lines.includes(line));
  const added = traced.lines.filter(line => !plain.lines.includes(line));
  return [
    `  exit ${plain.code} plain, ${traced.code} traced`,
    ...missing.map(line => `  plain:  ${line}`),
    ...added.map(line => `  traced: ${line}`),
  ];
}

async function run(
  folder: string,
  { name, flags = [] }: Library,
  file: string,
  isTraced: boolean,
): Promise<Result> {
  const trace = mkdtempSync(path.join(tmpdir(), 'transparency-'));
  try {
    const { code, text } = await capture(
      process.execPath,
      ['--test-reporter=tap', ...flags, file],
      {
        cwd: path.join(folder, name),
        env: isTraced
          ? { CLENS_RUN: trace, NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}` }
          : {},
        limitMs: FILE_LIMIT_MS,
      },
    );
    return { code, lines: resultsIn(text), complaint: isTraced ? complaintIn(trace) : '' };
  } finally {
    rmSync(trace, { recursive: true, force: true });
  }
}

/** Of what speaks TAP, whether each test passed, in any order; of anything else, all that it prints. */
function resultsIn(text: string): string[] {
  const lines = text.split('\n');
  const tests = lines
    .map(line => /^\s*((?:not )?ok)\b[\s\d]*(.*)$/.exec(line))
    .filter(match => match !== null)
    .map(([, result, rest = '']) => `${result} ${rest.replace(/\d+(?:\.\d+)? ?ms/g, '<time>')}`);
  return tests.length > 0 ? tests.toSorted() : lines.map(line => line.trimEnd());
}

function complaintIn(trace: string): string {
  const failures = readdirSync(trace).find(name => name === 'tracer-failures.txt');
  return failures ? readFileSync(path.join(trace, failures), 'utf8').trim() : '';
}
