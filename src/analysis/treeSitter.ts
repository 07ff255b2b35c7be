/** Owns the loading of tree-sitter and its grammars from bytes that the host hands over, and the parsing of one language. */
import { Language, type Node, Parser, type Tree } from '@vscode/tree-sitter-wasm';

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
  /** Characters parsed so far. */
  parsed: number;
}

export async function loadGrammar(load: LoadWasm, wasmName: string): Promise<Grammar> {
  const language = await Language.load(await load(wasmName));
  const parser = new Parser();
  parser.setLanguage(language);
  return { language, types: language.types, parser, parsed: 0 };
}

/**
 * How long the parser may look for its way through what is broken, for all pieces of one text together: its way around errors
 * can be quadratic. The first bound is in steps of the parser, of which code needs one for 140 characters or so, and depends
 * on the text alone. The clock is for what is no code at all: code takes less than a tenth of it.
 */
export class Patience {
  private leftMs: number;

  constructor(textLength: number) {
    this.leftMs = 300 + textLength / 250;
  }

  /** Undefined for a text that the parser gets lost in. */
  parse(grammar: Grammar, text: string): Tree | undefined {
    if (this.leftMs <= 0) return undefined;
    const mostSteps = 400 + text.length / 50;
    const from = performance.now();
    // The parser itself is compiled as it is used for the first time.
    const until = from + this.leftMs * (grammar.parsed < COLD_CHARACTERS ? 5 : 1);
    let steps = 0;
    const isLost = (): boolean => ++steps > mostSteps || performance.now() > until;
    const tree = grammar.parser.parse(text, null, { progressCallback: isLost });
    grammar.parsed += text.length;
    if (!tree) grammar.parser.reset();
    if (!tree || tree.rootNode.hasError) this.leftMs -= performance.now() - from;
    return tree ?? undefined;
  }
}

const COLD_CHARACTERS = 100_000;

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
