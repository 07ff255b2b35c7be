/** Owns what Python binds names to: assignment and loop targets, parameters. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { UnitBuilder } from '../inference/unitBuilder';
import type { Block, Expr, Parameter, Scope } from '../inference/syntax';
import { nameExpr } from '../inference/expressions';

export abstract class TargetBuilder extends UnitBuilder {
  abstract expr(node: Node | undefined, scope: Scope, block: Block): Expr;

  protected loopTarget(
    target: Node | undefined,
    over: Expr,
    isAsync: boolean,
    scope: Scope,
    block: Block,
  ): Expr | null {
    if (!target) return null;
    const element: Expr = { kind: 'element', ...this.at(target), of: over, isAsync };
    return this.assign(target, element, scope, block, element.end);
  }

  /** Binds the names of a target; gives the target as an expression where it is one. */
  protected assign(
    target: Node,
    value: Expr,
    scope: Scope,
    block: Block,
    from: number,
  ): Expr | null {
    switch (this.typeOf(target)) {
      case 'identifier':
        this.bind(scope, this.textOf(target), value, from, block);
        return nameExpr(this.at(target), this.textOf(target), scope, block);
      case 'attribute': {
        const expr = this.expr(target, scope, block);
        if (expr.kind === 'attr')
          this.unit.attrAssigns.push({ object: expr.object, name: expr.name, value });
        return expr;
      }
      case 'subscript': {
        const expr = this.expr(target, scope, block);
        if (expr.kind === 'sub')
          this.unit.subAssigns.push({ object: expr.object, key: expr.index, value });
        return expr;
      }
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'tuple':
      case 'list':
      case 'expression_list': {
        const parts = this.parts(target);
        // What a loop gives or a part holds is not looked into: the source of the loop is where it waits.
        if (value.kind === 'call' || value.kind === 'name') this.unit.draws.push(value);
        let starred = false;
        parts.forEach((part, index) => {
          const isStar =
            this.typeOf(part) === 'list_splat_pattern' || this.typeOf(part) === 'list_splat';
          const place = starred ? index - parts.length : index;
          const item: Expr = {
            kind: 'part',
            ...this.at(part),
            of: value,
            index: place,
            rest: isStar,
          };
          const inner = isStar ? this.parts(part)[0] : part;
          if (inner) this.assign(inner, item, scope, block, from);
          starred ||= isStar;
        });
        return null;
      }
      case 'parenthesized_expression':
      case 'as_pattern_target': {
        const [inner] = this.parts(target);
        return inner ? this.assign(inner, value, scope, block, from) : null;
      }
      default:
        return null;
    }
  }

  protected parameters(list: Node, scope: Scope, block: Block): Parameter[] {
    const parameters: Parameter[] = [];
    let keywordOnly = false;
    const add = (named: Node | undefined, annotation: Expr | null, fallback: Expr | null): void => {
      if (!named) return;
      const type = this.typeOf(named);
      const stars = type === 'list_splat_pattern' ? 1 : type === 'dictionary_splat_pattern' ? 2 : 0;
      const inner = stars ? this.parts(named)[0] : named;
      if (!inner || this.typeOf(inner) !== 'identifier') return;
      parameters.push({ name: this.textOf(inner), stars, keywordOnly, annotation, fallback });
      if (stars === 1) keywordOnly = true;
    };
    for (const part of this.parts(list)) {
      const children = this.parts(part);
      switch (this.typeOf(part)) {
        case 'keyword_separator':
          keywordOnly = true;
          break;
        case 'typed_parameter':
          add(children[0], this.expr(children[1], scope, block), null);
          break;
        case 'default_parameter':
          add(children[0], null, this.expr(children[1], scope, block));
          break;
        case 'typed_default_parameter':
          add(
            children[0],
            this.expr(children[1], scope, block),
            this.expr(children[2], scope, block),
          );
          break;
        default:
          add(part, null, null);
      }
    }
    return parameters;
  }
}
