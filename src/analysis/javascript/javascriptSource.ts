/** Owns the analysis of one JavaScript or TypeScript text and its upkeep: pieces that did not change are taken from the text before. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { LineTable } from '../lines';
import { type Grammar, namedChildrenOf } from '../treeSitter';
import { Evaluator } from '../inference/evaluator';
import type { Library } from '../inference/library';
import { type FindModule, Modules } from '../inference/modules';
import { type Piece, PieceReader } from '../inference/pieceReader';
import { type FoundPoint, PointFinder } from '../inference/points';
import { ProgramIndex } from '../inference/programIndex';
import { Block, type FileFacts, type Unit } from '../inference/syntax';
import { importedFiles } from '../inference/importedFiles';
import { JavaScriptBuilder } from './buildJavaScript';
import { cutStatements } from './cutStatements';

export interface JavaScriptResult {
  readonly points: readonly FoundPoint[];
  readonly lines: LineTable;
}

export class JavaScriptSource {
  private readonly library: Library;
  private readonly findModule: FindModule;
  private readonly builder: FileBuilder;
  /** Files of the workspace had a say in the last result. */
  dependsOnFiles = false;

  constructor(grammar: Grammar, library: Library, path: string, findModule: FindModule) {
    this.library = library;
    this.findModule = findModule;
    this.builder = new FileBuilder(grammar, path);
  }

  /** Undefined when cancelled on the way; the next call starts from where this one was. */
  analyze(text: string, isCancelled: () => boolean): JavaScriptResult | undefined {
    const facts = this.read(text);
    if (isCancelled()) return undefined;
    const files = [facts, ...importedFiles(facts, this.findModule)];
    this.dependsOnFiles = files.length > 1;
    const index = new ProgramIndex(files);
    const modules = new Modules(this.library, files, this.findModule);
    const evaluator = new Evaluator(this.library, index, modules);
    evaluator.containers.prepare();
    if (isCancelled()) return undefined;
    const points = new PointFinder(evaluator).find(facts, isCancelled);
    return points && { points, lines: new LineTable(text) };
  }

  /** The facts of the text alone. */
  read(text: string): FileFacts {
    return this.builder.build(text);
  }
}

class FileBuilder extends PieceReader<Piece> {
  private readonly block = new Block(null, false);

  build(text: string): FileFacts {
    this.begin(text);
    this.run(cutStatements(text), null);
    return this.finish();
  }

  protected prefixOf(): string {
    return '';
  }

  protected nodesOf(root: Node): Node[] {
    return namedChildrenOf(root);
  }

  protected read(nodes: readonly Node[], unit: Unit, text: string, origin: number): void {
    const { module } = this.facts;
    const builder = new JavaScriptBuilder(this.grammar.types, unit, text, module, origin);
    for (const node of nodes) builder.statement(node, module, this.block);
  }
}
