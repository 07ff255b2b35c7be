import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { knownInterpreters } from '../../../src/runtimes/python/knownInterpreters';

describe('the interpreters to choose from', function () {
  if (process.platform === 'win32') {
    it('lays its folders out as other systems do: not run on Windows');
    return;
  }
  let root: string;
  beforeEach(async () => (root = await mkdtemp(path.join(tmpdir(), 'known ü '))));
  afterEach(() => rm(root, { recursive: true }));

  const listed = async (programs: readonly string[], searchPath: readonly string[]) => {
    for (const program of programs) {
      await mkdir(path.dirname(path.join(root, program)), { recursive: true });
      await writeFile(path.join(root, program), '');
    }
    const all = await knownInterpreters({
      searchPath: searchPath.map(folder => path.join(root, folder)).join(path.delimiter),
      folders: [path.join(root, 'work')],
    });
    return all.map(one => [one.name, path.relative(root, one.path)]);
  };

  it('are those on PATH, the first of each name, in the order of their numbers', async () => {
    const programs = ['a/python3.10', 'a/python3.9', 'b/python3.9', 'b/python3', 'b/pip'];
    assert.deepEqual(await listed(programs, ['a', 'b', 'gone']), [
      ['python3', 'b/python3'],
      ['python3.9', 'a/python3.9'],
      ['python3.10', 'a/python3.10'],
    ]);
  });

  it('begin with the environment of the workspace', async () => {
    assert.deepEqual(await listed(['work/.venv/bin/python', 'a/python3'], ['a']), [
      ['.venv', 'work/.venv/bin/python'],
      ['python3', 'a/python3'],
    ]);
  });

  it('have the versions of a version manager instead of its shims', async () => {
    const programs = [
      '.pyenv/shims/python3.12',
      '.pyenv/versions/3.9.18/bin/python',
      '.pyenv/versions/3.12.1/bin/python',
      '.pyenv/versions/broken/readme',
      'usr/python3',
    ];
    assert.deepEqual(await listed(programs, ['.pyenv/shims', 'usr']), [
      ['3.9.18 of pyenv', '.pyenv/versions/3.9.18/bin/python'],
      ['3.12.1 of pyenv', '.pyenv/versions/3.12.1/bin/python'],
      ['python3', 'usr/python3'],
    ]);
  });

  it('keep shims that belong to no manager with versions', async () => {
    assert.deepEqual(await listed(['x/shims/python3'], ['x/shims']), [
      ['python3', 'x/shims/python3'],
    ]);
  });
});
