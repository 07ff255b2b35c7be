// Bundles the extension, the command line and the timeline page, and copies what ships as it is.
// `--watch` rebuilds on change; `--tests` also bundles the test files to dist/test.
import { build, context } from 'esbuild';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  external: ['vscode'],
  loader: { '.scm': 'text' },
};

// esbuild copies the names of a CommonJS module for each file that imports it. `vscode` has hundreds, and nearly every file
// of the editor imports it: through one module of ours they are copied once, which more than halves the time to activate.
const vscodeOnce = {
  name: 'vscode-once',
  setup(building) {
    const namespace = 'vscode-once';
    building.onResolve({ filter: /^vscode$/ }, args =>
      args.namespace === namespace
        ? { path: 'vscode', external: true }
        : { path: 'vscode', namespace },
    );
    building.onLoad({ filter: /^vscode$/, namespace }, () => ({
      contents: "export * from 'vscode';",
    }));
  },
};

const bundles = [
  {
    ...node,
    target: 'node22',
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    plugins: [vscodeOnce],
    minify: !watch,
  },
  {
    ...node,
    target: 'node20',
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    minify: !watch,
  },
  {
    ...node,
    target: 'node20',
    entryPoints: ['src/runtimes/javascript/tracer/preload.ts'],
    outfile: 'dist/javascript/preload.cjs',
    minify: !watch,
    sourcemap: false,
  },
  {
    ...node,
    target: 'node20',
    entryPoints: ['src/runtimes/javascript/tracer/moduleHooks.ts'],
    outfile: 'dist/javascript/moduleHooks.cjs',
    minify: !watch,
    sourcemap: false,
  },
  // Only for a Node without type stripping of its own; too big for the package, so only a checkout has it.
  {
    ...node,
    target: 'node20',
    entryPoints: ['node_modules/amaro/dist/index.js'],
    outfile: 'dist/javascript/amaro.cjs',
    minify: true,
    sourcemap: false,
  },
  {
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome130',
    sourcemap: watch,
    minify: !watch,
    logLevel: 'warning',
    entryPoints: ['src/webview/app/main.ts'],
    outfile: 'dist/timeline.js',
  },
].filter(bundle => existsSync(bundle.entryPoints[0]));

async function testBundle() {
  const files = [];
  for (const entry of await readdir('test', { recursive: true })) {
    if (entry.endsWith('.ts') && !entry.startsWith('fixtures'))
      files.push(path.join('test', entry));
  }
  // Packages stay outside the test bundles: mocha and playwright are loaded from node_modules.
  return {
    ...node,
    target: 'node22',
    packages: 'external',
    entryPoints: files,
    outdir: 'dist/test',
    outbase: 'test',
  };
}

async function copyAssets() {
  await mkdir('dist', { recursive: true });
  await rm('dist/tracer', { recursive: true, force: true });
  await cp('src/runtimes/python/tracer', 'dist/tracer', {
    recursive: true,
    filter: source => !source.includes('__pycache__'),
  });
  const wasm = 'node_modules/@vscode/tree-sitter-wasm/wasm';
  for (const name of ['', '-python', '-tsx', '-typescript']) {
    const file = `tree-sitter${name}.wasm`;
    await cp(path.join(wasm, file), path.join('dist', file));
  }
}

if (tests) bundles.push(await testBundle());
await copyAssets();
// What the "watch" task of .vscode/tasks.json waits for.
const announce = {
  name: 'announce',
  setup(building) {
    building.onStart(() => console.log('[watch] build started'));
    building.onEnd(() => console.log('[watch] build finished'));
  },
};

if (watch) {
  for (const bundle of bundles) {
    await (await context({ ...bundle, plugins: [...(bundle.plugins ?? []), announce] })).watch();
  }
} else {
  await Promise.all(bundles.map(bundle => build(bundle)));
}
