/** Owns what the builders of all languages share: reading nodes, binding names, keeping functions with their scopes. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { namedChildrenOf, typeOf } from '../treeSitter';
import type { Place } from './expressions';
import type { Binding, Block, Expr, FunctionInfo, Scope, Unit } from './syntax';

type FunctionParts = Omit<FunctionInfo, 'lambda' | 'returns' | 'yields' | 'yieldsFrom'>;

export abstract class UnitBuilder {
  protected depth = 0;

  protected readonly types: readonly string[];
  protected readonly unit: Unit;
  protected readonly text: string;
  /** The scope the unit stands in; it outlives the unit. */
  protected readonly outer: Scope;

  /** Place of the unit in the text that was parsed. */
  protected readonly origin: number;

  constructor(types: readonly string[], unit: Unit, text: string, outer: Scope, origin: number) {
    this.origin = origin;
    this.types = types;
    this.unit = unit;
    this.text = text;
    this.outer = outer;
  }

  protected typeOf(node: Node): string {
    return typeOf(node, this.types);
  }

  protected textOf(node: Node): string {
    return this.text.slice(node.startIndex, this.endOf(node));
  }

  /** The text at a place of this unit. */
  protected textAt({ start, end }: Place): string {
    return this.text.slice(start + this.origin, end + this.origin);
  }

  /** Most nodes asked for their end are names, whose end the text tells without a call into wasm. */
  private endOf(node: Node): number {
    if (!NAMES.has(this.typeOf(node))) return node.endIndex;
    let at = node.startIndex;
    for (;;) {
      const code = this.text.charCodeAt(at);
      // What is written as a code point ends where the parser says.
      if (code > 127 || code === 92) return node.endIndex;
      if (!isNameCode(code)) return at;
      at++;
    }
  }

  protected at(node: Node): Place {
    const { origin } = this;
    return {
      unit: this.unit,
      start: node.startIndex - origin,
      end: this.endOf(node) - origin,
      noted: null,
    };
  }

  protected bind(scope: Scope, name: string, value: Expr, from: number, block: Block): void {
    let target = scope;
    // A walrus inside a comprehension binds outside it.
    const declared = target.declaredAs(name);
    if (declared === 'global') target = moduleOf(scope);
    else if (declared === 'nonlocal') target = outerWith(scope, name);
    const binding: Binding = { name, value, unit: this.unit, from, block };
    // The module's and the member's class outlive the unit, so they are told again at each build.
    if (target === this.outer || target.kind === 'module')
      this.unit.contributions.push({ scope: target, binding });
    else target.bind(binding);
  }

  /** Named children without comments. */
  protected parts(node: Node): Node[] {
    if (this.isEmpty(node)) return [];
    const parts = namedChildrenOf(node);
    return parts.some(part => this.typeOf(part) === 'comment')
      ? parts.filter(part => this.typeOf(part) !== 'comment')
      : parts;
  }

  /** `()` and the like: nothing to ask wasm for. */
  private isEmpty(node: Node): boolean {
    const { startIndex: at } = node;
    const close = CLOSING.get(this.text.charCodeAt(at));
    return (
      close !== undefined &&
      this.text.charCodeAt(at + 1) === close &&
      BRACKETED.has(this.typeOf(node))
    );
  }

  protected functionOf(scope: Scope): FunctionInfo | undefined {
    for (let at: Scope | null = scope; at; at = at.parent) {
      if (at.kind === 'function') return at.fn ?? undefined;
      if (at.kind !== 'comp') return undefined;
    }
    return undefined;
  }

  /** A new function, known to its unit and its scope. */
  protected own(parts: FunctionParts): FunctionInfo {
    const fn: FunctionInfo = { ...parts, lambda: null, returns: [], yields: [], yieldsFrom: [] };
    fn.scope.fn = fn;
    this.unit.functions.push(fn);
    return fn;
  }

  protected bindParameters(fn: FunctionInfo, from: number, block: Block): void {
    fn.parameters.forEach((parameter, index) => {
      const value: Expr = {
        kind: 'parameter',
        unit: this.unit,
        start: from,
        end: from,
        noted: null,
        fn,
        index,
      };
      fn.scope.bind({ name: parameter.name, value, unit: this.unit, from, block });
    });
  }
}

/** Nodes that are one name; one that begins with a sign is not worth telling apart. */
const NAMES = new Set([
  'identifier',
  'property_identifier',
  'type_identifier',
  'shorthand_property_identifier',
  'shorthand_property_identifier_pattern',
  'this',
]);

/** Of the codes of `(`, `[` and `{`. */
const CLOSING: ReadonlyMap<number, number> = new Map([
  [40, 41],
  [91, 93],
  [123, 125],
]);

/** Nodes that are a pair of brackets and what stands between them. */
const BRACKETED = new Set([
  'arguments',
  'argument_list',
  'formal_parameters',
  'parameters',
  'statement_block',
  'class_body',
  'array',
  'list',
  'object',
  'dictionary',
]);

const isNameCode = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  code === 95 ||
  // `$`, in JavaScript.
  code === 36 ||
  (code >= 48 && code <= 57);

function moduleOf(scope: Scope): Scope {
  let at = scope;
  while (at.parent) at = at.parent;
  return at;
}

function outerWith(scope: Scope, name: string): Scope {
  for (let at = scope.parent; at; at = at.parent)
    if (at.kind === 'function' && at.bindings.has(name)) return at;
  return scope;
}
