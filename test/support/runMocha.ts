// Runs test files with mocha, prints them as they go and writes one line of JSON per event to a report, so that a run that
// dies half-way still tells how far it came. Used by every rung: as a program in plain Node, and inside the extension host.
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export interface TestEvent {
  event: 'start' | 'pass' | 'fail' | 'skip' | 'end';
  title: string;
  ms?: number;
  error?: string;
}

export interface MochaOptions {
  files: readonly string[];
  report?: string | undefined;
  timeoutMs?: number | undefined;
  grep?: string | undefined;
  print: (line: string) => void;
}

/** Resolves to the number of failures. */
export async function runMocha(options: MochaOptions): Promise<number> {
  const { report, print } = options;
  if (report) writeFileSync(report, '');
  const tell = (event: TestEvent) => {
    if (report) appendFileSync(report, `${JSON.stringify(event)}\n`);
  };
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: options.timeoutMs ?? 10_000,
    reporter: Mocha.reporters.Base,
    forbidOnly: true,
    ...(options.grep ? { grep: options.grep } : {}),
  });
  // Base itself prints nothing unless asked for its epilogue.
  for (const file of options.files) mocha.addFile(path.resolve(file));
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    const title = `load ${options.files.map(file => path.basename(file)).join(', ')}`;
    print(`  FAIL ${title}\n${describe(error)}`);
    tell({ event: 'fail', title, error: describe(error) });
    tell({ event: 'end', title: '' });
    return 1;
  }
  return new Promise(resolve => {
    const runner = mocha.run(failures => {
      tell({ event: 'end', title: '' });
      resolve(failures);
    });
    runner.on('test', test => tell({ event: 'start', title: test.fullTitle() }));
    runner.on('pass', test => {
      print(`  ok   ${test.fullTitle()} (${test.duration ?? 0} ms)`);
      tell({ event: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 });
    });
    runner.on('pending', test => {
      print(`  skip ${test.fullTitle()}`);
      tell({ event: 'skip', title: test.fullTitle() });
    });
    runner.on('fail', (test, error) => {
      print(`  FAIL ${test.fullTitle()}\n${describe(error)}`);
      tell({ event: 'fail', title: test.fullTitle(), error: describe(error) });
    });
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { actual, expected } = error as { actual?: unknown; expected?: unknown };
  const compared =
    actual !== undefined && typeof actual !== 'boolean'
      ? `\nactual: ${show(actual)}\nexpected: ${show(expected)}`
      : '';
  return `${error.stack ?? error.message}${compared}`.replaceAll(/^/gm, '       ');
}

function show(value: unknown): string {
  const text =
    typeof value === 'string' ? value : (JSON.stringify(value, undefined, 1) ?? String(value));
  return text.length > 4000 ? `${text.slice(0, 4000)} ...` : text;
}
