/** Owns the question whether a call of something that waits does wait, and how: by its arguments and by how its object was made. */
import type { WaitKind } from '../../trace/format';
import type { Evaluator } from './evaluator';
import type { LibFunction } from './library';
import { lastName } from './programIndex';
import type { CallExpr, Expr, FunctionInfo, Scope } from './syntax';
import type { CallSite, UserInstance, Value, Values } from './values';

export interface Rule {
  readonly fn: LibFunction;
  readonly self: Value | null;
  readonly kind: WaitKind;
}

/** Where sockets are told not to block, by the call that made them. */
type NonBlocking = ReadonlyMap<CallExpr, readonly CallExpr[]>;

export class WaitRules {
  private readonly evaluator: Evaluator;
  private nonBlocking: NonBlocking | undefined;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  of(callee: Value): Rule | undefined {
    if (callee.k === 'lib' && callee.fn.wait && !callee.fn.isAsync) {
      return { fn: callee.fn, self: callee.self, kind: callee.fn.wait };
    }
    if (callee.k === 'instance') {
      const method = this.evaluator.library.method(callee.cls, '__call__');
      if (method?.wait && !method.isAsync) return { fn: method, self: callee, kind: method.wait };
    }
    if (callee.k === 'partial') {
      for (const inner of callee.fn) {
        const rule = this.of(inner);
        if (rule) return rule;
      }
    }
    return undefined;
  }

  /** The kind of wait of a call under a rule; undefined where these arguments, or this object, make it not wait. */
  kind(rule: Rule, call: CallExpr, callees: Values): WaitKind | undefined {
    if (!this.waits(rule.fn, rule.self, call, callees)) return undefined;
    const { fn } = rule;
    const cases = fn.like === null ? fn.cases : this.casesLike(fn, call);
    if (!cases) return rule.kind;
    const arg = fn.like === null ? cases.arg : (fn.params[1] ?? '');
    const given = this.evaluator.parameters.expressionOf(
      { expr: call, params: fn.params, isSelfGiven: false },
      arg,
    );
    if (given?.kind !== 'text') return fn.like === null ? undefined : rule.kind;
    return cases.kinds.get(given.value) ?? (fn.like === null ? undefined : rule.kind);
  }

  /** What `worker.on` says of "exit" holds for `once(worker, "exit")`. */
  private casesLike(fn: LibFunction, call: CallExpr): LibFunction['cases'] {
    const site: CallSite = { expr: call, params: fn.params, isSelfGiven: false };
    const given = this.evaluator.parameters.argumentOf(site, fn.like ?? '');
    for (const value of given?.values ?? []) {
      for (const cls of this.evaluator.members.librariesOf(value)) {
        const on = this.evaluator.library.method(cls, 'on');
        if (on?.cases) return on.cases;
      }
    }
    return null;
  }

  private waits(fn: LibFunction, self: Value | null, call: CallExpr, callees: Values): boolean {
    const isSelfGiven = self === null && !fn.name.includes('.');
    const site: CallSite = { expr: call, params: fn.params, isSelfGiven };
    const { parameters } = this.evaluator;
    for (const condition of fn.conditions) {
      const given = parameters.expressionOf(site, condition.arg);
      if (
        condition.negated ? given && isValue(given, condition.value) : !given || isValue(given, '0')
      )
        return false;
    }
    // A thread's `join` takes at most a timeout: one more argument and it is another `join`.
    const positional = call.args.filter(arg => arg.name === null).length - (isSelfGiven ? 1 : 0);
    const isRest = fn.params.some(name => name.startsWith('*'));
    if (self && !isRest && !fn.name.includes('.') && positional > fn.params.length) return false;
    if (fn.bounded !== null) return this.isAnyBounded(callees, fn.bounded);
    if (self?.k === 'instance' && self.cls.name === 'socket.socket')
      return !this.isNonBlocking(self.at, call);
    return true;
  }

  /** After `sock.setblocking(False)` nothing waits on it; what stands before it in the text, as `connect` often does, may. */
  private isNonBlocking(made: CallExpr | null, call: CallExpr): boolean {
    if (!made) return false;
    this.nonBlocking ??= this.findNonBlocking();
    const told = this.nonBlocking.get(made) ?? [];
    // Both ends of a pair have one maker.
    const isPair = lastName(made.fn) === 'socketpair';
    return told.some(
      one =>
        (!isPair || receiverOf(one) === receiverOf(call)) &&
        (one.unit.file !== call.unit.file || positionOf(one) < positionOf(call)),
    );
  }

  private findNonBlocking(): NonBlocking {
    const { index } = this.evaluator;
    const found = new Map<CallExpr, CallExpr[]>();
    const blocking = new Set<CallExpr>();
    for (const name of ['setblocking', 'settimeout']) {
      for (const told of index.callsOf.get(name) ?? []) {
        const [how] = told.args;
        if (!how || told.fn.kind !== 'attr') continue;
        const isOff = isValue(how.value, 'False');
        for (const value of this.evaluator.eval(told.fn.object)) {
          if (value.k !== 'instance' || !value.at) continue;
          if (isOff) found.set(value.at, [...(found.get(value.at) ?? []), told]);
          else blocking.add(value.at);
        }
      }
    }
    for (const made of blocking) found.delete(made);
    return found;
  }

  /** Where it is seen how an object is made, a mere annotation beside it says nothing about its limit. */
  private isAnyBounded(callees: Values, limit: string): boolean {
    const selves = callees.flatMap(callee =>
      callee.k === 'lib' && callee.self ? [callee.self] : [],
    );
    const made = selves.filter(self => self.k === 'object' || (self.k === 'instance' && self.at));
    return (made.length ? made : selves).some(self => this.isBounded(self, limit));
  }

  /** False when the object was surely made without the limit that makes it wait. */
  private isBounded(self: Value, limit: string): boolean {
    if (self.k === 'object') return this.isOwnBounded(self, limit);
    if (self.k !== 'instance' || !self.at) return true;
    const made = this.evaluator.eval(self.at.fn);
    const params =
      made.find(value => value.k === 'class')?.cls.params ??
      made.find(value => value.k === 'lib')?.fn.params;
    return !params || this.givesLimit({ expr: self.at, params, isSelfGiven: false }, limit);
  }

  private givesLimit(site: CallSite, limit: string): boolean {
    const given = this.evaluator.parameters.expressionOf(site, limit);
    if (!given) return site.expr.args.some(arg => arg.stars > 0);
    return !(given.kind === 'number' && given.value <= 0);
  }

  /** An object of a class of the file: the calls that make it, or what its constructor hands to the library's. */
  private isOwnBounded(self: UserInstance, limit: string): boolean {
    const { members, index } = this.evaluator;
    const { classes, libraries } = members.orderOf(self.cls);
    const params = libraries.find(cls => cls.params.includes(limit))?.params;
    if (!params) return true;
    const owner = classes.find(cls => cls.scope.bindings.has('__init__'));
    const sites: CallSite[] = [];
    if (owner) {
      for (const call of index.callsOf.get('__init__') ?? []) {
        const isSuper = call.fn.kind === 'attr' && call.fn.object.kind === 'call';
        if (methodAround(call.fn)?.cls === owner)
          sites.push({ expr: call, params, isSelfGiven: !isSuper });
      }
    } else {
      const made = self.at ? [self.at] : (index.callsOf.get(self.cls.name) ?? []);
      for (const expr of made) sites.push({ expr, params, isSelfGiven: false });
    }
    return sites.length === 0 || sites.some(site => this.givesLimit(site, limit));
  }
}

const receiverOf = ({ fn }: CallExpr): string | null =>
  fn.kind === 'attr' ? (lastName(fn.object)?.replace(/^_+/, '') ?? null) : null;

const positionOf = ({ unit, start }: CallExpr): number => unit.base + start;

/** The method in whose body an expression stands. */
function methodAround(expr: Expr): FunctionInfo | null {
  if (expr.kind === 'attr') return methodAround(expr.object);
  if (expr.kind === 'call') return methodAround(expr.fn);
  if (expr.kind !== 'name') return null;
  for (let scope: Scope | null = expr.scope; scope; scope = scope.parent)
    if (scope.fn) return scope.fn;
  return null;
}

function isValue(expr: Expr, value: string | null): boolean {
  switch (expr.kind) {
    case 'constant':
      return expr.value === value;
    case 'number':
      return String(expr.value) === value || (value === 'False' && expr.value === 0);
    case 'name':
    case 'attr':
      return value !== null && value.endsWith((lastName(expr) ?? ' ').replace(/^_+/, ''));
    default:
      return false;
  }
}
