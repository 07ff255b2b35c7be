// Runs test/editor in a desktop VS Code, which @vscode/test-electron downloads into .vscode-test.
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { makeWorkspace } from './workspace';

async function main(): Promise<void> {
  const root = process.cwd();
  const workspace = makeWorkspace();
  try {
    await runTests({
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist/test/editor/index.js'),
      launchArgs: [workspace.folder, '--disable-workspace-trust', '--disable-extensions'],
    });
  } finally {
    workspace.remove();
  }
}

main().catch((error: unknown) => {
  console.error(
    `The tests failed in the desktop VS Code, or it could not be had: ${String(error)}\n` +
      'It needs a screen (or xvfb-run) and the network. `npm test -- editor` runs the same tests in the VS Code from npm.',
  );
  process.exitCode = 1;
});
