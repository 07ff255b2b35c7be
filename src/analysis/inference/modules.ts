/** Owns modules: those of the library tables, those of the workspace read through the host, and those nobody knows. */
import type { Evaluator } from './evaluator';
import type { Library } from './library';
import type { Expr, FileFacts, NameExpr, Scope } from './syntax';
import { join, UNKNOWN, type Values } from './values';

/** Bindings of a module's scope under which it gives things away: by name, and all at once. A name has no blank in it. */
export const EXPORTED = 'export ';
export const EXPORTS_ALL = 'export =';

/** The name that a member of a package has as a module of its own; a file of JavaScript has none inside it. */
export function submodule(module: string, member: string): string | undefined {
  if (module.includes('/')) return undefined;
  return module.endsWith('.') ? module + member : `${module}.${member}`;
}

/** Finds the facts of a module of the workspace; undefined where there is none, or the bound is reached. */
export type FindModule = (name: string, from: FileFacts) => FileFacts | undefined;

export class Modules {
  private readonly library: Library;
  private readonly find: FindModule;
  private readonly starred = new Map<string, Values>();
  private readonly members = new Map<FileFacts, Map<string, Expr>>();
  private readonly owners = new Map<Scope, FileFacts>();

  constructor(library: Library, files: readonly FileFacts[], find: FindModule) {
    this.library = library;
    this.find = find;
    for (const file of files) this.owners.set(file.module, file);
  }

  private fileOf(scope: Scope): FileFacts | undefined {
    let at = scope;
    while (at.parent) at = at.parent;
    return this.owners.get(at);
  }

  private own(file: FileFacts): FileFacts {
    this.owners.set(file.module, file);
    return file;
  }

  imported(expr: Expr & { kind: 'import' }, evaluator: Evaluator): Values {
    const { module, member } = expr;
    const from = expr.unit.file;
    if (member === null) return this.named(module, from, evaluator);
    if (this.library.isModule(module)) {
      const known = this.member(module, member, evaluator);
      if (known.some(value => value.k !== 'foreign')) return known;
      if (member === 'default') return [{ k: 'module', name: module }];
      if (known.length) return known;
    }
    const file = this.find(module, from);
    if (file) {
      const values = this.memberOfFile(this.own(file), member, evaluator);
      if (values.length) return values;
    }
    const inner = submodule(module, member);
    const asModule = inner === undefined ? undefined : this.find(inner, from);
    if (asModule) return [{ k: 'file', facts: this.own(asModule) }];
    if (this.library.isModule(`${module}.${member}`))
      return [{ k: 'module', name: `${module}.${member}` }];
    return [{ k: 'foreign', name: `${module}.${member}` }];
  }

  named(name: string, from: FileFacts, evaluator: Evaluator): Values {
    if (this.library.isModule(name)) return [{ k: 'module', name }];
    const file = this.find(name, from);
    if (!file) return [{ k: 'foreign', name }];
    const whole: Values = [{ k: 'file', facts: this.own(file) }];
    // A file can be what it gives, as a function or a class is: `module.exports = Pool`.
    const given = file.module.bindings.get(EXPORTS_ALL) ?? [];
    return join(whole, ...given.map(binding => evaluator.eval(binding.value)));
  }

  /** What a library's module has under a name. */
  member(module: string, name: string, evaluator: Evaluator): Values {
    const full = `${module}.${name}`;
    const entry = this.entry(full, evaluator);
    if (entry.length) return entry;
    if (this.library.isModule(full)) return [{ k: 'module', name: full }];
    return [{ k: 'foreign', name: full }];
  }

  entry(name: string, evaluator: Evaluator): Values {
    const entry = this.library.find(name);
    if (!entry) return UNKNOWN;
    if (entry.k === 'class') return [{ k: 'class', cls: entry.cls }];
    if (entry.k === 'function') return [{ k: 'lib', fn: entry.fn, self: null }];
    return evaluator.spec(entry.type, null, null);
  }

  /** Evaluated as an expression, once a round: files that hand each other's names on lean on each other like any other circle. */
  memberOfFile(facts: FileFacts, name: string, evaluator: Evaluator): Values {
    const [unit] = facts.units;
    if (!unit) return UNKNOWN;
    let members = this.members.get(facts);
    if (!members) this.members.set(facts, (members = new Map()));
    let member = members.get(name);
    if (!member) {
      member = { kind: 'member', unit, start: 0, end: 0, noted: null, facts, name };
      members.set(name, member);
    }
    return evaluator.eval(member);
  }

  given(facts: FileFacts, name: string, evaluator: Evaluator): Values {
    const names = facts.module.bindings;
    const bindings = names.get(EXPORTED + name) ?? names.get(name);
    if (bindings) return join(...bindings.map(binding => evaluator.eval(binding.value)));
    return this.givenAway(facts, name, evaluator);
  }

  /** What a file gives without a name of its own for it: a member of what it is as a whole, or what it hands on from others. */
  private givenAway(facts: FileFacts, name: string, evaluator: Evaluator): Values {
    const given = facts.module.bindings.get(EXPORTS_ALL) ?? [];
    const whole = join(...given.map(binding => evaluator.eval(binding.value)));
    // What a file without exports of its own gives by default is all that it gives.
    if (name === 'default') return whole.length > 0 ? whole : [{ k: 'file', facts }];
    const member = evaluator.members.attribute(whole, name);
    if (member.length > 0) return member;
    for (const module of facts.starImports) {
      const found = this.fromStarOf(module, name, facts, evaluator);
      if (found.length) return found;
    }
    return UNKNOWN;
  }

  fromStar(name: NameExpr, evaluator: Evaluator): Values {
    const file = this.fileOf(name.scope);
    if (!file || file.starImports.length === 0) return UNKNOWN;
    const key = `${name.id} ${file.path}`;
    const known = this.starred.get(key);
    if (known) return known;
    const modules = new Set(file.starImports);
    const values = join(
      ...[...modules].map(module => this.fromStarOf(module, name.id, file, evaluator)),
    );
    // What a file of the workspace gives can still change with what is found out later.
    if (file.starImports.every(module => this.library.isModule(module)))
      this.starred.set(key, values);
    return values;
  }

  private fromStarOf(module: string, name: string, from: FileFacts, evaluator: Evaluator): Values {
    if (name.startsWith('_')) return UNKNOWN;
    if (this.library.isModule(module)) return this.entry(`${module}.${name}`, evaluator);
    const file = this.find(module, from);
    return file && file !== from ? this.memberOfFile(this.own(file), name, evaluator) : UNKNOWN;
  }

  /** A star import of a module that nobody knows could bind any name. */
  hasUnknownStar(name: NameExpr): boolean {
    const file = this.fileOf(name.scope);
    return (
      file !== undefined &&
      file.starImports.some(module => !this.library.isModule(module) && !this.find(module, file))
    );
  }

  /** A dotted name as the file means it. */
  dotted(path: string, file: FileFacts, evaluator: Evaluator): Values {
    const [first = '', ...rest] = path.split('.');
    const bindings = file.module.bindings.get(first);
    let values: Values = bindings
      ? join(...bindings.map(binding => evaluator.eval(binding.value)))
      : join(...file.starImports.map(module => this.fromStarOf(module, first, file, evaluator)));
    for (const name of rest) values = evaluator.members.attribute(values, name);
    return values;
  }
}
