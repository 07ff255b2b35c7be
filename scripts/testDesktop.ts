// Runs test/editor in a desktop VS Code, which @vscode/test-electron downloads into .vscode-test. `npm run test:desktop`. It needs
// a screen (or xvfb-run) and the network; `npm test` runs the same tests in the VS Code from npm.
import { runTests } from '@vscode/test-electron';
import path from 'node:path';
import { makeWorkspace } from '../test/support/workspace.ts';
import { root, run } from './lib/command.ts';

if ((await run(process.execPath, ['esbuild.mjs', '--tests'])) !== 0) process.exit(1);
const workspace = makeWorkspace();
try {
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'dist/test/editor/index.js'),
    launchArgs: [workspace.folder, '--disable-workspace-trust', '--disable-extensions'],
  });
} catch (error) {
  console.error(
    `The tests failed in the desktop VS Code, or it could not be had: ${String(error)}\n` +
      'Without a way to download it, `npm test -- editor` runs the same tests in the VS Code from npm.',
  );
  process.exitCode = 1;
} finally {
  workspace.remove();
}
