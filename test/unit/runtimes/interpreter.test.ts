import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/base/translate';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InterpreterFinder } from '../../../src/runtimes/python/interpreter';
import { LaunchError } from '../../../src/runtimes/runtime';
import { translationTo } from '../../support/translations';

/** Stands in for an interpreter: a script that answers the probe, and counts how often it was asked. */
async function fakePython(file: string, version: string, executable = file): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(
    file,
    `#!/bin/sh\necho asked >> "${file}.asked"\necho "${version} cpython ${executable}"\n`,
  );
  await chmod(file, 0o755);
}

async function rejection(promise: Promise<unknown>): Promise<LaunchError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LaunchError, `a LaunchError, not ${String(error)}`);
  return error;
}

describe('InterpreterFinder', function () {
  if (process.platform === 'win32') {
    it('stands its interpreters in by shell scripts: not run on Windows');
    return;
  }
  let folder: string;
  let finder: InterpreterFinder;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'interpreter ü '));
    finder = new InterpreterFinder(inEnglish);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const env = (): Record<string, string> => ({
    PATH: [`${folder}/bin1`, `${folder}/bin2`].join(path.delimiter),
  });

  it('takes what was chosen, and nothing else', async () => {
    await fakePython(`${folder}/mine`, '3 12 1');
    await fakePython(`${folder}/bin1/python3`, '3 11 0');
    const found = await finder.find({ chosen: `${folder}/mine`, folders: [], env: env() });
    assert.deepEqual([found.path, found.version], [`${folder}/mine`, [3, 12, 1]]);
    const error = await rejection(
      finder.find({ chosen: `${folder}/gone`, folders: [], env: env() }),
    );
    assert.equal(error.reason, 'no-interpreter');
    assert.match(error.message, /gone does not exist\. Install Python 3\.8/);
  });

  it('says what is wrong with the chosen one, and how to choose another', async () => {
    const shim = `${folder}/shim`;
    const words = 'pyenv: python3.12: command not found\n\nNote: see the manual\n  for more.\n';
    await writeFile(shim, `#!/bin/sh\ncat >&2 <<'END'\n${words}END\nexit 127\n`);
    await chmod(shim, 0o755);
    const inTerminal = new InterpreterFinder(inEnglish, ' with --python PATH');
    const error = await rejection(inTerminal.find({ chosen: shim, folders: [], env: {} }));
    assert.match(error.message, /it said "pyenv: python3\.12: command not found"\. /);
    assert.match(error.message, /or choose another interpreter with --python PATH\.$/);
    const inEditor = await rejection(finder.find({ chosen: shim, folders: [], env: {} }));
    assert.match(inEditor.message, /or choose another interpreter\.$/);
    const inJapanese = new InterpreterFinder(translationTo('ja'));
    const told = await rejection(inJapanese.find({ chosen: shim, folders: [], env: {} }));
    assert.equal(
      told.message,
      `選択した Python インタープリター ${shim} が動作しません: 「pyenv: python3.12: command not found」と応答しました。 Python 3.8 以降をインストールするか、別のインタープリターを選択してください。`,
    );
  });

  it('takes a chosen environment folder or a name on PATH', async () => {
    await fakePython(`${folder}/env/bin/python`, '3 12 1');
    await fakePython(`${folder}/bin2/python3.9`, '3 9 0');
    const inFolder = await finder.find({ chosen: `${folder}/env`, folders: [], env: env() });
    assert.equal(inFolder.path, `${folder}/env/bin/python`);
    const byName = await finder.find({ chosen: 'python3.9', folders: [], env: env() });
    assert.equal(byName.path, `${folder}/bin2/python3.9`);
  });

  it('prefers the environment of the workspace, the nearest first', async () => {
    await fakePython(`${folder}/ws/venv/bin/python`, '3 10 0');
    await fakePython(`${folder}/ws/sub/.venv/bin/python`, '3 9 0');
    await fakePython(`${folder}/bin1/python3`, '3 11 0');
    const near = await finder.find({ folders: [`${folder}/ws/sub`, `${folder}/ws`], env: env() });
    assert.equal(near.path, `${folder}/ws/sub/.venv/bin/python`);
    const above = await finder.find({ folders: [`${folder}/ws`], env: env() });
    assert.equal(above.path, `${folder}/ws/venv/bin/python`);
  });

  it('goes along PATH, straight to what a launcher starts', async () => {
    await fakePython(`${folder}/bin1/python3`, '3 11 7', '/real/python3');
    const found = await finder.find({ folders: [folder], env: env() });
    assert.equal(found.path, '/real/python3');
  });

  it('passes over one that is too old or broken when another will do', async () => {
    await fakePython(`${folder}/bin1/python3`, '3 6 15');
    await mkdir(`${folder}/bin2`);
    await writeFile(`${folder}/bin2/python3`, '#!/bin/sh\nexit 9\n', { mode: 0o755 });
    await fakePython(`${folder}/bin2/python3.10`, '3 10 1');
    const found = await finder.find({ folders: [], env: env() });
    assert.equal(found.path, `${folder}/bin2/python3.10`);
  });

  it('refuses one that is too old, naming version, path and remedy', async () => {
    await fakePython(`${folder}/bin1/python`, '2 7 18');
    const error = await rejection(finder.find({ folders: [], env: env() }));
    assert.equal(error.reason, 'too-old');
    assert.match(
      error.message,
      /^Python 2\.7\.18 at .*bin1\/python is too old: .*3\.8 and newer\. Install/,
    );
  });

  it('says what was tried when there is none', async () => {
    await mkdir(`${folder}/bin1`);
    await writeFile(`${folder}/bin1/python3`, '#!/bin/sh\necho "no such version" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const error = await rejection(finder.find({ folders: [folder], env: env() }));
    assert.equal(error.reason, 'no-interpreter');
    assert.match(error.message, /python3, python on PATH\. Tried: .*it said "no such version"/);
  });

  it('asks each interpreter once', async () => {
    const { readFile } = await import('node:fs/promises');
    await fakePython(`${folder}/bin1/python3`, '3 11 7');
    for (let time = 0; time < 3; time += 1) await finder.find({ folders: [], env: env() });
    assert.equal(await readFile(`${folder}/bin1/python3.asked`, 'utf8'), 'asked\n');
  });
});
