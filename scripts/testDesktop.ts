// Builds, then runs test/editor in a desktop VS Code. `npm run test:desktop`.
import { run } from './lib/command.ts';

const built = await run(process.execPath, ['esbuild.mjs', '--tests']);
process.exit(
  built === 0
    ? await run(process.execPath, ['--enable-source-maps', 'dist/test/support/desktopProgram.js'])
    : built,
);
