/** Owns module loading on a Node without `registerHooks` (before 22.15), in the thread that such a Node has for it. Scripts stay with loader.ts. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isOwnFile, isTypeScript, rewrite } from './rewrite';

interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | Uint8Array | null | undefined;
  shortCircuit?: boolean | undefined;
}
type Next = (url: string, context: { format?: string | null | undefined }) => Promise<Loaded>;

export async function load(
  url: string,
  context: { format?: string | null | undefined },
  next: Next,
): Promise<Loaded> {
  if (!isOwnFile(url)) return next(url, context);
  const hasTypes = isTypeScript(url);
  if (!hasTypes && context.format !== 'module') return next(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const format = hasTypes && isScript(url, source) ? 'commonjs' : 'module';
  const name = format === 'module' ? url : fileURLToPath(url);
  return { format, source: rewrite(source, name, format, hasTypes), shortCircuit: true };
}

/** This Node knows no TypeScript and so no format of it. */
function isScript(url: string, source: string): boolean {
  if (url.endsWith('.cts')) return true;
  if (url.endsWith('.mts')) return false;
  return (
    !/^\s*(?:import|export)\b/m.test(source) && /\b(?:require\s*\(|module\.exports)/.test(source)
  );
}
