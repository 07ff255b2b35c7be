// What VS Code runs inside its extension host (extensionTestsPath): every test/editor/**/*.test.ts with mocha. The same module
// serves the VS Code from npm (npm test) and a desktop one (npm run test:desktop).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runMocha } from '../support/runMocha';

export async function run(): Promise<void> {
  const root = path.resolve(__dirname, '../../..');
  const chosen = process.env['CLENS_TEST_FILES'];
  const files = chosen
    ? chosen.split(path.delimiter)
    : // The sources say which tests there are; a bundle may outlive the test it came from.
      readdirSync(path.join(root, 'test', 'editor'), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.test.ts'))
        .map(file => path.join(__dirname, file.replace(/\.ts$/, '.js')));
  // Tests find the files of the repository from the current folder, as on every other rung.
  process.chdir(root);
  const failures = await runMocha({
    files,
    report: process.env['CLENS_TEST_REPORT'],
    timeoutMs: 60_000,
    grep: process.env['CLENS_TEST_GREP'],
    print: line => console.log(line),
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
