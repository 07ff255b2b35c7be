// Who may import whom, as a failing test. Imports are read from the sources, so that `import type` counts too, and once more
// from what esbuild really bundles.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const engine = ['base', 'trace', 'analysis', 'insights', 'runtimes', 'cli'];

/** For each room of src, the rooms or single files it may import from, and whether it may use Node or VS Code. */
const rooms: Record<string, { from: readonly string[]; node?: true; vscode?: true }> = {
  base: { from: ['base'] },
  // The record table is where the kinds of waits have their names.
  analysis: { from: ['base', 'analysis', 'trace/format'] },
  insights: { from: ['base', 'trace', 'analysis', 'insights'] },
  trace: { from: ['base', 'analysis', 'trace'], node: true },
  runtimes: { from: ['base', 'trace', 'analysis', 'runtimes'], node: true },
  webview: { from: ['base', 'trace', 'webview'] },
  cli: { from: engine, node: true },
  editor: { from: [...engine, 'webview', 'editor'], node: true, vscode: true },
  extension: { from: [...engine, 'webview', 'editor'], node: true, vscode: true },
};

/**
 * Commands call features, which is their work. Beside them, these ask the marks which line a line of the run is now; a new one
 * belongs here only if it asks the same.
 */
const lineFollowers = [
  'editor/findings/findingDiagnostics.ts editor/marks/inlineMarks',
  'editor/hovers/waitHover.ts editor/marks/inlineMarks',
  'editor/lenses/joinLenses.ts editor/marks/inlineMarks',
];

interface Import {
  /** Path below src, with its extension. */
  file: string;
  /** Path below src without extension for files of ours; the package otherwise. */
  target: string;
  isOurs: boolean;
}

function sources(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => file.split(path.sep).join('/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join('src', file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
  );
  return [...found].map(match => {
    const named = match[1] ?? match[2] ?? '';
    const isOurs = named.startsWith('.');
    const target = isOurs ? path.posix.join(path.posix.dirname(file), named) : named;
    return { file, target, isOurs };
  });
}

const roomOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '');
const mayImport = (room: string, target: string) =>
  rooms[room]?.from.some(allowed => allowed === roomOf(target) || allowed === target) ?? false;
const all = (): Import[] => sources().flatMap(importsOf);
const broken = (imports: Import[]) =>
  imports.map(({ file, target }) => `${file} imports ${target}`);

describe('layers', () => {
  it('has a rule for every room of src', () => {
    assert.deepEqual(
      [...new Set(sources().map(roomOf))].filter(room => !rooms[room]),
      [],
    );
  });

  it('lets each room import only the rooms below it', () => {
    const wrong = all().filter(
      ({ file, target, isOurs }) => isOurs && !mayImport(roomOf(file), target),
    );
    assert.deepEqual(broken(wrong), []);
  });

  it('keeps vscode to the editor', () => {
    const wrong = all().filter(
      ({ file, target }) => target === 'vscode' && !rooms[roomOf(file)]?.vscode,
    );
    assert.deepEqual(broken(wrong), []);
  });

  it('keeps Node out of what must run anywhere', () => {
    const wrong = all().filter(
      ({ file, target }) => target.startsWith('node:') && !rooms[roomOf(file)]?.node,
    );
    assert.deepEqual(broken(wrong), []);
  });

  it('keeps languages apart', () => {
    assert.deepEqual(broken(crossing('runtimes')), []);
  });

  it('keeps features of the editor apart', () => {
    const wrong = crossing('editor').filter(
      ({ file, target }) =>
        !file.startsWith('editor/commands/') && !lineFollowers.includes(`${file} ${target}`),
    );
    assert.deepEqual(broken(wrong), []);
  });

  it('bundles no vscode into the command line', async () => {
    const { metafile } = await build({
      entryPoints: ['src/cli.ts'],
      bundle: true,
      metafile: true,
      write: false,
      platform: 'node',
      external: ['vscode'],
      loader: { '.scm': 'text' },
      logLevel: 'silent',
    });
    const inputs = Object.entries(metafile.inputs);
    assert.ok(
      inputs.some(([file]) => file.startsWith('src/runtimes/')),
      'the engine is in the bundle',
    );
    assert.deepEqual(
      inputs
        .filter(([, input]) => input.imports.some(each => each.path === 'vscode'))
        .map(([file]) => file),
      [],
    );
    assert.deepEqual(
      inputs.map(([file]) => file).filter(file => file.startsWith('src/editor/')),
      [],
    );
  });
});

/** Imports from one folder of a room into another folder of the same room; files at the room's top are common ground. */
function crossing(room: string): Import[] {
  const folder = (file: string) => {
    const parts = file.split('/');
    return parts[0] === room && parts.length > 2 ? parts[1] : undefined;
  };
  return all().filter(({ file, target }) => {
    const from = folder(file);
    const to = folder(target);
    return from !== undefined && to !== undefined && from !== to;
  });
}
