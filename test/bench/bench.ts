// What a benchmark is: a row that measures one number of the design, and helpers to compare two things fairly on a machine that
// is noisy. Files test/bench/*.ts that export `rows: readonly BenchRow[]` are found by run.ts.
import { performance } from 'node:perf_hooks';

export interface Measured {
  value: number;
  /** 'x' for a ratio, otherwise 'ms', 's', 'MB', 'records/s', '%' ... */
  unit: string;
  /** What else the reader should know, in a few words. */
  detail?: string;
}

export interface BenchRow {
  name: string;
  /** The number to hold, in the unit of the value. */
  hold: number;
  /** Whether the value must stay below `hold` (the default) or above it. */
  better?: 'lower' | 'higher';
  measure(): Promise<Measured>;
}

export interface PairedRatio {
  /** Median of a over median of b. */
  ratio: number;
  /** Medians in milliseconds. */
  aMs: number;
  bMs: number;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The p-th percentile (0 to 100) by nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  if (p === 50 && sorted.length % 2 === 0) {
    return (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
  }
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)]!;
}

/**
 * Runs a and b in turn (A B A B ...), so that both see the same noise, after one unmeasured round to warm caches.
 * A function may return its own milliseconds; otherwise its whole duration counts.
 */
export async function pairedRatio(
  a: () => Promise<number | void>,
  b: () => Promise<number | void>,
  options: { runs: number },
): Promise<PairedRatio> {
  const aTimes: number[] = [];
  const bTimes: number[] = [];
  for (let round = 0; round <= options.runs; round++) {
    const aMs = await timed(a);
    const bMs = await timed(b);
    if (round === 0) continue;
    aTimes.push(aMs);
    bTimes.push(bMs);
  }
  const aMs = median(aTimes);
  const bMs = median(bTimes);
  return { ratio: aMs / bMs, aMs, bMs };
}

async function timed(work: () => Promise<number | void>): Promise<number> {
  const from = performance.now();
  const own = await work();
  return own ?? performance.now() - from;
}
