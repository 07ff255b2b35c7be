/** Owns the look-ups over all units of a file that inference asks for: who calls, who mentions, who assigns. */
import { scopeOf } from './flow';
import { PUTS, PUTS_INTO_FIRST, SPREADS } from './putNames';
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

export interface Decorated {
  readonly fn: FunctionInfo;
  readonly by: Expr;
}

export interface Put {
  readonly object: Expr;
  readonly name: string;
  readonly call: CallExpr;
}

/** What starts a function given to it, as far as people write starters of their own around it. */
const RUNNERS = new Set(['Thread', 'Process', 'Timer', 'submit', 'start_new_thread']);

export class ProgramIndex {
  /** Calls by the last name of what is called. */
  readonly callsOf = new Map<string, CallExpr[]>();
  /** Calls by the last name of an argument that could be a function. */
  readonly mentions = new Map<string, CallExpr[]>();
  readonly attrAssigns = new Map<string, AttrAssigns>();
  readonly subAssigns: SubAssign[] = [];
  readonly extensions: Extension[] = [];
  readonly puts: Put[] = [];
  /** Calls of what a variable, a container or another call holds. */
  readonly looseCalls: CallExpr[] = [];
  /** Calls that hand on what a parameter or variable holds as something to run: `Thread(target=fn, args=args)`. */
  readonly looseRuns: CallExpr[] = [];
  /** Calls in all. */
  callCount = 0;
  /** Some file of the program imports asyncio or what is built on it. */
  readonly importsAsyncio: boolean;
  /** Some unit of the program awaits. */
  awaits = false;
  readonly importsMultiprocessing: boolean;
  /** Some file of the program may have things that live in the process of a manager. */
  readonly hasProxies: boolean;
  private readonly classes: ClassInfo[] = [];
  private readonly decorated = new Map<string, Decorated[]>();
  private readonly decoratedByCall: Decorated[] = [];
  private derived: Map<ClassInfo, ClassInfo[]> | undefined;

  constructor(files: readonly FileFacts[]) {
    for (const file of files) for (const unit of file.units) this.add(unit);
    const modules = importedModules(files);
    const imports = (name: RegExp): boolean => modules.some(module => name.test(module));
    this.importsAsyncio = imports(/^(?:asyncio|tornado)\b/);
    this.importsMultiprocessing = imports(/^multiprocessing\b/);
    this.hasProxies = this.callsOf.has('Manager') || imports(/^multiprocessing\.managers\b/);
  }

  private add(unit: Unit): void {
    this.callCount += unit.calls.length;
    if (unit.awaits.length > 0) this.awaits = true;
    for (const call of unit.calls) {
      const { fn } = call;
      const name = lastName(fn);
      if (name !== null) push(this.callsOf, name, call);
      if (isLoose(fn)) this.looseCalls.push(call);
      if (name !== null && RUNNERS.has(name) && call.args.some(arg => isVariable(arg.value)))
        this.looseRuns.push(call);
      if (fn.kind === 'attr' && (PUTS.has(fn.name) || SPREADS.has(fn.name)))
        this.puts.push({ object: fn.object, name: fn.name, call });
      const [list] = call.args;
      if (list && name !== null && PUTS_INTO_FIRST.has(name))
        this.puts.push({ object: list.value, name, call });
      for (const { value } of call.args) {
        const mentioned = lastName(value);
        if (mentioned !== null) push(this.mentions, mentioned, call);
      }
    }
    for (const assign of unit.attrAssigns) this.addAssign(assign);
    for (const cls of unit.classes) this.classes.push(cls);
    for (const fn of unit.functions) this.addDecorators(fn);
    for (const assign of unit.subAssigns) this.subAssigns.push(assign);
    for (const extension of unit.extensions) this.extensions.push(extension);
  }

  private addDecorators(fn: FunctionInfo): void {
    for (const by of fn.decorators) {
      const name = lastName(by);
      if (name !== null) push(this.decorated, name, { fn, by });
      else if (by.kind === 'call') this.decoratedByCall.push({ fn, by });
    }
  }

  /** Functions that another one may decorate: under its name, or, for an inner one, under a call that gives it. */
  decoratedBy(decorator: FunctionInfo): readonly Decorated[] {
    const byName = this.decorated.get(decorator.name) ?? [];
    const isInner = decorator.scope.parent?.kind === 'function';
    return isInner ? [...byName, ...this.decoratedByCall] : byName;
  }

  private addAssign(assign: AttrAssign): void {
    let known = this.attrAssigns.get(assign.name);
    if (!known) this.attrAssigns.set(assign.name, (known = { bySelf: new Map(), others: [] }));
    const cls = selfClass(assign.object);
    if (cls) push(known.bySelf, cls, assign);
    else known.others.push(assign);
  }

  /** The class and all that derive from it. */
  withDerived(
    cls: ClassInfo,
    orderOf: (cls: ClassInfo) => { readonly classes: readonly ClassInfo[] },
  ): readonly ClassInfo[] {
    if (!this.derived) {
      this.derived = new Map();
      for (const one of this.classes) {
        for (const base of orderOf(one).classes) push(this.derived, base, one);
      }
    }
    return this.derived.get(cls) ?? [cls];
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
  if (!fn?.cls || fn.parameters[0]?.name !== object.id) return null;
  if (object.scope.bindings.get(object.id)?.length !== 1) return null;
  return hasNoSelf(fn) ? null : fn.cls;
}

const hasNoSelf = (fn: FunctionInfo): boolean =>
  fn.decorators.some(
    decorator => lastName(decorator) === 'staticmethod' || lastName(decorator) === 'classmethod',
  );

function importedModules(files: readonly FileFacts[]): string[] {
  const names = new Set<string>();
  for (const file of files) {
    for (const bindings of file.module.bindings.values())
      for (const { value } of bindings) if (value.kind === 'import') names.add(value.module);
  }
  return [...names];
}

/** True where what is called is not named by a definition or an import. */
function isLoose(fn: Expr): boolean {
  if (fn.kind === 'sub' || fn.kind === 'call') return true;
  if (fn.kind === 'attr') return fn.object.kind === 'name' && fn.object.id === 'self';
  if (fn.kind !== 'name') return false;
  const bindings = scopeOf(fn)?.bindings.get(fn.id) ?? [];
  return bindings.some(({ value: { kind } }) => {
    return kind !== 'function' && kind !== 'class' && kind !== 'import';
  });
}

/** A name that something other than a definition or an import binds. */
const isVariable = (expr: Expr): boolean => expr.kind === 'name' && isLoose(expr);

export function lastName(expr: Expr): string | null {
  if (expr.kind === 'name') return expr.id;
  return expr.kind === 'attr' ? expr.name : null;
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
