/** Owns module loading on a Node without `registerHooks` (before 22.15), in the thread that such a Node has for it. Scripts stay with loader.ts. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { formatByText, isOwnFile, isTypeScript, rewrite } from './rewrite';

interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | Uint8Array | null | undefined;
  shortCircuit?: boolean | undefined;
}
interface Context {
  format?: string | null | undefined;
}

export async function load(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Promise<Loaded>,
): Promise<Loaded> {
  if (!isOwnFile(url)) return next(url, context);
  const hasTypes = isTypeScript(url);
  if (!hasTypes && context.format !== 'module') return next(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  // This Node knows no TypeScript and so no format of it.
  const format = hasTypes ? formatByText(url, source) : 'module';
  if (format === 'commonjs') return { format, source: null, shortCircuit: true };
  return { format, source: rewrite(source, url, format, hasTypes), shortCircuit: true };
}
