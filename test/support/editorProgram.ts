// Runs test/editor inside the extension host of the VS Code that npm serves: opens a window on it in Chromium and waits for the
// extension host to say how the tests went.
//     node dist/test/support/editorProgram.js [--report F] [--grep TEXT] [--verbose] [FILES...]
// --verbose also prints what the workbench and the extensions log.
import { parseArgs } from 'node:util';
import path from 'node:path';
import { startServer } from '../../scripts/lib/vscodeServer';
import { launchChromium } from './chromium';
import { makeWorkspace } from './workspace';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      report: { type: 'string' },
      grep: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const root = process.cwd();
  const env: Record<string, string> = {};
  if (values.report) env['CLENS_TEST_REPORT'] = path.resolve(values.report);
  if (values.grep) env['CLENS_TEST_GREP'] = values.grep;
  if (positionals.length > 0) {
    env['CLENS_TEST_FILES'] = positionals.map(file => path.resolve(file)).join(path.delimiter);
  }
  const workspace = makeWorkspace();
  const server = await startServer({ env, driver: true });
  const browser = await launchChromium();
  try {
    const page = await (
      await browser.newContext({ viewport: { width: 1400, height: 900 } })
    ).newPage();
    // VS Code calls these two with what the extension host printed and with the result of run().
    const ended = new Promise<number>(resolve => {
      void page.exposeFunction('codeAutomationLog', (_kind: string, args: unknown[]) => {
        for (const line of args) {
          if (
            typeof line === 'string' &&
            (values.verbose || /^ {2}(ok|skip|FAIL|note) /.test(line))
          )
            console.log(line);
        }
      });
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      page.on('crash', () => resolve(1));
    });
    await page.goto(
      server.address(workspace.folder, [
        ['extensionDevelopmentPath', server.uri(root)],
        ['extensionTestsPath', server.uri(path.join(root, 'dist/test/editor/index.js'))],
        ['skipWelcome', 'true'],
      ]),
    );
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    workspace.remove();
  }
}

void main().then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
