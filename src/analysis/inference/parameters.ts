/**
 * Owns what parameters hold: what the calls in the file give them, directly or through something that calls for them
 * (`Thread(target=f, args=(q,))`, `executor.submit(f, q)`, `map(lambda t: ..., ts)`).
 */
import { fromAnnotation } from './annotations';
import type { Evaluator } from './evaluator';
import type { RunSpec } from './library';
import { hasDecorator } from './members';
import { lastName } from './programIndex';
import type { Arg, CallExpr, ClassInfo, Expr, FunctionInfo } from './syntax';
import { type CallSite, join, UNKNOWN, type Value, type Values } from './values';

/** A function called from more places than this takes what the first ones give. */
const MOST_CALLS = 40;

/** Methods of arrays that call their argument with each element. */
const EACH = new Set(['map', 'forEach', 'filter', 'flatMap', 'find', 'some', 'every']);

export class Parameters {
  private readonly evaluator: Evaluator;
  /** Calls of functions under other names than their own: by a variable, out of a list, as what another call gave. */
  private aliased = new Map<FunctionInfo, CallExpr[]>();
  /** Calls that start functions under other names than their own. */
  private started = new Map<FunctionInfo, CallExpr[]>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** Finds out which functions are called by another name; the answers hold from the next round on. */
  fillAliases(): void {
    const { evaluator } = this;
    const found = new Map<FunctionInfo, CallExpr[]>();
    for (const call of evaluator.index.looseCalls) {
      const written = lastName(call.fn);
      // A method of `self` is found by its name; only an attribute that something is assigned to may be another function.
      if (call.fn.kind === 'attr' && !evaluator.index.attrAssigns.has(call.fn.name)) continue;
      for (const value of evaluator.eval(call.fn)) {
        if (value.k !== 'function' || value.fn.name === written || value.fn.lambda) continue;
        noteCall(found, value.fn, call);
      }
    }
    this.aliased = found;
    this.fillStarted();
  }

  private fillStarted(): void {
    const { evaluator } = this;
    const found = new Map<FunctionInfo, CallExpr[]>();
    for (const call of evaluator.index.looseRuns) {
      for (const callee of evaluator.eval(call.fn)) {
        for (const { run, site } of this.runsOf(callee, call)) {
          for (const value of this.argumentOf(site, run.fn)?.values ?? []) {
            if (value.k === 'function' && !value.fn.lambda) noteCall(found, value.fn, call);
          }
        }
      }
    }
    this.started = found;
  }

  value(fn: FunctionInfo, index: number): Values {
    const parameter = fn.parameters[index];
    if (!parameter) return UNKNOWN;
    const { evaluator } = this;
    if (index === 0 && fn.cls && !hasDecorator(fn, 'staticmethod')) {
      const isClass =
        hasDecorator(fn, 'classmethod') || fn.name === '__new__' || fn.name === '__init_subclass__';
      return [isClass ? { k: 'user-class', cls: fn.cls } : { k: 'object', cls: fn.cls, at: null }];
    }
    if (parameter.annotation && parameter.stars === 0) {
      const declared = fromAnnotation(parameter.annotation, evaluator);
      const isVague = declared.every(
        value => value.k === 'container' || value.k === 'iter' || value.k === 'mapping',
      );
      const { containers } = evaluator;
      const held = isVague
        ? [...containers.elements(declared, false), ...containers.valuesOf(declared)]
        : declared;
      const holdsNothing = held.length === 0;
      if (declared.length && !holdsNothing && declared.some(value => value.k !== 'plain'))
        return this.made(fn, index, declared);
    }
    const given = this.given(fn, index);
    const fallback = parameter.fallback ? evaluator.eval(parameter.fallback) : UNKNOWN;
    return join(given, fallback);
  }

  /** Where it is seen which object is handed in, it tells more than its type: what it was made of and what was put into it. */
  private made(fn: FunctionInfo, index: number, declared: Values): Values {
    const isTyped = declared.every(value => value.k === 'instance' || value.k === 'object');
    if (!isTyped) return declared;
    const given = this.evaluator.narrowed(this.given(fn, index), declared);
    const made = given.filter(value => 'at' in value && value.at !== null);
    return made.length > 0 ? made : declared;
  }

  private given(fn: FunctionInfo, index: number): Values {
    const results: Values[] = [];
    const offset = fn.cls && !hasDecorator(fn, 'staticmethod') ? 1 : 0;
    for (const call of this.directCalls(fn))
      results.push(this.fromArguments(fn, index, call.args, offset, call));
    if (index === 0) {
      for (const decorated of this.evaluator.index.decoratedBy(fn)) {
        const isMeant = this.evaluator.eval(decorated.by).some(value => isFunction(value, fn));
        if (isMeant) results.push([{ k: 'function', fn: decorated.fn, self: null }]);
      }
      results.push(this.wrappedSelf(fn));
    }
    const mentions = fn.lambda
      ? fn.lambda.usedBy
        ? [fn.lambda.usedBy]
        : []
      : (this.evaluator.index.mentions.get(fn.name) ?? []);
    for (const call of mentions.slice(0, MOST_CALLS))
      results.push(this.throughCall(fn, index, call, offset));
    for (const call of this.started.get(fn) ?? [])
      if (!mentions.includes(call)) results.push(this.throughCall(fn, index, call, offset));
    return join(...results);
  }

  /** The first parameter of what a decorator of methods gives in their place is their object. */
  private wrappedSelf(fn: FunctionInfo): Values {
    const decorator = fn.scope.parent?.fn;
    const isGiven = decorator?.returns.some(value => value.kind === 'name' && value.id === fn.name);
    if (!decorator || !isGiven || fn.parameters[0]?.stars !== 0) return UNKNOWN;
    const { evaluator } = this;
    const classes = new Set<ClassInfo>();
    for (const { fn: method, by } of evaluator.index.decoratedBy(decorator)) {
      if (!method.cls || classes.has(method.cls)) continue;
      if (evaluator.eval(by).some(value => isFunction(value, decorator))) classes.add(method.cls);
    }
    return [...classes].map(cls => ({ k: 'object', cls, at: null }));
  }

  /** Calls of the function by its own name, or by its class's for a constructor. */
  private directCalls(fn: FunctionInfo): CallExpr[] {
    const { evaluator } = this;
    const { index } = evaluator;
    const calls: CallExpr[] = [];
    if (fn.lambda) return calls;
    if (fn.name === '__init__' && fn.cls) {
      const { cls } = fn;
      const { members } = evaluator;
      const derived = index.withDerived(cls, one => members.orderOf(one));
      for (const name of new Set([...derived.map(one => one.name), 'cls'])) {
        for (const call of (index.callsOf.get(name) ?? []).slice(0, MOST_CALLS)) {
          if (
            evaluator
              .eval(call.fn)
              .some(value => value.k === 'user-class' && this.constructs(value.cls, fn))
          )
            calls.push(call);
        }
      }
    }
    for (const call of (index.callsOf.get(fn.name) ?? []).slice(0, MOST_CALLS)) {
      if (evaluator.eval(call.fn).some(value => value.k === 'function' && value.fn === fn))
        calls.push(call);
    }
    calls.push(...(this.aliased.get(fn) ?? []));
    return calls;
  }

  /** True when calling the class runs this `__init__`. */
  private constructs(cls: NonNullable<FunctionInfo['cls']>, init: FunctionInfo): boolean {
    for (const candidate of this.evaluator.members.orderOf(cls).classes) {
      const own = candidate.scope.bindings.get('__init__');
      if (own) return candidate === init.cls;
    }
    return false;
  }

  private throughCall(fn: FunctionInfo, index: number, call: CallExpr, offset: number): Values {
    const { evaluator } = this;
    const results: Values[] = [];
    for (const callee of evaluator.eval(call.fn)) {
      for (const { run, site, self } of this.runsOf(callee, call)) {
        const handed = this.argumentOf(site, run.fn);
        if (!handed?.values.some(value => isFunction(value, fn))) continue;
        const isBound = handed.values.some(
          value => value.k === 'function' && value.fn === fn && value.self !== null,
        );
        results.push(this.fromRun(fn, index - (isBound ? offset : 0), run, site, self));
      }
      if (
        callee.k === 'builtin' &&
        (callee.name === 'map' || callee.name === 'filter') &&
        index === 0
      ) {
        const source = call.args[1];
        if (source)
          results.push(evaluator.containers.elements(evaluator.eval(source.value), false));
      }
      if (callee.k === 'container-method' && index === 0 && EACH.has(callee.name)) {
        results.push(evaluator.containers.elements([callee.self], false));
      }
      if (callee.k === 'foreign' && callee.name === 'functools.partial') {
        results.push(this.fromArguments(fn, index, call.args.slice(1), offset, call));
      }
    }
    return join(...results);
  }

  private runsOf(
    callee: Value,
    call: CallExpr,
  ): { run: RunSpec; site: CallSite; self: Value | null }[] {
    const { library, members } = this.evaluator;
    if (callee.k === 'lib') {
      const isSelfGiven = callee.self === null && !callee.fn.name.includes('.');
      const site = { expr: call, params: callee.fn.params, isSelfGiven };
      return callee.fn.runs.map(run => ({ run, site, self: callee.self }));
    }
    if (callee.k === 'class') {
      return library.runsOf(callee.cls).map(run => ({
        run,
        site: { expr: call, params: callee.cls.params, isSelfGiven: false },
        self: null,
      }));
    }
    if (callee.k === 'user-class') {
      const order = members.orderOf(callee.cls);
      if (order.classes.some(cls => cls.scope.bindings.has('__init__'))) return [];
      return order.libraries.flatMap(cls =>
        library.runsOf(cls).map(run => ({
          run,
          site: { expr: call, params: cls.params, isSelfGiven: false },
          self: null,
        })),
      );
    }
    return [];
  }

  private fromRun(
    fn: FunctionInfo,
    index: number,
    run: RunSpec,
    site: CallSite,
    self: Value | null,
  ): Values {
    const { evaluator } = this;
    const { containers } = evaluator;
    if (index < 0) return UNKNOWN;
    switch (run.how) {
      case 'self':
        return index === 0 && self ? [self] : UNKNOWN;
      case 'awaited':
        return index === 0 && self ? evaluator.awaited([self]) : UNKNOWN;
      case 'giving': {
        const cls = evaluator.library.classNamed(run.args[index] ?? '');
        return cls ? [{ k: 'instance', cls, of: UNKNOWN, at: null }] : UNKNOWN;
      }
      case 'given': {
        const at = site.params.indexOf(run.fn) + 1;
        const rest = site.expr.args.filter((arg, place) => arg.name !== null || place >= at);
        return this.fromArguments(fn, index, rest, 0, null);
      }
      case 'over': {
        const named = run.args[index];
        if (named !== undefined) {
          const given = this.argumentOf(site, named);
          return given ? containers.elements(given.values, false) : UNKNOWN;
        }
        const at = site.params.indexOf(run.fn) + 1;
        const source = site.expr.args.filter(arg => arg.name === null)[at + index];
        return source ? containers.elements(evaluator.eval(source.value), false) : UNKNOWN;
      }
      case 'spread': {
        const source = run.args[0] === undefined ? undefined : this.argumentOf(site, run.args[0]);
        return source
          ? containers.part(containers.elements(source.values, false), index, false)
          : UNKNOWN;
      }
      default: {
        const [args, kwargs] = run.args;
        const given = args === undefined ? undefined : this.argumentOf(site, args);
        if (given && fn.parameters[index]?.stars === 1 && index === 0) return given.values;
        const name = fn.parameters[index]?.name;
        const named = kwargs === undefined ? undefined : this.expressionOf(site, kwargs);
        const entry =
          named?.kind === 'dict'
            ? named.entries[named.keys.findIndex(key => key?.kind === 'text' && key.value === name)]
            : undefined;
        return join(
          given ? containers.part(given.values, index, false) : UNKNOWN,
          entry ? evaluator.eval(entry) : UNKNOWN,
        );
      }
    }
  }

  /** What the arguments of a call give to parameter `index`; `offset` parameters are given by the object itself. */
  private fromArguments(
    fn: FunctionInfo,
    index: number,
    args: readonly Arg[],
    offset: number,
    call: CallExpr | null,
  ): Values {
    const { evaluator } = this;
    const parameter = fn.parameters[index];
    if (!parameter) return UNKNOWN;
    const isUnbound =
      call?.fn.kind === 'attr' &&
      evaluator
        .eval(call.fn)
        .some(value => value.k === 'function' && value.fn === fn && !value.self);
    const place = index - (isUnbound ? 0 : offset);
    const positional = args.filter(arg => arg.name === null && arg.stars !== 2);
    if (parameter.stars === 1) {
      const rest = positional.slice(place).map(arg => this.argValue(arg));
      return [{ k: 'iter', of: join(...rest), over: UNKNOWN, isAsync: false }];
    }
    if (parameter.stars === 2) {
      const names = new Set(fn.parameters.map(one => one.name));
      const named = args
        .filter(arg => arg.name !== null && !names.has(arg.name))
        .map(arg => evaluator.eval(arg.value));
      const spread = args.filter(arg => arg.stars === 2).map(arg => evaluator.eval(arg.value));
      // A dictionary that is handed on whole is known by its keys.
      if (named.length === 0 && spread.length === 1) return spread[0] ?? UNKNOWN;
      const { containers } = evaluator;
      return [
        { k: 'mapping', of: join(...named, ...spread.map(values => containers.valuesOf(values))) },
      ];
    }
    const byName = args.find(arg => arg.name === parameter.name);
    if (byName) return evaluator.eval(byName.value);
    const starred = positional.findIndex(arg => arg.stars === 1);
    if (starred >= 0 && place >= starred) {
      const spread = positional[starred];
      return spread
        ? evaluator.containers.part(evaluator.eval(spread.value), place - starred, false)
        : UNKNOWN;
    }
    const arg = parameter.keywordOnly ? undefined : positional[place];
    if (arg) return evaluator.eval(arg.value);
    const spreadNamed = args.find(one => one.stars === 2);
    return spreadNamed
      ? evaluator.containers.item(evaluator.eval(spreadNamed.value), null)
      : UNKNOWN;
  }

  private argValue(arg: Arg): Values {
    const values = this.evaluator.eval(arg.value);
    return arg.stars === 1 ? this.evaluator.containers.elements(values, false) : values;
  }

  /** The argument of a call for a declared parameter; for `*rest` all that follow. */
  argumentOf(
    site: CallSite,
    name: string,
  ): { readonly values: Values; readonly isRest: boolean } | undefined {
    const place = site.params.indexOf(name);
    if (place < 0) {
      const from = site.params.indexOf(`*${name}`);
      if (from < 0) return undefined;
      const rest = site.expr.args
        .filter(arg => arg.name === null && arg.stars !== 2)
        .slice(from + (site.isSelfGiven ? 1 : 0));
      return { values: join(...rest.map(arg => this.argValue(arg))), isRest: true };
    }
    const expr = this.expressionOf(site, name);
    return expr ? { values: this.evaluator.eval(expr), isRest: false } : undefined;
  }

  expressionOf(site: CallSite, name: string): Expr | undefined {
    const named = site.expr.args.find(arg => arg.name === name);
    if (named) return named.value;
    const place = site.params.indexOf(name);
    if (place < 0) return undefined;
    const positional = site.expr.args.filter(arg => arg.name === null);
    const arg = positional[place + (site.isSelfGiven ? 1 : 0)];
    return arg && arg.stars === 0 && positional.slice(0, place).every(one => one.stars === 0)
      ? arg.value
      : undefined;
  }
}

function isFunction(value: Value, fn: FunctionInfo): boolean {
  if (value.k === 'function') return value.fn === fn;
  return value.k === 'partial' && value.fn.some(inner => isFunction(inner, fn));
}

function noteCall(found: Map<FunctionInfo, CallExpr[]>, fn: FunctionInfo, call: CallExpr): void {
  const known = found.get(fn);
  if (!known) found.set(fn, [call]);
  else if (known.length < MOST_CALLS && !known.includes(call)) known.push(call);
}
