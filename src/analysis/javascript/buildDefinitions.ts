/** Owns the functions and classes of JavaScript and TypeScript. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { Block, type ClassInfo, type Expr, type FunctionInfo, Scope } from '../inference/syntax';
import { childrenOf } from '../treeSitter';
import { ModuleBuilder } from './buildModules';
import { nameExpr, type Place } from '../inference/expressions';

export abstract class DefinitionBuilder extends ModuleBuilder {
  protected abstract children(node: Node, scope: Scope, block: Block): void;

  protected functionInfo(
    node: Node,
    at: Place,
    outer: Scope,
    block: Block,
    cls: ClassInfo | null,
  ): FunctionInfo {
    const scope = new Scope('function', outer);
    const decorators: Expr[] = [];
    let name = '';
    let isAsync = false;
    let list: Node | undefined;
    let body: Node | undefined;
    let returnType: Expr | null = null;
    for (const child of childrenOf(node)) {
      const type = this.typeOf(child);
      if (type === 'async') isAsync = true;
      else if (type === 'get' || type === 'static') {
        const id = type === 'get' ? 'property' : 'classmethod';
        decorators.push(nameExpr(at, id, outer, block));
      } else if (type === 'formal_parameters') list = child;
      else if (type === 'type_annotation') returnType = this.annotation(child, outer, block);
      else if (type === '=>' || type === 'comment' || type === 'type_parameters') continue;
      else if (type === 'identifier' && this.typeOf(node) === 'arrow_function' && !list && !body)
        list = child;
      else if (
        /^(?:identifier|property_identifier|private_property_identifier)$/.test(type) &&
        name === '' &&
        !list
      )
        name = this.textOf(child);
      else if (child.isNamed) body = child;
    }
    if (name === 'constructor' && cls) name = '__init__';
    const parameters: FunctionInfo['parameters'][number][] = [];
    const fn = this.own({ name, scope, cls, isAsync, decorators, parameters, returnType });
    const inner = new Block(null, false);
    if (cls)
      parameters.push({
        name: 'this',
        stars: 0,
        keywordOnly: false,
        annotation: null,
        fallback: null,
      });
    parameters.push(...this.parameterList(list, fn, outer, block));
    this.bindParameters(fn, at.start, inner);
    if (body && this.typeOf(body) === 'statement_block') this.children(body, scope, inner);
    else if (body) fn.returns.push(this.expr(body, scope, inner));
    return fn;
  }

  protected classInfo(node: Node, outer: Scope, block: Block): ClassInfo {
    const at = this.at(node);
    const cls: ClassInfo = {
      name: '',
      bases: [],
      decorators: [],
      scope: new Scope('class', outer),
      methods: [],
    };
    this.unit.classes.push(cls);
    for (const part of this.parts(node)) {
      const type = this.typeOf(part);
      if (type === 'type_identifier' || type === 'identifier') cls.name = this.textOf(part);
      else if (type === 'class_heritage') cls.bases = this.bases(part, outer, block);
      else if (type === 'class_body') {
        if (cls.name) this.bind(outer, cls.name, { kind: 'class', ...at, cls }, at.start, block);
        this.classBody(part, cls, block);
      }
    }
    return cls;
  }

  private bases(heritage: Node, outer: Scope, block: Block): Expr[] {
    const extending = this.parts(heritage).find(part => this.typeOf(part) === 'extends_clause');
    const [base] = extending ? this.parts(extending) : [];
    return base ? [this.expr(base, outer, block)] : [];
  }

  private classBody(body: Node, cls: ClassInfo, block: Block): void {
    const inner = new Block(block, false);
    for (const part of this.parts(body)) {
      const at = this.at(part);
      if (this.typeOf(part) === 'method_definition') {
        const fn = this.functionInfo(part, at, cls.scope, inner, cls);
        cls.methods.push(fn);
        this.bind(cls.scope, fn.name, { kind: 'function', ...at, fn }, at.start, inner);
      } else if (this.typeOf(part) === 'public_field_definition')
        this.fieldDefinition(part, cls, inner);
      else this.children(part, cls.scope, inner);
    }
  }

  private fieldDefinition(node: Node, cls: ClassInfo, block: Block): void {
    const at = this.at(node);
    let name = '';
    let type: Expr | null = null;
    let value: Expr | null = null;
    for (const part of this.parts(node)) {
      const kind = this.typeOf(part);
      if (kind === 'property_identifier' || kind === 'private_property_identifier')
        name = this.textOf(part);
      else if (kind === 'type_annotation') type = this.annotation(part, cls.scope, block);
      else if (kind !== 'accessibility_modifier') value = this.expr(part, cls.scope, block);
    }
    const given: Expr | null = type ? { kind: 'annotated', ...at, type, value } : value;
    if (given && name) this.bind(cls.scope, name, given, at.end, block);
  }
}
