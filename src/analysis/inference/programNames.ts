/** Owns how the program of a command is called: `ls` of `["ls", "-l"]`, `"ls -l"`, `["ls"] + more` and `"ls {}".format(x)`. */
import type { Expr } from './syntax';

/** Undefined where the text says nothing; `source` gives the text of an expression. */
export function programOf(command: Expr, source: (expr: Expr) => string): string | undefined {
  switch (command.kind) {
    case 'list':
    case 'tuple': {
      const [first] = command.items;
      if (first?.kind === 'text') return withoutMarks(first.value);
      const named = first?.kind === 'star' ? first.value : first;
      return named && programOf(named, source);
    }
    case 'text':
      return withoutMarks(command.value.trim().split(/\s/, 1)[0] ?? '');
    case 'attr':
      return command.name === 'executable' ? 'python' : source(command);
    case 'name':
    case 'sub':
      return source(command);
    case 'number':
      return command.value === -1 ? 'any child' : String(command.value);
    case 'plus':
      return programOf(command.left, source);
    case 'call': {
      const { fn, args } = command;
      if (fn.kind !== 'attr') return undefined;
      // `"ls {}".format(x)` and `cmd.split()` are of their object, `shlex.split(cmd)` is of its argument.
      const isOfObject = fn.object.kind === 'text' || args.length === 0;
      const inner = isOfObject ? fn.object : fn.name === 'split' ? args[0]?.value : undefined;
      return inner && programOf(inner, source);
    }
    default:
      return undefined;
  }
}

const isQuote = (letter: string | undefined): boolean => letter === '"' || letter === "'";

/** Without quotes around it; a placeholder of a formatted text reads as what stands in it. */
function withoutMarks(word: string): string | undefined {
  let start = 0;
  let end = word.length;
  while (start < end && isQuote(word[start])) start++;
  while (end > start && isQuote(word[end - 1])) end--;
  return word.slice(start, end).replace(/^\{([\w.]+)\}$/, '$1') || undefined;
}
