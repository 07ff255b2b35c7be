/** Owns the files of the workspace that a file imports: found beside it, read through the host, within a bound. */
import type { Library } from './inference/library';
import type { FindModule } from './inference/modules';
import type { FileFacts } from './inference/syntax';
import { isStandard } from './python/standardModules';

/** Gives the text of a file, or undefined where there is none. Paths use `/`. */
export type ReadFile = (path: string) => string | undefined;

/** Places looked at for all imports of one analysis; an import without an extension has several. */
const MOST_LOOKS = 128;
const MOST_FILES = 64;
/**
 * Of all files of one analysis together. Each keystroke infers over all of them: 3 ms for this much of the standard library
 * on average, 50 ms for thrice as much, which tells hardly more.
 */
const MOST_CHARACTERS = 150_000;

interface Kept {
  readonly text: string;
  readonly facts: FileFacts;
}

/** Reads a text into facts; made by the owner so that parsing stays in one place. */
export type ReadFacts = (text: string, path: string) => FileFacts | undefined;

/** Where a module can lie, seen from the file that imports it, likeliest first. */
export type Candidates = (name: string, from: string) => readonly string[];

export class WorkspaceModules {
  private readonly library: Library;
  private readonly candidates: Candidates;
  private readonly readFile: ReadFile | undefined;
  private readonly readFacts: ReadFacts;
  /** Read in this analysis and in the one before: most are the same ones. */
  private read = new Map<string, Kept>();
  private readBefore = new Map<string, Kept>();
  private readonly looked = new Set<string>();
  private characters = 0;

  constructor(
    library: Library,
    candidates: Candidates,
    readFile: ReadFile | undefined,
    readFacts: ReadFacts,
  ) {
    this.library = library;
    this.candidates = candidates;
    this.readFile = readFile;
    this.readFacts = readFacts;
  }

  /** To be called before each analysis: files are looked at once in it. */
  begin(): void {
    this.readBefore = this.read;
    this.read = new Map();
    this.looked.clear();
    this.characters = 0;
  }

  readonly find: FindModule = (name, from) => {
    if (!this.readFile || from.path === '' || this.library.isModule(name)) return undefined;
    for (const path of this.candidates(name, from.path)) {
      const facts = this.file(path);
      if (facts) return facts;
    }
    return undefined;
  };

  private file(path: string): FileFacts | undefined {
    // Noted before it is read, so that files importing each other do not go round.
    if (this.looked.has(path)) return this.read.get(path)?.facts;
    if (this.looked.size >= MOST_LOOKS || this.read.size >= MOST_FILES) return undefined;
    this.looked.add(path);
    const text = this.readFile?.(path);
    if (text === undefined || this.characters + text.length > MOST_CHARACTERS) return undefined;
    const before = this.readBefore.get(path);
    const facts = before?.text === text ? before.facts : this.readFacts(text, path);
    if (!facts) return undefined;
    this.characters += text.length;
    this.read.set(path, { text, facts });
    return facts;
  }
}

export const pythonCandidates: Candidates = (name, from) => {
  // Half of all imports, and each look costs a call of the system.
  if (isStandard(name)) return [];
  const dots = /^\.+/.exec(name)?.[0].length ?? 0;
  let base = folderOf(from);
  for (let up = 1; up < dots; up++) base = folderOf(base);
  const rest = name.slice(dots).replaceAll('.', '/');
  if (rest === '') return [`${base}/__init__.py`];
  const roots = dots > 0 ? [base] : [base, rootOf(base, rest)];
  return [...new Set(roots)].flatMap(root => [`${root}/${rest}.py`, `${root}/${rest}/__init__.py`]);
};

/** Inside a package, its own name is looked for beside its folder: `from app.config import x` in `app/web/views.py`; others one folder up. */
function rootOf(base: string, rest: string): string {
  const [first = ''] = rest.split('/');
  const inside = `${base}/`.lastIndexOf(`/${first}/`);
  return inside >= 0 ? base.slice(0, inside) : folderOf(base);
}

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx'];

/** Files beside the importing one; what lies in a package is a library's affair. */
export const javascriptCandidates: Candidates = (name, from) => {
  if (!/^\.\.?(?:\/|$)/.test(name)) return [];
  const path = withoutDots(`${folderOf(from)}/${name}`);
  const known = /\.([mc]?)[jt]sx?$/.exec(path);
  // TypeScript files are imported under the name they will have once compiled.
  if (known) return [path, path.replace(/\.([mc]?)js(x?)$/, '.$1ts$2')];
  const places = [path, `${path}/index`];
  return places.flatMap(place => EXTENSIONS.map(extension => place + extension));
};

function folderOf(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.slice(0, Math.max(slashes.lastIndexOf('/'), 0));
}

function withoutDots(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
