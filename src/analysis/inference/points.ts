/** Owns the wait points of a Python file: each call, await, `with` and loop is asked whether it can hold its lane up. */
import type { WaitKind } from '../../trace/format';
import { Awaits } from './awaits';
import type { Evaluator } from './evaluator';
import { Labels } from './labels';
import type { AttrExpr, CallExpr, Expr, FileFacts, Loop, Unit, WithItem } from './syntax';
import { coroutinesHandedOn, guess, guessListener, guessWith, isLittleKnown } from './guesses';
import { WaitRules } from './waitRules';
import type { Value, Values } from './values';

/** A wait point by offsets of the text that was parsed. */
export interface FoundPoint {
  readonly start: number;
  readonly end: number;
  readonly kind: WaitKind;
  readonly target: string | null;
  readonly label: string;
  readonly certain: boolean;
  /** The call says what shall run then, and the lane goes on: `worker.on("message", ...)`, `.then(...)`. */
  readonly registers: boolean;
}

/** Built-ins that draw all elements from what they are given, so a lazy result waits there. */
const CONSUMERS = new Set([
  'list',
  'tuple',
  'set',
  'frozenset',
  'sorted',
  'sum',
  'any',
  'all',
  'min',
  'max',
  'dict',
  'next',
  'deque',
]);

/** Methods of test cases that call one of their arguments, and where it stands: `self.assertRaises(Empty, q.get, timeout=1)`. */
const CALLS_AN_ARGUMENT = new Map([
  ['assertRaises', 1],
  ['assertRaisesRegex', 2],
]);

/** Built-ins that ask an object for something. */
const ASKS = new Set(['print', 'str', 'repr', 'len', 'bool']);

/** Methods of lists, sets and texts that do the same. */
const DRAWING_METHODS = new Set(['extend', 'extendleft', 'update', 'join', 'writelines', 'union']);

export class PointFinder {
  private readonly evaluator: Evaluator;
  private readonly labels: Labels;
  private readonly rules: WaitRules;
  private handedOn: { readonly unit: Unit; readonly calls: ReadonlySet<Expr> } | undefined;
  private readonly awaits: Awaits;
  private points: FoundPoint[] = [];

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
    this.labels = new Labels(evaluator);
    this.rules = new WaitRules(evaluator);
    this.awaits = new Awaits(evaluator, this.labels, this.rules);
  }

  find(file: FileFacts, isCancelled: () => boolean): FoundPoint[] | undefined {
    this.points = [];
    for (const unit of file.units) {
      if (isCancelled()) return undefined;
      for (const call of unit.calls) if (!call.awaited) this.call(call);
      for (const awaited of unit.awaits) this.awaited(awaited);
      for (const item of unit.withs) this.with(item);
      for (const loop of unit.loops) this.loop(loop);
      for (const source of unit.draws) this.drawn(source);
      if (this.evaluator.index.hasProxies) this.shared(unit);
    }
    return onePerPlace(this.points);
  }

  private add(
    unit: Unit,
    start: number,
    end: number,
    kind: WaitKind,
    target: Expr | null,
    label: string,
    { certain = true, registers = false } = {},
  ): void {
    const text = target ? this.labels.source(target) : null;
    this.points.push({
      start: unit.base + start,
      end: unit.base + end,
      kind,
      target: text,
      label,
      certain,
      registers,
    });
  }

  private call(call: CallExpr): void {
    const { evaluator } = this;
    const { fn } = call;
    if (fn.kind === 'attr' && fn.name === 'then' && evaluator.library.hasPromises)
      return this.chained(call, fn);
    if (fn.kind === 'attr' && DRAWING_METHODS.has(fn.name) && this.drawsArgument(call)) return;
    const calledAt = fn.kind === 'attr' ? CALLS_AN_ARGUMENT.get(fn.name) : undefined;
    if (calledAt !== undefined) return this.handed(call, calledAt);
    if (fn.kind === 'attr' && !this.isInteresting(fn)) return;
    const callees = evaluator.eval(fn);
    for (const callee of callees) {
      const rule = this.rules.of(callee);
      const kind = rule && this.rules.kind(rule, call, callees);
      if (rule && kind) {
        const registers = rule.fn.params.includes('listener');
        const isMember = registers || rule.self !== null;
        const target =
          isMember && fn.kind === 'attr' ? fn.object : this.labels.argument(rule.fn, call);
        const label =
          registers && target
            ? this.labels.object(target)
            : this.labels.ofCall(rule.fn, rule.self, call);
        // What it registers is code of its own, which is not waited for.
        const end = registers ? (call.args[0]?.value.end ?? call.end) : call.end;
        this.add(call.unit, startOf(call), end, kind, target, label, { registers });
        return;
      }
      if (callee.k === 'builtin' || callee.k === 'foreign') {
        if (this.consumes(callee, call) || this.asks(callee, call)) return;
      }
    }
    if (fn.kind === 'attr') this.unknownCall(call, fn, callees);
  }

  /** A call of an argument waits where the whole stands. */
  private handed(call: CallExpr, at: number): void {
    const arg = call.args[at];
    if (!arg || arg.name !== null || arg.stars > 0) return;
    const inner: CallExpr = { ...call, noted: null, fn: arg.value, args: call.args.slice(at + 1) };
    const callees = this.evaluator.eval(arg.value);
    for (const callee of callees) {
      const rule = this.rules.of(callee);
      const kind = rule && this.rules.kind(rule, inner, callees);
      // Reads and writes fail there on what they are given: 9 of 9 in CPython's own tests.
      if (!rule || !kind || kind === 'io') continue;
      const isMember = rule.self !== null && arg.value.kind === 'attr';
      const target = isMember ? arg.value.object : this.labels.argument(rule.fn, inner);
      const label = this.labels.ofCall(rule.fn, rule.self, inner);
      this.add(call.unit, startOf(call), call.end, kind, target, label);
      return;
    }
  }

  /** A first look by name alone, which most calls do not pass. */
  private isInteresting(fn: AttrExpr): boolean {
    const { evaluator } = this;
    return (
      evaluator.index.hasProxies ||
      evaluator.library.waitNames.has(fn.name) ||
      evaluator.index.attrAssigns.has(fn.name) ||
      fn.name === 'from_iterable'
    );
  }

  /** `list(executor.map(...))`: the wait is where the results are drawn. */
  private consumes(callee: Value & { k: 'builtin' | 'foreign' }, call: CallExpr): boolean {
    const name =
      callee.k === 'builtin' ? callee.name : callee.name.slice(callee.name.lastIndexOf('.') + 1);
    return CONSUMERS.has(name) && this.drawsArgument(call);
  }

  private drawsArgument(call: CallExpr): boolean {
    for (const arg of call.args) {
      if (arg.name !== null) continue;
      const source = this.lazySource(this.evaluator.eval(arg.value), 'next');
      if (!source) continue;
      this.add(
        call.unit,
        startOf(call),
        call.end,
        source.kind,
        arg.value,
        this.labels.ofSource(arg.value),
      );
      return true;
    }
    return false;
  }

  /** What makes a loop over the values wait, through zip, enumerate and the like. */
  private lazySource(
    values: Values,
    rule: 'next' | 'asyncNext',
    depth = 0,
  ): { kind: WaitKind } | undefined {
    for (const value of values) {
      const found = this.evaluator.members.syntaxRule(value, rule, [
        '__iter__',
        '__next__',
        '__aiter__',
        '__anext__',
      ]);
      if (found?.wait) return { kind: found.wait };
      // `iter(q.get, None)`: each turn calls it.
      if (value.k === 'lib' && depth > 0 && value.fn.wait && !value.fn.isAsync)
        return { kind: value.fn.wait };
      if (value.k === 'iter' && depth < 6) {
        const inner = this.lazySource(value.over, rule, depth + 1);
        if (inner) return inner;
      }
    }
    return undefined;
  }

  private chained(call: CallExpr, fn: AttrExpr): void {
    const found = this.awaits.chained(call, fn.object);
    if (!found) return;
    const { kind, target, label, certain = true } = found;
    const how = { certain, registers: true };
    this.add(call.unit, startOf(call), fn.end, kind, target, label, how);
  }

  private unknownCall(call: CallExpr, fn: AttrExpr, callees: Values): void {
    if (this.evaluator.library.hasPromises) return this.unknownListener(call, fn, callees);
    if (!callees.every(isLittleKnown)) return;
    const receiver = this.evaluator.eval(fn.object);
    const found = guess(fn, call, receiver, this.evaluator.index);
    if (!found || this.isHandedOn(call)) return;
    const label = this.labels.object(fn.object);
    this.add(call.unit, startOf(call), call.end, found, fn.object, label, { certain: false });
  }

  private unknownListener(call: CallExpr, fn: AttrExpr, callees: Values): void {
    if (callees.some(callee => callee.k !== 'foreign')) return;
    const found = guessListener(fn, call, this.evaluator.eval(fn.object));
    if (!found) return;
    const end = call.args[0]?.value.end ?? call.end;
    const label = this.labels.object(fn.object);
    const how = { certain: false, registers: true };
    this.add(call.unit, startOf(call), end, found, fn.object, label, how);
  }

  /** `create_task(event.wait())`: what is handed on to be awaited does not wait where it stands. */
  private isHandedOn(call: CallExpr): boolean {
    const { unit } = call;
    if (this.handedOn?.unit !== unit) this.handedOn = { unit, calls: coroutinesHandedOn(unit) };
    return this.handedOn.calls.has(call);
  }

  private awaited(expr: Expr & { kind: 'await' }): void {
    const { kind, target, label } = this.awaits.of(expr.value);
    this.add(expr.unit, expr.start, expr.end, kind, target, label);
  }

  private with(item: WithItem): void {
    const { value, isAsync } = item;
    const values = this.evaluator.eval(value);
    for (const one of values) {
      const names = isAsync ? ['__aenter__'] : ['__enter__'];
      const { members } = this.evaluator;
      const enter = members.syntaxRule(one, isAsync ? 'asyncWith' : 'with', names);
      const leave = isAsync ? undefined : members.syntaxRule(one, 'exit', ['__exit__']);
      const rule = enter ?? leave;
      if (!rule?.wait) continue;
      this.add(
        value.unit,
        startOf(value),
        value.end,
        rule.wait,
        value,
        this.labels.ofWith(value, one, rule.wait),
      );
      return;
    }
    if (isAsync) {
      const isKnown = values.some(one => one.k === 'instance');
      if (!isKnown)
        this.add(
          value.unit,
          startOf(value),
          value.end,
          'await',
          value,
          this.labels.ofAwaited(value),
        );
      return;
    }
    const found = guessWith(value, values);
    if (found)
      this.add(value.unit, startOf(value), value.end, found, value, this.labels.source(value), {
        certain: false,
      });
  }

  /** `print(shared)`, `len(shared)`: what lives in another process is asked how it looks. */
  private asks(callee: Value & { k: 'builtin' | 'foreign' }, call: CallExpr): boolean {
    if (!this.evaluator.index.hasProxies || !ASKS.has(callee.name)) return false;
    return call.args.some(({ value }) => this.access(call.unit, value, startOf(call), call.end));
  }

  /** Items and attributes of what lives in another process: each access asks there and waits for the answer. */
  private shared(unit: Unit): void {
    for (const { object, start, end } of unit.items) this.access(unit, object, start, end);
    for (const { object, name } of unit.attrAssigns)
      this.access(unit, object, object.start, object.end + 1 + name.length);
    for (const { target } of unit.extensions)
      if (target.kind === 'attr') this.access(unit, target.object, target.start, target.end);
  }

  private access(unit: Unit, object: Expr, start: number, end: number): boolean {
    for (const value of this.evaluator.eval(object)) {
      const rule = this.evaluator.members.syntaxRule(value, 'item', ['__getitem__']);
      if (!rule?.wait) continue;
      this.add(unit, start, end, rule.wait, object, this.labels.object(object));
      return true;
    }
    return false;
  }

  private loop(loop: Loop): void {
    const { source, isAsync } = loop;
    if (isAsync) {
      const values = this.evaluator.eval(source);
      const found = this.lazySource(values, 'asyncNext');
      this.add(
        source.unit,
        startOf(source),
        source.end,
        found?.kind ?? 'await',
        source,
        this.labels.ofAwaited(source),
      );
      return;
    }
    this.drawn(source);
  }

  /** All elements of a source are taken; a lazy one waits there. */
  private drawn(source: Expr): void {
    const found = this.lazySource(this.evaluator.eval(source), 'next');
    if (!found) return;
    const label = this.labels.ofSource(source);
    this.add(source.unit, startOf(source), source.end, found.kind, source, label);
  }
}

/** Where CPython says a call is: its start, or the name of the method when that stands on a later line. */
function startOf(expr: Expr): number {
  if (expr.kind !== 'call' || expr.fn.kind !== 'attr') return expr.start;
  const { file, base } = expr.unit;
  const between = file.text.slice(base + expr.start, base + expr.fn.nameStart);
  return between.includes('\n') ? expr.fn.nameStart : expr.start;
}

/** In the order of the text; of several at one place the first found stays, a certain one before a guess. */
function onePerPlace(points: FoundPoint[]): FoundPoint[] {
  const sorted = points.toSorted(
    (a, b) => a.start - b.start || a.end - b.end || Number(b.certain) - Number(a.certain),
  );
  return sorted.filter((point, index) => {
    const before = sorted[index - 1];
    return !before || before.start !== point.start || before.end !== point.end;
  });
}
