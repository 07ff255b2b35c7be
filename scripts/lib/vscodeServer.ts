// A real VS Code from npm alone (code-server): a workbench in the browser with a Node extension host. Installed once into
// .vscode-test/server, then started as VS Code's own server on 127.0.0.1.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answers, cleanEnvironment, killGroup, onEnd, root, run } from './command.ts';
import { MissingSoftware, compilePackages, ensureDebianPackages } from './system.ts';

const version = '4.139.1'; // VS Code 1.139.1
const home = path.join(root, '.vscode-test', 'server');
const stamp = path.join(home, 'installed');
const program = path.join(home, 'node_modules/code-server/lib/vscode/out/server-main.js');

/** Installs the server where it is not present yet; takes a few minutes and 620 MB the first time. */
export async function ensureServer(): Promise<void> {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version && existsSync(program)) return;
  await ensureDebianPackages(compilePackages, 'build the VS Code that npm serves');
  console.log(
    `Installing VS Code (code-server ${version} from npm) into .vscode-test: a few minutes, once`,
  );
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', home];
  // The native add-ons are compiled against the headers of this Node; npm carries them, nodejs.org may be out of reach.
  const headers = `node-${process.platform}-${process.arch}`;
  const hasHeaders =
    (await run('npm', ['install', ...quiet, `${headers}@${process.versions.node}`])) === 0 &&
    existsSync(path.join(home, 'node_modules', headers, 'include/node/node.h'));
  const env: Record<string, string> = { npm_config_unsafe_perm: 'true' };
  if (hasHeaders) env['npm_config_nodedir'] = path.join(home, 'node_modules', headers);
  const failed =
    (await run('npm', ['install', ...quiet, '--save-exact', `code-server@${version}`], { env })) !==
    0;
  if (failed || !existsSync(program) || !answers(process.execPath, [program, '--version'])) {
    throw new MissingSoftware(
      `VS Code could not be installed from npm (code-server ${version}); the messages above say why. ` +
        `It compiles native add-ons and needs ${compilePackages.join(', ')}, 1 GB of disk and the npm registry. ` +
        'Mend that and run the command again.',
    );
  }
  writeFileSync(stamp, version);
}

export interface ServerOptions {
  /** Port to listen on; any free one without it. */
  port?: number;
  /** False leaves Restricted Mode as a person meets it in a folder that is new to them. */
  trustAll?: boolean;
  /** Lets an address name what desktop VS Code takes as flags (`payload`); it also silences notifications. */
  driver?: boolean;
  /** Settings of the window, beside those that keep it quiet. */
  settings?: Record<string, unknown>;
  /** A .vsix to install, as a person would. */
  vsix?: string;
  /** A folder with package.json to register as an installed extension. */
  extension?: string;
  /** Environment of the server and so of the extension host. */
  env?: Record<string, string>;
  /** Where settings and state are kept; a folder that is removed at the end without it. */
  dataFolder?: string;
  onOutput?: (text: string) => void;
}

export interface Server {
  readonly port: number;
  readonly dataFolder: string;
  /** The address that opens a folder; a payload needs the driver. */
  address(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** How the workbench names a file of this machine. */
  uri(file: string): string;
  stop(): Promise<void>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'window.newWindowDimensions': 'default',
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'files.simpleDialog.enable': true,
};

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dataFolder = options.dataFolder ?? mkdtempSync(path.join(tmpdir(), 'vscode-data-'));
  const extensions = path.join(dataFolder, 'extensions');
  const machine = path.join(dataFolder, 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(
    path.join(machine, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2),
  );
  if (options.vsix) installVsix(options.vsix, dataFolder, extensions);
  if (options.extension) registerFolder(options.extension, extensions);
  const args = [
    program,
    '--host=127.0.0.1',
    `--port=${options.port ?? 0}`,
    '--without-connection-token',
    '--accept-server-license-terms',
    '--telemetry-level=off',
    `--server-data-dir=${dataFolder}`,
    `--extensions-dir=${extensions}`,
    ...(options.driver ? ['--enable-smoke-test-driver'] : []),
    ...(options.trustAll === false ? [] : ['--disable-workspace-trust']),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const clean = () => {
    killGroup(child);
    if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  const forget = onEnd(clean);
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    const listen = (piece: Buffer) => {
      text += piece.toString();
      options.onOutput?.(piece.toString());
      const bound = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (bound) resolve(Number(bound));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', code =>
      reject(new Error(`The VS Code server ended at once (exit code ${code}): ${text.trim()}`)),
    );
  });
  const authority = `127.0.0.1:${port}`;
  const uri = (file: string) => `vscode-remote://${authority}${encodeURI(file)}`;
  return {
    port,
    dataFolder,
    uri,
    address(folder, payload = []) {
      const pairs =
        payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
      return `http://${authority}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}${pairs}`;
    },
    async stop() {
      forget();
      killGroup(child);
      await ended;
      clean();
    },
  };
}

function installVsix(vsix: string, dataFolder: string, extensions: string): void {
  const args = [program, '--install-extension', vsix, '--force'];
  const folders = ['--extensions-dir', extensions, '--server-data-dir', dataFolder];
  const done = spawnSync(process.execPath, [...args, ...folders], {
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    throw new Error(`${vsix} could not be installed: ${done.stdout}${done.stderr}`);
  }
}

/** Makes VS Code take a source folder for an installed extension, so that a plain address opens with it. */
function registerFolder(folder: string, extensions: string): void {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
    version: string;
  };
  const entry = {
    identifier: { id: `${manifest.publisher}.${manifest.name}` },
    version: manifest.version,
    location: { $mid: 1, path: folder, scheme: 'file' },
    metadata: { installedTimestamp: Date.now(), source: 'vsix' },
  };
  writeFileSync(path.join(extensions, 'extensions.json'), JSON.stringify([entry]));
}
