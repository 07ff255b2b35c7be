/** Owns what lists, dicts, tuples and queues hold: from their literals, and from what the file puts into them. */
import type { Evaluator } from './evaluator';
import { PUTS, PUTS_INTO_FIRST, SPREADS } from './putNames';
import type { Expr } from './syntax';
import { join, PLAIN_ONLY, UNKNOWN, type Value, type Values } from './values';

interface Held {
  readonly items: Expr[];
  /** Iterables whose elements are held: `xs.extend(ys)`. */
  readonly spreads: Expr[];
  readonly keys: Expr[];
}

export class Containers {
  private readonly evaluator: Evaluator;
  /** What was put where, by the expression that made the container. */
  private held = new Map<Expr, Held>();
  private readonly asked = new Set<Expr>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** What one turn of a loop over the values gives. */
  elements(values: Values, isAsync: boolean): Values {
    return join(...values.map(value => this.elementsOf(value, isAsync)));
  }

  private elementsOf(value: Value, isAsync: boolean): Values {
    switch (value.k) {
      case 'plain':
        return PLAIN_ONLY;
      case 'tuple':
        return join(...value.items);
      case 'iter':
        return value.of;
      case 'container':
        if (value.shape !== 'dict') return this.contents(value.at);
        if (!this.evaluator.library.hasPromises) return this.keys(value.at);
        // A Map gives its pairs.
        return [{ k: 'tuple', items: [this.keys(value.at), this.contents(value.at)], at: null }];
      case 'object': {
        const items = this.evaluator.records.items(value);
        return items ? join(...items) : this.evaluator.members.iterated(value, isAsync);
      }
      case 'instance':
        return this.evaluator.members.iterated(value, isAsync);
      default:
        return UNKNOWN;
    }
  }

  /** What was put into a queue or the like. */
  put(self: Value): Values {
    if (self.k !== 'instance' || !self.at) return UNKNOWN;
    return this.heldBy(self.at);
  }

  /** Items of a list or set, values of a dict. Of lists that hold or extend each other in a circle each is asked once. */
  contents(at: Expr): Values {
    if (this.asked.has(at)) return UNKNOWN;
    this.asked.add(at);
    const values = this.contentsOf(at);
    this.asked.delete(at);
    return values;
  }

  private contentsOf(at: Expr): Values {
    const { evaluator } = this;
    const held = this.heldBy(at);
    if (at.kind === 'comp') return join(evaluator.eval(at.element), held);
    if (at.kind === 'list' || at.kind === 'set') {
      return join(
        ...at.items.map(item =>
          item.kind === 'star'
            ? this.elements(evaluator.eval(item.value), false)
            : evaluator.eval(item),
        ),
        held,
      );
    }
    if (at.kind === 'dict') {
      return join(
        ...at.entries.map(entry =>
          entry.kind === 'star'
            ? this.valuesOf(evaluator.eval(entry.value))
            : evaluator.eval(entry),
        ),
        held,
      );
    }
    if (at.kind === 'call') return join(this.contentsOfCall(at), held);
    if (at.kind === 'plus') {
      const parts = [...evaluator.eval(at.left), ...evaluator.eval(at.right)];
      const lists = parts.filter(value => value.k !== 'plain');
      return join(this.elements(lists, false), held);
    }
    return held;
  }

  private contentsOfCall(call: Expr & { kind: 'call' }): Values {
    const [first] = call.args;
    if (!first) return UNKNOWN;
    const { evaluator } = this;
    const isFactory = evaluator.calls.builtinName(call) === 'defaultdict';
    if (isFactory) return evaluator.calls.result(evaluator.eval(first.value), call);
    if (evaluator.calls.builtinName(call) === 'Map')
      return this.part(this.elements(evaluator.eval(first.value), false), 1, false);
    if (evaluator.calls.builtinName(call) === 'dict') {
      const named = call.args
        .filter(arg => arg.name !== null)
        .map(arg => evaluator.eval(arg.value));
      return join(
        first.name === null ? this.valuesOf(evaluator.eval(first.value)) : UNKNOWN,
        ...named,
      );
    }
    return first.name === null ? this.elements(evaluator.eval(first.value), false) : UNKNOWN;
  }

  private keys(at: Expr): Values {
    const { evaluator } = this;
    if (at.kind === 'dict')
      return join(...at.keys.map(key => (key ? evaluator.eval(key) : UNKNOWN)), this.keysPut(at));
    if (at.kind === 'comp') return at.key ? evaluator.eval(at.key) : UNKNOWN;
    return this.keysPut(at);
  }

  private keysPut(at: Expr): Values {
    const keys = this.held.get(at)?.keys ?? [];
    return join(...keys.map(key => this.evaluator.eval(key)));
  }

  /** Values of a mapping. */
  valuesOf(values: Values): Values {
    return join(
      ...values.map((value): Values => {
        if (value.k === 'container') return this.contents(value.at);
        if (value.k === 'mapping') return value.of;
        if (value.k === 'plain') return PLAIN_ONLY;
        return UNKNOWN;
      }),
    );
  }

  keysOf(values: Values): Values {
    return join(...values.map(value => (value.k === 'container' ? this.keys(value.at) : UNKNOWN)));
  }

  /** What gives the iterator of a generator or a list: asked for its next, both are as good as their iterator. */
  iteratorMakers(objects: Values): Values {
    return objects.flatMap((self): Values => {
      const isOne = self.k === 'iter' || self.k === 'container';
      return isOne ? [{ k: 'container-method', name: 'slice', self }] : UNKNOWN;
    });
  }

  /** `object[index]`. */
  item(objects: Values, index: Expr | null): Values {
    return join(
      ...objects.map((value): Values => {
        switch (value.k) {
          case 'plain':
            return PLAIN_ONLY;
          case 'container':
            // A slice of a list is a list of the same things.
            if (!index) return value.shape === 'list' ? [value] : this.contents(value.at);
            return this.exact(value.at, index) ?? this.contents(value.at);
          case 'mapping':
            return value.of;
          case 'tuple': {
            if (index?.kind === 'number') return value.items.at(index.value) ?? UNKNOWN;
            return index ? join(...value.items) : [value];
          }
          case 'iter':
            return index ? value.of : [value];
          case 'class':
          case 'user-class':
            // `Queue[int]()` is a queue.
            return [value];
          case 'instance':
            return UNKNOWN;
          case 'object': {
            const items = this.evaluator.records.items(value);
            if (items && index?.kind === 'number') return items.at(index.value) ?? UNKNOWN;
            if (index?.kind === 'text' && this.evaluator.records.isTypedDict(value.cls))
              return this.evaluator.members.attribute([value], index.value);
            const method = this.evaluator.members.attribute([value], '__getitem__');
            return this.evaluator.calls.result(method, null);
          }
          default:
            return UNKNOWN;
        }
      }),
    );
  }

  /** The very entry of a literal that an index names, when the file never changes the container. */
  private exact(at: Expr, index: Expr): Values | undefined {
    if (this.held.has(at)) return undefined;
    if (at.kind === 'list' && index.kind === 'number') {
      const item = at.items.at(index.value);
      return item && at.items.every(one => one.kind !== 'star')
        ? this.evaluator.eval(item)
        : undefined;
    }
    if (at.kind === 'dict' && index.kind === 'text') {
      const place = at.keys.findIndex(key => key?.kind === 'text' && key.value === index.value);
      const entry = at.entries[place];
      return entry ? this.evaluator.eval(entry) : undefined;
    }
    return undefined;
  }

  /** Part of an unpacked value. */
  part(values: Values, index: number, rest: boolean): Values {
    return join(
      ...values.map((value): Values => {
        if (rest)
          return [{ k: 'iter', of: this.elementsOf(value, false), over: UNKNOWN, isAsync: false }];
        if (value.k === 'tuple') return value.items.at(index) ?? UNKNOWN;
        if (value.k === 'object') {
          const { records } = this.evaluator;
          const given = records.items(value)?.at(index) ?? records.positional(value, index);
          if (given.length) return given;
        }
        if (value.k === 'container' && value.at.kind === 'list' && !this.held.has(value.at)) {
          const item = value.at.items.at(index);
          if (item && item.kind !== 'star' && value.at.items.every(one => one.kind !== 'star'))
            return this.evaluator.eval(item);
        }
        return this.elementsOf(value, false);
      }),
    );
  }

  private heldBy(at: Expr): Values {
    const held = this.held.get(at);
    if (!held) return UNKNOWN;
    const { evaluator } = this;
    return join(
      ...held.items.map(item => evaluator.eval(item)),
      ...held.spreads.map(spread => {
        const values = evaluator.eval(spread);
        return join(
          this.elements(
            values.filter(value => value.k !== 'container' || value.shape !== 'dict'),
            false,
          ),
          this.valuesOf(values.filter(value => value.k === 'container' && value.shape === 'dict')),
        );
      }),
    );
  }

  /** True when the file puts something into the container after it was made. */
  isChanged(at: Expr): boolean {
    return this.held.has(at);
  }

  /** Finds out what is put where. Where a container lies in another one the first pass does not see it, so there are two. */
  prepare(): void {
    const { index } = this.evaluator;
    const { puts, subAssigns, extensions, looseCalls, looseRuns } = index;
    const calls = looseCalls.length + looseRuns.length;
    if (puts.length + subAssigns.length + extensions.length + calls === 0) return;
    for (let pass = 0; pass < 2; pass++) {
      this.held = this.fill();
      this.evaluator.parameters.fillAliases();
      this.evaluator.nextRound();
    }
  }

  private fill(): Map<Expr, Held> {
    const held = new Map<Expr, Held>();
    const { evaluator } = this;
    const { index } = evaluator;
    const note = (
      object: Expr,
      item: Expr | null,
      spread: Expr | null,
      key: Expr | null = null,
    ): void => {
      for (const value of evaluator.eval(object)) {
        const at = 'at' in value ? value.at : null;
        if (!at || (value.k !== 'container' && value.k !== 'instance')) continue;
        let known = held.get(at);
        if (!known) held.set(at, (known = { items: [], spreads: [], keys: [] }));
        if (item) known.items.push(item);
        if (spread) known.spreads.push(spread);
        if (key) known.keys.push(key);
      }
    };
    for (const { object, name, call } of index.puts) {
      const place = PUTS.get(name) ?? PUTS_INTO_FIRST.get(name);
      const item = place === undefined ? undefined : call.args[place]?.value;
      const spread = SPREADS.has(name) ? call.args[0]?.value : undefined;
      note(object, item ?? null, spread ?? null);
    }
    for (const { object, key, value } of index.subAssigns) note(object, value, null, key);
    for (const { target, value } of index.extensions) note(target, null, value);
    return held;
  }
}
