/** Owns the way from a JavaScript or TypeScript text to `FileFacts`: statement by statement of the file. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { type Piece, PieceReader } from '../inference/pieceReader';
import { Block, type FileFacts, type Unit } from '../inference/syntax';
import { namedChildrenOf } from '../treeSitter';
import { JavaScriptBuilder } from './buildJavaScript';
import { cutStatements } from './cutStatements';

export class JavaScriptFileBuilder extends PieceReader<Piece> {
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
