/**
 * Owns the making of the expressions that every text is full of. Their fields are written one by one: copying a place into each
 * with `...at` is a twentieth of what it takes to open a file.
 */
import type { Arg, AttrExpr, Block, CallExpr, Expr, ExprBase, NameExpr, Scope } from './syntax';

/** Where an expression stands. */
export interface Place extends ExprBase {
  readonly noted: null;
}

export const nameExpr = (
  { unit, start, end }: Place,
  id: string,
  scope: Scope,
  block: Block,
): NameExpr => ({ kind: 'name', unit, start, end, noted: null, id, scope, block });

export const attrExpr = (
  { unit, start, end }: Place,
  object: Expr,
  name: string,
  nameStart: number,
): AttrExpr => ({ kind: 'attr', unit, start, end, noted: null, object, name, nameStart });

export const callExpr = (
  { unit, start, end }: Place,
  fn: Expr,
  args: readonly Arg[],
): CallExpr => ({ kind: 'call', unit, start, end, noted: null, fn, args, awaited: false });

export const textExpr = ({ unit, start, end }: Place, value: string): Expr => ({
  kind: 'text',
  unit,
  start,
  end,
  noted: null,
  value,
});

export const numberExpr = ({ unit, start, end }: Place, value: number): Expr => ({
  kind: 'number',
  unit,
  start,
  end,
  noted: null,
  value,
});

export const constantExpr = (
  { unit, start, end }: Place,
  value: 'None' | 'True' | 'False',
): Expr => ({ kind: 'constant', unit, start, end, noted: null, value });

/** Something that inference has no use for. */
export const otherExpr = ({ unit, start, end }: Place): Expr => ({
  kind: 'other',
  unit,
  start,
  end,
  noted: null,
});
