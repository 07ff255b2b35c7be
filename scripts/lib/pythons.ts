// The Python interpreters of this machine that the tracer supports or must refuse: python3.X on PATH and pyenv's versions.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface Python {
  path: string;
  /** Such as '3.12'. */
  version: string;
}

export const supportedVersions = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'] as const;

/** One interpreter for each supported version that is present, lowest first. */
export function findPythons(): Python[] {
  const candidates = [...fromPath(), ...fromPyenv()];
  const found = new Map<string, Python>();
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version && !found.has(version)) found.set(version, { path: candidate, version });
  }
  return supportedVersions.flatMap(version => found.get(version) ?? []);
}

function fromPath(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const names = [...supportedVersions.map(version => `python${version}`), 'python3'];
  return names.flatMap(name =>
    folders
      .map(folder => path.join(folder, name))
      .filter(each => existsSync(each) && !isShim(each)),
  );
}

function fromPyenv(): string[] {
  const versions = path.join(
    process.env['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv'),
    'versions',
  );
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .toSorted()
    .map(version => path.join(versions, version, 'bin', 'python3'))
    .filter(each => existsSync(each));
}

/** pyenv's shims answer for whatever version the folder selects, so they are nobody's path. */
function isShim(file: string): boolean {
  return realpathSync(file).includes(`${path.sep}shims${path.sep}`);
}

function versionOf(file: string): string | undefined {
  const asked = spawnSync(file, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}
