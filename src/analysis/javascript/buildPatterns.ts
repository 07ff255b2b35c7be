/** Owns what JavaScript binds names to: patterns and parameters; and the reading of type annotations. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { EXPORTED, EXPORTS_ALL } from '../inference/modules';
import type { AttrExpr, Block, Expr, FunctionInfo, Parameter, Scope } from '../inference/syntax';
import { UnitBuilder } from '../inference/unitBuilder';
import { childrenOf } from '../treeSitter';
import { attrExpr, nameExpr, otherExpr } from '../inference/expressions';

export abstract class PatternBuilder extends UnitBuilder {
  abstract expr(node: Node | undefined, scope: Scope, block: Block): Expr;

  /** A child by its field, asked of wasm only where children cannot be told apart by their types. */
  protected field(node: Node, name: string): Node | undefined {
    return node.childForFieldName(name) ?? undefined;
  }

  protected assign(target: Node, value: Expr, scope: Scope, block: Block, from: number): void {
    switch (this.typeOf(target)) {
      case 'identifier':
      case 'shorthand_property_identifier_pattern':
        this.bind(scope, this.textOf(target), value, from, block);
        return;
      case 'member_expression': {
        const expr = this.expr(target, scope, block);
        if (expr.kind !== 'attr') return;
        this.unit.attrAssigns.push({ object: expr.object, name: expr.name, value });
        this.exported(expr, value, block);
        return;
      }
      case 'subscript_expression': {
        const expr = this.expr(target, scope, block);
        if (expr.kind === 'sub')
          this.unit.subAssigns.push({ object: expr.object, key: expr.index, value });
        return;
      }
      case 'array_pattern':
        return this.arrayPattern(target, value, scope, block, from);
      case 'object_pattern':
        return this.objectPattern(target, value, scope, block, from);
      case 'assignment_pattern':
      case 'object_assignment_pattern': {
        const [inner, fallback] = this.parts(target);
        const either: Expr = {
          kind: 'either',
          ...this.at(target),
          options: [value, this.expr(fallback, scope, block)],
        };
        if (inner) this.assign(inner, either, scope, block, from);
        return;
      }
      case 'parenthesized_expression':
      case 'non_null_expression':
      case 'rest_pattern': {
        const [inner] = this.parts(target);
        if (inner) this.assign(inner, value, scope, block, from);
        return;
      }
      default:
        return;
    }
  }

  /** `module.exports = x`, `module.exports.a = x`, `exports.a = x`. */
  private exported({ object, name, end }: AttrExpr, value: Expr, block: Block): void {
    const isModule = object.kind === 'name' && object.id === 'module' && name === 'exports';
    if (isModule) this.bind(this.outer, EXPORTS_ALL, value, end, block);
    const isMember =
      (object.kind === 'name' && object.id === 'exports') ||
      (object.kind === 'attr' && object.name === 'exports');
    if (isMember) this.bind(this.outer, EXPORTED + name, value, end, block);
  }

  private arrayPattern(target: Node, value: Expr, scope: Scope, block: Block, from: number): void {
    let index = 0;
    for (const part of childrenOf(target)) {
      const type = this.typeOf(part);
      // A hole: `[, second]`.
      if (type === ',') index++;
      else if (type !== '[' && type !== ']' && type !== 'comment') {
        const rest = type === 'rest_pattern';
        this.assign(
          part,
          { kind: 'part', ...this.at(part), of: value, index, rest },
          scope,
          block,
          from,
        );
      }
    }
  }

  private objectPattern(target: Node, value: Expr, scope: Scope, block: Block, from: number): void {
    const member = (part: Node, name: string): Expr =>
      attrExpr(this.at(part), value, name, this.at(part).start);
    for (const part of this.parts(target)) {
      switch (this.typeOf(part)) {
        case 'shorthand_property_identifier_pattern':
          this.bind(scope, this.textOf(part), member(part, this.textOf(part)), from, block);
          break;
        case 'pair_pattern': {
          const [key, inner] = this.parts(part);
          if (key && inner) this.assign(inner, member(part, this.textOf(key)), scope, block, from);
          break;
        }
        case 'object_assignment_pattern': {
          const [name] = this.parts(part);
          if (name) this.assign(part, member(part, this.textOf(name)), scope, block, from);
          break;
        }
        default:
          break;
      }
    }
  }

  protected parameterList(
    list: Node | undefined,
    fn: FunctionInfo,
    scope: Scope,
    block: Block,
  ): Parameter[] {
    const parameters: Parameter[] = [];
    if (!list) return parameters;
    const nodes = this.typeOf(list) === 'identifier' ? [list] : this.parts(list);
    const offset = fn.cls ? 1 : 0;
    for (const node of nodes) {
      let name = '';
      let annotation: Expr | null = null;
      let fallback: Expr | null = null;
      let stars: 0 | 1 = 0;
      const parts = this.typeOf(node) === 'identifier' ? [node] : this.parts(node);
      for (const part of parts) {
        const type = this.typeOf(part);
        if (type === 'identifier' && name === '') name = this.textOf(part);
        else if (type === 'type_annotation') annotation = this.annotation(part, scope, block);
        else if (type === 'rest_pattern') {
          stars = 1;
          name = this.textOf(part).replace(/^\.{3}\s*/, '');
        } else if (type === 'object_pattern' || type === 'array_pattern') {
          // What a destructured parameter binds comes from the parameter itself, which has no name.
          const index = parameters.length + offset;
          const value: Expr = { kind: 'parameter', ...this.at(part), fn, index };
          this.assign(part, value, fn.scope, block, this.at(part).end);
          name = `(${index})`;
        } else if (type !== 'accessibility_modifier' && type !== 'override_modifier') {
          fallback = this.expr(part, scope, block);
        }
      }
      parameters.push({ name, stars, keywordOnly: false, annotation, fallback });
    }
    return parameters;
  }

  /** A type as the expressions that inference reads annotations from. */
  protected annotation(node: Node, scope: Scope, block: Block): Expr {
    const at = this.at(node);
    const parts = this.parts(node);
    switch (this.typeOf(node)) {
      case 'type_identifier':
      case 'identifier':
        return nameExpr(at, this.textOf(node), scope, block);
      case 'nested_type_identifier': {
        const [object, name] = parts;
        if (!object || !name) return otherExpr(at);
        const nameStart = this.at(name).start;
        return attrExpr(at, this.annotation(object, scope, block), this.textOf(name), nameStart);
      }
      case 'array_type': {
        const object: Expr = nameExpr(at, 'Array', scope, block);
        const index = parts[0] ? this.annotation(parts[0], scope, block) : null;
        return { kind: 'sub', ...at, object, index };
      }
      case 'generic_type': {
        const [object, args] = parts;
        if (!object) return otherExpr(at);
        const items = (args ? this.parts(args) : []).map(part =>
          this.annotation(part, scope, block),
        );
        const [only] = items;
        const index: Expr = items.length === 1 && only ? only : { kind: 'tuple', ...at, items };
        return { kind: 'sub', ...at, object: this.annotation(object, scope, block), index };
      }
      case 'union_type':
      case 'intersection_type':
        return {
          kind: 'either',
          ...at,
          options: parts.map(part => this.annotation(part, scope, block)),
        };
      case 'type_annotation':
      case 'type_arguments':
      case 'parenthesized_type':
      case 'readonly_type':
        return parts[0] ? this.annotation(parts[0], scope, block) : otherExpr(at);
      default:
        return otherExpr(at);
    }
  }
}
