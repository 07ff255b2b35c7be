// Runs every test and ends with one line "N passed, N failed". `npm test`, or a part of it:
//     npm test -- unit tracer                      only these rungs (check, unit, tracer, editor, browser)
//     npm test -- test/unit/decoder.test.ts        only this file
//     npm test -- unit --grep "a torn file"        only tests with this in their title
import { parseArgs } from 'node:util';
import path from 'node:path';
import { run } from './lib/command.ts';
import { MissingSoftware } from './lib/system.ts';
import { addTally, emptyTally, failure, type Tally } from './lib/testReport.ts';
import { rungs, type Rung } from './lib/testRungs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});
const names = rungs.map(rung => rung.name);
const files = positionals.filter(each => each.endsWith('.ts')).map(file => path.normalize(file));
const wanted = new Set([
  ...positionals.filter(each => !each.endsWith('.ts')),
  ...files.map(file => file.split(path.sep)[1] ?? ''),
]);
const unknown = [...wanted].filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(
    `There is no rung of tests called ${unknown.join(', ')}. The rungs are ${names.join(', ')}.`,
  );
  process.exit(2);
}

const total = emptyTally();
if ((await run(process.execPath, ['esbuild.mjs', '--tests'])) === 0) {
  for (const rung of rungs) {
    if (wanted.size === 0 || wanted.has(rung.name)) addTally(total, await runRung(rung));
  }
} else {
  addTally(total, failure('build: the project does not build; the messages above say where'));
}

if (total.failures.length > 0) {
  console.log('\nFailed:');
  for (const title of total.failures) console.log(`  ${title}`);
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function runRung(rung: Rung): Promise<Tally> {
  console.log(`\n${rung.name}`);
  const started = Date.now();
  try {
    await rung.prepare?.();
    return await rung.run({ files, grep: values.grep });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    console.log(error instanceof MissingSoftware ? `  ${words}` : error);
    return failure(`${rung.name}: ${words.split('\n')[0]}`);
  } finally {
    console.log(`  ${rung.name} took ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
}
