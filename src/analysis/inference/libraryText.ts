/** Owns the reading of the lines of library tables; their language is told in library.ts. */
import { WAIT_KINDS, type WaitKind } from '../../trace/format';
import type { Condition, LibFunction, RunSpec, TypeSpec } from './library';

const RUN_WAYS = ['with', 'given', 'over', 'spread', 'self', 'awaited', 'giving'] as const;

export const splitNames = (text: string): string[] =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);

/** `[async] [def] name(params) !kind -> type unless a=b if c bounded d for e runs ...`, in any order after the parameters. */
export function parseFunction(line: string): LibFunction {
  const head = /^(async )?(?:def )?((?:\([a-z ]+\))|[\w.]+)\(([^)]*)\)(.*)$/.exec(line);
  if (!head?.[2]) throw new Error(`A library table has a line that cannot be read: ${line}`);
  let rest = head[4] ?? '';
  const take = (pattern: RegExp): string | null => {
    const match = pattern.exec(rest);
    if (!match) return null;
    rest = rest.replace(match[0], ' ');
    return match[1] ?? '';
  };
  const runs: RunSpec[] = [];
  for (
    let run = take(/ runs ([^!]+?)(?= !| ->| runs|$)/);
    run;
    run = take(/ runs ([^!]+?)(?= !| ->| runs|$)/)
  )
    runs.push(parseRun(run));
  const conditions: Condition[] = [];
  for (let text = take(/ (unless \w+=[\w.]+)/); text; text = take(/ (unless \w+=[\w.]+)/)) {
    const [arg, value] = text.slice(7).split('=');
    if (arg) conditions.push({ negated: true, arg, value: value ?? null });
  }
  for (let text = take(/ if (\w+)/); text; text = take(/ if (\w+)/))
    conditions.push({ negated: false, arg: text, value: null });
  const like = take(/ like (\w+)/);
  const cases = parseCases(take(/ case (\w+(?: \w+=\w+)+)/));
  const wait = take(/ !(\w+)/);
  const returns = take(/ -> (.+?)(?= bounded| for |$)/);
  return {
    name: head[2],
    params: splitNames(head[3] ?? ''),
    isAsync: head[1] !== undefined,
    wait: wait === null ? null : waitKind(wait),
    returns: returns === null ? null : parseType(returns.trim()),
    conditions,
    bounded: take(/ bounded (\w+)/),
    label: take(/ for (\w+)/),
    runs,
    cases,
    like,
  };
}

function parseCases(text: string | null): LibFunction['cases'] {
  if (text === null) return null;
  const [arg = '', ...pairs] = text.split(' ');
  const kinds = new Map<string, WaitKind>();
  for (const pair of pairs) {
    const [value = '', kind = ''] = pair.split('=');
    kinds.set(value, waitKind(kind));
  }
  return { arg, kinds };
}

export function parseRun(text: string): RunSpec {
  const [fn = '', word = 'given', ...args] = text.trim().split(/\s+/);
  const how = RUN_WAYS.find(way => way === word);
  if (!how) throw new Error(`A library table runs "${fn}" in a way that is not known: ${word}`);
  return { fn, how, args };
}

const WORDS = ['self', 'of', 'elem', 'plain'] as const;
const ARGUMENT_WORDS = ['arg', 'elements', 'result', 'awaited', 'awaits'] as const;

function waitKind(text: string): WaitKind {
  const kind = WAIT_KINDS.find(one => one === text);
  if (!kind) throw new Error(`A library table has a wait kind that is not known: ${text}`);
  return kind;
}

/**
 * `threading.Thread`, `Cls[T]`, `list[T]`, `iter[T]`, `dict[T]`, `await[T]`, `(A, B)`, `(a=A, b=B)`, `self`, `of` (what the object was made
 * of), `elem` (what was put into it), `plain`, `arg:x`, `elements:x`, `result:f` (what calling f gives), `awaited:x`,
 * `awaits:x` (what awaiting each element gives), `module:m`, `type:C` (the class itself).
 */
export function parseType(text: string): TypeSpec {
  const trimmed = text.trim();
  const whole = WORDS.find(one => one === trimmed);
  if (whole) return { k: whole };
  if (trimmed.startsWith('(')) return parseTuple(splitTypes(trimmed.slice(1, -1)));
  const [prefix, rest] = trimmed.split(':');
  const argument = ARGUMENT_WORDS.find(one => one === prefix);
  if (argument && rest) return { k: argument, arg: rest };
  if ((prefix === 'module' || prefix === 'type') && rest) return { k: prefix, name: rest };
  const generic = /^([\w.]+)\[(.*)\]$/.exec(trimmed);
  if (!generic?.[1]) return { k: 'class', name: trimmed, of: null };
  const of = parseType(generic[2] ?? '');
  const name = generic[1];
  if (name === 'list' || name === 'iter' || name === 'dict' || name === 'await')
    return { k: name, of };
  return { k: 'class', name, of };
}

function parseTuple(parts: readonly string[]): TypeSpec {
  const pairs = parts.map(part => /^\s*(?:(\w+)=)?(.*)$/.exec(part));
  const names = pairs.flatMap(pair => pair?.[1] ?? []);
  return { k: 'tuple', items: pairs.map(pair => parseType(pair?.[2] ?? '')), names };
}

function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '[' || char === '(') depth++;
    else if (char === ']' || char === ')') depth--;
    else if ((char === ',' && depth === 0) || at === text.length) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return parts;
}
