/** Owns the modules of the workspace that a file imports: found beside it, read through the host, within a bound. */
import type { Library } from '../inference/library';
import type { FindModule } from '../inference/modules';
import type { FileFacts } from '../inference/syntax';

/** Gives the text of a file, or undefined where there is none. Paths use `/`. */
export type ReadFile = (path: string) => string | undefined;

const MOST_FILES = 32;
const MOST_CHARACTERS = 300_000;

interface Kept {
  readonly text: string;
  readonly facts: FileFacts;
}

/** Reads a text into facts; made by the owner so that parsing stays in one place. */
export type ReadFacts = (text: string, path: string) => FileFacts | undefined;

export class WorkspaceModules {
  private readonly library: Library;
  private readonly readFile: ReadFile | undefined;
  private readonly readFacts: ReadFacts;
  private readonly kept = new Map<string, Kept>();
  private seen = new Map<string, FileFacts | undefined>();

  constructor(library: Library, readFile: ReadFile | undefined, readFacts: ReadFacts) {
    this.library = library;
    this.readFile = readFile;
    this.readFacts = readFacts;
  }

  /** To be called before each analysis: files are looked at once in it. */
  begin(): void {
    this.seen = new Map();
  }

  readonly find: FindModule = (name, from) => {
    if (!this.readFile || from.path === '' || this.library.isModule(name)) return undefined;
    for (const path of candidates(name, from.path)) {
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
    const kept = this.kept.get(path);
    const facts = kept?.text === text ? kept.facts : this.readFacts(text, path);
    if (!facts) return undefined;
    this.kept.set(path, { text, facts });
    this.seen.set(path, facts);
    return facts;
  }
}

/** Where a module can lie, seen from the file that imports it. */
function candidates(name: string, from: string): string[] {
  const slashes = from.replaceAll('\\', '/');
  const folder = slashes.slice(0, Math.max(slashes.lastIndexOf('/'), 0));
  const dots = /^\.+/.exec(name)?.[0].length ?? 0;
  let base = folder;
  for (let up = 1; up < dots; up++) base = base.slice(0, Math.max(base.lastIndexOf('/'), 0));
  const rest = name.slice(dots).replaceAll('.', '/');
  if (rest === '') return [`${base}/__init__.py`];
  return [`${base}/${rest}.py`, `${base}/${rest}/__init__.py`];
}
