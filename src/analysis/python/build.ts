/** Owns the way from a Python text to `FileFacts`: piece by piece, taking what did not change from the text before. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { type Grammar, namedChildrenOf, parse, typeOf } from '../treeSitter';
import { StatementBuilder } from './buildStatements';
import { type Chunk, cut } from './chunks';
import { scan } from './scan';
import { Block, type ClassInfo, type FileFacts, Scope, Unit } from '../inference/syntax';

/** An indented piece is parsed as the body of this. */
const BLOCK_HEAD = 'if 1:\n';

export class FileBuilder {
  readonly facts: FileFacts;
  private readonly grammar: Grammar;
  private readonly block = new Block(null, false);
  private cache = new Map<string, Unit[]>();
  private next = new Map<string, Unit[]>();
  private units: Unit[] = [];
  private classes = new Set<ClassInfo>();

  constructor(grammar: Grammar, path: string) {
    this.grammar = grammar;
    this.facts = { units: [], module: new Scope('module', null), path, starImports: [], text: '' };
  }

  build(source: string): FileFacts {
    const { facts } = this;
    const { text, statements } = scan(source);
    this.next = new Map();
    this.units = [];
    this.classes = new Set();
    facts.module.bindings.clear();
    facts.text = text;
    const chunks = cut(statements, text.length);
    for (let at = 0; at < chunks.length;) {
      if (chunks[at]?.kind === 'class-head') {
        const after = this.endOfRun(chunks, at + 1, 'member');
        const cls = this.classHead(chunks, at, after);
        this.run(chunks.slice(at + 1, after), cls);
        at = after;
      } else {
        const after = this.endOfRun(chunks, at, 'statement');
        this.run(chunks.slice(at, after), null);
        at = after;
      }
    }
    facts.units = this.units;
    facts.starImports = this.units.flatMap(unit => unit.starImports);
    this.cache = this.next;
    return facts;
  }

  private endOfRun(chunks: readonly Chunk[], from: number, kind: Chunk['kind']): number {
    let at = from;
    while (chunks[at]?.kind === kind) at++;
    return at;
  }

  /** Pieces of one place; those not known yet are parsed together as long as they stand side by side. */
  private run(chunks: readonly Chunk[], cls: ClassInfo | null): void {
    let waiting: Piece[] = [];
    const flush = (): void => {
      this.parsePieces(waiting, cls);
      waiting = [];
    };
    for (const chunk of chunks) {
      const key = this.facts.text.slice(chunk.start, chunk.end).trimEnd();
      const known = this.take(key, cls);
      if (!known) {
        if (waiting.length > 0 && waiting[0]?.chunk.isIndented !== chunk.isIndented) flush();
        waiting.push({ key, chunk });
        continue;
      }
      flush();
      this.keep(known, key, chunk);
    }
    flush();
  }

  private parsePieces(pieces: readonly Piece[], cls: ClassInfo | null): void {
    const [first] = pieces;
    const last = pieces.at(-1);
    if (!first || !last) return;
    const prefix = first.chunk.isIndented ? BLOCK_HEAD : '';
    const text = prefix + this.facts.text.slice(first.chunk.start, last.chunk.end);
    const tree = parse(this.grammar, text);
    const nodes = tree ? this.topNodes(tree.rootNode, first.chunk.isIndented) : [];
    // What is broken is kept to its own piece, and reads the same whatever stands beside it.
    const origin = first.chunk.start - prefix.length;
    const isSound = tree && !tree.rootNode.hasError && keepsToPieces(nodes, pieces, origin);
    if (pieces.length > 1 && !isSound) {
      tree?.delete();
      for (const piece of pieces) this.parsePieces([piece], cls);
      return;
    }
    let next = 0;
    for (const { key, chunk } of pieces) {
      const start = chunk.start - first.chunk.start;
      const end = chunk.end - first.chunk.start + prefix.length;
      const unit = new Unit(this.facts);
      unit.memberOf = cls;
      const scope = cls?.scope ?? this.facts.module;
      const builder = new StatementBuilder(this.grammar.types, unit, text, scope, start);
      for (let node = nodes[next]; node && node.startIndex < end; node = nodes[++next]) {
        builder.statement(node, scope, this.block, cls);
      }
      this.keep(unit, key, chunk);
    }
    tree?.delete();
  }

  private topNodes(root: Node, isIndented: boolean): Node[] {
    const nodes = namedChildrenOf(root);
    return isIndented ? nodes.flatMap(node => this.inBlock(node)) : nodes;
  }

  private inBlock(node: Node): Node[] {
    if (typeOf(node, this.grammar.types) !== 'if_statement') return [node];
    // The condition is a child too, and says nothing.
    const parts = namedChildrenOf(node).slice(1);
    return parts.flatMap(part =>
      typeOf(part, this.grammar.types) === 'block' ? namedChildrenOf(part) : [part],
    );
  }

  private keep(unit: Unit, key: string, chunk: Chunk): void {
    const cls = unit.memberOf;
    unit.base = chunk.isIndented ? chunk.start - BLOCK_HEAD.length : chunk.start;
    if (cls) for (const fn of unit.functions) if (fn.cls === cls) cls.methods.push(fn);
    const kept = this.next.get(key);
    if (kept) kept.push(unit);
    else this.next.set(key, [unit]);
    this.add(unit);
  }

  private add(unit: Unit): void {
    this.units.push(unit);
    for (const { scope, binding } of unit.contributions) scope.bind(binding);
  }

  private take(key: string, memberOf: ClassInfo | null): Unit | undefined {
    const kept = this.cache.get(key);
    if (!kept) return undefined;
    // From the end, so that a thousand equal statements are not moved up a thousand times.
    const at = kept.findLastIndex(unit => unit.memberOf === memberOf);
    return at < 0 ? undefined : kept.splice(at, 1)[0];
  }

  /** The head is read anew each time; the class itself lives on while one of its members does. */
  private classHead(chunks: readonly Chunk[], index: number, after: number): ClassInfo {
    const { module, text } = this.facts;
    const chunk = chunks[index];
    const cls = this.keptClass(chunks.slice(index + 1, after)) ?? emptyClass(module);
    this.classes.add(cls);
    Object.assign(cls, { name: '', bases: [], decorators: [], methods: [] });
    cls.scope.bindings.clear();
    const unit = new Unit(this.facts);
    if (!chunk) return cls;
    unit.base = chunk.start;
    const head = `${text.slice(chunk.start, chunk.end).trimEnd()}\n  pass`;
    const tree = parse(this.grammar, head);
    const builder = new StatementBuilder(this.grammar.types, unit, head, module, 0);
    for (const node of tree ? namedChildrenOf(tree.rootNode) : []) {
      builder.classHead(node, cls, this.block);
    }
    tree?.delete();
    this.add(unit);
    return cls;
  }

  private keptClass(members: readonly Chunk[]): ClassInfo | undefined {
    for (const { start, end } of members) {
      const kept = this.cache.get(this.facts.text.slice(start, end).trimEnd());
      const unit = kept?.find(one => one.memberOf && !this.classes.has(one.memberOf));
      if (unit?.memberOf) return unit.memberOf;
    }
    return undefined;
  }
}

/** The grammar reads some half sentences across lines: `from a` with the `import b` of the line after it. */
function keepsToPieces(nodes: readonly Node[], pieces: readonly Piece[], origin: number): boolean {
  let at = 0;
  for (const node of nodes) {
    while (at < pieces.length && node.startIndex + origin >= (pieces[at]?.chunk.end ?? 0)) at++;
    if (node.endIndex + origin > (pieces[at]?.chunk.end ?? 0)) return false;
  }
  return true;
}

interface Piece {
  readonly key: string;
  readonly chunk: Chunk;
}

function emptyClass(module: Scope): ClassInfo {
  return { name: '', bases: [], decorators: [], methods: [], scope: new Scope('class', module) };
}
