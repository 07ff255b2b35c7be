/** Owns the question whether Python code does nothing but define: notes like to show a function without its call. */

/** A statement that makes names and runs nothing of the person's; also the end of one that takes several lines. */
const DEFINING = /^(?:import\b|from\b|(?:async\s+)?def\b|class\b|[@#)\]}]|"""|''')/;
const FUNCTION = /^(?:(?:async\s+)?def|class)\b/;

/** True only without doubt: a line that could be anything else, such as one within a long string, makes it false. */
export function onlyDefines(code: string): boolean {
  const lines = code.split(/\r?\n/).filter(line => line.trim() !== '');
  const indent = /^\s*/.exec(lines.find(line => !/^\s*#/.test(line)) ?? '')?.[0] ?? '';
  const outer = lines
    .filter(line => !/^\s/.test(line.slice(indent.length)) || !line.startsWith(indent))
    .map(line => line.trimStart());
  return outer.some(line => FUNCTION.test(line)) && outer.every(line => DEFINING.test(line));
}
