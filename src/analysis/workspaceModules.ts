/** Owns the files of the workspace that a file imports: found beside it, read through the host, within a bound. */
import type { Library } from './inference/library';
import type { FindModule } from './inference/modules';
import type { FileFacts } from './inference/syntax';

/** Gives the text of a file, or undefined where there is none. Paths use `/`. */
export type ReadFile = (path: string) => string | undefined;

const MOST_FILES = 32;
const MOST_CHARACTERS = 300_000;
/** Of all files of one analysis together. */
const MOST_IN_ALL = 500_000;

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
  private readonly kept = new Map<string, Kept>();
  private seen = new Map<string, FileFacts | undefined>();
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
    this.seen = new Map();
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
    if (this.seen.has(path)) return this.seen.get(path);
    if (this.seen.size >= MOST_FILES * 4 || this.kept.size >= MOST_FILES * 2) return undefined;
    // Noted before it is read, so that files importing each other do not go round.
    this.seen.set(path, undefined);
    const text = this.readFile?.(path);
    if (text === undefined || text.length > MOST_CHARACTERS) return undefined;
    if (this.characters + text.length > MOST_IN_ALL) return undefined;
    this.characters += text.length;
    const kept = this.kept.get(path);
    const facts = kept?.text === text ? kept.facts : this.readFacts(text, path);
    if (!facts) return undefined;
    this.kept.set(path, { text, facts });
    this.seen.set(path, facts);
    return facts;
  }
}

export const pythonCandidates: Candidates = (name, from) => {
  const dots = /^\.+/.exec(name)?.[0].length ?? 0;
  let base = folderOf(from);
  for (let up = 1; up < dots; up++) base = folderOf(base);
  const rest = name.slice(dots).replaceAll('.', '/');
  if (rest === '') return [`${base}/__init__.py`];
  return [`${base}/${rest}.py`, `${base}/${rest}/__init__.py`];
};

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx'];

/** Files beside the importing one; what lies in a package is a library's affair. */
export const javascriptCandidates: Candidates = (name, from) => {
  if (!/^\.\.?\//.test(name)) return [];
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
