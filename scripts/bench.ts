// Measures the numbers of the design and prints one line for each. `npm run bench [-- WORDS]` (only rows with these words).
import { run } from './lib/command.ts';
import { ensureChromium } from './lib/system.ts';
import { ensureServer } from './lib/vscodeServer.ts';
import { packageExtension } from './lib/vsix.ts';

if ((await run(process.execPath, ['esbuild.mjs', '--tests'])) !== 0) process.exit(1);
await ensureChromium();
await ensureServer();
await packageExtension({ out: 'dist/concurrency-lens.vsix' });
process.exit(
  await run(process.execPath, [
    '--enable-source-maps',
    'dist/test/bench/run.js',
    ...process.argv.slice(2),
  ]),
);
