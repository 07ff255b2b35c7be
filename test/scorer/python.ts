/** Watches Python programs: `witness.py` wraps what can wait and knows nothing of the tracer. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lastLine, type Observed, type Site, type Watcher } from './observed';
import { noteEnd, tracedSites } from './tracedRun';

export const python: Watcher = {
  languageId: () => 'python',
  isProgram: name => name.endsWith('.py') && !name.startsWith('_'),
  watch: (program, options) => {
    const called = witness(program, options.python, options.timeoutS);
    if (options.by === 'witness') return { waited: called, called };
    const args = ['--python', options.python];
    const sites = tracedSites(program, args, options.timeoutS);
    return { waited: { ...called, sites }, called };
  },
};

function witness(program: string, interpreter: string, timeoutS: number): Observed {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'witness-'));
  const result = spawnSync(interpreter, ['test/scorer/witness.py', folder, program], {
    input: 'one\ntwo\n',
    timeout: timeoutS * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  noteEnd(program, result.status, lastLine(result.stderr));
  const sites: Site[] = [];
  const lines = new Set<string>();
  const seen = new Set<string>();
  for (const name of fs.readdirSync(folder)) {
    for (const row of fs.readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      const [op = '', file = '', line = '', column = ''] = row.split('\t');
      if (!line) continue;
      if (op === 'line') lines.add(`${file}:${line}`);
      else if (!seen.has(row)) {
        seen.add(row);
        sites.push({ op, file, line: Number(line), column: Number(column) });
      }
    }
  }
  fs.rmSync(folder, { recursive: true });
  return { sites, ran: (file, line) => lines.has(`${file}:${line}`) };
}
