// Runs CPython's own test suites on every interpreter present, plain and traced, and prints the tests whose result differs;
// or the tests and examples that JavaScript libraries bring along.
//
//     npm run transparency -- [--python VERSION] [suite ...]
//     npm run transparency -- javascript [library ...]
//
// A test that differs is repeated alone, both ways: only what never agrees is reported.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spawn, spawnSync } from 'node:child_process';
import { cleanEnvironment, root } from './lib/command.ts';
import { compareLibraries } from './lib/javascriptTransparency.ts';
import { findPythons, type Python } from './lib/pythons.ts';

const ALL = [
  'test_thread',
  'test_threading',
  'test_threading_local',
  'test_threadsignals',
  'test_queue',
  'test_sched',
  'test_io',
  'test_context',
  'test_concurrent_futures',
  'test_asyncio',
  'test_subprocess',
  'test_multiprocessing_fork',
  'test_multiprocessing_spawn',
  'test_multiprocessing_forkserver',
  'test_multiprocessing_main_handling',
];
/** What fits in a minute or so, for continuous integration. */
const QUICK = ['test_thread', 'test_threading', 'test_threading_local', 'test_queue'];
/** Tests of an implementation detail that a tracer cannot keep, with the reason; docs/traps.md says more. */
const KNOWN: Readonly<Record<string, string>> = {
  'test.test_thread.ThreadRunningTests.test_unraisable_exception':
    'sys.unraisablehook is given our stand-in for the function of a thread, before 3.13',
};
const REPEATS = 3;
const SUITE_TIMEOUT_MS = 30 * 60_000;

interface Outcome {
  readonly results: ReadonlyMap<string, string>;
  readonly complaints: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
if (positionals[0] === 'javascript') {
  const differing = await compareLibraries(positionals.slice(1), values.quick);
  console.log(differing === undefined ? 'not compared' : `${differing} differ`);
  process.exit(differing === 0 ? 0 : differing === undefined ? 2 : 1);
}
const suites = positionals.length > 0 ? positionals : values.quick ? QUICK : ALL;
const pythons = findPythons().filter(
  python => !values.python || python.version.startsWith(values.python),
);
if (pythons.length === 0) {
  console.error(
    `No Python ${values.python ?? '3.8 or newer'} was found on PATH or under ~/.pyenv/versions.`,
  );
  process.exit(2);
}

let differences = 0;
for (const python of pythons) {
  const interpreters = interpretersOf(python);
  for (const suite of suites) {
    const file = interpreters.find(each => hasModule(each, `test.${suite}`));
    const parts = startMethodOf(suite)
      ? interpreters.find(each => hasModule(each, 'test._test_multiprocessing'))
      : undefined;
    if (file) differences += await compare(file, python.version, `test.${suite}`);
    else if (parts) differences += await compare(parts, python.version, suite);
    else console.log(`${python.version} ${suite}: not installed with this interpreter, so not run`);
  }
}
console.log(`${differences} tests differ`);
process.exit(differences === 0 ? 0 : 1);

/** A system's Python often comes without its tests, or with a part: others of the same version may have them. */
function interpretersOf(python: Python): string[] {
  const versions = path.join(
    process.env['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv'),
    'versions',
  );
  const others = existsSync(versions)
    ? readdirSync(versions)
        .filter(name => name.startsWith(`${python.version}.`))
        .map(name => path.join(versions, name, 'bin', 'python3'))
    : [];
  return [python.path, ...others, `/usr/bin/python${python.version}`].filter(existsSync);
}

/**
 * An installed CPython (3.11.7 and 3.12.1 as pyenv builds them) may lack the folder `test_multiprocessing_fork` and the like, but
 * have the tests that it names.
 */
function startMethodOf(suite: string): string | undefined {
  return /^test_multiprocessing_(fork|spawn|forkserver)$/.exec(suite)?.[1];
}

function hasModule(python: string, module: string): boolean {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return spawnSync(python, ['-c', find]).status === 0;
}

async function compare(python: string, version: string, suite: string): Promise<number> {
  const label = `${version} ${suite.replace(/^test\./, '')}`;
  const plain = await run(python, suite, false);
  if (!plain.results.has('suite') && plain.results.size === 0) {
    console.log(`${label}: not part of this interpreter`);
    return 0;
  }
  const traced = await run(python, suite, true);
  const names = new Set([...plain.results.keys(), ...traced.results.keys()]);
  const differing: string[] = [];
  for (const name of names) {
    if (plain.results.get(name) === traced.results.get(name)) continue;
    if (await staysDifferent(python, suite, name, plain, traced)) {
      const of = (outcome: Outcome): string => outcome.results.get(name) ?? 'not run';
      const reason = KNOWN[name];
      if (reason) console.log(`  ${name} differs as is known: ${reason}`);
      else differing.push(`  ${name}: ${of(plain)} plain, ${of(traced)} traced`);
    }
  }
  const count = [...names].filter(name => name !== 'suite').length;
  console.log(`${label}: ${count} tests, ${differing.length} differ`);
  for (const line of differing) console.log(line);
  for (const line of traced.complaints) console.log(`  the tracer says: ${line}`);
  return differing.length + traced.complaints.length;
}

async function staysDifferent(
  python: string,
  suite: string,
  name: string,
  plain: Outcome,
  traced: Outcome,
): Promise<boolean> {
  if (name === 'suite' || !name.startsWith(suite.split('.')[0]!)) return true;
  const seenPlain = new Set([plain.results.get(name)]);
  const seenTraced = new Set([traced.results.get(name)]);
  for (let i = 0; i < REPEATS; i++) {
    seenPlain.add((await run(python, suite, false, name)).results.get(name));
    seenTraced.add((await run(python, suite, true, name)).results.get(name));
    if ([...seenPlain].some(result => seenTraced.has(result))) return false;
  }
  return true;
}

async function run(
  python: string,
  suite: string,
  isTraced: boolean,
  single?: string,
): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'transparency-'));
  const trace = path.join(folder, 'trace');
  const cwd = path.join(folder, 'cwd');
  mkdirSync(trace);
  mkdirSync(cwd);
  const out = path.join(folder, 'results');
  const env = cleanEnvironment();
  delete env.PYTHONUNBUFFERED;
  if (isTraced) {
    env.CLENS_RUN = trace;
    env.PYTHONPATH = path.join(root, 'src/runtimes/python/tracer');
  }
  const program = path.join(root, 'scripts/lib/suiteResults.py');
  const args = [program, out, suite, ...(single ? [single] : [])];
  const method = startMethodOf(suite);
  if (method) {
    writeFileSync(path.join(cwd, `${suite}.py`), makeSuite(method));
    env.PYTHONPATH = env.PYTHONPATH ? env.PYTHONPATH + path.delimiter + cwd : cwd;
  }
  const child = spawn(python, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', values.verbose ? 'inherit' : 'ignore'],
    detached: true,
  });
  await new Promise<void>(resolve => {
    // A suite that hangs is ended with everything it started.
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), SUITE_TIMEOUT_MS);
    child.on('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const results = readResults(out);
  const complaints = isTraced ? readComplaints(trace) : [];
  rmSync(folder, { recursive: true, force: true });
  return { results, complaints };
}

/** Children import it again by its name, so it is a file. */
function makeSuite(method: string): string {
  return `from test._test_multiprocessing import install_tests_in_module_dict\ninstall_tests_in_module_dict(globals(), "${method}")\n`;
}

function readResults(file: string): Map<string, string> {
  const results = new Map<string, string>();
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The suite could not even be imported.
  }
  for (const line of text.split('\n')) {
    const [result, name] = line.split('\t');
    if (!result || !name) continue;
    // Several reports of one test (its body and its clean-up): the worst stays.
    if (results.get(name) === 'failed' && result !== 'started') continue;
    results.set(name, result);
  }
  return results;
}

/** What the tracer itself complained of: strings of its notes, found as they stand in the trace files. */
function readComplaints(folder: string): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (name.endsWith('.note')) found.add(readFileSync(file, 'utf8'));
    if (!name.endsWith('.clens')) continue;
    for (const text of stringsOf(readFileSync(file))) {
      if (text.startsWith('the tracer failed')) found.add(text);
    }
  }
  return [...found];
}

/** The strings of a trace file; the layout is that of docs/format.md. */
function* stringsOf(data: Buffer): Generator<string> {
  let parts: Buffer[] = [];
  for (let at = 0; at + 64 <= data.length; at += 64) {
    if (data[at] !== 2) continue;
    const total = data.readUInt32LE(at + 28);
    const offset = data.readUInt32LE(at + 4);
    if (offset === 0) parts = [];
    parts.push(data.subarray(at + 8, at + 24), data.subarray(at + 36, at + 64));
    if (offset + 44 >= total) yield Buffer.concat(parts).subarray(0, total).toString('utf8');
  }
}
