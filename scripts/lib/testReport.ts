// Reads the reports that test/support/runMocha.ts writes and adds them up.
import { existsSync, readFileSync } from 'node:fs';
import type { TestEvent } from '../../test/support/runMocha.ts';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** A line for each failure: where, and its title. */
  failures: string[];
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, skipped: 0, failures: [] });

export function addTally(to: Tally, more: Tally): void {
  to.passed += more.passed;
  to.failed += more.failed;
  to.skipped += more.skipped;
  to.failures.push(...more.failures);
}

/** A tally of one thing that went wrong outside of any test. */
export function failure(title: string): Tally {
  return { ...emptyTally(), failed: 1, failures: [title] };
}

/** Counts a report. One that stops before its end means that the process died, which is a failure more. */
export function readReport(file: string, label: string): Tally {
  const tally = emptyTally();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  let running: string | undefined;
  let ended = false;
  for (const line of lines) {
    const { event, title } = JSON.parse(line) as TestEvent;
    if (event === 'start') running = title;
    else if (event === 'end') ended = true;
    else {
      running = undefined;
      if (event === 'pass') tally.passed++;
      if (event === 'skip') tally.skipped++;
      if (event === 'fail') {
        tally.failed++;
        tally.failures.push(`${label}: ${title}`);
      }
    }
  }
  if (!ended) {
    const when = running ? `while running "${running}"` : 'outside of a test';
    addTally(tally, failure(`${label}: ended ${when}, without finishing its report`));
  }
  return tally;
}
