/** Owns the statements and expressions of JavaScript and TypeScript: from tree-sitter nodes to the form that inference works on. */
import type { Node } from '@vscode/tree-sitter-wasm';
import {
  type Arg,
  Block,
  type CallExpr,
  type Expr,
  type FunctionInfo,
  type LambdaExpr,
  type Scope,
} from '../inference/syntax';
import { childrenOf } from '../treeSitter';
import { DefinitionBuilder } from './buildDefinitions';
import { moduleName } from './buildModules';
import {
  attrExpr,
  callExpr,
  constantExpr,
  nameExpr,
  numberExpr,
  otherExpr,
  textExpr,
  type Place,
} from '../inference/expressions';

const MAX_DEPTH = 160;

/** `pool.run`: most members are no more than two names, which the text tells without a look at the nodes inside. */
const TWO_NAMES = /^(?!super\b)([A-Za-z_$][\w$]*)\.([A-Za-z_$][\w$]*)$/;

/** An operator that gives one of its sides. */
const CHOICE = /^(?:\|\||&&|\?\?)/;

/** Assigns where nothing is yet. */
const DEFAULT = /^(?:\|\||\?\?)=$/;

const STATEMENT = /_(?:statement|declaration|clause|block|body|case|default)$|^ERROR$/;

export class JavaScriptBuilder extends DefinitionBuilder {
  statement(node: Node, scope: Scope, block: Block): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth++;
    this.statementOf(node, scope, block);
    this.depth--;
  }

  private statementOf(node: Node, scope: Scope, block: Block): void {
    switch (this.typeOf(node)) {
      case 'comment':
      case 'interface_declaration':
      case 'type_alias_declaration':
      case 'ambient_declaration':
        return;
      case 'import_statement':
        return this.importStatement(node, scope, block);
      case 'export_statement':
        return this.exportStatement(node, scope, block);
      case 'lexical_declaration':
      case 'variable_declaration':
        for (const part of this.parts(node)) this.declarator(part, scope, block);
        return;
      case 'function_declaration':
      case 'generator_function_declaration': {
        const at = this.at(node);
        const fn = this.functionInfo(node, at, scope, block, null);
        this.bind(scope, fn.name, { kind: 'function', ...at, fn }, at.start, block);
        return;
      }
      case 'class_declaration':
      case 'abstract_class_declaration':
        this.classInfo(node, scope, block);
        return;
      case 'for_in_statement':
        return this.forStatement(node, scope, block);
      case 'for_statement':
      case 'while_statement':
      case 'do_statement':
        return this.children(node, scope, new Block(block, true));
      case 'if_statement':
      case 'switch_case':
      case 'switch_default':
      case 'catch_clause':
      case 'else_clause':
        return this.children(node, scope, new Block(block, false));
      case 'return_statement': {
        const [value] = this.parts(node);
        const given = value ? this.expr(value, scope, block) : null;
        const fn = this.functionOf(scope);
        if (given && fn) fn.returns.push(given);
        return;
      }
      default:
        this.children(node, scope, block);
    }
  }

  protected children(node: Node, scope: Scope, block: Block): void {
    for (const part of this.parts(node)) {
      const type = this.typeOf(part);
      if (STATEMENT.test(type)) this.statement(part, scope, block);
      else this.expr(part, scope, block);
    }
  }

  private declarator(node: Node, scope: Scope, block: Block): void {
    if (this.typeOf(node) !== 'variable_declarator') return this.statement(node, scope, block);
    const [target, ...rest] = this.parts(node);
    if (!target) return;
    let type: Expr | null = null;
    let value: Expr | null = null;
    for (const part of rest) {
      if (this.typeOf(part) === 'type_annotation') type = this.annotation(part, scope, block);
      else value = this.expr(part, scope, block);
    }
    const at = this.at(node);
    const given: Expr = type ? { kind: 'annotated', ...at, type, value } : (value ?? otherExpr(at));
    this.assign(target, given, scope, block, at.end);
  }

  /** What stands on the left of `=` without a declaration. */
  private give(target: Node, value: Expr, scope: Scope, block: Block, from: number): void {
    if (this.typeOf(target) !== 'identifier') return this.assign(target, value, scope, block, from);
    const name = this.textOf(target);
    this.bind(declaring(scope, name), name, value, from, block);
  }

  private forStatement(node: Node, scope: Scope, block: Block): void {
    let isAsync = false;
    let isOf = false;
    const named: Node[] = [];
    for (const child of childrenOf(node)) {
      const type = this.typeOf(child);
      if (type === 'await') isAsync = true;
      else if (type === 'of') isOf = true;
      else if (child.isNamed && type !== 'comment') named.push(child);
    }
    const [target, source, body] = named;
    const over = this.expr(source, scope, block);
    const inner = new Block(block, true);
    if (target && isOf) {
      const element: Expr = { kind: 'element', ...this.at(target), of: over, isAsync };
      this.assign(target, element, scope, inner, element.end);
      this.unit.loops.push({ target: null, source: over, isAsync, inComprehension: false });
    }
    if (body) this.statement(body, scope, inner);
  }

  expr(node: Node | undefined, scope: Scope, block: Block): Expr {
    if (!node || this.depth >= MAX_DEPTH)
      return { kind: 'other', unit: this.unit, start: 0, end: 0, noted: null };
    this.depth++;
    const expr = this.exprOf(node, scope, block);
    this.depth--;
    return expr;
  }

  private exprOf(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    const type = this.typeOf(node);
    switch (type) {
      case 'identifier':
      case 'this':
      case 'shorthand_property_identifier':
        return nameExpr(at, this.textAt(at), scope, block);
      case 'super': {
        const fn: Expr = nameExpr(at, 'super', scope, block);
        return callExpr(at, fn, []);
      }
      case 'member_expression':
        return this.member(node, at, scope, block);
      case 'subscript_expression': {
        const parts = this.parts(node);
        const object = this.expr(parts[0], scope, block);
        return { kind: 'sub', ...at, object, index: this.expr(parts.at(-1), scope, block) };
      }
      case 'call_expression': {
        // The grammar reads `await f<T>(x)` as `(await f)<T>(x)`.
        const [callee, ...rest] = this.parts(node);
        const [types] = rest;
        const isTyped = callee && types && this.typeOf(types) === 'type_arguments';
        if (isTyped && this.typeOf(callee) === 'await_expression') {
          const value = this.call(at, false, this.parts(callee)[0], rest, scope, block);
          if (value.kind === 'call') value.awaited = true;
          const expr = { kind: 'await' as const, ...at, value };
          this.unit.awaits.push(expr);
          return expr;
        }
        return this.call(at, false, callee, rest, scope, block);
      }
      case 'new_expression': {
        const [callee, ...rest] = this.parts(node);
        return this.call(at, true, callee, rest, scope, block);
      }
      case 'await_expression': {
        const value = this.expr(this.parts(node)[0], scope, block);
        if (value.kind === 'call') value.awaited = true;
        const expr = { kind: 'await' as const, ...at, value };
        this.unit.awaits.push(expr);
        // `await import("x")` is the module.
        return value.kind === 'import' ? value : expr;
      }
      case 'array':
        return {
          kind: 'list',
          ...at,
          items: this.parts(node).map(part => this.expr(part, scope, block)),
        };
      case 'spread_element':
        return { kind: 'star', ...at, value: this.expr(this.parts(node)[0], scope, block) };
      case 'object':
        return this.object(node, scope, block);
      case 'arrow_function':
      case 'function_expression':
      case 'generator_function':
        return this.lambda(node, at, scope, block);
      case 'class':
        return { kind: 'class', ...at, cls: this.classInfo(node, scope, block) };
      case 'assignment_expression': {
        const [target, value] = this.parts(node);
        const given = this.expr(value, scope, block);
        if (target) this.give(target, given, scope, block, at.end);
        return given;
      }
      case 'augmented_assignment_expression': {
        const [target, value] = this.parts(node);
        const given = this.expr(value, scope, block);
        const before = this.expr(target, scope, block);
        const isDefault = childrenOf(node).some(child => DEFAULT.test(this.typeOf(child)));
        if (!target || !isDefault) return numberExpr(at, Number.NaN);
        this.give(target, given, scope, block, at.end);
        return { kind: 'either', ...at, options: [before, given] };
      }
      case 'parenthesized_expression':
      case 'non_null_expression':
      case 'sequence_expression':
        return this.last(node, scope, block);
      case 'as_expression':
      case 'satisfies_expression': {
        const [value, typeNode] = this.parts(node);
        const given = this.expr(value, scope, block);
        return typeNode
          ? {
              kind: 'annotated',
              ...at,
              type: this.annotation(typeNode, scope, block),
              value: given,
            }
          : given;
      }
      case 'type_assertion': {
        const [typeNode, valueNode] = this.parts(node);
        const value = this.expr(valueNode, scope, block);
        if (!typeNode) return value;
        return { kind: 'annotated', ...at, type: this.annotation(typeNode, scope, block), value };
      }
      case 'ternary_expression': {
        const [, then, otherwise] = this.parts(node).map(part => this.expr(part, scope, block));
        return { kind: 'either', ...at, options: then && otherwise ? [then, otherwise] : [] };
      }
      case 'binary_expression': {
        const sides = this.parts(node);
        const options = sides.map(part => this.expr(part, scope, block));
        return this.isChoice(node, sides)
          ? { kind: 'either', ...at, options }
          : numberExpr(at, Number.NaN);
      }
      case 'number':
        return numberExpr(at, Number(this.textAt(at).replaceAll('_', '')));
      case 'string':
        return textExpr(at, this.textAt(at).slice(1, -1));
      case 'template_string':
        for (const part of this.parts(node)) this.expr(part, scope, block);
        return textExpr(at, this.textAt(at).slice(1, -1));
      case 'true':
      case 'false':
        return constantExpr(at, type === 'true' ? 'True' : 'False');
      case 'null':
      case 'undefined':
        return constantExpr(at, 'None');
      case 'regex':
      case 'string_fragment':
      case 'property_identifier':
      case 'type_arguments':
      case 'type_annotation':
        return otherExpr(at);
      case 'statement_block':
        this.statement(node, scope, block);
        return otherExpr(at);
      case 'yield_expression': {
        const given = this.expr(this.parts(node)[0], scope, block);
        const fn = this.functionOf(scope);
        const isAll = childrenOf(node).some(child => this.typeOf(child) === '*');
        if (fn) (isAll ? fn.yieldsFrom : fn.yields).push(given);
        return otherExpr(at);
      }
      default:
        this.children(node, scope, block);
        return otherExpr(at);
    }
  }

  private last(node: Node, scope: Scope, block: Block): Expr {
    const values = this.parts(node).map(part => this.expr(part, scope, block));
    return values.at(-1) ?? otherExpr(this.at(node));
  }

  private member(node: Node, at: Place, scope: Scope, block: Block): Expr {
    const names = TWO_NAMES.exec(this.textAt(at));
    if (names) {
      const [, first = '', second = ''] = names;
      const object = nameExpr({ ...at, end: at.start + first.length }, first, scope, block);
      return attrExpr(at, object, second, at.end - second.length);
    }
    const parts = this.parts(node);
    const [object] = parts;
    const name = parts.at(-1);
    const value = this.expr(object, scope, block);
    if (!name || name === object) return value;
    return attrExpr(at, value, this.textOf(name), name.startIndex - this.origin);
  }

  /** True for `a || b` and the like, which give one of their sides. */
  private isChoice(node: Node, [left, right]: readonly Node[]): boolean {
    if (!left || !right) return false;
    const operator = this.text.slice(left.endIndex, right.startIndex).trimStart();
    // A comment may stand in front of it; where it ends is the parser's affair.
    return operator.startsWith('/')
      ? childrenOf(node).some(child => CHOICE.test(this.typeOf(child)))
      : CHOICE.test(operator);
  }

  private call(
    at: Place,
    isNew: boolean,
    callee: Node | undefined,
    rest: readonly Node[],
    scope: Scope,
    block: Block,
  ): Expr {
    const list = rest.find(
      part => this.typeOf(part) === 'arguments' || this.typeOf(part) === 'template_string',
    );
    const values = list && this.typeOf(list) === 'arguments' ? this.parts(list) : [];
    const isImport = callee && !isNew && this.isImport(callee);
    const [first] = values;
    if (isImport && first && this.typeOf(first) === 'string') {
      return {
        kind: 'import',
        ...at,
        module: moduleName(this.textOf(first).slice(1, -1)),
        member: null,
      };
    }
    const fn =
      callee && this.typeOf(callee) === 'super'
        ? this.superInit(callee, scope, block)
        : this.expr(callee, scope, block);
    const args = values.map((part): Arg => {
      const isSpread = this.typeOf(part) === 'spread_element';
      return {
        name: null,
        stars: isSpread ? 1 : 0,
        value: this.expr(isSpread ? this.parts(part)[0] : part, scope, block),
      };
    });
    if (list && this.typeOf(list) === 'template_string') this.expr(list, scope, block);
    const call: CallExpr = callExpr(at, fn, args);
    for (const { value } of args) if (value.kind === 'lambda') value.usedBy = call;
    this.unit.calls.push(call);
    return call;
  }

  private isImport(callee: Node): boolean {
    const type = this.typeOf(callee);
    return type === 'import' || (type === 'identifier' && this.textOf(callee) === 'require');
  }

  private superInit(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    return attrExpr(at, this.expr(node, scope, block), '__init__', at.start);
  }

  private object(node: Node, scope: Scope, block: Block): Expr {
    const keys: (Expr | null)[] = [];
    const entries: Expr[] = [];
    const whole: Expr = { kind: 'dict', ...this.at(node), keys, entries };
    const giveThis = ({ scope: inner }: FunctionInfo): void => {
      const { unit, start: from } = whole;
      inner.bind({ name: 'this', value: whole, unit, from, block });
    };
    for (const part of this.parts(node)) {
      const type = this.typeOf(part);
      const at = this.at(part);
      if (type === 'pair') {
        const [key, value] = this.parts(part);
        if (!key || !value) continue;
        keys.push(textExpr(this.at(key), this.textOf(key).replaceAll(/^['"]|['"]$/g, '')));
        const given = this.expr(value, scope, block);
        entries.push(given);
        if (given.kind === 'lambda' && this.typeOf(value) !== 'arrow_function') giveThis(given.fn);
      } else if (type === 'shorthand_property_identifier') {
        keys.push(textExpr(at, this.textOf(part)));
        entries.push(this.expr(part, scope, block));
      } else if (type === 'spread_element') {
        keys.push(null);
        entries.push({ kind: 'star', ...at, value: this.expr(this.parts(part)[0], scope, block) });
      } else if (type === 'method_definition') {
        const fn = this.functionInfo(part, at, scope, block, null);
        keys.push(textExpr(at, fn.name));
        entries.push({ kind: 'function', ...at, fn });
        giveThis(fn);
      } else this.expr(part, scope, block);
    }
    return whole;
  }

  private lambda(node: Node, at: Place, scope: Scope, block: Block): Expr {
    const fn = this.functionInfo(node, at, scope, block, null);
    const lambda: LambdaExpr = { kind: 'lambda', ...at, fn, usedBy: null };
    fn.lambda = lambda;
    return lambda;
  }
}

/** Where a name lives that is assigned to without a declaration: the nearest function that has it, else the module. */
function declaring(scope: Scope, name: string): Scope {
  let at = scope;
  while (at.parent && (at.kind === 'class' || !at.bindings.has(name))) at = at.parent;
  return at;
}
