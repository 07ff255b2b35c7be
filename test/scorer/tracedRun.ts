/** Runs a program under the tracer, as a person would from the command line, and gives the places that waited. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { lastLine, type Site } from './observed';

interface Report {
  readonly waits: readonly {
    readonly kind: string;
    readonly file: string | null;
    readonly line: number;
    readonly column: number | null;
  }[];
}

export function tracedSites(program: string, args: readonly string[], timeoutS: number): Site[] {
  const result = spawnSync(
    process.execPath,
    ['dist/cli.js', 'run', program, '--json', '--timeout', String(timeoutS), ...args],
    {
      input: 'one\ntwo\n',
      timeout: (timeoutS + 10) * 1000,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const sites = new Map<string, Site>();
  try {
    const report = JSON.parse(result.stdout) as Report;
    for (const { kind, file, line, column } of report.waits) {
      if (!file || !line) continue;
      const site = { op: kind, file, line, column: column ?? 0 };
      sites.set(`${kind} ${file} ${line} ${column}`, site);
    }
  } catch {
    console.log(`  note: ${path.basename(program)} gave no report: ${lastLine(result.stderr)}`);
  }
  return [...sites.values()];
}

export function noteEnd(program: string, status: number | null, said: string): void {
  if (status === 0) return;
  console.log(`  note: ${path.basename(program)} ended with ${status ?? 'a signal'}: ${said}`);
}
