/**
 * Scores analysis against what really waited: each program of the given folders is run, the call sites that waited or could
 * have are compared with the wait points on the lines that ran, and every miss and every false mark is printed.
 *
 *     node dist/test/scorer/score.js [--by tracer|witness] [--python PATH] [--timeout S] FOLDER_OR_FILE...
 *
 * For Python `tracer` asks `dist/cli.js run --json` what waited; `witness` (the default) asks test/scorer/witness.py, which knows
 * nothing of the tracer. JavaScript is always traced.
 */
import { programsOf, report, score } from './compare';
import { javascript } from './javascript';
import type { Options } from './observed';
import { python } from './python';

function parseArguments(args: readonly string[]): { options: Options; targets: string[] } {
  let by: Options['by'] = 'witness';
  let interpreter = process.env['SCORE_PYTHON'] ?? 'python3.12';
  let timeoutS = 20;
  const targets: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--by') by = args[++at] === 'tracer' ? 'tracer' : 'witness';
    else if (arg === '--python') interpreter = args[++at] ?? interpreter;
    else if (arg === '--timeout') timeoutS = Number(args[++at]);
    else targets.push(arg);
  }
  if (targets.length === 0) targets.push('test/fixtures/corpus', 'test/fixtures/programs/python');
  return { options: { by, python: interpreter, timeoutS }, targets };
}

async function main(): Promise<void> {
  const { options, targets } = parseArguments(process.argv.slice(2));
  for (const watcher of [python, javascript]) {
    const programs = targets.flatMap(target => programsOf(target, watcher));
    const own = programs.filter(program => watcher.isProgram(program.split(/[\\/]/).at(-1) ?? ''));
    if (own.length > 0) console.log(report(await score(own, watcher, options)));
  }
}

void main();
