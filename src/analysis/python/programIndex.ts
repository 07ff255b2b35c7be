/** Owns the look-ups over all units of a file that inference asks for: who calls, who mentions, who assigns. */
import { PUTS, SPREADS } from './putNames';
import type {
  AttrAssign,
  CallExpr,
  ClassInfo,
  Expr,
  Extension,
  FileFacts,
  SubAssign,
  Unit,
} from './syntax';

export interface Put {
  readonly object: Expr;
  readonly name: string;
  readonly call: CallExpr;
}

export class ProgramIndex {
  /** Calls by the last name of what is called. */
  readonly callsOf = new Map<string, CallExpr[]>();
  /** Calls by the last name of an argument that could be a function. */
  readonly mentions = new Map<string, CallExpr[]>();
  readonly attrAssigns = new Map<string, AttrAssign[]>();
  readonly subAssigns: SubAssign[] = [];
  readonly extensions: Extension[] = [];
  readonly puts: Put[] = [];
  private readonly classes: ClassInfo[] = [];

  constructor(files: readonly FileFacts[]) {
    for (const file of files) for (const unit of file.units) this.add(unit);
  }

  private add(unit: Unit): void {
    for (const call of unit.calls) {
      const name = lastName(call.fn);
      if (name !== null) push(this.callsOf, name, call);
      if (call.fn.kind === 'attr' && (PUTS.has(call.fn.name) || SPREADS.has(call.fn.name))) {
        this.puts.push({ object: call.fn.object, name: call.fn.name, call });
      }
      for (const { value } of call.args) {
        const mentioned = lastName(value);
        if (mentioned !== null) push(this.mentions, mentioned, call);
      }
    }
    for (const assign of unit.attrAssigns) push(this.attrAssigns, assign.name, assign);
    this.classes.push(...unit.classes);
    this.subAssigns.push(...unit.subAssigns);
    this.extensions.push(...unit.extensions);
  }

  /** Names under which the class or a class derived from it is called. */
  classNames(
    cls: ClassInfo,
    evaluator: { readonly members: { orderOf(cls: ClassInfo): { classes: readonly ClassInfo[] } } },
  ): Set<string> {
    const names = new Set([cls.name, 'cls']);
    for (const other of this.classes)
      if (evaluator.members.orderOf(other).classes.includes(cls)) names.add(other.name);
    return names;
  }
}

export function lastName(expr: Expr): string | null {
  if (expr.kind === 'name') return expr.id;
  return expr.kind === 'attr' ? expr.name : null;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
