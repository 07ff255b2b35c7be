/**
 * Owns the way from the pieces of a text to units: pieces that did not change are taken from the text before, the others are
 * parsed together as long as they stand side by side. What is broken is kept to its own piece, so that a piece reads the same
 * whatever stands beside it.
 */
import type { Node } from '@vscode/tree-sitter-wasm';
import { childrenOf, type Grammar, Patience } from '../treeSitter';
import { type ClassInfo, type FileFacts, Scope, Unit } from './syntax';

export interface Piece {
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

interface Waiting<P> {
  readonly key: string;
  readonly piece: P;
}

export abstract class PieceReader<P extends Piece> {
  readonly facts: FileFacts;
  protected readonly grammar: Grammar;
  protected kept = new Map<string, Unit[]>();
  private next = new Map<string, Unit[]>();
  private units: Unit[] = [];
  protected patience = new Patience(0);

  constructor(grammar: Grammar, path: string) {
    this.grammar = grammar;
    this.facts = { units: [], module: new Scope('module', null), path, starImports: [], text: '' };
  }

  /** What a piece needs in front of it to be parsed by itself. */
  protected abstract prefixOf(piece: P): string;
  /** The statements of a tree that was made of such pieces. */
  protected abstract nodesOf(root: Node, piece: P): Node[];
  protected abstract read(
    nodes: readonly Node[],
    unit: Unit,
    text: string,
    origin: number,
    cls: ClassInfo | null,
  ): void;

  protected begin(text: string): void {
    const { facts } = this;
    this.next = new Map();
    this.units = [];
    facts.module.bindings.clear();
    facts.text = text;
    this.patience = new Patience(text.length);
  }

  protected finish(): FileFacts {
    const { facts, units } = this;
    facts.units = units;
    facts.starImports = units.flatMap(unit => unit.starImports);
    this.kept = this.next;
    return facts;
  }

  protected keyOf({ start, end }: Piece): string {
    return this.facts.text.slice(start, end).trimEnd();
  }

  /** Pieces of one place. */
  protected run(pieces: readonly P[], cls: ClassInfo | null): void {
    let waiting: Waiting<P>[] = [];
    const flush = (): void => {
      this.parsePieces(waiting, cls);
      waiting = [];
    };
    for (const piece of pieces) {
      const key = this.keyOf(piece);
      const known = this.take(key, cls);
      if (!known) {
        const [first] = waiting;
        if (first && this.prefixOf(first.piece) !== this.prefixOf(piece)) flush();
        waiting.push({ key, piece });
        if (piece.end - (waiting[0]?.piece.start ?? 0) > TOGETHER) flush();
        continue;
      }
      flush();
      this.keep(known, key, piece);
    }
    flush();
  }

  private parsePieces(pieces: readonly Waiting<P>[], cls: ClassInfo | null): void {
    const [first] = pieces;
    const last = pieces.at(-1);
    if (!first || !last) return;
    const prefix = this.prefixOf(first.piece);
    const text = prefix + this.facts.text.slice(first.piece.start, last.piece.end);
    const tree = this.patience.parse(this.grammar, text);
    const nodes = tree ? this.nodesOf(tree.rootNode, first.piece) : [];
    const origin = first.piece.start - prefix.length;
    const root = prefix === '' ? tree?.rootNode : undefined;
    const isSound = tree && !tree.rootNode.hasError && keepsToPieces(nodes, pieces, origin);
    const isAlone = pieces.length === 1;
    const broken = isSound || isAlone ? NONE : brokenPieces(root, pieces, origin);
    let next = 0;
    for (const [index, waiting] of pieces.entries()) {
      const { key, piece } = waiting;
      const start = piece.start - first.piece.start;
      const end = piece.end - first.piece.start + prefix.length;
      const from = next;
      while (next < nodes.length && (nodes[next]?.startIndex ?? 0) < end) next++;
      if (broken === 'all' || broken.has(index)) {
        this.parsePieces([waiting], cls);
        continue;
      }
      const unit = new Unit(this.facts);
      unit.memberOf = cls;
      this.read(nodes.slice(from, next), unit, text, start, cls);
      this.keep(unit, key, piece);
    }
    tree?.delete();
  }

  private keep(unit: Unit, key: string, piece: P): void {
    const cls = unit.memberOf;
    unit.base = piece.start - this.prefixOf(piece).length;
    if (cls) for (const fn of unit.functions) if (fn.cls === cls) cls.methods.push(fn);
    const known = this.next.get(key);
    if (known) known.push(unit);
    else this.next.set(key, [unit]);
    this.add(unit);
  }

  protected add(unit: Unit): void {
    this.units.push(unit);
    for (const { scope, binding } of unit.contributions) scope.bind(binding);
  }

  private take(key: string, memberOf: ClassInfo | null): Unit | undefined {
    const known = this.kept.get(key);
    if (!known) return undefined;
    // From the end, so that a thousand equal statements are not moved up a thousand times.
    const at = known.findLastIndex(unit => unit.memberOf === memberOf);
    return at < 0 ? undefined : known.splice(at, 1)[0];
  }
}

/**
 * Characters that are parsed together: the nodes of a tree live until all of it is read, and those of 100,000 lines at once
 * are a fifth of the time it takes to open them. Less at once costs files of usual length more than it spares them.
 */
const TOGETHER = 64_000;

const NONE: ReadonlySet<number> = new Set();

/**
 * Pieces to be parsed by themselves, by their place: those with an error, those that a node reaches into from another one, and their
 * neighbours, since the way around an error can begin before it and end after it. A piece of several statements counts as
 * broken too: the end of a line that was put in between them shows in no node of the tree.
 */
function brokenPieces(
  root: Node | undefined,
  pieces: readonly Waiting<Piece>[],
  origin: number,
): ReadonlySet<number> | 'all' {
  if (!root || root.isError) return 'all';
  const broken = new Set<number>();
  let first = 0;
  let before = -1;
  for (const node of childrenOf(root)) {
    while (first < pieces.length && node.startIndex + origin >= (pieces[first]?.piece.end ?? 0))
      first++;
    const end = node.endIndex + origin;
    let last = first;
    while (last < pieces.length && end > (pieces[last]?.piece.end ?? 0)) last++;
    const isSecond = before === first;
    if (!node.isExtra) before = first;
    if (last === first && !isSecond && !node.hasError) continue;
    for (let at = first - 1; at <= last + 1; at++) broken.add(at);
  }
  return broken;
}

/** The grammars read some half sentences across lines: `from a` with the `import b` of the line after it. */
function keepsToPieces(
  nodes: readonly Node[],
  pieces: readonly Waiting<Piece>[],
  origin: number,
): boolean {
  let at = 0;
  for (const node of nodes) {
    while (at < pieces.length && node.startIndex + origin >= (pieces[at]?.piece.end ?? 0)) at++;
    if (node.endIndex + origin > (pieces[at]?.piece.end ?? 0)) return false;
  }
  return true;
}
