/** Owns the analysis of one JavaScript or TypeScript text: statements that did not change are taken from the text before. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { LineTable } from '../lines';
import { type Grammar, namedChildrenOf, parse, typeOf } from '../treeSitter';
import { Evaluator } from '../inference/evaluator';
import type { Library } from '../inference/library';
import { Modules } from '../inference/modules';
import { type FoundPoint, PointFinder } from '../inference/points';
import { ProgramIndex } from '../inference/programIndex';
import { Block, type FileFacts, Scope, Unit } from '../inference/syntax';
import { JavaScriptBuilder } from './buildJavaScript';

export interface JavaScriptResult {
  readonly points: readonly FoundPoint[];
  readonly lines: LineTable;
}

export class JavaScriptSource {
  readonly dependsOnFiles = false;
  private readonly grammar: Grammar;
  private readonly library: Library;
  private readonly facts: FileFacts;
  private readonly block = new Block(null, false);
  private cache = new Map<string, Unit[]>();

  constructor(grammar: Grammar, library: Library) {
    this.grammar = grammar;
    this.library = library;
    this.facts = {
      units: [],
      module: new Scope('module', null),
      path: '',
      starImports: [],
      text: '',
    };
  }

  analyze(text: string, isCancelled: () => boolean): JavaScriptResult | undefined {
    this.build(text);
    if (isCancelled()) return undefined;
    const { facts, library } = this;
    const index = new ProgramIndex([facts]);
    const evaluator = new Evaluator(library, index, new Modules(library, [facts], () => undefined));
    evaluator.containers.prepare();
    const points = new PointFinder(evaluator).find(facts, isCancelled);
    return points && { points, lines: new LineTable(text) };
  }

  private build(text: string): void {
    const { facts } = this;
    const tree = parse(this.grammar, text);
    const next = new Map<string, Unit[]>();
    const units: Unit[] = [];
    facts.module.bindings.clear();
    facts.text = text;
    for (const node of tree ? namedChildrenOf(tree.rootNode) : []) {
      if (typeOf(node, this.grammar.types) === 'comment') continue;
      const key = text.slice(node.startIndex, node.endIndex);
      const isSound = !node.hasError;
      const unit = (isSound ? this.cache.get(key)?.pop() : undefined) ?? this.unit(node, text);
      unit.base = node.startIndex;
      units.push(unit);
      if (isSound) next.set(key, [...(next.get(key) ?? []), unit]);
      for (const { scope, binding } of unit.contributions) scope.bind(binding);
    }
    tree?.delete();
    facts.units = units;
    this.cache = next;
  }

  private unit(node: Node, text: string): Unit {
    const unit = new Unit(this.facts);
    const { module } = this.facts;
    const builder = new JavaScriptBuilder(this.grammar.types, unit, text, module, node.startIndex);
    builder.statement(node, module, this.block);
    return unit;
  }
}
