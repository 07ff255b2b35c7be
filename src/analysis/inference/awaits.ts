/** Owns what is waited for where something is awaited, or where a `.then` says what shall run when it is there. */
import type { WaitKind } from '../../trace/format';
import type { Evaluator } from './evaluator';
import { bare, type Labels } from './labels';
import { SYNTAX } from './library';
import type { CallExpr, Expr } from './syntax';
import type { Value } from './values';
import type { WaitRules } from './waitRules';

export interface Awaited {
  readonly kind: WaitKind;
  readonly target: Expr;
  readonly label: string;
  readonly certain?: boolean;
}

/** What reads the body of an answer, whoever gave it: no value has such a method that takes nothing. */
const READS_BODY = new Set(['json', 'text', 'blob', 'arrayBuffer', 'formData', 'bytes']);

export class Awaits {
  private readonly evaluator: Evaluator;
  private readonly labels: Labels;
  private readonly rules: WaitRules;

  constructor(evaluator: Evaluator, labels: Labels, rules: WaitRules) {
    this.evaluator = evaluator;
    this.labels = labels;
    this.rules = rules;
  }

  /** What waiting for the value of an expression is. */
  of(expr: Expr): Awaited {
    const { members, library } = this.evaluator;
    const delay = sleepOf(expr);
    if (delay) return { kind: 'sleep', target: delay, label: `${this.labels.source(delay)} ms` };
    const plain = (kind: WaitKind): Awaited => ({
      kind,
      target: expr,
      label: this.labels.ofAwaited(expr),
    });
    for (const value of this.evaluator.eval(expr)) {
      if (value.k === 'awaitable' && value.fn?.wait)
        return this.declared(expr, value) ?? plain(value.fn.wait);
      const [cls] = members.librariesOf(value);
      const rule = cls && library.method(cls, SYNTAX.await);
      if (rule?.wait) return plain(rule.wait);
    }
    return plain('await');
  }

  /** What a call of a library's function gives, as its declaration says. */
  private declared(expr: Expr, { fn, call }: Value & { k: 'awaitable' }): Awaited | undefined {
    if (!fn?.wait || !call || !this.isSeen(expr, call)) return undefined;
    const { evaluator, labels } = this;
    const self = expr.kind === 'call' && expr.fn.kind === 'attr' ? expr.fn.object : null;
    const selves = self ? evaluator.eval(self) : [];
    const holder = selves.find(one => evaluator.members.librariesOf(one).length > 0);
    return {
      kind: this.rules.kind({ fn, self: null, kind: fn.wait }, call, []) ?? fn.wait,
      target: (holder ? self : labels.argument(fn, call)) ?? expr,
      label: labels.ofCall(fn, holder ?? null, call),
    };
  }

  /** The call stands here or where the name was given; one inside of a function speaks of names that mean nothing out here. */
  private isSeen(expr: Expr, call: CallExpr): boolean {
    const written = bare(expr);
    return written === call || this.labels.isNameOf(written, call);
  }

  /**
   * `fetch(url).then(...)`: what follows waits for what it is called on. A later link of the chain waits for what the link before
   * gives, where that is a promise: what is a value already goes on at once.
   */
  chained(call: CallExpr, object: Expr): Awaited | undefined {
    if (call.args.length === 0 || call.args.length > 2) return undefined;
    const before = stepBefore(object);
    if (before) return this.afterStep(before);
    const values = this.evaluator.eval(object);
    const mayWait =
      values.length === 0 || values.some(value => this.isPromise(value) || value.k === 'foreign');
    return mayWait ? this.of(object) : undefined;
  }

  /** What an async function gives, or `new Promise(...)`, or an object of a class that extends it. */
  private isPromise(value: Value): boolean {
    if (value.k === 'awaitable') return true;
    const { members } = this.evaluator;
    return members.librariesOf(value).some(cls => cls.name === 'Promise.Promise');
  }

  private afterStep(callback: Expr): Awaited | undefined {
    const given = this.evaluator.calls.result(this.evaluator.eval(callback), null);
    const only = onlyResult(callback);
    if (!given.some(value => this.isPromise(value)))
      return given.length === 0 && only && readsBody(only)
        ? { ...this.of(only), certain: false }
        : undefined;
    if (only) return this.of(only);
    const isNamed = callback.kind === 'name' || callback.kind === 'attr';
    const label = isNamed ? `${this.labels.source(callback)}()` : 'the step before';
    return { kind: 'await', target: callback, label };
  }
}

/** The usual sleep: `new Promise(resolve => setTimeout(resolve, ms))`. */
function sleepOf(expr: Expr): Expr | undefined {
  if (expr.kind !== 'call' || expr.fn.kind !== 'name' || expr.fn.id !== 'Promise') return undefined;
  const executor = expr.args[0]?.value;
  const [timer] = executor?.kind === 'lambda' ? executor.fn.returns : [];
  if (executor?.kind !== 'lambda' || timer?.kind !== 'call' || timer.fn.kind !== 'name')
    return undefined;
  const [called, delay] = timer.args.map(arg => arg.value);
  const isSettled = called?.kind === 'name' && called.id === executor.fn.parameters[0]?.name;
  return timer.fn.id === 'setTimeout' && isSettled ? delay : undefined;
}

/** What the link before in a chain of `.then` calls when it is done. */
function stepBefore(object: Expr): Expr | undefined {
  const isThen = object.kind === 'call' && object.fn.kind === 'attr' && object.fn.name === 'then';
  return isThen ? object.args[0]?.value : undefined;
}

const readsBody = (expr: Expr): boolean =>
  expr.kind === 'call' &&
  expr.args.length === 0 &&
  expr.fn.kind === 'attr' &&
  READS_BODY.has(expr.fn.name);

/** `x => load(x)` gives `load(x)`. */
function onlyResult(callback: Expr): Expr | undefined {
  if (callback.kind !== 'lambda' || callback.fn.isAsync) return undefined;
  const [only, ...more] = callback.fn.returns;
  return more.length === 0 ? only : undefined;
}
