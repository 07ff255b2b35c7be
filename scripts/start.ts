// Opens VS Code with the extension loaded and the examples open: the `code` on PATH where there is one, otherwise the VS Code
// that npm serves. `npm start [-- --served] [-- --port N] [-- FOLDER]`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { answers, cleanEnvironment, root, run } from './lib/command.ts';
import { MissingSoftware } from './lib/system.ts';
import { ensureServer, startServer } from './lib/vscodeServer.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { served: { type: 'boolean', default: false }, port: { type: 'string' } },
});
const folder = path.resolve(positionals[0] ?? 'media/examples');

if ((await run(process.execPath, ['esbuild.mjs'])) !== 0) {
  console.error('The extension does not build; the messages above say where.');
  process.exit(1);
}
if (!values.served && answers('code')) openDesktop();
else await serve();

function openDesktop(): void {
  const args = ['--extensionDevelopmentPath', root, '--disable-workspace-trust', folder];
  const { status } = spawnSync('code', args, { stdio: 'inherit', env: cleanEnvironment() });
  if (status !== 0) {
    console.error(
      '`code` could not be started. `npm start -- --served` serves a VS Code from npm instead.',
    );
    process.exit(1);
  }
  console.log(`VS Code opens ${folder} with Concurrency Lens loaded.`);
}

async function serve(): Promise<void> {
  try {
    await ensureServer();
    const dataFolder = path.join(root, '.vscode-test', 'start');
    mkdirSync(dataFolder, { recursive: true });
    const port = values.port === undefined ? 8123 : Number(values.port);
    const server = await listen(port, dataFolder);
    console.log(
      '\nVS Code is ready, with Concurrency Lens loaded and the examples open. Open this address in a browser:\n',
    );
    console.log(`    ${server.address(folder)}\n`);
    console.log(
      'Open an example and choose "Run Concurrent Snippet" (F1, or the line above the code). Ctrl+C ends the server.',
    );
  } catch (error) {
    console.error(error instanceof MissingSoftware ? error.message : error);
    process.exit(1);
  }
}

async function listen(port: number, dataFolder: string) {
  const options = { dataFolder, extension: root };
  try {
    return await startServer({ ...options, port });
  } catch (error) {
    if (values.port !== undefined || !String(error).includes('EADDRINUSE')) throw error;
    return startServer(options);
  }
}
