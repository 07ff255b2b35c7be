/**
 * Owns the analysis of documents: which languages there are, which parts of a document are in them, and the upkeep of the
 * wait points and snippets as the text changes. What it says depends on the text alone, never on the way it was typed.
 */
import { splitLines } from './lines';
import { findFences, languageOfInfo, withoutPrompts } from './markdown';
import { createLibrary } from './python/tables';
import type { Library } from './python/library';
import { PythonSource } from './python/pythonSource';
import { isSurelyPython } from './python/pythonFence';
import { type ReadFile, WorkspaceModules } from './python/workspaceModules';
import { rangeIn, type Region, wholeRegion } from './region';
import { type Grammar, type LoadWasm, loadGrammar, startTreeSitter } from './treeSitter';
import type { Snippet, SourceAnalysis, TextEdit, WaitPoint } from './waitPoint';

export interface OpenOptions {
  /** Path of the document, with `/`: what imports of the workspace are relative to. */
  readonly path?: string;
  readonly readFile?: ReadFile;
  /** Texts of the notebook's earlier cells, in order: what they define holds in this one. */
  readonly earlierCells?: readonly string[];
}

/** Asked now and then during an analysis; true ends it and leaves the analysis as it was. */
export type IsCancelled = () => boolean;

export interface DocumentAnalysis {
  readonly analysis: SourceAnalysis;
  /**
   * Brings the analysis up to the new text; false when cancelled, and the next update catches up. The edits are those that
   * led to it; what changed is found by comparing, so a wrong or missing edit does no harm.
   */
  update(edits: readonly TextEdit[], newText: string, isCancelled?: IsCancelled): boolean;
  /** For a notebook cell: the earlier cells have changed. */
  setEarlierCells(texts: readonly string[]): void;
  dispose(): void;
}

export interface Analyzer {
  /** `languageId` as VS Code names it. An unknown language has neither points nor snippets. */
  open(languageId: string, text: string, options?: OpenOptions): DocumentAnalysis;
}

export async function createAnalyzer(load: LoadWasm): Promise<Analyzer> {
  await startTreeSitter(load);
  const python = await loadGrammar(load, 'tree-sitter-python.wasm');
  const tools: Tools = { python, library: createLibrary() };
  return {
    open: (languageId, text, options) => new OpenDocument(tools, languageId, text, options ?? {}),
  };
}

interface Tools {
  readonly python: Grammar;
  readonly library: Library;
}

const NOTHING: SourceAnalysis = { waitPoints: [], snippets: [] };
const NEVER: IsCancelled = () => false;

class OpenDocument implements DocumentAnalysis {
  analysis: SourceAnalysis = NOTHING;
  private readonly tools: Tools;
  private readonly languageId: string;
  private readonly options: OpenOptions;
  private readonly modules: WorkspaceModules;
  private earlierCells: readonly string[];
  private text: string;
  /** One per region, kept by place, so that a region finds what it built again. */
  private sources: PythonSource[] = [];
  private readonly pythonFences = new Map<string, boolean>();

  constructor(tools: Tools, languageId: string, text: string, options: OpenOptions) {
    this.tools = tools;
    this.languageId = languageId;
    this.options = options;
    this.earlierCells = options.earlierCells ?? [];
    this.text = text;
    this.modules = new WorkspaceModules(tools.library, options.readFile, (file, path) => {
      return new PythonSource(tools.python, tools.library, path, this.modules.find).read(file);
    });
    this.refresh(NEVER);
  }

  update(_edits: readonly TextEdit[], newText: string, isCancelled: IsCancelled = NEVER): boolean {
    this.text = newText;
    return this.refresh(isCancelled);
  }

  setEarlierCells(texts: readonly string[]): void {
    this.earlierCells = texts;
    this.refresh(NEVER);
  }

  dispose(): void {
    this.sources = [];
    this.analysis = NOTHING;
  }

  private refresh(isCancelled: IsCancelled): boolean {
    this.modules.begin();
    const snippets: Snippet[] = [];
    const points: WaitPoint[] = [];
    const regions = this.regions(snippets);
    for (const [index, region] of regions.entries()) {
      if (isCancelled()) return false;
      if (!this.region(region, index, points, snippets, isCancelled)) return false;
    }
    this.sources.length = Math.min(this.sources.length, regions.length);
    this.analysis = { waitPoints: points, snippets };
    return true;
  }

  private region(
    region: Region,
    index: number,
    points: WaitPoint[],
    snippets: Snippet[],
    isCancelled: IsCancelled,
  ): boolean {
    const { tools, options } = this;
    const source = (this.sources[index] ??= new PythonSource(
      tools.python,
      tools.library,
      options.path ?? '',
      this.modules.find,
    ));
    const result = source.analyze(region.text, isCancelled);
    if (!result) return false;
    for (const { start, end, kind, target, label, certain } of result.points) {
      if (start >= region.from)
        points.push({ ...rangeIn(region, result.lines, start, end), kind, target, label, certain });
    }
    if (this.languageId === 'python' && this.earlierCells.length === 0) {
      for (const { start, end } of result.mainGuards) {
        const range = rangeIn(region, result.lines, start, end);
        snippets.push({ ...range, kind: 'main-guard', language: 'python', label: '__main__' });
      }
    }
    return true;
  }

  private regions(snippets: Snippet[]): Region[] {
    const { text, languageId } = this;
    if (languageId === 'markdown') return this.fences(snippets);
    if (languageId !== 'python') return [];
    if (this.earlierCells.length > 0) return [this.cell()];
    const lines = splitLines(text);
    const label = this.options.path?.split('/').at(-1) ?? '';
    const endColumn = (lines.at(-1)?.length ?? 0) + 1;
    snippets.push({
      kind: 'file',
      language: 'python',
      label,
      line: 1,
      column: 1,
      endLine: lines.length,
      endColumn,
    });
    return [wholeRegion(text, 'python')];
  }

  /** The cells before it and the cell, as one text of which only the cell's points count. */
  private cell(): Region {
    const before = `${this.earlierCells.map(withoutMagics).join('\n')}\n`;
    const region = wholeRegion(before + withoutMagics(this.text), 'python');
    return { ...region, from: before.length, firstLine: 1 - splitLines(before).length };
  }

  private fences(snippets: Snippet[]): Region[] {
    const regions: Region[] = [];
    const lines = splitLines(this.text);
    for (const found of findFences(lines)) {
      const named = languageOfInfo(found.info);
      if (found.last < found.first) continue;
      const fence =
        (named === 'python' || named === 'none' ? withoutPrompts(found) : undefined) ?? found;
      const isPython = named === 'python' || (named === 'none' && this.isPython(fence.text));
      if (!isPython && named !== 'javascript') continue;
      const language = isPython ? 'python' : 'javascript';
      const endColumn = (lines[found.last]?.length ?? 0) + 1;
      const range = { line: found.first + 1, column: 1, endLine: found.last + 1, endColumn };
      snippets.push({ kind: 'fence', language, label: found.info || language, ...range });
      const { text, first: firstLine, shifts } = fence;
      if (isPython) regions.push({ grammar: 'python', text, firstLine, shifts, from: 0, language });
    }
    return regions;
  }

  /** Remembered by text: most fences stay what they are while one is edited. */
  private isPython(text: string): boolean {
    const known = this.pythonFences.get(text);
    if (known !== undefined) return known;
    if (this.pythonFences.size > 500) this.pythonFences.clear();
    const answer = isSurelyPython(text, this.tools.python);
    this.pythonFences.set(text, answer);
    return answer;
  }
}

/** Lines for the notebook itself (`%timeit`, `!pip`) stand still as `pass`. */
const withoutMagics = (cell: string): string => cell.replaceAll(/^([ \t]*)[%!?].*$/gm, '$1pass');
