/** Owns the way in: loads the grammars and the library tables once, and opens documents with them. */
import { createJavaScriptLibrary } from './javascript/tables';
import { type DocumentAnalysis, OpenDocument, type OpenOptions, type Tools } from './openDocument';
import { createPythonLibrary } from './python/tables';
import { type LoadWasm, loadGrammar, startTreeSitter } from './treeSitter';

export type { DocumentAnalysis, OpenOptions } from './openDocument';

export interface Analyzer {
  /** `languageId` as VS Code names it. An unknown language has neither points nor snippets. */
  open(languageId: string, text: string, options?: OpenOptions): DocumentAnalysis;
}

/** `load` gives the bytes of a wasm file by its name; all of them lie in one folder of the bundle. */
export async function createAnalyzer(load: LoadWasm): Promise<Analyzer> {
  await startTreeSitter(load);
  const [python, javascript, typescript] = await Promise.all([
    loadGrammar(load, 'tree-sitter-python.wasm'),
    loadGrammar(load, 'tree-sitter-tsx.wasm'),
    loadGrammar(load, 'tree-sitter-typescript.wasm'),
  ]);
  const scripts = createJavaScriptLibrary();
  const tools: Tools = {
    python: { grammar: python, library: createPythonLibrary() },
    javascript: { grammar: javascript, library: scripts },
    typescript: { grammar: typescript, library: scripts },
  };
  return {
    open: (languageId, text, options) => new OpenDocument(tools, languageId, text, options ?? {}),
  };
}
