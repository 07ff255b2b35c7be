/** Owns the loading of tree-sitter and its grammars from bytes that the host hands over, and the parsing of one language. */
import { Language, type Node, Parser } from '@vscode/tree-sitter-wasm';

export type LoadWasm = (wasmName: string) => Promise<Uint8Array>;

// The wasm runtime is one per process inside the library itself; a second start would orphan the first one's trees.
let started: Promise<void> | undefined;

export async function startTreeSitter(load: LoadWasm): Promise<void> {
  started ??= load('tree-sitter.wasm').then(wasmBinary => {
    const options = { wasmBinary, locateFile: (file: string) => file };
    return Parser.init(options);
  });
  try {
    await started;
  } catch (problem) {
    started = undefined;
    throw problem;
  }
}

/** A language with its node types as strings by number, which spares a call into wasm for each node. */
export interface Grammar {
  readonly language: Language;
  readonly types: readonly string[];
  readonly parser: Parser;
}

export async function loadGrammar(load: LoadWasm, wasmName: string): Promise<Grammar> {
  const language = await Language.load(await load(wasmName));
  const parser = new Parser();
  parser.setLanguage(language);
  return { language, types: language.types, parser };
}

// The library types children as nullable, which they are only for a node of another tree.
const areNodes = (nodes: (Node | null)[]): nodes is Node[] => nodes.length > 0;

export function childrenOf(node: Node): Node[] {
  const nodes = node.children;
  return areNodes(nodes) ? nodes : [];
}

export function namedChildrenOf(node: Node): Node[] {
  const nodes = node.namedChildren;
  return areNodes(nodes) ? nodes : [];
}

/** Type of a node as text, asked of wasm once. */
export function typeOf(node: Node, types: readonly string[]): string {
  const known = node as Node & { typeText?: string };
  return (known.typeText ??= types[node.typeId] ?? 'ERROR');
}
