/** Owns `match` statements: what the names of a pattern hold of the value that is matched. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { Block, type ClassInfo, type Expr, type Scope } from '../inference/syntax';
import { DefinitionBuilder } from './buildDefinitions';
import { attrExpr, otherExpr } from '../inference/expressions';

export abstract class PatternBuilder extends DefinitionBuilder {
  protected matchStatement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void {
    const subjects: Expr[] = [];
    for (const part of this.parts(node)) {
      if (this.typeOf(part) !== 'block') subjects.push(this.expr(part, scope, block));
      else for (const clause of this.parts(part)) this.clause(clause, subjects, scope, block, cls);
    }
  }

  private clause(
    clause: Node,
    subjects: readonly Expr[],
    scope: Scope,
    block: Block,
    cls: ClassInfo | null,
  ): void {
    const inner = new Block(block, false);
    const patterns: Node[] = [];
    const rest: Node[] = [];
    for (const child of this.parts(clause)) {
      if (this.typeOf(child) === 'case_pattern') patterns.push(child);
      else rest.push(child);
    }
    const [subject] = subjects;
    // `match a, b:` and `case 1, y:` are tuples without brackets.
    if (subject && subjects.length > 1) {
      const whole: Expr = { ...this.at(clause), kind: 'tuple', items: subjects };
      const [only] = patterns;
      if (patterns.length > 1) this.sequence(patterns, whole, scope, inner);
      else if (only) this.pattern(only, whole, scope, inner);
    } else if (patterns.length > 1) this.sequence(patterns, subject ?? null, scope, inner);
    else for (const one of patterns) this.pattern(one, subject ?? null, scope, inner);
    for (const child of rest) {
      if (this.typeOf(child) === 'block') this.statement(child, scope, inner, cls);
      else this.children(child, scope, inner, cls);
    }
  }

  private pattern(node: Node, subject: Expr | null, scope: Scope, block: Block): void {
    const parts = this.parts(node);
    switch (this.typeOf(node)) {
      case 'case_pattern':
      case 'union_pattern':
        for (const part of parts) this.pattern(part, subject, scope, block);
        return;
      case 'identifier':
      case 'dotted_name': {
        const name = this.textOf(node);
        if (!name.includes('.')) this.capture(node, name, subject, scope, block);
        return;
      }
      case 'tuple_pattern':
      case 'list_pattern':
        return this.sequence(parts, subject, scope, block);
      case 'dict_pattern':
        return this.mapping(parts, subject, scope, block);
      case 'class_pattern':
        return this.classPattern(node, parts, subject, scope, block);
      case 'as_pattern': {
        const [inner, name] = parts;
        if (inner) this.pattern(inner, subject, scope, block);
        const [tested] = inner ? this.parts(inner) : [];
        const isClass = tested !== undefined && this.typeOf(tested) === 'class_pattern';
        const value = isClass ? this.narrowed(tested, subject, scope, block) : subject;
        if (name) this.capture(name, this.textOf(name), value, scope, block);
        return;
      }
      case 'splat_pattern':
      case 'keyword_pattern':
        for (const part of parts) this.pattern(part, null, scope, block);
        return;
      default:
        return;
    }
  }

  private capture(
    node: Node,
    name: string,
    subject: Expr | null,
    scope: Scope,
    block: Block,
  ): void {
    const at = this.at(node);
    this.bind(scope, name, subject ?? otherExpr(at), at.end, block);
  }

  private sequence(parts: readonly Node[], subject: Expr | null, scope: Scope, block: Block): void {
    let starred = false;
    parts.forEach((part, index) => {
      const [inner] = this.parts(part);
      const isStar = inner !== undefined && this.typeOf(inner) === 'splat_pattern';
      const place = starred ? index - parts.length : index;
      const item: Expr | null = subject && {
        kind: 'part',
        ...this.at(part),
        of: subject,
        index: place,
        rest: isStar,
      };
      const [name] = isStar ? this.parts(inner) : [];
      this.pattern(name ?? part, item, scope, block);
      starred ||= isStar;
    });
  }

  private mapping(parts: readonly Node[], subject: Expr | null, scope: Scope, block: Block): void {
    let key: Node | undefined;
    for (const part of parts) {
      const isValue = this.typeOf(part) === 'case_pattern';
      const index = isValue && key ? this.expr(key, scope, block) : null;
      const item: Expr | null =
        subject && index ? { kind: 'sub', ...this.at(part), object: subject, index } : null;
      if (isValue || this.typeOf(part) === 'splat_pattern') this.pattern(part, item, scope, block);
      key = isValue ? undefined : part;
    }
  }

  /** The value that is matched, as the class of the pattern says it is. */
  private narrowed(node: Node, subject: Expr | null, scope: Scope, block: Block): Expr | null {
    const [type] = this.parts(node);
    if (!subject || !type) return subject;
    const named = this.expr(type, scope, block);
    return { kind: 'narrowed', ...this.at(node), type: named, value: subject };
  }

  private classPattern(
    node: Node,
    parts: readonly Node[],
    subject: Expr | null,
    scope: Scope,
    block: Block,
  ): void {
    const fields = parts.slice(1);
    const value = this.narrowed(node, subject, scope, block);
    fields.forEach((field, index) => {
      const [inner] = this.parts(field);
      const isNamed = inner !== undefined && this.typeOf(inner) === 'keyword_pattern';
      const [name, ...values] = isNamed ? this.parts(inner) : [];
      const at = this.at(field);
      if (name) {
        const attribute: Expr | null = value && attrExpr(at, value, this.textOf(name), at.start);
        for (const one of values) this.pattern(one, attribute, scope, block);
      } else {
        const part: Expr | null = value && { kind: 'part', ...at, of: value, index, rest: false };
        this.pattern(field, part, scope, block);
      }
    });
  }
}
