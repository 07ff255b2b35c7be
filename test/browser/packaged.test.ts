// What people install: the .vsix holds what the extension needs and nothing else, is small, and works on its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packagedExtension } from '../support/packagedExtension';
import { readZip, type ZipEntry } from '../support/zip';

const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE(\.txt)?$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^dist\/(extension|cli|timeline)\.js$/,
  /^dist\/[a-z-]+\.wasm$/,
  /^dist\/tracer\/.*\.py$/,
  /^dist\/javascript\/(preload|moduleHooks)\.cjs$/,
  /^dist\/javascript\/register\.mjs$/,
  /^media\/.*\.(svg|png|css|md|ttf|json)$/,
  /^media\/examples\//,
  /^docs\/images\/[\w-]+\.png$/,
];

const needed = [
  'package.json',
  'readme.md',
  'changelog.md',
  'dist/extension.js',
  'dist/cli.js',
  'dist/timeline.js',
  'dist/tree-sitter.wasm',
  'dist/tree-sitter-python.wasm',
  'dist/tree-sitter-tsx.wasm',
  'dist/tree-sitter-typescript.wasm',
  'dist/tracer/sitecustomize.py',
  'dist/javascript/preload.cjs',
  'dist/javascript/moduleHooks.cjs',
  'media/timeline.css',
];

describe('the packaged extension', () => {
  let entries: ZipEntry[];
  let names: string[];

  const read = (name: string) => {
    const entry = entries.find(each => each.name === `extension/${name}`);
    assert.ok(entry, `${name} is in the package`);
    return entry.read().toString('utf8');
  };

  before(() => {
    entries = readZip(packagedExtension());
    names = entries
      .filter(({ name }) => name.startsWith('extension/'))
      .map(({ name }) => name.slice('extension/'.length));
  });

  it('is smaller than 2.5 MB', () => {
    assert.ok(
      statSync(packagedExtension()).size < 2.5 * 1024 * 1024,
      `${statSync(packagedExtension()).size} bytes`,
    );
  });

  it('holds nothing that does not ship', () => {
    assert.deepEqual(
      names.filter(name => !allowed.some(pattern => pattern.test(name))),
      [],
    );
  });

  it('holds what the extension needs', () => {
    assert.deepEqual(
      needed.filter(name => !names.includes(name)),
      [],
    );
  });

  it('holds every file that its manifest names', () => {
    const files: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === 'string') {
        if (/^(\.\/)?[\w-]+(\/[\w.-]+)*\.(js|png|svg|md|json|css)$/.test(value))
          files.push(path.posix.normalize(value));
      } else if (value !== null && typeof value === 'object') {
        Object.values(value).forEach(collect);
      }
    };
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    delete manifest['scripts'];
    collect(manifest);
    assert.ok(files.includes('dist/extension.js'));
    assert.deepEqual(
      files.filter(file => !names.includes(file)),
      [],
    );
  });

  it('imports nothing that it does not hold', () => {
    const imports = [
      'dist/extension.js',
      'dist/cli.js',
      'dist/javascript/preload.cjs',
      'dist/javascript/moduleHooks.cjs',
    ].flatMap(file => [...read(file).matchAll(/\brequire\("([^"]+)"\)/g)].map(match => match[1]!));
    assert.ok(imports.length > 0);
    assert.deepEqual(
      imports.filter(name => name !== 'vscode' && !isBuiltin(name)),
      [],
    );
  });

  for (const { language, file, text } of [
    {
      language: 'Python',
      file: 'snippet.py',
      text: 'from threading import Thread\nt = Thread(target=print, args=("hi",))\nt.start()\nt.join()\n',
    },
    {
      language: 'JavaScript',
      file: 'snippet.mjs',
      text: "import { setTimeout } from 'node:timers/promises';\nconsole.log('hi');\n\nawait setTimeout(20);\n",
    },
  ]) {
    it(`runs a ${language} snippet from its command line, unpacked in a folder of its own`, () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'lens vsix '));
      try {
        unpack(entries, folder);
        const snippet = path.join(folder, file);
        writeFileSync(snippet, text);
        const cli = path.join(folder, 'extension', 'dist', 'cli.js');
        const { stdout, stderr, status } = spawnSync(
          process.execPath,
          [cli, 'run', snippet, '--json'],
          { encoding: 'utf8', cwd: folder },
        );
        assert.equal(status, 0, stderr);
        const run = JSON.parse(stdout) as {
          output: { text: string }[];
          waits: { line: number }[];
        };
        assert.equal(run.output.map(piece => piece.text).join(''), 'hi\n');
        assert.deepEqual(
          run.waits.map(({ line }) => line),
          [4],
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

function unpack(entries: readonly ZipEntry[], folder: string): void {
  for (const entry of entries) {
    if (!entry.name.startsWith('extension/') || entry.name.endsWith('/')) continue;
    const file = path.join(folder, entry.name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, entry.read());
  }
}
