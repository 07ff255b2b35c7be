// Runs one of this folder's programs under the project's own Node, installing the packages of the lockfile first where they
// are missing. It must work on a machine that has only Node 20 and npm, so it uses nothing but Node itself.
//
//     node scripts/bootstrap.mjs scripts/test.ts [arguments]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const bin = path.join(root, 'node_modules', '.bin');
const projectNode = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return {};
  }
}

// npm keeps what it installed in a lockfile of its own inside node_modules: comparing the two needs no stamp, and holds
// after `npm install something` as well.
function isInstalled() {
  if (!existsSync(projectNode)) return false;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const present = packagesOf(path.join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || optional === true || present[name]?.version === version,
  );
}

function install() {
  console.log('Installing the packages of package-lock.json (npm ci)');
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      shell: windows,
    },
  );
  if (status === 0 && existsSync(projectNode)) return;
  console.error(
    `npm ci did not finish in ${root}${error ? ` (${error.message})` : ''}. ` +
      'Check that the npm registry can be reached and that the disk is not full, then run the command again.',
  );
  process.exit(1);
}

const [program, ...rest] = process.argv.slice(2);
if (!program) {
  console.error('Usage: node scripts/bootstrap.mjs PROGRAM [ARGUMENTS]');
  process.exit(2);
}
if (!isInstalled()) install();

const child = spawn(projectNode, [path.resolve(root, program), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: bin + path.delimiter + process.env.PATH },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// Whoever kills npm alone must not leave a server behind. (Started by hand, a parent that ends is nothing unusual.)
if (process.env.npm_lifecycle_event && !windows) {
  const parent = process.ppid;
  const watch = () => void (process.ppid !== parent && child.kill('SIGTERM'));
  setInterval(watch, 1000).unref();
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
