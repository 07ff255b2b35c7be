/** Owns how a wait point names what it waits for, in the person's words: `t1`, `Thread T2`, `3 workers`, `fetch()`. */
import type { Evaluator } from './evaluator';
import { reaching, scopeOf } from './flow';
import type { LibFunction } from './library';
import { lastName } from './programIndex';
import { programOf } from './programNames';
import type { Binding, Expr } from './syntax';
import { type CallSite, type Value, type Values } from './values';

const LONGEST = 40;

export class Labels {
  private readonly evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** The text of an expression on one line, shortened. */
  source(expr: Expr): string {
    const { base, file } = expr.unit;
    const text = file.text.slice(base + expr.start, base + expr.end).replaceAll(/\s+/g, ' ');
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  }

  /** `fetch(url, timeout=3)` is `fetch()` to a reader who asks what is waited for. */
  private short(written: Expr): string {
    const expr = bare(written);
    if (expr.kind === 'call') return this.labelOfCall(expr) ?? this.nameOfCall(expr);
    if (expr.kind === 'list' || expr.kind === 'tuple') return this.several(expr.items);
    if (expr.kind === 'star') return this.short(expr.value);
    if (expr.kind === 'comp') return this.counted(expr) ?? this.short(expr.element);
    return this.source(expr);
  }

  private several(items: readonly Expr[]): string {
    const text = items.map(item => this.short(item)).join(', ');
    return text.length > LONGEST ? `${items.length} at once` : text;
  }

  ofCall(fn: LibFunction, self: Value | null, call: Expr & { kind: 'call' }): string {
    if (fn.wait === 'sleep') return this.duration(fn, call);
    const receiver = this.receiverOf(call.fn);
    if (self && receiver && (fn.label === null || isQueueLike(fn))) return this.object(receiver);
    if (fn.label !== null) {
      const label = this.ofArgument(fn, call);
      if (label !== null) return label;
    }
    return receiver && self ? this.object(receiver) : this.short(call);
  }

  /** The argument that a declaration says is waited for. */
  argument(fn: LibFunction, call: Expr & { kind: 'call' }): Expr | null {
    if (fn.label === null) return null;
    const params = fn.params.map(name => name.replace('*', ''));
    const site: CallSite = { expr: call, params, isSelfGiven: !fn.name.includes('.') };
    return this.evaluator.parameters.expressionOf(site, fn.label) ?? null;
  }

  /** `q` of `q.get()`, and of `get()` after `get = q.get`. */
  private receiverOf(fn: Expr): Expr | null {
    if (fn.kind === 'attr') return fn.object;
    const [only, ...more] = fn.kind === 'name' ? this.bindingsOf(fn) : [];
    return more.length === 0 && only?.value.kind === 'attr' ? only.value.object : null;
  }

  /** `const job = limit(...)`: the name is given to what the call gives. */
  isNameOf(name: Expr, call: Expr): boolean {
    return name.kind === 'name' && this.bindingsOf(name).some(({ value }) => bare(value) === call);
  }

  private bindingsOf(name: Expr & { kind: 'name' }): readonly Binding[] {
    const scope = scopeOf(name);
    return scope ? reaching(name, scope) : [];
  }

  private ofArgument(fn: LibFunction, call: Expr & { kind: 'call' }): string | null {
    const { parameters } = this.evaluator;
    const name = fn.label ?? '';
    if (fn.params.includes(`*${name}`)) {
      const items = call.args.filter(arg => arg.name === null);
      const [only] = items;
      if (items.length === 1 && only?.stars === 1) return this.ofSource(only.value);
      return items.length ? this.several(items.map(arg => arg.value)) : null;
    }
    const site: CallSite = { expr: call, params: fn.params, isSelfGiven: false };
    const given = parameters.expressionOf(site, name);
    if (!given) return null;
    if (fn.wait === 'exit') return this.program(given);
    // `queue.add(() => load(url))` waits for `load()`; more than that is no name.
    if (given.kind === 'lambda' && this.evaluator.library.hasPromises) {
      const [only, ...more] = given.fn.returns;
      return only?.kind === 'call' && more.length === 0 ? this.ofAwaited(only) : null;
    }
    const values = this.evaluator.eval(given);
    if (isNamed(given) && values.some(value => CALLABLE.has(value.k)))
      return `${this.source(given)}()`;
    return this.ofSource(given);
  }

  private duration(fn: LibFunction, call: Expr & { kind: 'call' }): string {
    const site: CallSite = { expr: call, params: fn.params, isSelfGiven: false };
    const given =
      fn.label === null ? undefined : this.evaluator.parameters.expressionOf(site, fn.label);
    if (!given) return this.short(call);
    return `${this.source(given)} ${this.evaluator.library.sleepUnit}`;
  }

  /** What an object is called: the name its maker gave it, how many there are, or the expression. */
  object(written: Expr): string {
    const expr = bare(written);
    const values = this.evaluator.eval(expr);
    const named = this.givenName(values);
    if (named !== null) return named;
    if (expr.kind === 'name') {
      const many = this.loopSource(expr);
      if (many) return this.ofSource(many);
    }
    const called = expr.kind === 'call' ? this.labelOfCall(expr) : null;
    return called ?? this.short(expr);
  }

  /** The list that a loop variable runs over. */
  private loopSource(expr: Expr & { kind: 'name' }): Expr | null {
    const bindings = this.bindingsOf(expr);
    const [only] = bindings;
    if (bindings.length !== 1 || only?.value.kind !== 'element') return null;
    const { of } = only.value;
    return of.kind === 'name' || of.kind === 'attr' ? of : null;
  }

  /** `name="Thread T2"` of the one call that made the object, or the only program it runs. */
  private givenName(values: Values): string | null {
    const [only] = values;
    if (values.length !== 1 || (only?.k !== 'instance' && only?.k !== 'object') || !only.at)
      return null;
    const named = only.at.args.find(arg => arg.name === 'name')?.value;
    const isText =
      named?.kind === 'text' && !named.value.includes('{') && named.value.trim() !== '';
    if (
      isText &&
      this.evaluator.members.librariesOf(only).some(cls => /Thread|Process|Timer/.test(cls.name))
    )
      return named.value;
    return null;
  }

  /** Several: `3 threads` where the number is known, else the name of the list. */
  ofSource(written: Expr): string {
    const expr = bare(written);
    const count = this.count(expr);
    if (expr.kind === 'name' || expr.kind === 'attr') {
      const name = expr.kind === 'name' ? expr.id : expr.name;
      return count !== null && count > 1 && /^[a-z_]{3,}s$/i.test(name)
        ? `${count} ${name}`
        : this.source(expr);
    }
    if (expr.kind === 'list' || expr.kind === 'tuple' || expr.kind === 'set')
      return this.several(expr.items);
    if (expr.kind === 'call') {
      const [first] = expr.args;
      const label = this.labelOfCall(expr);
      if (label !== null) return label;
      // `iter(q.get, None)` asks the queue at each turn.
      const isAsked = expr.fn.kind === 'name' && expr.fn.id === 'iter' && expr.args.length === 2;
      const asked = isAsked && first ? this.receiverOf(first.value) : null;
      if (asked) return this.object(asked);
      const isMapped = expr.fn.kind === 'name' && expr.fn.id === 'map';
      const mapped = isMapped && first ? withoutPartial(first.value) : null;
      if (mapped && isNamed(mapped)) return `${this.source(mapped)}()`;
      return first && expr.fn.kind === 'name' ? `${this.source(expr.fn)}()` : this.short(expr);
    }
    return this.short(expr);
  }

  private program(command: Expr): string | null {
    return programOf(command, expr => this.source(expr)) ?? null;
  }

  /** `super()` is the object itself, `load(url).then` is `load().then`. */
  private nameOfCall({ fn }: Expr & { kind: 'call' }): string {
    if (fn.kind === 'name' && fn.id === 'super') return 'self';
    // `(async () => { ... })()` has no name either.
    const made = bare(fn);
    if (this.evaluator.library.hasPromises) {
      if (made.kind === 'lambda') return made.fn.name ? `${made.fn.name}()` : 'a promise';
      if (fn.kind === 'name' && fn.id === 'Promise') return 'a promise';
    }
    const name = `${fn.kind === 'call' ? this.source(fn) : this.calleeOf(fn)}()`;
    if (name.length <= LONGEST) return name;
    // The last of a long chain is what waits.
    return `…${name.slice(1 - LONGEST).replace(/^[^.]*(?=\.)/, '')}`;
  }

  /** A chain of calls without their arguments, as far as it is a chain. */
  private calleeOf(fn: Expr): string {
    const inner = bare(fn);
    if (inner.kind === 'call') return `${newOf(inner)}${this.nameOfCall(inner)}`;
    if (inner.kind !== 'attr') return this.source(inner);
    const object = bare(inner.object);
    const isLink = object.kind === 'call' || object.kind === 'attr';
    return `${isLink ? this.calleeOf(object) : this.source(object)}.${inner.name}`;
  }

  private labelOfCall(expr: Expr & { kind: 'call' }): string | null {
    for (const callee of this.evaluator.eval(expr.fn)) {
      if (callee.k === 'class' && callee.cls.name === 'subprocess.Popen') {
        const site: CallSite = { expr, params: callee.cls.params, isSelfGiven: false };
        const command = this.evaluator.parameters.expressionOf(site, 'args');
        return command ? this.program(command) : null;
      }
      if (callee.k === 'lib' && callee.fn.label !== null) return this.ofArgument(callee.fn, expr);
      if (callee.k === 'lib' && callee.fn.runs[0] && callee.self) {
        const site: CallSite = { expr, params: callee.fn.params, isSelfGiven: false };
        const fn = this.evaluator.parameters.expressionOf(site, callee.fn.runs[0].fn);
        if (fn && (fn.kind === 'name' || fn.kind === 'attr')) return `${this.source(fn)}()`;
      }
    }
    return null;
  }

  private counted(expr: Expr & { kind: 'comp' }): string | null {
    const count = this.count(expr);
    return count !== null && count > 1 ? `${count} × ${this.short(expr.element)}` : null;
  }

  /** How many things a list holds, where its text says so. */
  private count(expr: Expr): number | null {
    const values = this.evaluator.eval(expr);
    const [only] = values;
    if (values.length !== 1 || only?.k !== 'container') return null;
    return this.countOf(only.at, 0);
  }

  private countOf(at: Expr, depth: number): number | null {
    if (depth > 3) return null;
    if (at.kind === 'list' || at.kind === 'set') {
      if (this.evaluator.containers.isChanged(at) || at.items.some(item => item.kind === 'star'))
        return null;
      return at.items.length;
    }
    if (at.kind !== 'comp' || !at.source || this.evaluator.containers.isChanged(at)) return null;
    const { source } = at;
    if (source.kind === 'call' && source.fn.kind === 'name' && source.fn.id === 'range') {
      const numbers = source.args.map(arg =>
        arg.value.kind === 'number' ? arg.value.value : Number.NaN,
      );
      const [first = Number.NaN, second, third] = numbers;
      if (third !== undefined || numbers.some(Number.isNaN)) return null;
      return second === undefined ? first : Math.max(0, second - first);
    }
    return source.kind === 'list' || source.kind === 'tuple' ? source.items.length : null;
  }

  ofAwaited(written: Expr): string {
    const expr = bare(written);
    return expr.kind === 'call' ? this.nameOfCall(expr) : this.object(expr);
  }

  ofWith(expr: Expr, value: Value, kind: string): string {
    if (kind === 'shutdown' && value.k === 'instance' && value.at) {
      const site: CallSite = { expr: value.at, params: value.cls.params, isSelfGiven: false };
      const workers = this.evaluator.parameters.expressionOf(site, 'max_workers');
      if (workers?.kind === 'number')
        return workers.value === 1 ? '1 worker' : `${workers.value} workers`;
      return 'its workers';
    }
    return this.short(expr);
  }
}

/** Without what says of a value that it is awaited, or of which type it is: `await job` is `job`, `port as Port` is `port`. */
export function bare(expr: Expr): Expr {
  if (expr.kind === 'await') return bare(expr.value);
  return expr.kind === 'annotated' && expr.value ? bare(expr.value) : expr;
}

/** `client` of `partial(client, port)`. */
function withoutPartial(fn: Expr): Expr {
  const [first] = fn.kind === 'call' && lastName(fn.fn) === 'partial' ? fn.args : [];
  return first ? first.value : fn;
}

/** The `new` of `new Pool().first()`, which Python does not have. */
const newOf = ({ unit, start }: Expr): string =>
  unit.file.text.startsWith('new ', unit.base + start) ? 'new ' : '';

const CALLABLE = new Set(['function', 'builtin', 'class', 'user-class', 'lib']);

const isNamed = (expr: Expr): boolean => expr.kind === 'name' || expr.kind === 'attr';

const isQueueLike = (fn: LibFunction): boolean =>
  fn.wait === 'get' || fn.wait === 'put' || fn.wait === 'drain' || fn.wait === 'recv';
