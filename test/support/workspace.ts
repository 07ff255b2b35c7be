// A workspace folder of a test's own: the examples, and room for files a test writes.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Workspace {
  readonly folder: string;
  /** Writes a file and returns its path. */
  write(name: string, text: string | Uint8Array): string;
  remove(): void;
}

export function makeWorkspace(name = 'workspace'): Workspace {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'lens-')));
  const folder = path.join(parent, name);
  mkdirSync(folder);
  const examples = path.resolve('media/examples');
  if (existsSync(examples)) cpSync(examples, path.join(folder, 'examples'), { recursive: true });
  return {
    folder,
    write(file, text) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      return target;
    },
    remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }),
  };
}
