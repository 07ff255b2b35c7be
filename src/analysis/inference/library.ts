/**
 * Owns what libraries declare: their classes and functions, what waits, what is handed to whom. The declarations are data, in
 * `tables/`, one text per library:
 *
 *     class threading.Thread(group, target, name, args, kwargs, daemon)     a class with its constructor's parameters
 *       runs target with args kwargs      the constructor calls `target` with the items of `args` and `kwargs`
 *       join(timeout) !join               a method that waits, with its wait kind
 *       acquire(blocking, timeout) !lock unless blocking=False
 *       get() !get -> elem                what it gives: see `parseType`
 *       async get() !get                  a method whose result waits when awaited
 *       with !lock        async with !lock        next !wait        async next !get        exit !shutdown
 *       item !recv                        taking or giving an item by its key, or setting an attribute, waits
 *       __getattr__(*args) !recv          any method that is not declared
 *       attr stdin -> subprocess.Pipe
 *     class threading.Timer < threading.Thread (interval, function, args, kwargs)
 *     def time.sleep(seconds) !sleep
 *     async def asyncio.sleep(delay) !sleep
 *     def serve(handler) runs handler giving Reader Writer     calls it with new objects of these classes
 *     same multiprocessing.Queue = multiprocessing.queues.Queue
 */
import type { WaitKind } from '../../trace/format';
import { parseFunction, parseRun, parseType, splitNames } from './libraryText';

export type TypeSpec =
  | { readonly k: 'class'; readonly name: string; readonly of: TypeSpec | null }
  | { readonly k: 'list' | 'iter' | 'dict' | 'await'; readonly of: TypeSpec }
  | { readonly k: 'tuple'; readonly items: readonly TypeSpec[]; readonly names: readonly string[] }
  | { readonly k: 'self' | 'of' | 'elem' | 'plain' }
  /** An argument, its elements, what calling it gives, or what awaiting it gives. */
  | { readonly k: 'arg' | 'elements' | 'result' | 'awaited' | 'awaits'; readonly arg: string }
  | { readonly k: 'module' | 'type'; readonly name: string };

/** How a callable hands another on to be called. */
export interface RunSpec {
  readonly fn: string;
  readonly how: 'with' | 'given' | 'over' | 'spread' | 'self' | 'awaited' | 'giving';
  readonly args: readonly string[];
}

export interface Condition {
  /** The wait happens unless / only if the argument is given and not false. */
  readonly negated: boolean;
  readonly arg: string;
  readonly value: string | null;
}

export interface LibFunction {
  readonly name: string;
  readonly params: readonly string[];
  readonly isAsync: boolean;
  readonly wait: WaitKind | null;
  readonly returns: TypeSpec | null;
  readonly conditions: readonly Condition[];
  /** Waits only on an object made with this constructor argument. */
  readonly bounded: string | null;
  /** The argument that the label names. */
  readonly label: string | null;
  readonly runs: readonly RunSpec[];
  /** Wait kinds by the text of an argument: `on("message", ...)`; another text does not wait. */
  readonly cases: { readonly arg: string; readonly kinds: ReadonlyMap<string, WaitKind> } | null;
  /** Waits as the method `on` of this argument says for the next one. */
  readonly like: string | null;
}

export interface LibClass {
  readonly name: string;
  readonly bases: readonly string[];
  readonly params: readonly string[];
  readonly runs: RunSpec[];
  readonly methods: Map<string, LibFunction>;
  readonly attrs: Map<string, TypeSpec>;
}

export type LibEntry =
  | { readonly k: 'class'; readonly cls: LibClass }
  | { readonly k: 'function'; readonly fn: LibFunction }
  | { readonly k: 'value'; readonly type: TypeSpec };

/** Method names that stand for syntax. */
export const SYNTAX = {
  with: '(with)',
  asyncWith: '(async with)',
  exit: '(exit)',
  next: '(next)',
  asyncNext: '(async next)',
  enter: '(enter)',
  await: '(await)',
  item: '(item)',
};

/** What differs between the languages beside their declarations. */
export interface LanguageTraits {
  readonly builtins: readonly string[];
  readonly sleepUnit: string;
  readonly hasPromises: boolean;
}

const MOST_FOUND = 20_000;

export class Library {
  private readonly entries = new Map<string, LibEntry>();
  /** Answers given before; most questions are asked again at the next keystroke. */
  private readonly found = new Map<string, LibEntry | null>();
  private readonly modules = new Set<string>();
  private readonly same = new Map<string, string>();
  /** Names of methods and functions that wait, for a cheap first look at a call. */
  readonly waitNames = new Set<string>();
  /** Names of callables that call another. */
  readonly runNames = new Set<string>();

  readonly builtins: ReadonlySet<string>;
  readonly sleepUnit: string;
  /** `.then` waits for what it is called on. */
  readonly hasPromises: boolean;

  constructor(tables: readonly string[], language: LanguageTraits) {
    this.builtins = new Set(language.builtins);
    this.sleepUnit = language.sleepUnit;
    this.hasPromises = language.hasPromises;
    for (const table of tables) this.read(table);
    this.found.clear();
  }

  /** What a dotted name is, following `same` entries on the way. */
  find(name: string): LibEntry | undefined {
    const known = this.found.get(name);
    if (known !== undefined) return known === null ? undefined : known;
    const entry = this.entries.get(this.resolve(name));
    if (this.found.size > MOST_FOUND) this.found.clear();
    this.found.set(name, entry ?? null);
    return entry;
  }

  classNamed(name: string): LibClass | undefined {
    const entry = this.find(name);
    return entry?.k === 'class' ? entry.cls : undefined;
  }

  isModule(name: string): boolean {
    return this.modules.has(this.resolve(name));
  }

  resolve(name: string): string {
    let at = name;
    for (let step = 0; step < 8; step++) {
      const whole = this.same.get(at);
      if (whole) {
        at = whole;
        continue;
      }
      const dot = at.lastIndexOf('.');
      const head = dot > 0 ? this.same.get(at.slice(0, dot)) : undefined;
      if (!head) return at;
      at = head + at.slice(dot);
    }
    return at;
  }

  namesOf(module: string): string[] {
    const prefix = `${this.resolve(module)}.`;
    const names = [...this.entries.keys(), ...this.same.keys()].filter(name =>
      name.startsWith(prefix),
    );
    return names.map(name => name.slice(prefix.length)).filter(name => !name.includes('.'));
  }

  /** The method of a class or of its bases. */
  method(cls: LibClass, name: string): LibFunction | undefined {
    const own = cls.methods.get(name);
    if (own) return own;
    for (const base of cls.bases) {
      const found = this.classNamed(base);
      const inherited = found && this.method(found, name);
      if (inherited) return inherited;
    }
    return undefined;
  }

  attr(cls: LibClass, name: string): TypeSpec | undefined {
    const own = cls.attrs.get(name);
    if (own) return own;
    for (const base of cls.bases) {
      const found = this.classNamed(base);
      const inherited = found && this.attr(found, name);
      if (inherited) return inherited;
    }
    return undefined;
  }

  isA(cls: LibClass, name: string): boolean {
    if (cls.name === name) return true;
    return cls.bases.some(base => {
      const found = this.classNamed(base);
      return found !== undefined && this.isA(found, name);
    });
  }

  runsOf(cls: LibClass): readonly RunSpec[] {
    if (cls.runs.length) return cls.runs;
    for (const base of cls.bases) {
      const found = this.classNamed(base);
      if (found) return this.runsOf(found);
    }
    return cls.runs;
  }

  private read(table: string): void {
    let cls: LibClass | undefined;
    for (const raw of table.split('\n')) {
      const line = raw.trimEnd();
      if (!line.trim() || line.trimStart().startsWith('#')) continue;
      if (line.startsWith('  ') && cls) this.member(cls, line.trim());
      else if (line.startsWith('class ')) cls = this.readClass(line.slice(6));
      else if (line.startsWith('same ')) {
        const [name, target] = line.slice(5).split('=');
        if (name && target) this.same.set(name.trim(), target.trim());
        if (name) this.addModule(name.trim());
      } else if (line.startsWith('value ')) {
        const [name, type] = line.slice(6).split('->');
        if (name && type)
          this.entries.set(name.trim(), { k: 'value', type: parseType(type.trim()) });
        if (name) this.addModule(name.trim());
      } else {
        const fn = parseFunction(line);
        this.entries.set(fn.name, { k: 'function', fn });
        this.addModule(fn.name);
        this.note(fn);
      }
    }
  }

  private addModule(name: string): void {
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1))
      this.modules.add(name.slice(0, dot));
  }

  private note(fn: LibFunction): void {
    const last = fn.name.slice(fn.name.lastIndexOf('.') + 1);
    if (fn.wait && !fn.isAsync) this.waitNames.add(last);
    if (fn.runs.length) this.runNames.add(last);
  }

  private readClass(text: string): LibClass {
    const match = /^([\w.]+)\s*(?:<\s*([\w., ]+?))?\s*\(([^)]*)\)/.exec(text);
    if (!match?.[1])
      throw new Error(`A library table has a class line that cannot be read: ${text}`);
    const cls: LibClass = {
      name: match[1],
      bases: (match[2] ?? '')
        .split(',')
        .map(base => base.trim())
        .filter(Boolean),
      params: splitNames(match[3] ?? ''),
      runs: [],
      methods: new Map(),
      attrs: new Map(),
    };
    this.entries.set(cls.name, { k: 'class', cls });
    this.addModule(cls.name);
    return cls;
  }

  private member(cls: LibClass, line: string): void {
    const runs = /^runs (.+)$/.exec(line);
    if (runs?.[1]) {
      cls.runs.push(parseRun(runs[1]));
      this.runNames.add(cls.name.slice(cls.name.lastIndexOf('.') + 1));
      return;
    }
    const attr = /^attr (\w+) -> (.+)$/.exec(line);
    if (attr?.[1] && attr[2]) {
      cls.attrs.set(attr[1], parseType(attr[2]));
      return;
    }
    const syntax = /^(async with|with|async next|next|exit|enter|await|item)\b(?!\()(.*)$/.exec(
      line,
    );
    const fn = syntax
      ? parseFunction(`${syntaxName(syntax[1] ?? '')}()${syntax[2] ?? ''}`)
      : parseFunction(line);
    cls.methods.set(fn.name, fn);
    if (!syntax) this.note(fn);
  }
}

function syntaxName(word: string): string {
  if (word === 'async with') return SYNTAX.asyncWith;
  if (word === 'async next') return SYNTAX.asyncNext;
  return `(${word})`;
}
