/** Owns what JavaScript files take from each other and give away: imports and exports. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { EXPORTED, EXPORTS_ALL } from '../inference/modules';
import type { Block, Expr, Scope } from '../inference/syntax';
import { childrenOf } from '../treeSitter';
import { PatternBuilder } from './buildPatterns';
import { nameExpr } from '../inference/expressions';

/** Name of a module as the library tables write it: `node:timers/promises` is `timers_promises`. */
export const moduleName = (specifier: string): string =>
  specifier.startsWith('.') ? specifier : specifier.replace(/^node:/, '').replaceAll(/\W/g, '_');

export abstract class ModuleBuilder extends PatternBuilder {
  abstract statement(node: Node, scope: Scope, block: Block): void;

  protected importStatement(node: Node, scope: Scope, block: Block): void {
    const parts = this.parts(node);
    const clause = parts.find(part => /^import_(?:require_)?clause$/.test(this.typeOf(part)));
    const module = this.moduleIn(parts) ?? this.moduleIn(clause ? this.parts(clause) : []);
    if (module === undefined || !clause) return;
    const isRequire = this.typeOf(clause) === 'import_require_clause';
    const at = this.at(node);
    const bind = (name: string, member: string | null): void =>
      this.bind(scope, name, { kind: 'import', ...at, module, member }, at.end, block);
    for (const part of this.parts(clause)) {
      const type = this.typeOf(part);
      if (type === 'identifier') bind(this.textOf(part), isRequire ? null : 'default');
      else if (type === 'namespace_import') {
        const [name] = this.parts(part);
        if (name) bind(this.textOf(name), null);
      } else if (type === 'named_imports') {
        for (const specifier of this.parts(part)) {
          const names = this.parts(specifier);
          const [name] = names;
          const alias = names.at(-1);
          if (name && alias) bind(this.textOf(alias), this.textOf(name));
        }
      }
    }
  }

  private moduleIn(parts: readonly Node[]): string | undefined {
    const source = parts.find(part => this.typeOf(part) === 'string');
    return source && moduleName(this.textOf(source).slice(1, -1));
  }

  protected exportStatement(node: Node, scope: Scope, block: Block): void {
    const at = this.at(node);
    const parts = this.parts(node);
    const words = childrenOf(node).map(child => this.typeOf(child));
    const module = this.moduleIn(parts);
    const give = (name: string, value: Expr): void =>
      this.bind(scope, EXPORTED + name, value, at.end, block);
    const isDefault = words.includes('default');
    const whole = words.includes('=') ? EXPORTS_ALL : undefined;
    if (module !== undefined && words.includes('*')) this.unit.starImports.push(module);
    for (const part of parts) {
      const type = this.typeOf(part);
      if (type === 'export_clause') this.exportClause(part, module, scope, block);
      else if (type === 'namespace_export' && module !== undefined) {
        const [name] = this.parts(part);
        if (name) give(this.textOf(name), { kind: 'import', ...at, module, member: null });
      } else if (type.endsWith('_declaration')) {
        this.statement(part, scope, block);
        const name = isDefault ? this.declared(part) : undefined;
        if (name !== undefined) give('default', nameExpr(at, name, scope, block));
      } else if (type !== 'string' && type !== 'decorator') {
        const value = this.expr(part, scope, block);
        if (whole !== undefined) this.bind(scope, whole, value, at.end, block);
        else if (isDefault) give('default', value);
      }
    }
  }

  /** `export { a, b as c }`, of this file or of another. */
  private exportClause(clause: Node, module: string | undefined, scope: Scope, block: Block): void {
    for (const specifier of this.parts(clause)) {
      const names = this.parts(specifier);
      const [name] = names;
      const alias = names.at(-1);
      if (!name || !alias) continue;
      const at = this.at(specifier);
      const member = this.textOf(name);
      const value: Expr =
        module === undefined
          ? nameExpr(at, member, scope, block)
          : { kind: 'import', ...at, module, member };
      this.bind(scope, EXPORTED + this.textOf(alias), value, at.end, block);
    }
  }

  private declared(node: Node): string | undefined {
    const name = this.parts(node).find(part => this.typeOf(part).endsWith('identifier'));
    return name && this.textOf(name);
  }
}
