/** Owns the analysis of one text and its upkeep: read it into facts, infer, find, each reusing what the text before left. */
import { LineTable } from '../lines';
import { Evaluator } from './evaluator';
import { importedFiles } from './importedFiles';
import type { Library } from './library';
import { type FindModule, Modules } from './modules';
import { type FoundPoint, PointFinder } from './points';
import { ProgramIndex } from './programIndex';
import type { FileFacts } from './syntax';

/** What a language makes of a text; what did not change since the text before is taken from there. */
export interface FactsBuilder {
  build(text: string): FileFacts;
}

export interface TextResult {
  readonly points: readonly FoundPoint[];
  readonly mainGuards: readonly { readonly start: number; readonly end: number }[];
  /** Lines of the text that was parsed. */
  readonly lines: LineTable;
}

export class TextAnalyzer {
  private readonly builder: FactsBuilder;
  private readonly library: Library;
  private readonly findModule: FindModule;
  /** Files of the workspace had a say in the last result. */
  dependsOnFiles = false;

  constructor(builder: FactsBuilder, library: Library, findModule: FindModule) {
    this.builder = builder;
    this.library = library;
    this.findModule = findModule;
  }

  /** Undefined when cancelled on the way; the next call starts from where this one was. */
  analyze(text: string, isCancelled: () => boolean): TextResult | undefined {
    const facts = this.builder.build(text);
    if (isCancelled()) return undefined;
    const files = [facts, ...importedFiles(facts, this.findModule)];
    this.dependsOnFiles = files.length > 1;
    const index = new ProgramIndex(files);
    const modules = new Modules(this.library, files, this.findModule);
    const evaluator = new Evaluator(this.library, index, modules);
    evaluator.containers.prepare();
    if (isCancelled()) return undefined;
    const points = new PointFinder(evaluator).find(facts, isCancelled);
    if (!points) return undefined;
    const mainGuards = facts.units.flatMap(({ base, mainGuards: guards }) =>
      guards.map(({ start, end }) => ({ start: start + base, end: end + base })),
    );
    return { points, mainGuards, lines: new LineTable(facts.text) };
  }
}
