// Packs the extension with vsce. No dependency is packed: esbuild has bundled what the extension uses into dist.
import { readFileSync } from 'node:fs';
import { capture } from './command.ts';

/** Builds (vsce runs `vscode:prepublish`), packs and returns the .vsix. */
export async function packageExtension(options: { out?: string } = {}): Promise<string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string;
    version: string;
  };
  const out = options.out ?? `${manifest.name}-${manifest.version}.vsix`;
  const flags = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    out,
  ];
  const { code, text } = await capture('node_modules/.bin/vsce', ['package', ...flags]);
  if (code !== 0) throw new Error(`vsce package failed:\n${text}`);
  return out;
}
