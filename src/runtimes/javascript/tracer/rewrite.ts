/** Owns what happens to the text of a module of the person's: types are taken out, awaits are made to tell. */
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrument } from '../instrument';

const SCRIPT = /\.[cm]?[jt]sx?$/;
const TYPESCRIPT = /\.[cm]?ts$/;

/** Only the person's own files; packages run as they are. */
export function isOwnFile(url: string): boolean {
  if (!url.startsWith('file:')) return false;
  const { pathname } = new URL(url);
  return SCRIPT.test(pathname) && !pathname.includes('/node_modules/');
}

export function isTypeScript(url: string): boolean {
  return TYPESCRIPT.test(new URL(url).pathname);
}

/**
 * The text to run, with a source map at its end. Text that acorn cannot read comes back without types but otherwise as
 * it is: Node then says what is wrong with it. `name` is the URL of a module, the path of a script.
 */
export function rewrite(
  source: string,
  name: string,
  format: 'module' | 'commonjs',
  hasTypes: boolean,
): string {
  const plain = hasTypes ? stripTypes(source, name) : source;
  try {
    const result = instrument(plain, name, format === 'module' ? 'module' : 'script');
    if (!result) return plain;
    const map = Buffer.from(result.map).toString('base64');
    return `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`;
  } catch {
    return plain;
  }
}

/** In place, so positions do not move. Node's own since 22.13; before, the package it is made from (amaro), where it ships. */
function stripTypes(source: string, name: string): string {
  const own = (nodeModule as { stripTypeScriptTypes?: (code: string) => string })
    .stripTypeScriptTypes;
  if (own) return quietly(() => own(source));
  const bundled = path.join(__dirname, 'amaro.cjs');
  if (!existsSync(bundled)) {
    const file = name.startsWith('file:') ? fileURLToPath(name) : name;
    throw new SyntaxError(
      `${file} is TypeScript, which Node.js ${process.versions.node} cannot run. Use Node.js 22.13 or newer.`,
    );
  }
  const { transformSync } = nodeModule.createRequire(__filename)(bundled) as {
    transformSync: (code: string, options: { mode: 'strip-only' }) => { code: string };
  };
  return transformSync(source, { mode: 'strip-only' }).code;
}

/** Without the warning that type stripping is experimental: it is this tool's choice, not the snippet's. */
function quietly<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
