// The test runner as a program:
//     node --enable-source-maps dist/test/support/mochaProgram.js [--report F] [--timeout MS] [--grep TEXT] FILES...
import { parseArgs } from 'node:util';
import { runMocha } from './runMocha';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    report: { type: 'string' },
    timeout: { type: 'string' },
    grep: { type: 'string' },
  },
});

void runMocha({
  files: positionals,
  report: values.report,
  timeoutMs: values.timeout === undefined ? undefined : Number(values.timeout),
  grep: values.grep,
  print: line => console.log(line),
}).then(failures => process.exit(failures === 0 ? 0 : 1));
