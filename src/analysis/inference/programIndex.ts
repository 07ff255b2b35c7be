/** Owns the look-ups over all units of a file that inference asks for: who calls, who mentions, who assigns. */
import { PUTS, SPREADS } from './putNames';
import type {
  AttrAssign,
  CallExpr,
  ClassInfo,
  Expr,
  Extension,
  FileFacts,
  FunctionInfo,
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
  readonly attrAssigns = new Map<string, AttrAssigns>();
  readonly subAssigns: SubAssign[] = [];
  readonly extensions: Extension[] = [];
  readonly puts: Put[] = [];
  private readonly classes: ClassInfo[] = [];
  private readonly decorated: { readonly fn: FunctionInfo; readonly by: readonly Expr[] }[] = [];

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
    for (const assign of unit.attrAssigns) this.addAssign(assign);
    this.classes.push(...unit.classes);
    for (const fn of unit.functions) {
      if (fn.decorators.length > 0) this.decorated.push({ fn, by: fn.decorators });
    }
    this.subAssigns.push(...unit.subAssigns);
    this.extensions.push(...unit.extensions);
  }

  /** Functions under a decorator of this name; one with arguments can be any function that it gives. */
  decoratedBy(
    name: string,
  ): readonly { readonly fn: FunctionInfo; readonly by: readonly Expr[] }[] {
    return this.decorated.filter(({ by }) =>
      by.some(decorator => decorator.kind === 'call' || lastName(decorator) === name),
    );
  }

  private addAssign(assign: AttrAssign): void {
    let known = this.attrAssigns.get(assign.name);
    if (!known) this.attrAssigns.set(assign.name, (known = { bySelf: new Map(), others: [] }));
    const cls = selfClass(assign.object);
    if (cls) push(known.bySelf, cls, assign);
    else known.others.push(assign);
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

/** Assignments to one attribute name: those to `self` by class, so that a common name costs its class only. */
export interface AttrAssigns {
  readonly bySelf: Map<ClassInfo, AttrAssign[]>;
  readonly others: AttrAssign[];
}

/** The class of `self` in one of its methods. */
function selfClass(object: Expr): ClassInfo | null {
  if (object.kind !== 'name') return null;
  const { fn } = object.scope;
  const [bindings] = [object.scope.bindings.get(object.id)];
  if (!fn?.cls || fn.parameters[0]?.name !== object.id || bindings?.length !== 1) return null;
  return hasNoSelf(fn) ? null : fn.cls;
}

const hasNoSelf = (fn: FunctionInfo): boolean =>
  fn.decorators.some(
    decorator => lastName(decorator) === 'staticmethod' || lastName(decorator) === 'classmethod',
  );

export function lastName(expr: Expr): string | null {
  if (expr.kind === 'name') return expr.id;
  return expr.kind === 'attr' ? expr.name : null;
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
