/** Owns what an expression can evaluate to, as far as waiting depends on it. No value at all means: unknown. */
import type { LibClass, LibFunction } from './library';
import type { CallExpr, ClassInfo, Expr, FileFacts, FunctionInfo } from './syntax';

export type Values = readonly Value[];
export const UNKNOWN: Values = [];

export interface Instance {
  readonly k: 'instance';
  readonly cls: LibClass;
  /** What it was made of: a future of what. */
  readonly of: Values;
  /** The call that made it. */
  readonly at: CallExpr | null;
}
export interface UserInstance {
  readonly k: 'object';
  readonly cls: ClassInfo;
  readonly at: CallExpr | null;
}

export type Value =
  | Instance
  | UserInstance
  | { readonly k: 'class'; readonly cls: LibClass }
  | { readonly k: 'user-class'; readonly cls: ClassInfo }
  | { readonly k: 'function'; readonly fn: FunctionInfo; readonly self: Value | null }
  | { readonly k: 'builtin'; readonly name: string }
  | { readonly k: 'lib'; readonly fn: LibFunction; readonly self: Value | null }
  | { readonly k: 'container-method'; readonly name: string; readonly self: Value }
  | { readonly k: 'partial'; readonly call: CallExpr; readonly fn: Values }
  | { readonly k: 'module'; readonly name: string }
  | { readonly k: 'file'; readonly facts: FileFacts }
  /** A list, set or dict of the text; what it holds is looked up by its place. */
  | { readonly k: 'container'; readonly at: Expr; readonly shape: 'list' | 'set' | 'dict' }
  | {
      readonly k: 'tuple';
      readonly items: readonly Values[];
      readonly names?: readonly string[];
      readonly at: Expr | null;
    }
  /** Anything that gives `of` turn by turn; `over` are the iterables it draws from. */
  | { readonly k: 'iter'; readonly of: Values; readonly over: Values; readonly isAsync: boolean }
  | { readonly k: 'mapping'; readonly of: Values }
  | {
      readonly k: 'awaitable';
      readonly of: Values;
      readonly fn: LibFunction | null;
      readonly call: CallExpr | null;
    }
  | { readonly k: 'super'; readonly cls: ClassInfo; readonly self: Value }
  /** Known, and of no interest: text, numbers, what some other library made. */
  | { readonly k: 'plain' }
  | { readonly k: 'foreign'; readonly name: string };

export const PLAIN: Value = { k: 'plain' };
export const PLAIN_ONLY: Values = [PLAIN];

/** Unions stay small; what does not fit is of no use to a person either. */
const MOST_VALUES = 12;

export function join(...sets: Values[]): Values {
  let only: Values | undefined;
  let all: Value[] | undefined;
  for (const set of sets) {
    if (set.length === 0) continue;
    if (!only) only = set;
    else {
      all ??= [...only];
      for (const value of set)
        if (all.length < MOST_VALUES && !all.some(known => isSame(known, value))) all.push(value);
    }
  }
  return all ?? only ?? UNKNOWN;
}

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.k !== b.k) return false;
  switch (a.k) {
    case 'instance':
      return b.k === 'instance' && a.cls === b.cls && a.at === b.at && a.of === b.of;
    case 'object':
      return b.k === 'object' && a.cls === b.cls && a.at === b.at;
    case 'function':
      return b.k === 'function' && a.fn === b.fn && a.self === b.self;
    case 'class':
      return b.k === 'class' && a.cls === b.cls;
    case 'user-class':
      return b.k === 'user-class' && a.cls === b.cls;
    case 'module':
      return b.k === 'module' && a.name === b.name;
    case 'container':
      return b.k === 'container' && a.at === b.at;
    case 'plain':
      return true;
    default:
      return false;
  }
}

/** A call with the names of the parameters its arguments are for. */
export interface CallSite {
  readonly expr: CallExpr;
  readonly params: readonly string[];
  /** The first argument is the object: `Thread.join(t)`. */
  readonly isSelfGiven: boolean;
}
