/**
 * Owns the way into Node's module loading: the person's modules pass through `rewrite` on their way to be run. Where Node
 * hands the text of a script to load hooks, it is rewritten there, otherwise as it is compiled, after whatever other loaders
 * (tsx) made of it: a script whose text came from a hook may get another `require`.
 */
import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { replace } from './replace';
import { formatByText, isOwnFile, isTypeScript, isUnknownExtension, rewrite } from './rewrite';

interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
  shortCircuit?: boolean | undefined;
}
interface LoadContext {
  format?: string | null | undefined;
}

/** `registerHooks` (Node 22.15) is asked for every module; an older Node has a thread for that. */
export function watchLoading(): void {
  watchScripts();
  const { registerHooks } = nodeModule as {
    registerHooks?: (hooks: { load: typeof load }) => unknown;
  };
  if (registerHooks) registerHooks({ load });
  else {
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
  let loaded: Loaded;
  try {
    loaded = next(url, context);
  } catch (error) {
    // Before 22.18 Node has no word for the format of TypeScript.
    if (!isTypeScript(url) || !isUnknownExtension(error)) throw error;
    const source = readFileSync(fileURLToPath(url), 'utf8');
    loaded = { format: `${formatByText(url, source)}-typescript`, source };
  }
  const format = loaded.format ?? context.format ?? '';
  const match = /^(module|commonjs)(-typescript)?$/.exec(format);
  const source = textOf(loaded.source);
  if (!match || source === undefined) return loaded;
  const bare = match[1] === 'module' ? 'module' : 'commonjs';
  const name = bare === 'module' ? url : fileURLToPath(url);
  const text = rewrite(source, name, bare, match[2] !== undefined);
  return { ...loaded, format: bare, source: text, shortCircuit: true };
}

function textOf(source: Loaded['source']): string | undefined {
  if (source === null || source === undefined) return undefined;
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
}

interface Compiling {
  _compile(content: string, file: string, format?: string): unknown;
}

/** Every script goes through `Module.prototype._compile`. */
function watchScripts(): void {
  const prototype = (nodeModule as unknown as { prototype: Compiling }).prototype;
  const hasTypeScript = (process.features as { typescript?: unknown }).typescript;
  replace(
    prototype,
    '_compile',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const [content, file, format] = args;
        if (typeof content !== 'string' || typeof file !== 'string' || format === 'module') {
          return Reflect.apply(original, this, args);
        }
        const url = pathToFileURL(file).href;
        if (!isOwnFile(url)) return Reflect.apply(original, this, args);
        // Where the package does not say which it is, Node takes the types out only after this.
        const isOpen = format === 'typescript';
        const hasTypes = isTypeScript(url) && (!hasTypeScript || isOpen);
        let text = content;
        try {
          text = rewrite(content, file, 'commonjs', hasTypes);
        } catch (error) {
          // What Node cannot take out either, it names with its file.
          if (!isOpen) throw error;
        }
        return Reflect.apply(original, this, [text, ...args.slice(1)]);
      },
  );
}
