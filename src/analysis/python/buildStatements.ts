/** Owns the statements of a unit: blocks, bindings, functions and classes, from tree-sitter nodes. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { PatternBuilder } from './buildPatterns';
import { Block, type ClassInfo, type Expr, type Scope } from '../inference/syntax';
import { otherExpr } from '../inference/expressions';

export class StatementBuilder extends PatternBuilder {
  statement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    if (this.depth >= 100) return;
    this.depth++;
    this.statementOf(node, scope, block, cls);
    this.depth--;
  }

  private statementOf(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    switch (this.typeOf(node)) {
      case 'comment':
      case 'pass_statement':
      case 'break_statement':
      case 'continue_statement':
        return;
      case 'expression_statement':
        for (const part of this.parts(node)) this.simple(part, scope, block);
        return;
      case 'import_statement':
        return this.imports(node, scope, block);
      case 'import_from_statement':
        return this.importsFrom(node, scope, block);
      case 'function_definition':
        return this.functionDefinition(node, [], scope, block, cls);
      case 'class_definition':
        return this.classDefinition(node, [], scope, block);
      case 'decorated_definition': {
        const parts = this.parts(node);
        const definition = parts.at(-1);
        const decorators = parts.filter(part => this.typeOf(part) === 'decorator');
        if (!definition) return;
        if (this.typeOf(definition) === 'class_definition')
          this.classDefinition(definition, decorators, scope, block);
        else this.functionDefinition(definition, decorators, scope, block, cls);
        return;
      }
      case 'if_statement':
      case 'elif_clause':
        return this.ifStatement(node, scope, block, cls);
      case 'for_statement':
        return this.forStatement(node, scope, block, cls);
      case 'while_statement':
        return this.children(node, scope, new Block(block, true), cls);
      case 'with_statement':
        return this.withStatement(node, scope, block, cls);
      case 'try_statement':
        return this.tryStatement(node, scope, block, cls);
      case 'return_statement': {
        const [value] = this.parts(node);
        const given = value ? this.expr(value, scope, block) : null;
        const fn = this.functionOf(scope);
        if (given && fn) fn.returns.push(given);
        return;
      }
      case 'global_statement':
      case 'nonlocal_statement': {
        const kind = this.typeOf(node) === 'global_statement' ? 'global' : 'nonlocal';
        for (const name of this.parts(node)) scope.declare(this.textOf(name), kind);
        return;
      }
      case 'match_statement':
        return this.matchStatement(node, scope, block, cls);
      case 'block':
      case 'ERROR':
        return this.children(node, scope, block, cls);
      default:
        // return, raise, assert, del, print of Python 2, or a bare expression inside an error.
        this.children(node, scope, block, cls);
    }
  }

  /** Statements and expressions of a node, in order, in one block. */
  protected children(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    for (const part of this.parts(node)) {
      const type = this.typeOf(part);
      if (
        type === 'block' ||
        type.endsWith('_statement') ||
        type.endsWith('_definition') ||
        type === 'ERROR'
      ) {
        this.statement(part, scope, block, cls);
      } else if (type.endsWith('_clause'))
        this.statement(part, scope, new Block(block, false), cls);
      else this.simple(part, scope, block);
    }
  }

  private simple(node: Node, scope: Scope, block: Block): void {
    switch (this.typeOf(node)) {
      case 'assignment':
        this.assignment(node, scope, block);
        return;
      case 'augmented_assignment': {
        const [target, value] = this.parts(node);
        if (!target || !value) return;
        const given = this.expr(value, scope, block);
        this.unit.extensions.push({ target: this.expr(target, scope, block), value: given });
        return;
      }
      default:
        this.expr(node, scope, block);
    }
  }

  /** Gives the value, so that `a = b = value` binds both. */
  private assignment(node: Node, scope: Scope, block: Block): Expr | null {
    const parts = this.parts(node);
    const target = parts[0];
    if (!target) return null;
    let value: Expr | null = null;
    let annotation: Expr | null = null;
    for (const part of parts.slice(1)) {
      const type = this.typeOf(part);
      if (type === 'type') annotation = this.expr(part, scope, block);
      else if (type === 'assignment') value = this.assignment(part, scope, block);
      else value = this.expr(part, scope, block);
    }
    const at = this.at(node);
    const given: Expr | null = annotation
      ? { kind: 'annotated', ...at, type: annotation, value }
      : value;
    if (given) this.assign(target, given, scope, block, at.end);
    return value;
  }

  private ifStatement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    const parts = this.parts(node);
    const [condition] = parts;
    if (condition && scope.kind === 'module' && isMainGuard(this.textOf(condition))) {
      this.unit.mainGuards.push(this.at(node));
    }
    const tested = condition ? this.expr(condition, scope, block) : null;
    for (const part of parts.slice(1)) {
      const type = this.typeOf(part);
      const inner = new Block(block, false);
      if (type === 'block' && tested) this.narrow(tested, scope, inner);
      if (type === 'elif_clause' || type === 'else_clause' || type === 'block')
        this.statement(part, scope, inner, cls);
      else this.children(part, scope, inner, cls);
    }
  }

  /** `if isinstance(x, T):` says what x is in the block. */
  private narrow(tested: Expr, scope: Scope, block: Block): void {
    if (tested.kind !== 'call' || tested.fn.kind !== 'name' || tested.fn.id !== 'isinstance')
      return;
    const [value, type] = tested.args.map(arg => arg.value);
    if (value?.kind !== 'name' || !type || !scope.bindings.has(value.id)) return;
    const { unit, start, end } = tested;
    const options = type.kind === 'tuple' ? type.items : [type];
    const either: Expr = { kind: 'either', unit, start, end, noted: null, options };
    const narrowed: Expr = {
      kind: 'narrowed',
      unit,
      start,
      end,
      noted: null,
      type: either,
      value,
    };
    this.bind(scope, value.id, narrowed, tested.end, block);
  }

  private forStatement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    const isAsync = this.startsWith(node, 'async');
    let target: Node | undefined;
    let source: Node | undefined;
    const rest: Node[] = [];
    for (const child of this.parts(node)) {
      const type = this.typeOf(child);
      if (type === 'block' || type === 'else_clause' || type === 'ERROR') rest.push(child);
      else if (target) source ??= child;
      else target = child;
    }
    if (!source) return this.children(node, scope, block, cls);
    const over = this.expr(source, scope, block);
    const inner = new Block(block, true);
    const bound = this.loopTarget(target, over, isAsync, scope, inner);
    this.unit.loops.push({ target: bound, source: over, isAsync, inComprehension: false });
    for (const part of rest) {
      const isElse = this.typeOf(part) === 'else_clause';
      this.statement(part, scope, isElse ? new Block(block, false) : inner, cls);
    }
  }

  private withStatement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    const isAsync = this.startsWith(node, 'async');
    for (const part of this.parts(node)) {
      if (this.typeOf(part) !== 'with_clause') {
        this.statement(part, scope, block, cls);
        continue;
      }
      for (const item of this.withItems(part)) this.withItem(item, isAsync, scope, block);
    }
  }

  private withItems(clause: Node): Node[] {
    const items: Node[] = [];
    for (const item of this.parts(clause)) {
      const [value] = this.parts(item);
      if (!value) continue;
      // `with (a as b, c as d):` comes as one tuple of patterns.
      const inner = this.typeOf(value) === 'tuple' ? this.parts(value) : [value];
      items.push(...inner);
    }
    return items;
  }

  private withItem(node: Node, isAsync: boolean, scope: Scope, block: Block): void {
    const parts = this.typeOf(node) === 'as_pattern' ? this.parts(node) : [node];
    const [valueNode, target] = parts;
    const value = this.expr(valueNode, scope, block);
    this.unit.withs.push({ value, isAsync });
    if (!target) return;
    const entered: Expr = { kind: 'entered', ...this.at(target), of: value, isAsync };
    this.assign(target, entered, scope, block, entered.end);
  }

  private tryStatement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    for (const part of this.parts(node)) {
      const inner = this.typeOf(part) === 'finally_clause' ? block : new Block(block, false);
      if (this.typeOf(part) !== 'except_clause') {
        this.statement(part, scope, inner, cls);
        continue;
      }
      for (const child of this.parts(part)) {
        const type = this.typeOf(child);
        if (type === 'block') this.statement(child, scope, inner, cls);
        else if (type === 'as_pattern') {
          const [what, target] = this.parts(child);
          if (what) this.expr(what, scope, inner);
          if (target)
            this.assign(
              target,
              otherExpr(this.at(target)),
              scope,
              inner,
              target.endIndex - this.origin,
            );
        } else this.expr(child, scope, inner);
      }
    }
  }
}

function isMainGuard(condition: string): boolean {
  return /^\(?\s*(__name__\s*==\s*(['"])__main__\2|(['"])__main__\3\s*==\s*__name__)\s*\)?$/.test(
    condition,
  );
}
