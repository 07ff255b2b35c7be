/**
 * Owns the question "which standard modules does this code use without importing them?". Answers only where there is no
 * doubt: the name is never used but as `name.something`, and nothing in the code could bind it.
 */

/** Modules that notes like to leave unimported. `concurrent` stands for its one submodule. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ...[
    'threading',
    'multiprocessing',
    'subprocess',
    'asyncio',
    'queue',
    'time',
    'os',
    'sys',
    'random',
    'math',
    'json',
    're',
    'signal',
    'socket',
    'select',
    'sched',
    'datetime',
    'itertools',
    'functools',
    'collections',
    'contextlib',
    'contextvars',
    'logging',
    'traceback',
    'tempfile',
    'shutil',
    'platform',
    'pathlib',
    'urllib',
  ].map((name): [string, string] => [name, name]),
  ['concurrent', 'concurrent.futures'],
]);

/** In the order of their first use. */
export function findMissingImports(code: string): string[] {
  const bare = withoutTextAndComments(code);
  if (/^\s*from\s+\S+\s+import\s+\*/m.test(bare)) return [];
  const missing: string[] = [];
  const settled = new Set<string>();
  for (const [name] of bare.matchAll(/(?<![\w.])[A-Za-z_]\w*(?=\s*\.\s*[A-Za-z_])/g)) {
    if (settled.has(name)) continue;
    settled.add(name);
    const module = MODULES.get(name);
    if (module && !hasOtherUse(bare, name)) missing.push(module);
  }
  return missing;
}

/** Any use but `name.attribute` may bind it: an import, an assignment, a parameter, a loop's target. A keyword argument's name binds nothing. */
function hasOtherUse(code: string, name: string): boolean {
  if (new RegExp(`^\\s*(?:from|import)\\b[^\\n]*\\b${name}\\b`, 'm').test(code)) return true;
  return new RegExp(`(?<![\\w.])${name}\\b(?!\\s*\\.\\s*[A-Za-z_])`).test(code);
}

const STRING_OR_COMMENT =
  /#[^\n]*|(?<!\w)([rbuf]{0,2})("""|''')(?:[^\\]|\\[\s\S])*?(?:\2|$)|(?<!\w)([rbuf]{0,2})(?:"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)/gi;

/** What stands in the braces of an f-string is code and stays. */
function withoutTextAndComments(code: string): string {
  return code.replace(
    STRING_OR_COMMENT,
    (
      whole: string,
      prefixOfLong: string | undefined,
      _quote,
      prefixOfShort: string | undefined,
    ) => {
      const prefix = (prefixOfLong ?? prefixOfShort ?? '').toLowerCase();
      if (!prefix.includes('f')) return '""';
      return [...whole.matchAll(/\{([^{}]*)\}/g)].map(match => ` (${match[1] ?? ''}) `).join('');
    },
  );
}
