/** Owns the expressions of a unit: from tree-sitter nodes to `Expr`, recording calls, awaits and names on the way. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { childrenOf } from '../treeSitter';
import { TargetBuilder } from './buildTargets';
import {
  type Arg,
  type Block,
  type CallExpr,
  type Expr,
  type LambdaExpr,
  Scope,
} from '../inference/syntax';
import { textOfString } from './stringLiteral';
import {
  attrExpr,
  callExpr,
  constantExpr,
  nameExpr,
  numberExpr,
  otherExpr,
  textExpr,
} from '../inference/expressions';

/** A string, or one of several side by side, with a prefix that makes it formatted. */
const HAS_CODE = /(?:^|[\s'"(])[rR]?[fFtT][rR]?['"]/;

/** Deeper nesting than people write is not followed, so that no text can exhaust the stack. */
const MAX_DEPTH = 160;

export class ExpressionBuilder extends TargetBuilder {
  expr(node: Node | undefined, scope: Scope, block: Block): Expr {
    if (!node || this.depth >= MAX_DEPTH)
      return { kind: 'other', unit: this.unit, start: 0, end: 0, noted: null };
    this.depth++;
    try {
      return this.exprOf(node, scope, block);
    } finally {
      this.depth--;
    }
  }

  private exprOf(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    const type = this.typeOf(node);
    switch (type) {
      case 'identifier':
        return nameExpr(at, this.textOf(node), scope, block);
      case 'dotted_name':
        return this.dotted(node, scope, block);
      case 'attribute': {
        const [object, name] = this.parts(node);
        const value = this.expr(object, scope, block);
        if (!name) return value;
        return attrExpr(at, value, this.textOf(name), name.startIndex - this.origin);
      }
      case 'call': {
        const call = this.call(node, scope, block);
        // The grammar reads `[*f(x)]` as `[(*f)(x)]`.
        const [callee] = this.parts(node);
        if (!callee || this.typeOf(callee) !== 'list_splat') return call;
        this.unit.draws.push(call);
        return { kind: 'star', ...at, value: call };
      }
      case 'subscript': {
        const [object, ...indexes] = this.parts(node);
        const value = this.expr(object, scope, block);
        const index = indexes.map(part => this.expr(part, scope, block));
        const [only] = index;
        const single = only && only.kind !== 'other' ? only : null;
        const item: Expr & { kind: 'sub' } = {
          kind: 'sub',
          ...at,
          object: value,
          index: index.length > 1 ? { kind: 'tuple', ...at, items: index } : single,
        };
        this.unit.items.push(item);
        return item;
      }
      case 'generic_type': {
        const [object, parameters] = this.parts(node);
        const items = (parameters ? this.parts(parameters) : []).map(part =>
          this.expr(part, scope, block),
        );
        const index: Expr =
          items.length === 1 && items[0] ? items[0] : { kind: 'tuple', ...at, items };
        return { kind: 'sub', ...at, object: this.expr(object, scope, block), index };
      }
      case 'member_type': {
        const [object, name] = this.parts(node);
        const value = this.expr(object, scope, block);
        if (!name) return value;
        return attrExpr(at, value, this.textOf(name), name.startIndex - this.origin);
      }
      case 'type':
      case 'parenthesized_expression':
        return this.expr(this.parts(node)[0], scope, block);
      case 'list':
      case 'set':
      case 'tuple':
      case 'expression_list':
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern': {
        const items = this.parts(node).map(part => this.expr(part, scope, block));
        return { kind: type === 'list' || type === 'set' ? type : 'tuple', ...at, items };
      }
      case 'dictionary':
        return this.dictionary(node, scope, block);
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
        return this.comprehension(node, type, scope, block);
      case 'await': {
        const value = this.expr(this.parts(node)[0], scope, block);
        if (value.kind === 'call') value.awaited = true;
        const expr = { kind: 'await' as const, ...at, value };
        this.unit.awaits.push(expr);
        return expr;
      }
      case 'lambda':
        return this.lambda(node, scope, block);
      case 'conditional_expression': {
        const [then, condition, otherwise] = this.parts(node).map(part =>
          this.expr(part, scope, block),
        );
        if (!then || !condition || !otherwise) return otherExpr(at);
        return { kind: 'either', ...at, options: [then, otherwise] };
      }
      case 'boolean_operator':
      case 'union_type':
        return {
          kind: 'either',
          ...at,
          options: this.parts(node).map(part => this.expr(part, scope, block)),
        };
      case 'binary_operator':
        return this.binary(node, scope, block);
      case 'named_expression': {
        const [name, value] = this.parts(node);
        const given = this.expr(value, scope, block);
        let target = scope;
        while (target.kind === 'comp' && target.parent) target = target.parent;
        if (name) this.bind(target, this.textOf(name), given, at.end, block);
        return given;
      }
      case 'string':
      case 'concatenated_string':
        return this.string(node, scope, block);
      case 'integer':
      case 'float':
        return numberExpr(at, Number(this.textOf(node).replaceAll('_', '')));
      case 'unary_operator': {
        const value = this.expr(this.parts(node)[0], scope, block);
        if (value.kind === 'number' && this.text[node.startIndex] === '-')
          return numberExpr(at, -value.value);
        return otherExpr(at);
      }
      case 'none':
        return constantExpr(at, 'None');
      case 'true':
        return constantExpr(at, 'True');
      case 'false':
        return constantExpr(at, 'False');
      case 'list_splat':
      case 'list_splat_pattern':
      case 'dictionary_splat': {
        const value = this.expr(this.parts(node)[0], scope, block);
        if (type === 'list_splat') this.unit.draws.push(value);
        return { kind: 'star', ...at, value };
      }
      case 'yield': {
        const [value] = this.parts(node);
        const given = this.expr(value, scope, block);
        const fn = this.functionOf(scope);
        const isFrom = childrenOf(node).some(child => this.typeOf(child) === 'from');
        if (isFrom) this.unit.draws.push(given);
        if (fn && value) (isFrom ? fn.yieldsFrom : fn.yields).push(given);
        else if (fn) fn.yields.push(otherExpr(at));
        return otherExpr(at);
      }
      default:
        for (const part of this.parts(node)) this.expr(part, scope, block);
        return otherExpr(at);
    }
  }

  /** `a.b.C` as patterns have it: names side by side. */
  private dotted(node: Node, scope: Scope, block: Block): Expr {
    const [first, ...names] = this.parts(node);
    let value = this.expr(first, scope, block);
    for (const name of names) {
      const { unit, start, end } = this.at(name);
      const at = { unit, start: value.start, end, noted: null };
      value = attrExpr(at, value, this.textOf(name), start);
    }
    return value;
  }

  private call(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    const [callee, list] = this.parts(node);
    const called = this.expr(callee, scope, block);
    const fn = called.kind === 'star' ? called.value : called;
    const args: Arg[] = [];
    const lambdas: { usedBy: CallExpr | null }[] = [];
    const add = (name: string | null, stars: 0 | 1 | 2, value: Expr): void => {
      args.push({ name, stars, value });
      if (value.kind === 'lambda') lambdas.push(value);
    };
    const isGenerator = list && this.typeOf(list) === 'generator_expression';
    if (isGenerator) add(null, 0, this.expr(list, scope, block));
    for (const part of list && !isGenerator ? this.parts(list) : []) {
      const type = this.typeOf(part);
      if (type === 'keyword_argument') {
        const [name, value] = this.parts(part);
        if (name) add(this.textOf(name), 0, this.expr(value, scope, block));
      } else if (type === 'list_splat' || type === 'dictionary_splat') {
        const value = this.expr(this.parts(part)[0], scope, block);
        if (type === 'list_splat') this.unit.draws.push(value);
        add(null, type === 'list_splat' ? 1 : 2, value);
      } else add(null, 0, this.expr(part, scope, block));
    }
    const call: CallExpr = callExpr(at, fn, args);
    for (const lambda of lambdas) lambda.usedBy = call;
    this.unit.calls.push(call);
    return call;
  }

  private dictionary(node: Node, scope: Scope, block: Block): Expr {
    const keys: (Expr | null)[] = [];
    const entries: Expr[] = [];
    for (const part of this.parts(node)) {
      const parts = this.parts(part).map(child => this.expr(child, scope, block));
      const isPair = this.typeOf(part) === 'pair';
      const value = parts[isPair ? 1 : 0];
      if (!value) continue;
      keys.push(isPair ? (parts[0] ?? null) : null);
      entries.push(isPair ? value : { kind: 'star', ...this.at(part), value });
    }
    return { kind: 'dict', ...this.at(node), keys, entries };
  }

  private comprehension(node: Node, type: string, outer: Scope, block: Block): Expr {
    const scope = new Scope('comp', outer);
    const [body, ...clauses] = this.parts(node);
    let source: Expr | null = null;
    for (const clause of clauses) {
      const parts = this.parts(clause);
      if (this.typeOf(clause) !== 'for_in_clause') {
        for (const part of parts) this.expr(part, scope, block);
        continue;
      }
      const [target, ...sources] = parts;
      // The first source belongs to the scope around; the difference shows only for names bound in both.
      const over = this.expr(sources[0], source ? scope : outer, block);
      for (const more of sources.slice(1)) this.expr(more, scope, block);
      source ??= over;
      const isAsync = this.startsWith(clause, 'async');
      const bound = this.loopTarget(target, over, isAsync, scope, block);
      this.unit.loops.push({ target: bound, source: over, isAsync, inComprehension: true });
    }
    const at = this.at(node);
    if (type === 'dictionary_comprehension' && body) {
      const [key, value] = this.parts(body).map(part => this.expr(part, scope, block));
      if (key && value) return { kind: 'comp', ...at, shape: 'dict', key, element: value, source };
    }
    const element = this.expr(body, scope, block);
    const shape =
      type === 'list_comprehension' ? 'list' : type === 'set_comprehension' ? 'set' : 'iter';
    return { kind: 'comp', ...at, shape, key: null, element, source };
  }

  private binary(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    const parts = this.parts(node).map(part => this.expr(part, scope, block));
    const [left, right] = parts;
    if (!left || !right) return otherExpr(at);
    const operator = this.text.slice(left.end + this.origin, right.start + this.origin).trim();
    // In an annotation `A | B` is a choice; as a value it is a union of sets.
    if (operator === '|') return { kind: 'either', ...at, options: [left, right] };
    return { kind: 'plus', ...at, left, right, operator };
  }

  protected startsWith(node: Node, word: string): boolean {
    return this.text.startsWith(word, node.startIndex);
  }

  private string(node: Node, scope: Scope, block: Block): Expr {
    const text = this.textOf(node);
    // Only a formatted string holds code; the parts of the others are not worth asking for.
    if (HAS_CODE.test(text)) {
      for (const part of this.parts(node)) {
        const type = this.typeOf(part);
        if (type === 'string') this.string(part, scope, block);
        else if (type === 'interpolation') {
          for (const inner of this.parts(part)) this.expr(inner, scope, block);
        }
      }
    }
    return textExpr(this.at(node), textOfString(text));
  }

  private lambda(node: Node, outer: Scope, block: Block): Expr {
    const at = this.at(node);
    const parts = this.parts(node);
    const list = parts.length > 1 ? parts[0] : undefined;
    const fn = this.own({
      name: '<lambda>',
      parameters: list ? this.parameters(list, outer, block) : [],
      scope: new Scope('function', outer),
      cls: null,
      decorators: [],
      isAsync: false,
      returnType: null,
    });
    const lambda: LambdaExpr = { kind: 'lambda', ...at, fn, usedBy: null };
    fn.lambda = lambda;
    this.bindParameters(fn, at.start, block);
    fn.returns.push(this.expr(parts.at(-1), fn.scope, block));
    return lambda;
  }
}
