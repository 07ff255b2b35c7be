/** Owns the analysis of one Python text and its upkeep: build, infer, find, each reusing what the text before left. */
import { LineTable } from '../lines';
import type { Grammar } from '../treeSitter';
import { FileBuilder } from './build';
import { importedFiles } from '../inference/importedFiles';
import { Evaluator } from '../inference/evaluator';
import type { Library } from '../inference/library';
import { type FindModule, Modules } from '../inference/modules';
import { type FoundPoint, PointFinder } from '../inference/points';
import { ProgramIndex } from '../inference/programIndex';
import type { FileFacts } from '../inference/syntax';

export interface PythonResult {
  readonly points: readonly FoundPoint[];
  readonly mainGuards: readonly { readonly start: number; readonly end: number }[];
  /** Lines of the text that was parsed. */
  readonly lines: LineTable;
}

export class PythonSource {
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
  analyze(text: string, isCancelled: () => boolean): PythonResult | undefined {
    const facts = this.read(text);
    if (isCancelled()) return undefined;
    const files = [facts, ...importedFiles(facts, this.findModule)];
    this.dependsOnFiles = files.length > 1;
    const index = new ProgramIndex(files);
    const evaluator = new Evaluator(
      this.library,
      index,
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
    return { points, mainGuards, lines: new LineTable(facts.text) };
  }

  /** The facts of the text alone. */
  read(text: string): FileFacts {
    return this.builder.build(text);
  }
}
