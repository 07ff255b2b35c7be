/** Owns the way from a tree-sitter tree of Python to `FileFacts`; units whose text is unchanged are taken from the file before. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { childrenOf, namedChildrenOf } from '../treeSitter';
import { StatementBuilder } from './buildStatements';
import { Block, type ClassInfo, type FileFacts, Scope, Unit } from './syntax';

/** Builds one file again and again, each time keeping what did not change. */
export class FileBuilder {
  private cache = new Map<string, Unit[]>();
  private next = new Map<string, Unit[]>();
  private units: Unit[] = [];
  private classes = new Set<ClassInfo>();
  private readonly block = new Block(null, false);
  readonly facts: FileFacts;

  private readonly types: readonly string[];

  constructor(types: readonly string[], path: string) {
    this.types = types;
    this.facts = { units: [], module: new Scope('module', null), path, starImports: [], text: '' };
  }

  build(root: Node, text: string): FileFacts {
    const { facts } = this;
    this.next = new Map();
    this.units = [];
    this.classes = new Set();
    facts.module.bindings.clear();
    facts.text = text;
    this.body(root, text, null);
    facts.units = this.units;
    facts.starImports = this.units.flatMap(unit => unit.starImports);
    this.cache = this.next;
    return facts;
  }

  private typeOf(node: Node): string {
    return this.types[node.typeId] ?? 'ERROR';
  }

  private body(parent: Node, text: string, cls: ClassInfo | null): void {
    for (const node of childrenOf(parent)) {
      const type = this.typeOf(node);
      if (type === 'comment') continue;
      if (type === 'ERROR' && !cls) this.body(node, text, null);
      else if (type === 'class_definition' && !cls) this.classUnit(node, [], text);
      else if (type === 'decorated_definition' && !cls) this.decorated(node, text);
      else this.unit(node, text, cls);
    }
  }

  private decorated(node: Node, text: string): void {
    const parts = namedChildrenOf(node);
    const definition = parts.at(-1);
    if (!definition || this.typeOf(definition) !== 'class_definition')
      return this.unit(node, text, null);
    this.classUnit(
      definition,
      parts.filter(part => this.typeOf(part) === 'decorator'),
      text,
    );
  }

  private take(key: string, memberOf: ClassInfo | null): Unit | undefined {
    const kept = this.cache.get(key);
    if (!kept) return undefined;
    const at = kept.findIndex(unit => unit.memberOf === memberOf);
    return at < 0 ? undefined : kept.splice(at, 1)[0];
  }

  private keep(key: string, unit: Unit): void {
    const kept = this.next.get(key);
    if (kept) kept.push(unit);
    else this.next.set(key, [unit]);
  }

  private unit(node: Node, text: string, cls: ClassInfo | null): void {
    const base = node.startIndex;
    const key = text.slice(base, node.endIndex);
    // A statement with an error in it need not mean the same in another place.
    const sound = !node.hasError;
    const known = sound ? this.take(key, cls) : undefined;
    const unit = known ?? new Unit(this.facts);
    unit.base = base;
    const scope = cls?.scope ?? this.facts.module;
    if (!known) {
      unit.memberOf = cls;
      const builder = new StatementBuilder(this.types, unit, text, scope);
      builder.statement(node, scope, this.block, cls);
    }
    if (cls) for (const fn of unit.functions) if (fn.cls === cls) cls.methods.push(fn);
    if (sound) this.keep(key, unit);
    this.add(unit);
  }

  private add(unit: Unit): void {
    this.units.push(unit);
    for (const { scope, binding } of unit.contributions) scope.bind(binding);
  }

  /** A class of the module: its head is a unit, and each statement of its body. */
  private classUnit(node: Node, decorators: readonly Node[], text: string): void {
    const body = namedChildrenOf(node).find(child => this.typeOf(child) === 'block');
    const unit = new Unit(this.facts);
    unit.base = node.startIndex;
    const cls = this.keptClass(body, text) ?? emptyClass(this.facts.module);
    this.classes.add(cls);
    cls.methods = [];
    cls.scope.bindings.clear();
    const builder = new StatementBuilder(this.types, unit, text, this.facts.module);
    builder.classHead(node, decorators, cls, this.block);
    this.add(unit);
    if (body) this.body(body, text, cls);
  }

  private keptClass(body: Node | undefined, text: string): ClassInfo | undefined {
    for (const child of body ? namedChildrenOf(body) : []) {
      const kept = this.cache.get(text.slice(child.startIndex, child.endIndex));
      const unit = kept?.find(
        candidate => candidate.memberOf && !this.classes.has(candidate.memberOf),
      );
      if (unit?.memberOf) return unit.memberOf;
    }
    return undefined;
  }
}

function emptyClass(module: Scope): ClassInfo {
  return { name: '', bases: [], decorators: [], methods: [], scope: new Scope('class', module) };
}
