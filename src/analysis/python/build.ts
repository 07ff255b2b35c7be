/** Owns the way from a Python text to `FileFacts`: piece by piece, a class's head and its members by themselves. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { namedChildrenOf, typeOf } from '../treeSitter';
import { PieceReader } from '../inference/pieceReader';
import { Block, type ClassInfo, type FileFacts, Scope, Unit } from '../inference/syntax';
import { StatementBuilder } from './buildStatements';
import { type Chunk, cut } from './chunks';
import { scan } from './scan';

/** An indented piece is parsed as the body of this. */
const BLOCK_HEAD = 'if 1:\n';

/** What a class says before its members. */
interface ClassHead {
  readonly text: string;
  readonly unit: Unit;
}

export class PythonFileBuilder extends PieceReader<Chunk> {
  private readonly block = new Block(null, false);
  private classes = new Set<ClassInfo>();
  private heads = new Map<ClassInfo, ClassHead>();
  private nextHeads = new Map<ClassInfo, ClassHead>();

  build(source: string): FileFacts {
    const { text, statements } = scan(source);
    this.begin(text);
    this.classes = new Set();
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
    this.heads = this.nextHeads;
    this.nextHeads = new Map();
    return this.finish();
  }

  private endOfRun(chunks: readonly Chunk[], from: number, kind: Chunk['kind']): number {
    let at = from;
    while (chunks[at]?.kind === kind) at++;
    return at;
  }

  protected prefixOf(chunk: Chunk): string {
    return chunk.isIndented ? BLOCK_HEAD : '';
  }

  protected nodesOf(root: Node, chunk: Chunk): Node[] {
    const nodes = namedChildrenOf(root);
    return chunk.isIndented ? nodes.flatMap(node => this.inBlock(node)) : nodes;
  }

  private inBlock(node: Node): Node[] {
    if (typeOf(node, this.grammar.types) !== 'if_statement') return [node];
    // The condition is a child too, and says nothing.
    const parts = namedChildrenOf(node).slice(1);
    return parts.flatMap(part =>
      typeOf(part, this.grammar.types) === 'block' ? namedChildrenOf(part) : [part],
    );
  }

  protected read(
    nodes: readonly Node[],
    unit: Unit,
    text: string,
    origin: number,
    cls: ClassInfo | null,
  ): void {
    const scope = cls?.scope ?? this.facts.module;
    const builder = new StatementBuilder(this.grammar.types, unit, text, scope, origin);
    for (const node of nodes) builder.statement(node, scope, this.block, cls);
  }

  /** The class lives on while one of its members does, and with it what its head says while that stays as it is. */
  private classHead(chunks: readonly Chunk[], index: number, after: number): ClassInfo {
    const { module } = this.facts;
    const chunk = chunks[index];
    const cls = this.keptClass(chunks.slice(index + 1, after)) ?? emptyClass(module);
    this.classes.add(cls);
    cls.methods = [];
    cls.scope.bindings.clear();
    if (!chunk) return cls;
    const text = this.keyOf(chunk);
    const known = this.heads.get(cls);
    const head = known?.text === text ? known : { text, unit: this.readHead(text, cls) };
    this.nextHeads.set(cls, head);
    head.unit.base = chunk.start;
    this.add(head.unit);
    return cls;
  }

  private readHead(text: string, cls: ClassInfo): Unit {
    const { module } = this.facts;
    Object.assign(cls, { name: '', bases: [], decorators: [] });
    const unit = new Unit(this.facts);
    const head = `${text}\n  pass`;
    const tree = this.patience.parse(this.grammar, head);
    const builder = new StatementBuilder(this.grammar.types, unit, head, module, 0);
    for (const node of tree ? namedChildrenOf(tree.rootNode) : []) {
      builder.classHead(node, cls, this.block);
    }
    tree?.delete();
    return unit;
  }

  private keptClass(members: readonly Chunk[]): ClassInfo | undefined {
    for (const member of members) {
      const known = this.kept.get(this.keyOf(member));
      const unit = known?.find(one => one.memberOf && !this.classes.has(one.memberOf));
      if (unit?.memberOf) return unit.memberOf;
    }
    return undefined;
  }
}

function emptyClass(module: Scope): ClassInfo {
  return { name: '', bases: [], decorators: [], methods: [], scope: new Scope('class', module) };
}
