/** Owns the question whether a fence without a language is Python: only where its text leaves no doubt. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { type Grammar, namedChildrenOf, Patience } from '../treeSitter';

/** Words of other languages that also read as Python. */
const OTHER_LANGUAGE =
  /;[ \t]*$|^\s*(?:\$ |#include|\/\/)|\b(?:console\.log|require\(|document\.|System\.out)|=>/m;
const KNOWN_ROOTS = new Set([
  'threading',
  'time',
  'queue',
  'asyncio',
  'multiprocessing',
  'subprocess',
  'concurrent',
  'os',
  'sys',
  'self',
  'print',
  'input',
]);

export function isSurelyPython(text: string, grammar: Grammar): boolean {
  if (text.trim() === '' || OTHER_LANGUAGE.test(text)) return false;
  const tree = new Patience(text.length).parse(grammar, text);
  if (!tree) return false;
  try {
    const evidence = new Evidence(grammar, text);
    evidence.read(tree.rootNode);
    if (!tree.rootNode.hasError) return evidence.isPython;
    // A slip of the pen in a program is still a program.
    return evidence.errorLines <= 1 && evidence.hasImport && evidence.hasDefinition;
  } finally {
    tree.delete();
  }
}

class Evidence {
  private readonly grammar: Grammar;
  private readonly text: string;
  private readonly bound = new Set<string>();
  hasImport = false;
  hasDefinition = false;
  isPython = false;
  errorLines = 0;

  constructor(grammar: Grammar, text: string) {
    this.grammar = grammar;
    this.text = text;
  }

  read(root: Node): void {
    for (const node of namedChildrenOf(root)) this.statement(node);
  }

  private statement(node: Node): void {
    const type = this.typeOf(node);
    if (type === 'ERROR' || node.hasError) {
      this.errorLines += node.endPosition.row - node.startPosition.row + 1;
      return;
    }
    if (type === 'import_statement' || type === 'import_from_statement')
      this.hasImport = this.isPython = true;
    else if (
      type === 'function_definition' ||
      type === 'class_definition' ||
      type === 'decorated_definition'
    ) {
      this.hasDefinition = this.isPython = true;
    } else if (/^(?:for|with|while|try)_statement$/.test(type)) this.isPython = true;
    else if (type === 'if_statement') this.read(node);
    else if (type === 'block' || type === 'expression_statement')
      for (const part of namedChildrenOf(node)) this.statement(part);
    else if (type === 'assignment') this.assignment(node);
    else if (type === 'call') this.call(node);
    else if (type === 'await') this.isPython = true;
  }

  private assignment(node: Node): void {
    const parts = namedChildrenOf(node);
    const [target] = parts;
    const value = parts.at(-1);
    if (target && this.typeOf(target) === 'identifier') this.bound.add(this.textOf(target));
    if (value && value !== target && this.typeOf(value) === 'call' && /=/.test(this.textOf(node)))
      this.isPython = true;
  }

  /** A lone call proves little: what it calls must be bound here or be a name every reader knows. */
  private call(node: Node): void {
    const root = /^[\w]+/.exec(this.textOf(node))?.[0] ?? '';
    if (this.bound.has(root) || KNOWN_ROOTS.has(root)) this.isPython = true;
  }

  private typeOf(node: Node): string {
    return this.grammar.types[node.typeId] ?? 'ERROR';
  }

  private textOf(node: Node): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }
}
