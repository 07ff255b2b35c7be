/**
 * Owns the analysis of one open document and its upkeep as the text changes. What it says depends on the text alone, never on
 * the way it was typed.
 */
import type { Library } from './inference/library';
import { type FactsBuilder, TextAnalyzer, type TextResult } from './inference/textAnalyzer';
import { JavaScriptFileBuilder } from './javascript/build';
import { PythonFileBuilder } from './python/build';
import { isSurelyPython } from './python/pythonFence';
import { type GrammarName, rangeIn, type Region } from './region';
import { regionsOf } from './regions';
import type { Grammar } from './treeSitter';
import type { Snippet, SourceAnalysis, WaitPoint } from './waitPoint';
import {
  javascriptCandidates,
  pythonCandidates,
  type ReadFile,
  WorkspaceModules,
} from './workspaceModules';

export interface OpenOptions {
  /** Path of the document, with `/`: what imports of the workspace are relative to. */
  readonly path?: string;
  readonly readFile?: ReadFile;
  /** Texts of the notebook's earlier cells, in order: what they define holds in this one. */
  readonly earlierCells?: readonly string[];
}

/** Asked now and then during an analysis; true ends it and leaves the analysis as it was. */
export type IsCancelled = () => boolean;

export interface UpdateOptions {
  /** For a notebook cell: those above it are other ones now. */
  readonly earlierCells?: readonly string[];
  readonly isCancelled?: IsCancelled;
}

export interface DocumentAnalysis {
  readonly analysis: SourceAnalysis;
  /**
   * Brings the analysis up to the new text; false when cancelled, and the next update catches up. What changed is found by
   * comparing, so that several edits are one update.
   */
  update(newText: string, options?: UpdateOptions): boolean;
  dispose(): void;
}

interface LanguageTools {
  readonly grammar: Grammar;
  readonly library: Library;
}

export type Tools = Readonly<Record<GrammarName, LanguageTools>>;

interface Source {
  readonly grammar: GrammarName;
  text: string | undefined;
  analyze(text: string, isCancelled: IsCancelled): TextResult | undefined;
}

const NOTHING: SourceAnalysis = { waitPoints: [], snippets: [] };
const NEVER: IsCancelled = () => false;
const MOST_FENCES_KEPT = 500;

export class OpenDocument implements DocumentAnalysis {
  analysis: SourceAnalysis = NOTHING;
  private readonly tools: Tools;
  private readonly languageId: string;
  private readonly path: string;
  private readonly modules: {
    readonly python: WorkspaceModules;
    readonly javascript: WorkspaceModules;
  };
  private earlierCells: readonly string[];
  private text: string;
  private sources: Source[] = [];
  private readonly pythonFences = new Map<string, boolean>();

  constructor(tools: Tools, languageId: string, text: string, options: OpenOptions) {
    this.tools = tools;
    this.languageId = languageId;
    this.path = options.path ?? '';
    this.earlierCells = options.earlierCells ?? [];
    this.text = text;
    const { python, javascript } = tools;
    const { readFile } = options;
    this.modules = {
      python: new WorkspaceModules(python.library, pythonCandidates, readFile, (file, at) =>
        this.builderFor('python', at).build(file),
      ),
      javascript: new WorkspaceModules(
        javascript.library,
        javascriptCandidates,
        readFile,
        (file, at) => this.builderFor(grammarOfFile(at), at).build(file),
      ),
    };
    this.refresh(NEVER);
  }

  update(newText: string, { earlierCells, isCancelled = NEVER }: UpdateOptions = {}): boolean {
    this.text = newText;
    this.earlierCells = earlierCells ?? this.earlierCells;
    return this.refresh(isCancelled);
  }

  dispose(): void {
    this.sources = [];
    this.analysis = NOTHING;
  }

  private refresh(isCancelled: IsCancelled): boolean {
    this.modules.python.begin();
    this.modules.javascript.begin();
    const { languageId, text, path, earlierCells } = this;
    const { regions, snippets } = regionsOf({
      languageId,
      text,
      path,
      earlierCells,
      isPython: fence => this.isPython(fence),
    });
    const points: WaitPoint[] = [];
    this.sources = this.sourcesFor(regions);
    for (const [index, region] of regions.entries()) {
      const result = isCancelled()
        ? undefined
        : this.sources[index]?.analyze(region.text, isCancelled);
      if (!result) return false;
      addPoints(points, region, result);
      if (languageId === 'python') addMainGuards(snippets, region, result);
    }
    this.analysis = { waitPoints: points, snippets };
    return true;
  }

  /** Each region goes on with the source that had its text, else with one that nobody else wants. */
  private sourcesFor(regions: readonly Region[]): Source[] {
    const free = new Set(this.sources);
    const take = (isFit: (source: Source) => boolean): Source | undefined => {
      for (const source of free) {
        if (!isFit(source)) continue;
        free.delete(source);
        return source;
      }
      return undefined;
    };
    const same = regions.map(({ grammar, text }) =>
      take(source => source.grammar === grammar && source.text === text),
    );
    return regions.map(({ grammar }, index) => {
      return same[index] ?? take(source => source.grammar === grammar) ?? this.newSource(grammar);
    });
  }

  private newSource(language: GrammarName): Source {
    const { python, javascript } = this.modules;
    const { find } = language === 'python' ? python : javascript;
    const { library } = this.tools[language];
    return new KeptSource(
      language,
      new TextAnalyzer(this.builderFor(language, this.path), library, find),
    );
  }

  private builderFor(language: GrammarName, path: string): FactsBuilder {
    const { grammar } = this.tools[language];
    return language === 'python'
      ? new PythonFileBuilder(grammar, path)
      : new JavaScriptFileBuilder(grammar, path);
  }

  /** Remembered by text: most fences stay what they are while one is edited. */
  private isPython(text: string): boolean {
    const known = this.pythonFences.get(text);
    if (known !== undefined) return known;
    if (this.pythonFences.size > MOST_FENCES_KEPT) this.pythonFences.clear();
    const answer = isSurelyPython(text, this.tools.python.grammar);
    this.pythonFences.set(text, answer);
    return answer;
  }
}

/** `<T>x` is a cast in one and a tag in the other. */
const grammarOfFile = (path: string): GrammarName =>
  /\.[mc]?ts$/.test(path) ? 'typescript' : 'javascript';

/** Answers for the text it had before without looking again, unless files of the workspace have a say in it. */
class KeptSource implements Source {
  readonly grammar: GrammarName;
  text: string | undefined;
  private readonly analyzer: TextAnalyzer;
  private result: TextResult | undefined;

  constructor(grammar: GrammarName, analyzer: TextAnalyzer) {
    this.grammar = grammar;
    this.analyzer = analyzer;
  }

  analyze(text: string, isCancelled: IsCancelled): TextResult | undefined {
    const isKnown = this.text === text && this.result && !this.analyzer.dependsOnFiles;
    if (!isKnown) {
      this.result = this.analyzer.analyze(text, isCancelled);
      this.text = this.result ? text : undefined;
    }
    return this.result;
  }
}

function addPoints(points: WaitPoint[], region: Region, result: TextResult): void {
  for (const { start, end, ...found } of result.points) {
    if (start < region.from) continue;
    points.push({ ...rangeIn(region, result.lines, start, end), ...found });
  }
}

function addMainGuards(snippets: Snippet[], region: Region, result: TextResult): void {
  for (const { start, end } of result.mainGuards) {
    if (start < region.from) continue;
    const range = rangeIn(region, result.lines, start, end);
    snippets.push({ ...range, kind: 'main-guard', language: 'python', label: '__main__' });
  }
}
