/** Owns which parts of a document are code, in which language, and which of them can be run. */
import { splitLines } from './lines';
import { findFences, languageOfInfo, withoutPrompts } from './markdown';
import { type GrammarName, type Region, wholeRegion } from './region';
import { findScripts } from './scripts';
import type { Snippet } from './waitPoint';

export interface RegionRequest {
  readonly languageId: string;
  readonly text: string;
  readonly path: string;
  readonly earlierCells: readonly string[];
  readonly isPython: (text: string) => boolean;
}

export interface Regions {
  readonly regions: Region[];
  readonly snippets: Snippet[];
}

const JAVASCRIPT_IDS = new Set(['javascript', 'javascriptreact', 'typescriptreact']);
const SCRIPT_IDS = new Set(['html', 'vue', 'svelte', 'astro']);

export function regionsOf(request: RegionRequest): Regions {
  const { languageId } = request;
  if (languageId === 'markdown') return fences(request);
  if (languageId === 'python') return whole(request, 'python');
  if (JAVASCRIPT_IDS.has(languageId)) return whole(request, 'javascript');
  if (languageId === 'typescript') return whole(request, 'typescript');
  if (SCRIPT_IDS.has(languageId)) return scripts(request);
  return { regions: [], snippets: [] };
}

const languageOf = (grammar: GrammarName): Snippet['language'] =>
  grammar === 'python' ? 'python' : 'javascript';

function whole(request: RegionRequest, grammar: GrammarName): Regions {
  const { text, path, earlierCells } = request;
  if (earlierCells.length > 0) return { regions: [cell(request, grammar)], snippets: [] };
  const lines = splitLines(text);
  const endColumn = (lines.at(-1)?.length ?? 0) + 1;
  const range = { line: 1, column: 1, endLine: lines.length, endColumn };
  const label = path.split('/').at(-1) ?? '';
  const snippet: Snippet = { kind: 'file', language: languageOf(grammar), label, ...range };
  return { regions: [wholeRegion(text, grammar)], snippets: [snippet] };
}

/** The cells before it and the cell, as one text of which only the cell's points count. */
function cell(request: RegionRequest, grammar: GrammarName): Region {
  const before = `${request.earlierCells.map(withoutMagics).join('\n')}\n`;
  const region = wholeRegion(before + withoutMagics(request.text), grammar);
  return { ...region, from: before.length, firstLine: 1 - splitLines(before).length };
}

/** Lines for the notebook itself (`%timeit`, `!pip`) stand still as `pass`. */
const withoutMagics = (text: string): string => text.replaceAll(/^([ \t]*)[%!?].*$/gm, '$1pass');

function fences({ text, isPython }: RegionRequest): Regions {
  const regions: Region[] = [];
  const snippets: Snippet[] = [];
  const lines = splitLines(text);
  for (const found of findFences(lines)) {
    const named = languageOfInfo(found.info);
    if (named === 'other' || found.last < found.first) continue;
    const isScript = named === 'javascript' || named === 'typescript';
    const fence = (isScript ? undefined : withoutPrompts(found)) ?? found;
    if (named === 'none' && !isPython(fence.text)) continue;
    const grammar = isScript ? named : 'python';
    const language = languageOf(grammar);
    const endColumn = (lines[found.last]?.length ?? 0) + 1;
    const range = { line: found.first + 1, column: 1, endLine: found.last + 1, endColumn };
    snippets.push({ kind: 'fence', language, label: found.info || language, ...range });
    regions.push({
      grammar,
      text: fence.text,
      firstLine: fence.first,
      shifts: fence.shifts,
      from: 0,
    });
  }
  return { regions, snippets };
}

/** Marked, not run: a page's script needs its page. */
function scripts({ text }: RegionRequest): Regions {
  const regions = findScripts(text).map(({ start, end, isTyped }): Region => {
    const before = splitLines(text.slice(0, start));
    const shift = before.at(-1)?.length ?? 0;
    const firstLine = before.length - 1;
    return {
      grammar: isTyped ? 'typescript' : 'javascript',
      text: text.slice(start, end),
      firstLine,
      shifts: [shift],
      from: 0,
    };
  });
  return { regions, snippets: [] };
}
