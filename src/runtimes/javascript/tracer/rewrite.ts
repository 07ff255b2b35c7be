/** Owns what happens to the text of a module of the person's: types are taken out, awaits are made to tell. */
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrument } from '../instrument';

const SCRIPT = /\.[cm]?[jt]sx?$/;
const TYPESCRIPT = /\.[cm]?ts$/;
/** Stands in what was rewritten. */
const MARK = 'var __clens_s=__clens.s(';

/** A file of the tracer is none of the modules that the snippet sees in `require.cache`. */
export function forgetModule(file: string): void {
  const { _cache } = nodeModule as unknown as { _cache: Record<string, unknown> };
  delete _cache[file];
}

/** Only the person's own files; packages run as they are. */
export function isOwnFile(url: string): boolean {
  if (!url.startsWith('file:')) return false;
  const { pathname } = new URL(url);
  return SCRIPT.test(pathname) && !pathname.includes('/node_modules/');
}

export function isTypeScript(url: string): boolean {
  return TYPESCRIPT.test(new URL(url).pathname);
}

export function isUnknownExtension(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
}

/** For TypeScript, where Node does not say: by its name, else by what it reads like. */
export function formatByText(url: string, source: string): 'module' | 'commonjs' {
  if (url.endsWith('.cts')) return 'commonjs';
  if (url.endsWith('.mts')) return 'module';
  const isScript =
    !/^\s*(?:import|export)\b/m.test(source) && /\b(?:require\s*\(|module\.exports)/.test(source);
  return isScript ? 'commonjs' : 'module';
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
  // By a hook that saw it before.
  if (source.includes(MARK)) return source;
  const plain = hasTypes ? stripTypes(source, name) : source;
  try {
    const result = instrument(plain, name, format === 'module' ? 'module' : 'script');
    if (!result) return plain;
    const map = Buffer.from(result.map).toString('base64');
    return `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`;
  } catch (error) {
    unreadable = placeIn(source, name, error);
    return plain;
  }
}

/** Where the latest text was that could not be read, as Node says it above an error. */
let unreadable: string | undefined;

function placeIn(source: string, name: string, error: unknown): string | undefined {
  const { loc } = error as { loc?: { line: number; column: number } };
  if (!loc) return undefined;
  const line = source.split('\n')[loc.line - 1] ?? '';
  return `${name}:${loc.line}\n${line}\n${' '.repeat(loc.column)}^\n\n`;
}

/** A thread tells its parent of a syntax error without its place, which only a process prints. */
export function placeSyntaxError(error: unknown): void {
  if (!(error instanceof SyntaxError) || unreadable === undefined) return;
  const stack = String(error.stack);
  // One of its own has its place: JSON.parse, eval.
  if (/^ +at (?!.*(?:node:|<anonymous>)).*/m.test(stack)) return;
  error.stack = unreadable + stack;
}

interface Amaro {
  transformSync(code: string, options: { mode: 'strip-only' }): { code: string };
}
let amaro: Amaro | undefined;

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
  amaro ??= nodeModule.createRequire(__filename)(bundled) as Amaro;
  forgetModule(bundled);
  return amaro.transformSync(source, { mode: 'strip-only' }).code;
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
