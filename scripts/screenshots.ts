// Takes the pictures of the README again, from a real window: docs/images/*.png. `npm run screenshots`.
import { run } from './lib/command.ts';
import { ensureChromium, ensureDebianPackages } from './lib/system.ts';
import { ensureServer } from './lib/vscodeServer.ts';
import { packageExtension } from './lib/vsix.ts';

if ((await run(process.execPath, ['esbuild.mjs', '--tests'])) !== 0) process.exit(1);
await ensureChromium();
// The comments of the examples are Japanese.
await ensureDebianPackages(['fonts-vlgothic'], 'draw the comments of the examples');
await ensureServer();
await packageExtension({ out: 'dist/concurrency-lens.vsix' });
process.exit(
  await run(process.execPath, ['--enable-source-maps', 'dist/test/support/screenshotsProgram.js']),
);
