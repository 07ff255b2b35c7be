/**
 * Owns the text of a Python program made from a part of a document. Nothing moves: an indented part is put under an
 * `if True:` on the line above it rather than dedented, so that columns and multi-line strings stay what they are.
 */
import { inEnglish, type Translate } from '../../base/translate';
import { keepLines, type LaidOutProgram, type SnippetText } from '../snippetText';
import { findMissingImports } from './missingImports';
import { onlyDefines } from './onlyDefines';

export function layOutPython(snippet: SnippetText, say: Translate = inEnglish): LaidOutProgram {
  const defines = say(
    'The snippet only defines functions or classes and uses none of them, so nothing happens. Add a call to see it run.',
  );
  if (!snippet.lines) {
    const { text } = snippet;
    return { text: declareUtf8(text), notes: onlyDefines(text) ? [defines] : [] };
  }
  const notes: string[] = [];
  let lines = keepLines(snippet.text, snippet.lines);
  const first = snippet.lines.first - 1;
  if (snippet.isEmbedded) lines = stripQuoteMarks(lines, first);
  if (lines.slice(first).some(line => PROMPT.test(line))) {
    lines = stripPrompts(lines, first);
    notes.push(
      say('The snippet is a console session: its prompts and printed results were left out.'),
    );
  }
  const code = lines.slice(first).join('\n');
  // They need a line above, which a selection from the very first line does not have; nothing may come before the future.
  const hasRoom = first > 0 && !hasFutureImport(lines.slice(first));
  const imports = hasRoom ? findMissingImports(code) : [];
  if (imports.length > 0) notes.push(noteOnImports(imports, say));
  if (onlyDefines(code)) notes.push(defines);
  return { text: assemble(lines, first, imports), notes };
}

/** Puts the added imports and the block that carries an indented part on the blank lines before it. */
function assemble(lines: readonly string[], first: number, imports: readonly string[]): string {
  const added = imports.map(name => `import ${name}`).join('; ');
  const indent = commonIndent(lines.slice(first));
  const out = [...lines];
  let free = first - 1;
  // `from __future__` must come first in its file, and a block holds at least one statement.
  const canNest = indent !== '' && free >= (added ? 1 : 0) && !hasFutureImport(lines.slice(first));
  if (canNest) {
    out[free] = withEnd('if True:', out[free]);
    free -= 1;
  } else if (indent !== '') {
    for (let index = first; index < out.length; index += 1) {
      const line = out[index] ?? '';
      out[index] = line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
    }
  }
  if (added && free >= 0) out[free] = withEnd(added, out[free]);
  else if (added) out[first] = `${added}; ${out[first] ?? ''}`;
  return out.join('\n');
}

function withEnd(text: string, blank: string | undefined): string {
  return blank === '\r' ? `${text}\r` : text;
}

function isCode(line: string): boolean {
  return !/^\s*(#.*)?$/.test(line);
}

/** The indent of the first statement, if no later statement stands further left. */
function commonIndent(lines: readonly string[]): string {
  const code = lines.filter(isCode);
  const indent = /^[ \t\f]*/.exec(code[0] ?? '')?.[0] ?? '';
  return indent;
}

function hasFutureImport(lines: readonly string[]): boolean {
  return lines.some(line => /^\s*from\s+__future__\s+import\b/.test(line));
}

/** `> code` of a fence inside a quotation: each mark becomes a blank. */
function stripQuoteMarks(lines: readonly string[], first: number): string[] {
  const part = lines.slice(first).filter(line => line.trim() !== '');
  if (part.length === 0 || !part.every(line => /^\s{0,3}>/.test(line))) return [...lines];
  return lines.map((line, index) =>
    index < first ? line : line.replace(/^(?:\s{0,3}>)+/, marks => ' '.repeat(marks.length)),
  );
}

const PROMPT = /^\s*>>>(?: |\r?$)/;
const CONTINUATION = /^\s*\.\.\.(?: |\r?$)/;

/** Prompts become blanks of the same width; what the interpreter printed goes. */
function stripPrompts(lines: readonly string[], first: number): string[] {
  let isInStatement = false;
  return lines.map((line, index) => {
    if (index < first) return line;
    const isPrompt = PROMPT.test(line);
    if (!isPrompt && !(isInStatement && CONTINUATION.test(line))) {
      isInStatement = false;
      return line.endsWith('\r') ? '\r' : '';
    }
    isInStatement = true;
    return line.replace(/>>>|\.\.\./, '   ');
  });
}

/** The text is written as UTF-8, whatever the file on disk was: its declaration must say so. */
function declareUtf8(text: string): string {
  const lines = text.split('\n');
  for (let index = 0; index < Math.min(2, lines.length); index += 1) {
    const line = lines[index] ?? '';
    if (!/^[ \t\f\uFEFF]*(#|\r?$)/.test(line)) break;
    lines[index] = line.replace(/^([ \t\f\uFEFF]*#.*?coding[:=][ \t]*)[-\w.]+/, '$1utf-8');
  }
  return lines.join('\n');
}

function noteOnImports(names: readonly string[], say: Translate): string {
  const uses = names.reduce((before, name) => say('{0} and {1}', before, name));
  return names.length === 1
    ? say(
        'The snippet uses {0} without importing it: an import of {0} was added for this run.',
        uses,
      )
    : say(
        'The snippet uses {0} without importing them: imports of {0} were added for this run.',
        uses,
      );
}
