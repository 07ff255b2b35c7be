/** Owns the way into Node's module loading: the person's modules pass through `rewrite` on their way to be run. */
import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isOwnFile, isTypeScript, rewrite } from './rewrite';

type Format = 'module' | 'commonjs';
interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
  shortCircuit?: boolean | undefined;
}
interface LoadContext {
  format?: string | null | undefined;
}

/** `registerHooks` (Node 22.15) sees `import` and `require` alike; an older Node is patched for `require`, and has a thread for the rest. */
export function watchLoading(): void {
  const { registerHooks } = nodeModule as {
    registerHooks?: (hooks: { load: typeof load }) => unknown;
  };
  if (registerHooks) registerHooks({ load });
  else {
    watchRequire();
    // Not by `--import`: Node 20 then loads scripts late, and loses messages that come before (a fork's first).
    nodeModule.register?.(pathToFileURL(path.join(__dirname, 'moduleHooks.cjs')));
  }
}

function load(
  url: string,
  context: LoadContext,
  next: (url: string, context: LoadContext) => Loaded,
): Loaded {
  if (!isOwnFile(url)) return next(url, context);
  const loaded = next(url, context);
  const format = runFormat(loaded.format ?? context.format);
  if (!format) return loaded;
  const source = textOf(loaded.source) ?? readFileSync(fileURLToPath(url), 'utf8');
  const name = format === 'module' ? url : fileURLToPath(url);
  const text = rewrite(source, name, format, isTypeScript(url));
  return { ...loaded, format, source: text, shortCircuit: true };
}

/** `module-typescript` is a module once its types are gone. */
function runFormat(format: string | null | undefined): Format | undefined {
  if (format === 'module' || format === 'module-typescript') return 'module';
  if (format === 'commonjs' || format === 'commonjs-typescript') return 'commonjs';
  return undefined;
}

function textOf(source: Loaded['source']): string | undefined {
  if (source === null || source === undefined) return undefined;
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
}

interface Compiling {
  _compile(content: string, file: string, format?: string): unknown;
}

/** Before Node 22.15 every script goes through `Module.prototype._compile`. */
function watchRequire(): void {
  const prototype = (nodeModule as unknown as { prototype: Compiling }).prototype;
  const compile = prototype._compile;
  prototype._compile = function (this: Compiling, content, file, ...rest) {
    const url = pathToFileURL(file).href;
    const isOwn = isOwnFile(url) && typeof content === 'string' && !content.includes('__clens_s');
    const text = isOwn ? rewrite(content, file, 'commonjs', isTypeScript(url)) : content;
    return Reflect.apply(compile, this, [text, file, ...rest]);
  };
}
