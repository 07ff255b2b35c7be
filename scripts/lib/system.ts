// What the machine must have beside npm packages. Missing Debian packages are installed where that is allowed (root, or sudo
// without a password); otherwise the person is told which ones are missing and the command that installs them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { answers, run } from './command.ts';

export class MissingSoftware extends Error {}

const chromiumPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export function findChromium(): string | undefined {
  const chosen = process.env['CHROMIUM'];
  return chosen ?? chromiumPaths.find(each => existsSync(each));
}

/** The Debian packages that code-server needs to compile its native add-ons. */
export const compilePackages = [
  'build-essential',
  'python3',
  'pkg-config',
  'libkrb5-dev',
  'libsecret-1-dev',
  'libx11-dev',
  'libxkbfile-dev',
] as const;

export function missingDebianPackages(names: readonly string[]): string[] {
  if (!answers('dpkg-query')) return [];
  return names.filter(name => {
    const asked = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
    return !asked.stdout.includes('install ok installed');
  });
}

function installer(): { command: string; args: string[] } | undefined {
  if (!answers('apt-get')) return undefined;
  if (process.getuid?.() === 0) return { command: 'apt-get', args: [] };
  if (answers('sudo', ['-n', 'true'])) return { command: 'sudo', args: ['-n', 'apt-get'] };
  return undefined;
}

/** Makes the Debian packages present, or throws a MissingSoftware that says what to do. `purpose` completes "needed to ...". */
export async function ensureDebianPackages(
  names: readonly string[],
  purpose: string,
): Promise<void> {
  const missing = missingDebianPackages(names);
  if (missing.length === 0) return;
  const by = installer();
  if (by) {
    console.log(`Installing ${missing.join(', ')} (apt-get), needed to ${purpose}`);
    const install = [
      ...by.args,
      'install',
      '--yes',
      '-qq',
      '-o=Dpkg::Use-Pty=0',
      '--no-install-recommends',
      ...missing,
    ];
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    if ((await run(by.command, install, { env })) === 0) return;
    // A fresh machine has no package lists yet.
    await run(by.command, [...by.args, 'update', '-qq'], { env });
    if ((await run(by.command, install, { env })) === 0) return;
  }
  throw new MissingSoftware(
    `Missing on this machine: ${missing.join(', ')}, needed to ${purpose}. ` +
      `Install with: sudo apt-get install -y ${missing.join(' ')}`,
  );
}

/** The path of a Chromium, installed where it is missing and may be. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  await ensureDebianPackages(['chromium'], 'run the tests in a browser');
  const installed = findChromium();
  if (installed) return installed;
  throw new MissingSoftware(
    'No Chromium was found, needed to run the tests in a browser. Install Chromium or Chrome, or set CHROMIUM to its path.',
  );
}
