/** Owns the question "does this call start an async function of this file?", by name: enough to tell whose promise a call returns. */
import type { AnyNode, CallExpression, Program } from 'acorn';
import { simple } from 'acorn-walk';

export class AsyncNames {
  private readonly functions = new Set<string>();
  private readonly methods = new Set<string>();

  constructor(program: Program) {
    simple(program, {
      FunctionDeclaration: node => {
        if (node.async && !node.generator && node.id) this.functions.add(node.id.name);
      },
      VariableDeclarator: node => {
        if (node.id.type === 'Identifier' && isAsync(node.init)) this.functions.add(node.id.name);
      },
      MethodDefinition: node => {
        if (isAsync(node.value) && node.key.type === 'Identifier') this.methods.add(node.key.name);
      },
      Property: node => {
        if (isAsync(node.value) && node.key.type === 'Identifier') this.methods.add(node.key.name);
      },
    });
  }

  /** Also `items.map(f)` with an async `f`: the array holds the promises of the calls, in order. */
  isAsyncCall(node: CallExpression): boolean {
    const { callee } = node;
    if (callee.type === 'Identifier') return this.functions.has(callee.name);
    if (isAsync(callee)) return true;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
    if (callee.property.name === 'map') return this.takesAsync(node);
    return this.methods.has(callee.property.name);
  }

  private takesAsync(node: CallExpression): boolean {
    const first = node.arguments[0];
    if (first?.type === 'Identifier') return this.functions.has(first.name);
    if (first?.type === 'ArrowFunctionExpression' && first.body.type === 'CallExpression') {
      return isAsync(first) || this.isAsyncCall(first.body);
    }
    return isAsync(first);
  }
}

function isAsync(node: AnyNode | null | undefined): boolean {
  return (
    (node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression') &&
    node.async &&
    !node.generator
  );
}
