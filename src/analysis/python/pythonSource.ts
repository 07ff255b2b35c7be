/** Owns the analysis of one Python text and its upkeep: parse, build, infer, each reusing what the text before left. */
import type { Tree } from '@vscode/tree-sitter-wasm';
import { LineTable, spliceBetween } from '../lines';
import type { Grammar } from '../treeSitter';
import { FileBuilder } from './build';
import { Evaluator } from './evaluator';
import type { Library } from './library';
import { mend } from './mend';
import { type FindModule, Modules } from './modules';
import { type FoundPoint, PointFinder } from './points';
import { ProgramIndex } from './programIndex';
import type { FileFacts } from './syntax';

export interface PythonResult {
  readonly points: readonly FoundPoint[];
  readonly mainGuards: readonly { readonly start: number; readonly end: number }[];
  /** Lines of the text that was parsed. */
  readonly lines: LineTable;
}

export class PythonSource {
  private readonly grammar: Grammar;
  private readonly library: Library;
  private readonly findModule: FindModule;
  private readonly builder: FileBuilder;
  private tree: Tree | undefined;
  private parsed = '';

  constructor(grammar: Grammar, library: Library, path: string, findModule: FindModule) {
    this.grammar = grammar;
    this.library = library;
    this.findModule = findModule;
    this.builder = new FileBuilder(grammar.types, path);
  }

  /** Undefined when cancelled on the way; the next call starts from where this one was. */
  analyze(text: string, isCancelled: () => boolean): PythonResult | undefined {
    const facts = this.read(text, isCancelled);
    if (!facts) return undefined;
    const files = [facts, ...this.importedFiles(facts)];
    const evaluator = new Evaluator(
      this.library,
      new ProgramIndex(files),
      new Modules(this.library, files, this.findModule),
    );
    evaluator.containers.prepare();
    if (isCancelled()) return undefined;
    const points = new PointFinder(evaluator).find(facts, isCancelled);
    if (!points) return undefined;
    const mainGuards = facts.units.flatMap(unit =>
      unit.mainGuards.map(guard => ({
        start: guard.start + unit.base,
        end: guard.end + unit.base,
      })),
    );
    return { points, mainGuards, lines: new LineTable(this.parsed) };
  }

  /** The facts of the text alone. */
  read(text: string, isCancelled: () => boolean = () => false): FileFacts | undefined {
    const mended = mend(text);
    const tree = this.parse(mended);
    if (!tree || isCancelled()) return undefined;
    return this.builder.build(tree.rootNode, mended);
  }

  dispose(): void {
    this.tree?.delete();
    this.tree = undefined;
  }

  private parse(text: string): Tree | undefined {
    const old = this.tree;
    const splice = spliceBetween(this.parsed, text);
    if (old && !splice) return old;
    if (old && splice) {
      const before = new LineTable(this.parsed);
      const after = new LineTable(text);
      const point = (table: LineTable, offset: number): { row: number; column: number } => {
        const row = table.lineAt(offset);
        return { row, column: offset - table.startOf(row) };
      };
      old.edit({
        startIndex: splice.start,
        oldEndIndex: splice.oldEnd,
        newEndIndex: splice.newEnd,
        startPosition: point(before, splice.start),
        oldEndPosition: point(before, splice.oldEnd),
        newEndPosition: point(after, splice.newEnd),
      });
    }
    let tree = this.grammar.parser.parse(text, old);
    // How the parser gets over an error depends on what it reuses; read from scratch it depends on the text alone.
    if (tree && old && tree.rootNode.hasError) {
      tree.delete();
      tree = this.grammar.parser.parse(text);
    }
    old?.delete();
    this.tree = tree ?? undefined;
    this.parsed = tree ? text : '';
    return this.tree;
  }

  /** Files of the workspace that the text imports, and what they import, as far as the host's bound goes. */
  private importedFiles(facts: FileFacts): FileFacts[] {
    const found: FileFacts[] = [];
    const visit = (file: FileFacts): void => {
      for (const name of importsOf(file)) {
        const imported = this.findModule(name, file);
        if (imported && imported !== facts && !found.includes(imported)) {
          found.push(imported);
          visit(imported);
        }
      }
    };
    visit(facts);
    return found;
  }
}

function importsOf(file: FileFacts): Set<string> {
  const names = new Set(file.starImports);
  for (const unit of file.units) {
    for (const { binding } of unit.contributions) {
      const { value } = binding;
      if (value.kind !== 'import') continue;
      names.add(value.module);
      if (value.member !== null)
        names.add(
          value.module.endsWith('.')
            ? value.module + value.member
            : `${value.module}.${value.member}`,
        );
    }
  }
  return names;
}
