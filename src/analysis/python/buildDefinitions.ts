/** Owns what Python statements define: imports, functions, classes. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { ExpressionBuilder } from './buildExpressions';
import { Block, type ClassInfo, type Expr, Scope } from '../inference/syntax';

export abstract class DefinitionBuilder extends ExpressionBuilder {
  abstract statement(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void;
  protected abstract children(node: Node, scope: Scope, block: Block, cls: ClassInfo | null): void;

  protected imports(node: Node, scope: Scope, block: Block): void {
    const at = this.at(node);
    for (const part of this.parts(node)) {
      const isAlias = this.typeOf(part) === 'aliased_import';
      const [path, alias] = isAlias ? this.parts(part) : [part];
      if (!path) continue;
      const module = this.textOf(path).replaceAll(/\s/g, '');
      if (alias)
        this.bind(
          scope,
          this.textOf(alias),
          { kind: 'import', ...at, module, member: null },
          at.end,
          block,
        );
      else {
        const first = module.split('.', 1)[0] ?? module;
        this.bind(
          scope,
          first,
          { kind: 'import', ...at, module: first, member: null },
          at.end,
          block,
        );
      }
    }
  }

  protected importsFrom(node: Node, scope: Scope, block: Block): void {
    const at = this.at(node);
    const [from, ...names] = this.parts(node);
    if (!from) return;
    const module = this.textOf(from).replaceAll(/\s/g, '');
    for (const part of names) {
      const type = this.typeOf(part);
      if (type === 'wildcard_import') {
        this.unit.starImports.push(module);
        continue;
      }
      const [name, alias] = type === 'aliased_import' ? this.parts(part) : [part, part];
      if (!name || !alias) continue;
      const member = this.textOf(name);
      this.bind(
        scope,
        this.textOf(alias),
        { kind: 'import', ...at, module, member },
        at.end,
        block,
      );
    }
  }

  protected functionDefinition(
    node: Node,
    decorators: readonly Node[],
    outer: Scope,
    block: Block,
    cls: ClassInfo | null,
  ): void {
    let name = '';
    let list: Node | undefined;
    let body: Node | undefined;
    let returned: Node | undefined;
    const isAsync = this.startsWith(node, 'async');
    for (const child of this.parts(node)) {
      const type = this.typeOf(child);
      if (type === 'identifier') name = this.textOf(child);
      else if (type === 'parameters') list = child;
      else if (type === 'type') returned = child;
      else if (type === 'block') body = child;
      else if (type === 'ERROR' && !body) this.statement(child, outer, block, null);
    }
    const at = this.at(node);
    const scope = new Scope('function', outer);
    const fn = this.own({
      name,
      scope,
      cls,
      isAsync,
      decorators: decorators.map(decorator => this.expr(this.parts(decorator)[0], outer, block)),
      parameters: list ? this.parameters(list, outer, block) : [],
      returnType: returned ? this.expr(returned, outer, block) : null,
    });
    // Held from the head on: the body may call the function.
    this.bind(outer, name, { kind: 'function', ...at, fn }, at.start, block);
    const inner = new Block(null, false);
    this.bindParameters(fn, at.start, inner);
    if (body) this.children(body, scope, inner, null);
  }

  /** The head of a class whose body is read by itself. */
  classHead(node: Node, cls: ClassInfo, block: Block): void {
    const type = this.typeOf(node);
    if (type === 'decorated_definition') {
      for (const part of this.parts(node)) {
        if (this.typeOf(part) !== 'decorator') this.classHead(part, cls, block);
        else
          cls.decorators = [...cls.decorators, this.expr(this.parts(part)[0], this.outer, block)];
      }
      return;
    }
    if (type !== 'class_definition') return this.statement(node, this.outer, block, null);
    const at = this.at(node);
    const parts = this.parts(node);
    const name = parts.find(part => this.typeOf(part) === 'identifier');
    const list = parts.find(part => this.typeOf(part) === 'argument_list');
    cls.name = name ? this.textOf(name) : '';
    cls.bases = this.basesOf(list, this.outer, block);
    this.unit.classes.push(cls);
    this.bind(this.outer, cls.name, { kind: 'class', ...at, cls }, at.start, block);
  }

  private basesOf(list: Node | undefined, scope: Scope, block: Block): Expr[] {
    const bases: Expr[] = [];
    for (const part of list ? this.parts(list) : []) {
      const value = this.typeOf(part) === 'keyword_argument' ? this.parts(part)[1] : part;
      const base = this.expr(value, scope, block);
      if (value === part) bases.push(base);
    }
    return bases;
  }

  protected classDefinition(
    node: Node,
    decorators: readonly Node[],
    outer: Scope,
    block: Block,
  ): void {
    const at = this.at(node);
    const parts = this.parts(node);
    const name = parts.find(part => this.typeOf(part) === 'identifier');
    const body = parts.find(part => this.typeOf(part) === 'block');
    const list = parts.find(part => this.typeOf(part) === 'argument_list');
    const cls: ClassInfo = {
      name: name ? this.textOf(name) : '',
      bases: this.basesOf(list, outer, block),
      decorators: decorators.map(decorator => this.expr(this.parts(decorator)[0], outer, block)),
      scope: new Scope('class', outer),
      methods: [],
    };
    this.unit.classes.push(cls);
    this.bind(outer, cls.name, { kind: 'class', ...at, cls }, at.start, block);
    const first = this.unit.functions.length;
    if (body) this.children(body, cls.scope, new Block(block, false), cls);
    for (const fn of this.unit.functions.slice(first)) if (fn.cls === cls) cls.methods.push(fn);
  }
}
