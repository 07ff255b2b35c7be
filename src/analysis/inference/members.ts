/** Owns attributes and special methods: of modules, classes, instances of the file's classes and of libraries' ones. */
import type { Evaluator } from './evaluator';
import { SYNTAX, type LibClass, type LibFunction } from './library';
import type { ClassInfo, Expr, FunctionInfo } from './syntax';
import { join, PLAIN_ONLY, UNKNOWN, type Value, type Values } from './values';

const CONTAINER_METHODS = new Set([
  'pop',
  'popleft',
  'popitem',
  'get',
  'values',
  'keys',
  'items',
  'copy',
  'setdefault',
  'append',
  'add',
  'extend',
  'remove',
  'clear',
  'insert',
  'update',
  'sort',
  'reverse',
  'index',
  'count',
  'discard',
  'join',
  'union',
  'push',
  'unshift',
  'shift',
  'next',
  'slice',
  'concat',
  'map',
  'forEach',
  'filter',
  'flatMap',
  'find',
  'some',
  'every',
  'entries',
  'at',
  'splice',
  'toSorted',
  'toReversed',
  'toSpliced',
  'fill',
  'flat',
  'set',
  'has',
  'delete',
]);
const MOST_BASES = 30;

export class Members {
  private readonly evaluator: Evaluator;
  private readonly orders = new Map<ClassInfo, Order>();
  private readonly literals = new Map<Expr, Literal>();
  private readonly attributes = new Map<Expr, Map<string, Expr>>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  attribute(objects: Values, name: string): Values {
    const [only] = objects;
    if (objects.length === 1 && only) return this.attributeOf(only, name);
    return join(...objects.map(object => this.attributeOf(object, name)));
  }

  private attributeOf(object: Value, name: string): Values {
    const { evaluator } = this;
    switch (object.k) {
      case 'plain':
        return PLAIN_ONLY;
      case 'foreign':
        return [{ k: 'foreign', name: `${object.name}.${name}` }];
      case 'module':
        return evaluator.modules.member(object.name, name, evaluator);
      case 'file':
        return evaluator.modules.memberOfFile(object.facts, name, evaluator);
      case 'instance':
        return this.ofLibrary(object.cls, object, name);
      case 'object':
        return this.ofObject(object, name);
      case 'class': {
        const method = evaluator.library.method(object.cls, name);
        return method ? [{ k: 'lib', fn: method, self: null }] : UNKNOWN;
      }
      case 'user-class':
        return this.ofClass(object.cls, name);
      case 'builtin': {
        const full = `${object.name}.${name}`;
        const entry = evaluator.modules.entry(full, evaluator);
        return entry.length > 0 ? entry : [{ k: 'foreign', name: full }];
      }
      case 'super': {
        const order = this.orderOf(object.cls);
        const found = this.inClasses(order.classes.slice(1), name, object.self);
        if (found) return found;
        return join(...order.libraries.map(cls => this.ofLibrary(cls, object.self, name)));
      }
      case 'tuple': {
        const place = object.names?.indexOf(name) ?? -1;
        if (place >= 0) return object.items[place] ?? UNKNOWN;
        return this.ofContainer(object, name);
      }
      case 'container':
        return this.ofLiteral(object, name) ?? this.ofContainer(object, name);
      case 'iter':
      case 'mapping':
        return this.ofContainer(object, name);
      case 'awaitable': {
        // Where promises are, whatever can be awaited has their methods.
        const promise = evaluator.library.classNamed('Promise.Promise');
        return promise ? this.ofLibrary(promise, object, name) : UNKNOWN;
      }
      default:
        return UNKNOWN;
    }
  }

  /** Where objects are literals, an attribute is an entry; undefined for what is a list or a Map. */
  private ofLiteral(object: Value & { k: 'container' }, name: string): Values | undefined {
    const { at } = object;
    const { evaluator } = this;
    if (at.kind !== 'dict' || !evaluator.library.hasPromises) return undefined;
    let literal = this.literals.get(at);
    if (!literal) this.literals.set(at, (literal = readLiteral(at)));
    return join(
      ...(literal.entries.get(name) ?? []).map(entry => this.entry(evaluator.eval(entry), object)),
      ...literal.spread.map(entry => evaluator.eval(this.attributeExpr(entry, name))),
      this.assignedTo(name, value => value.k === 'container' && value.at === at),
    );
  }

  /** An entry as reading it gives it: `{ get ready() { return this.started; } }` runs the function. */
  private entry(values: Values, self: Value): Values {
    if (!values.some(value => value.k === 'function' && isProperty(value.fn))) return values;
    const { calls } = this.evaluator;
    return join(
      ...values.map((value): Values => {
        const isRun = value.k === 'function' && isProperty(value.fn);
        return isRun ? calls.result([{ ...value, self }], null) : [value];
      }),
    );
  }

  /** `object.name` as an expression, so that objects spread into each other are asked once a round. */
  private attributeExpr(object: Expr, name: string): Expr {
    let known = this.attributes.get(object);
    if (!known) this.attributes.set(object, (known = new Map()));
    let attribute = known.get(name);
    if (!attribute) {
      const { unit, start, end } = object;
      attribute = { kind: 'attr', unit, start, end, noted: null, object, name, nameStart: end };
      known.set(name, attribute);
    }
    return attribute;
  }

  private ofContainer(object: Value, name: string): Values {
    return CONTAINER_METHODS.has(name)
      ? [{ k: 'container-method', name, self: object }]
      : PLAIN_ONLY;
  }

  private ofLibrary(cls: LibClass, self: Value, name: string): Values {
    const { evaluator } = this;
    const method = evaluator.library.method(cls, name);
    if (method) return [{ k: 'lib', fn: method, self }];
    const type = evaluator.library.attr(cls, name);
    if (type) return evaluator.spec(type, self, null);
    const any = name.startsWith('__') ? undefined : evaluator.library.method(cls, '__getattr__');
    if (any) return [{ k: 'lib', fn: any, self }];
    // `t = Thread(...)`, `t.results = Queue()`: what the file hangs on that very object.
    const { at } = 'at' in self ? self : { at: null };
    if (self.k !== 'instance' || !at) return UNKNOWN;
    return this.assignedTo(name, value => value.k === 'instance' && value.at === at);
  }

  private ofObject(object: Value & { k: 'object' }, name: string): Values {
    const assigned = this.assigned(object.cls, name);
    const order = this.orderOf(object.cls);
    const declared = join(
      this.inClasses(order.classes, name, object) ?? UNKNOWN,
      object.at ? UNKNOWN : this.overridden(object.cls, name),
    );
    const given = this.evaluator.records.field(object, name);
    if (declared.length) return join(assigned, given, declared);
    if (assigned.length + given.length) return join(assigned, given);
    return join(...order.libraries.map(cls => this.ofLibrary(cls, object, name)));
  }

  /** What classes derived from it make of a name: `self` may be of any of them. */
  private overridden(cls: ClassInfo, name: string): Values {
    const derived = this.evaluator.index.withDerived(cls, one => this.orderOf(one));
    if (derived.length < 2) return UNKNOWN;
    return join(
      ...derived.map(one =>
        one === cls || !one.scope.bindings.has(name)
          ? UNKNOWN
          : (this.inClasses([one], name, { k: 'object', cls: one, at: null }) ?? UNKNOWN),
      ),
    );
  }

  private ofClass(cls: ClassInfo, name: string): Values {
    const order = this.orderOf(cls);
    const found = this.inClasses(order.classes, name, null);
    const assigned = this.assignedTo(name, value => value.k === 'user-class' && value.cls === cls);
    if (found) return join(found, assigned);
    if (assigned.length) return assigned;
    return join(...order.libraries.map(base => this.attributeOf({ k: 'class', cls: base }, name)));
  }

  /** A name in the bodies of the classes, nearest first; undefined where none has it. */
  private inClasses(
    classes: readonly ClassInfo[],
    name: string,
    self: Value | null,
  ): Values | undefined {
    for (const cls of classes) {
      const bindings = cls.scope.bindings.get(name);
      if (bindings)
        return join(
          ...bindings.map(binding => this.bound(this.evaluator.eval(binding.value), self, cls)),
        );
    }
    return undefined;
  }

  private bound(values: Values, self: Value | null, cls: ClassInfo): Values {
    return join(
      ...values.map((value): Values => {
        if (value.k !== 'function' || !value.fn.cls) return [value];
        if (hasDecorator(value.fn, 'staticmethod')) return [value];
        if (hasDecorator(value.fn, 'classmethod'))
          return [{ ...value, self: { k: 'user-class', cls } }];
        if (!self) return [value];
        const method: Value = { ...value, self };
        if (isProperty(value.fn)) return this.evaluator.calls.result([method], null);
        return [method];
      }),
    );
  }

  /** What the file assigns to an attribute of the class's instances: `self.x = ...` in its methods, `obj.x = ...` elsewhere. */
  private assigned(cls: ClassInfo, name: string): Values {
    const { evaluator } = this;
    const assigns = evaluator.index.attrAssigns.get(name);
    if (!assigns) return UNKNOWN;
    const results: Values[] = [];
    const derived = evaluator.index.withDerived(cls, one => this.orderOf(one));
    for (const owner of new Set([...this.orderOf(cls).classes, ...derived])) {
      for (const assign of assigns.bySelf.get(owner) ?? [])
        results.push(evaluator.eval(assign.value));
    }
    results.push(
      this.assignedTo(name, value => value.k === 'object' && this.areRelated(value.cls, cls)),
    );
    return join(...results);
  }

  private assignedTo(name: string, isMeant: (value: Value) => boolean): Values {
    const { evaluator } = this;
    const assigns = evaluator.index.attrAssigns.get(name)?.others ?? [];
    return join(
      ...assigns.map(assign =>
        evaluator.eval(assign.object).some(isMeant) ? evaluator.eval(assign.value) : UNKNOWN,
      ),
    );
  }

  private areRelated(a: ClassInfo, b: ClassInfo): boolean {
    return a === b || this.orderOf(a).classes.includes(b) || this.orderOf(b).classes.includes(a);
  }

  /** The class and its bases, nearest first, and the library classes they end in. */
  orderOf(cls: ClassInfo): Order {
    const known = this.orders.get(cls);
    if (known) return known;
    const order: Order = { classes: [cls], libraries: [], hasUnknown: false };
    this.orders.set(cls, order);
    for (let at = 0; at < order.classes.length && at < MOST_BASES; at++) {
      for (const base of order.classes[at]?.bases ?? []) {
        const values = this.evaluator.eval(base);
        if (values.length === 0) order.hasUnknown = true;
        for (const value of values) {
          if (value.k === 'user-class' && !order.classes.includes(value.cls))
            order.classes.push(value.cls);
          else if (value.k === 'class' && !order.libraries.includes(value.cls))
            order.libraries.push(value.cls);
          else if (value.k === 'module') this.addDefault(order, value.name);
          else if (value.k === 'foreign') order.hasUnknown = true;
        }
      }
    }
    return order;
  }

  /** `class Emitter extends require('events')`: the module is its own main class. */
  private addDefault(order: Order, module: string): void {
    const entry = this.evaluator.library.find(`${module}.default`);
    if (entry?.k === 'class' && !order.libraries.includes(entry.cls))
      order.libraries.push(entry.cls);
  }

  /** Library classes that an object is an instance of. */
  librariesOf(value: Value): readonly LibClass[] {
    if (value.k === 'instance') return [value.cls];
    if (value.k === 'object') return this.orderOf(value.cls).libraries;
    return [];
  }

  /** The library's rule for syntax used on a value, unless the file's own class defines it. */
  syntaxRule(
    value: Value,
    rule: keyof typeof SYNTAX,
    ownNames: readonly string[],
  ): LibFunction | undefined {
    if (value.k === 'object') {
      const { classes } = this.orderOf(value.cls);
      if (classes.some(cls => ownNames.some(name => cls.scope.bindings.has(name))))
        return undefined;
    }
    for (const cls of this.librariesOf(value)) {
      const found = this.evaluator.library.method(cls, SYNTAX[rule]);
      if (found) return found;
    }
    return undefined;
  }

  /** What `with value as x` binds. */
  entered(values: Values, isAsync: boolean): Values {
    return join(...values.map(value => this.enteredOf(value, isAsync)));
  }

  private enteredOf(value: Value, isAsync: boolean): Values {
    const { evaluator } = this;
    if (value.k === 'plain') return PLAIN_ONLY;
    if (value.k === 'foreign') return [value];
    if (value.k === 'iter' && value.over === MANAGER) return value.of;
    if (value.k === 'object') {
      const own = evaluator.calls.result(
        this.attributeOf(value, isAsync ? '__aenter__' : '__enter__'),
        null,
      );
      const given = isAsync ? evaluator.awaited(own) : own;
      if (given.length) return given;
    }
    for (const cls of this.librariesOf(value)) {
      const rule = evaluator.library.method(cls, SYNTAX.enter);
      if (rule?.returns) return evaluator.spec(rule.returns, value, null);
    }
    return value.k === 'object' || value.k === 'instance' ? [value] : UNKNOWN;
  }

  /** What a loop over an instance gives. */
  iterated(value: Value & { k: 'instance' | 'object' }, isAsync: boolean): Values {
    const { evaluator } = this;
    if (value.k === 'object') {
      const own = evaluator.calls.result(
        this.attributeOf(value, isAsync ? '__aiter__' : '__iter__'),
        null,
      );
      const given = join(
        ...own.map(one =>
          one.k === 'iter' || one.k === 'container'
            ? evaluator.containers.elements([one], isAsync)
            : UNKNOWN,
        ),
      );
      if (given.length) return given;
      const next = evaluator.calls.result(
        this.attributeOf(value, isAsync ? '__anext__' : '__next__'),
        null,
      );
      if (next.length) return isAsync ? evaluator.awaited(next) : next;
    }
    for (const cls of this.librariesOf(value)) {
      const rule = evaluator.library.method(cls, isAsync ? SYNTAX.asyncNext : SYNTAX.next);
      if (rule?.returns) return evaluator.spec(rule.returns, value, null);
    }
    return UNKNOWN;
  }
}

/** An object literal by its keys, and what is spread into it. */
interface Literal {
  readonly entries: Map<string, Expr[]>;
  readonly spread: Expr[];
}

function readLiteral(at: Expr & { kind: 'dict' }): Literal {
  const literal: Literal = { entries: new Map(), spread: [] };
  for (const [index, entry] of at.entries.entries()) {
    const key = at.keys[index];
    if (entry.kind === 'star') literal.spread.push(entry.value);
    else if (key?.kind === 'text') {
      const known = literal.entries.get(key.value);
      if (known) known.push(entry);
      else literal.entries.set(key.value, [entry]);
    }
  }
  return literal;
}

export interface Order {
  readonly classes: ClassInfo[];
  readonly libraries: LibClass[];
  hasUnknown: boolean;
}

/** Marks what a function under `@contextmanager` gives: entering it gives what it yields. */
export const MANAGER: Values = [{ k: 'plain' }];

export function hasDecorator(fn: FunctionInfo, name: string): boolean {
  return fn.decorators.some(decorator => {
    const target = decorator.kind === 'call' ? decorator.fn : decorator;
    if (target.kind === 'name') return target.id === name;
    return target.kind === 'attr' && target.name === name;
  });
}

const isProperty = (fn: FunctionInfo): boolean =>
  hasDecorator(fn, 'property') || hasDecorator(fn, 'cached_property');
