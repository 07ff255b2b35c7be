/** Owns the analysis in the command line: a document's wait points and snippets, from the grammars beside the bundle. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createAnalyzer } from '../analysis/analyzer';
import type { Analyzer } from '../analysis/analyzer';
import type { SourceAnalysis } from '../analysis/waitPoint';
import { languageOf } from './languages';

/** A module of the workspace larger than this says little about the document, and takes long. */
const MOST_MODULE_BYTES = 1_000_000;

export async function analyze(
  file: string,
  text: string,
  distFolder: string,
): Promise<SourceAnalysis> {
  const languageId = languageOf(file);
  if (languageId === null) return { waitPoints: [], snippets: [] };
  const document = (await analyzerIn(distFolder)).open(languageId, text, {
    path: file.replaceAll(path.sep, '/'),
    readFile: readModule,
  });
  const { analysis } = document;
  document.dispose();
  return analysis;
}

let analyzer: Promise<Analyzer> | undefined;

function analyzerIn(distFolder: string): Promise<Analyzer> {
  analyzer ??= createAnalyzer(name => readFile(path.join(distFolder, name)));
  return analyzer;
}

function readModule(file: string): string | undefined {
  if (!existsSync(file) || statSync(file).size > MOST_MODULE_BYTES) return undefined;
  return readFileSync(file, 'utf8');
}
