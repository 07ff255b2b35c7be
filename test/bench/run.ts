// Runs every row of test/bench, one after the other, and prints a line for each: what, measured, hold, and whether it holds.
//     node dist/test/bench/run.js [WORDS]       only rows whose name contains one of the words
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BenchRow } from './bench';

const notRows = new Set(['bench', 'run', 'tracedPython']);

async function main(): Promise<void> {
  const words = process.argv.slice(2).map(word => word.toLowerCase());
  const rows = loadRows().filter(
    row => words.length === 0 || words.some(word => row.name.toLowerCase().includes(word)),
  );
  if (rows.length === 0)
    throw new Error(`No row of test/bench has ${words.join(' or ')} in its name.`);
  let missed = 0;
  for (const row of rows) {
    if (!(await print(row))) missed++;
  }
  console.log(`\n${rows.length - missed} of ${rows.length} numbers hold`);
  process.exitCode = missed === 0 ? 0 : 1;
}

function loadRows(): BenchRow[] {
  const names = readdirSync('test/bench')
    .filter(file => file.endsWith('.ts'))
    .map(file => path.basename(file, '.ts'))
    .filter(name => !notRows.has(name));
  return names.toSorted().flatMap(name => {
    // The bundles lie beside this one; which there are is known only at run time.
    const module = require(path.join(__dirname, `${name}.js`)) as { rows?: readonly BenchRow[] };
    return module.rows ?? [];
  });
}

async function print(row: BenchRow): Promise<boolean> {
  const name = row.name.padEnd(64);
  try {
    const { value, unit, detail } = await row.measure();
    const holds = row.better === 'higher' ? value >= row.hold : value <= row.hold;
    const relation = row.better === 'higher' ? '>=' : '<=';
    const line = `${name} ${amount(value, unit).padStart(16)}   hold ${relation} ${amount(row.hold, unit)}`;
    console.log(`${holds ? 'holds ' : 'MISSED'} ${line}${detail ? `   (${detail})` : ''}`);
    return holds;
  } catch (error) {
    console.log(`FAILED ${name} ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function amount(value: number, unit: string): string {
  const digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
  const text = value.toFixed(digits).replaceAll(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? ' ' : '');
  return unit === 'x' ? `${text}x` : `${text} ${unit}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
