/**
 * Owns the evaluation of expressions to `Values`, on demand: nothing is computed that no wait point asks for. Each expression
 * is evaluated once a round; where a chain of names leads back to itself, what is known so far stands in.
 */
import { Calls } from './calls';
import { Containers } from './containers';
import { fromAnnotation } from './annotations';
import { reaching, scopeOf } from './flow';
import { type Library, SYNTAX, type TypeSpec } from './library';
import { Members } from './members';
import type { Modules } from './modules';
import { Parameters } from './parameters';
import type { ProgramIndex } from './programIndex';
import { Records } from './records';
import type { AttrExpr, Binding, Expr, NameExpr, Noted } from './syntax';
import { type CallSite, join, PLAIN_ONLY, UNKNOWN, type Value, type Values } from './values';

/**
 * So many steps a round, then unknown: no text can make inference take for ever. Code takes 5 for each of its calls; names that lead
 * to each other in circles take as many as they are given.
 */
const LEAST_STEPS = 20_000;
const STEPS_PER_CALL = 40;
const MAX_DEPTH = 240;
/**
 * So often an expression in the midst of a circle is evaluated anew, then what it gave is taken. Some files of libraries used up
 * their steps in circles before they came to their threads; with this none of 1,020 does, and all together take a tenth less.
 */
const MOST_TRIES = 8;

const LISTS = new Set(['container', 'tuple', 'iter']);
const VAGUE = new Set(['plain', 'foreign', 'container', 'iter', 'mapping']);

let rounds = 0;

function newNote(expr: Expr): Noted {
  const note: Noted = { round: 0, state: 'new', depth: 0, tries: 0, values: UNKNOWN };
  expr.noted = note;
  return note;
}

export class Evaluator {
  readonly library: Library;
  readonly index: ProgramIndex;
  readonly containers: Containers;
  readonly members: Members;
  readonly calls: Calls;
  readonly parameters: Parameters;
  readonly records: Records;
  readonly modules: Modules;
  private round: number;
  private depth = 0;
  /** The shallowest expression in progress that the current result leans on. */
  private leansOn = Number.POSITIVE_INFINITY;
  private steps = 0;
  private readonly mostSteps: number;
  private readonly choices = new Map<readonly Binding[], Expr>();

  constructor(library: Library, index: ProgramIndex, modules: Modules) {
    this.library = library;
    this.index = index;
    this.modules = modules;
    this.round = ++rounds;
    this.mostSteps = LEAST_STEPS + STEPS_PER_CALL * index.callCount;
    this.containers = new Containers(this);
    this.members = new Members(this);
    this.calls = new Calls(this);
    this.parameters = new Parameters(this);
    this.records = new Records(this);
  }

  /** Forgets what was evaluated, because more is known now. */
  nextRound(): void {
    this.round = ++rounds;
    this.steps = 0;
  }

  eval(expr: Expr): Values {
    const { noted } = expr;
    if (noted && noted.round === this.round) {
      if (noted.state === 'done') return noted.values;
      if (noted.state === 'busy') {
        if (noted.depth < this.leansOn) this.leansOn = noted.depth;
        return noted.values;
      }
    }
    if (this.depth >= MAX_DEPTH || this.steps >= this.mostSteps) return UNKNOWN;
    this.steps++;
    this.depth++;
    const outerLean = this.leansOn;
    this.leansOn = Number.POSITIVE_INFINITY;
    const depth = this.depth;
    const note = noted ?? newNote(expr);
    if (note.round !== this.round) note.tries = 0;
    note.round = this.round;
    note.state = 'busy';
    note.depth = depth;
    note.values = UNKNOWN;
    const values = this.evalNew(expr);
    note.values = values;
    // A result that leans on an expression still in progress is only good until that one is done.
    note.state = this.leansOn < depth && ++note.tries < MOST_TRIES ? 'new' : 'done';
    this.depth--;
    const lean = this.leansOn < depth ? this.leansOn : Number.POSITIVE_INFINITY;
    this.leansOn = Math.min(outerLean, lean);
    return values;
  }

  private evalNew(expr: Expr): Values {
    switch (expr.kind) {
      case 'name':
        return this.name(expr);
      case 'attr': {
        const values = this.members.attribute(this.eval(expr.object), expr.name);
        return values.some(value => value.k !== 'foreign') ? values : this.byName(expr, values);
      }
      case 'call':
        return this.calls.call(expr);
      case 'sub':
        return isIteratorName(expr.index)
          ? this.containers.iteratorMakers(this.eval(expr.object))
          : this.containers.item(this.eval(expr.object), expr.index);
      case 'list':
      case 'set':
      case 'dict':
        return [{ k: 'container', at: expr, shape: expr.kind }];
      case 'tuple':
        return [{ k: 'tuple', items: expr.items.map(item => this.eval(item)), at: expr }];
      case 'comp':
        if (expr.shape === 'iter')
          return [{ k: 'iter', of: this.eval(expr.element), over: UNKNOWN, isAsync: false }];
        return [{ k: 'container', at: expr, shape: expr.shape }];
      case 'either':
        return join(...expr.options.map(option => this.eval(option)));
      case 'await':
        return this.awaited(this.eval(expr.value));
      case 'lambda':
        return [{ k: 'function', fn: expr.fn, self: null }];
      case 'constant':
        // `this.job = null` says of JavaScript's job only that there is none yet; whatever it will be is given elsewhere.
        return expr.value === 'None' && this.library.hasPromises ? UNKNOWN : PLAIN_ONLY;
      case 'text':
      case 'number':
        return PLAIN_ONLY;
      case 'plus':
        return this.plus(expr);
      case 'element':
        return this.containers.elements(this.eval(expr.of), expr.isAsync);
      case 'part':
        return this.containers.part(this.eval(expr.of), expr.index, expr.rest);
      case 'entered':
        return this.members.entered(this.eval(expr.of), expr.isAsync);
      case 'parameter':
        return this.parameters.value(expr.fn, expr.index);
      case 'import':
        return this.modules.imported(expr, this);
      case 'member':
        return this.modules.given(expr.facts, expr.name, this);
      case 'function':
        return this.calls.definition(expr.fn);
      case 'class':
        return [{ k: 'user-class', cls: expr.cls }];
      case 'narrowed':
        return this.narrowed(this.eval(expr.value), fromAnnotation(expr.type, this));
      case 'annotated': {
        const given = expr.value ? this.eval(expr.value) : UNKNOWN;
        // What a container of a class's own holds is often known by its annotation alone.
        const isUseful = given.some(value => !VAGUE.has(value.k));
        return isUseful ? given : join(fromAnnotation(expr.type, this), given);
      }
      default:
        return UNKNOWN;
    }
  }

  /** An attribute of something unknown: what the file assigns to the same attribute of the same name. */
  private byName(expr: AttrExpr, values: Values): Values {
    const { object } = expr;
    const assigns = this.index.attrAssigns.get(expr.name)?.others;
    if (object.kind !== 'name' || !assigns) return values;
    const same = assigns.filter(
      assign => assign.object.kind === 'name' && assign.object.id === object.id,
    );
    return same.length > 0 ? join(...same.map(assign => this.eval(assign.value))) : values;
  }

  private name(name: NameExpr): Values {
    const scope = scopeOf(name);
    if (!scope) return this.unbound(name);
    const bindings = reaching(name, scope);
    const [only] = bindings;
    if (bindings.length === 1 && only) return this.eval(only.value);
    if (bindings !== scope.bindings.get(name.id))
      return join(...bindings.map(binding => this.eval(binding.value)));
    return this.eval(this.anyOf(bindings, name));
  }

  /** All bindings of a name as one expression, evaluated once: a long file imports `time` a hundred times and uses it a thousand. */
  private anyOf(bindings: readonly Binding[], name: NameExpr): Expr {
    let any = this.choices.get(bindings);
    if (!any) {
      const { unit, start, end } = name;
      const options = bindings.map(binding => binding.value);
      any = { kind: 'either', unit, start, end, noted: null, options };
      this.choices.set(bindings, any);
    }
    return any;
  }

  /** A name that the file does not bind: from a star import, built in, or a module that was forgotten to import. */
  private unbound(name: NameExpr): Values {
    const starred = this.modules.fromStar(name, this);
    if (starred.length) return starred;
    if (this.library.find(name.id)?.k === 'function') return this.modules.entry(name.id, this);
    if (this.library.builtins.has(name.id)) return [{ k: 'builtin', name: name.id }];
    if (!this.modules.hasUnknownStar(name) && this.library.isModule(name.id))
      return [{ k: 'module', name: name.id }];
    return UNKNOWN;
  }

  /** Of what a name can hold, what is of the types; the types themselves where nothing known is. */
  narrowed(given: Values, types: Values): Values {
    if (types.length === 0) return given;
    const fitting = given.filter(value =>
      types.some(type => {
        if (type.k === 'object')
          return value.k === 'object' && this.members.orderOf(value.cls).classes.includes(type.cls);
        if (type.k !== 'instance') return value.k === type.k;
        return this.members.librariesOf(value).some(cls => this.library.isA(cls, type.cls.name));
      }),
    );
    return fitting.length > 0 ? fitting : types;
  }

  /** `xs + ys` and `[None] * 3` are lists of their own, which can be changed later. */
  private plus(expr: Expr & { kind: 'plus' }): Values {
    const left = this.eval(expr.left);
    const right = this.eval(expr.right);
    const isList = [...left, ...right].some(value => LISTS.has(value.k));
    if (isList && (expr.operator === '+' || expr.operator === '*')) {
      return [{ k: 'container', at: expr, shape: 'list' }];
    }
    return left.some(value => value.k !== 'plain') ? UNKNOWN : PLAIN_ONLY;
  }

  /** What `await` gives for a value. */
  awaited(values: Values): Values {
    return join(
      ...values.map((value): Values => {
        if (value.k === 'awaitable') return this.settled(value.of);
        if (value.k === 'instance') {
          const rule = this.library.method(value.cls, SYNTAX.await);
          return rule?.returns ? this.spec(rule.returns, value, null) : UNKNOWN;
        }
        if (value.k === 'plain') return PLAIN_ONLY;
        return UNKNOWN;
      }),
    );
  }

  /** A promise never gives a promise: what an async function returns is waited for with it. */
  private settled(values: Values): Values {
    const isNested = this.library.hasPromises && values.some(value => value.k === 'awaitable');
    if (!isNested) return values;
    return join(
      ...values.map(value => (value.k === 'awaitable' ? this.awaited([value]) : [value])),
    );
  }

  /** A declared type, for a call on `self` with these arguments. */
  spec(type: TypeSpec, self: Value | null, call: CallSite | null): Values {
    switch (type.k) {
      case 'plain':
        return PLAIN_ONLY;
      case 'self':
        return self ? [self] : UNKNOWN;
      case 'of':
        return self && 'of' in self ? self.of : UNKNOWN;
      case 'elem':
        return self ? this.containers.put(self) : UNKNOWN;
      case 'module':
        return [{ k: 'module', name: type.name }];
      case 'type': {
        const cls = this.library.classNamed(type.name);
        return cls ? [{ k: 'class', cls }] : PLAIN_ONLY;
      }
      case 'class': {
        const cls = this.library.classNamed(type.name);
        if (!cls) return PLAIN_ONLY;
        const of = type.of ? this.spec(type.of, self, call) : UNKNOWN;
        return [{ k: 'instance', cls, of, at: call?.expr ?? null }];
      }
      case 'list':
      case 'iter':
        return [{ k: 'iter', of: this.spec(type.of, self, call), over: UNKNOWN, isAsync: false }];
      case 'dict':
        return [{ k: 'mapping', of: this.spec(type.of, self, call) }];
      case 'await':
        return [{ k: 'awaitable', of: this.spec(type.of, self, call), fn: null, call: null }];
      case 'tuple':
        return [
          {
            k: 'tuple',
            items: type.items.map(item => this.spec(item, self, call)),
            names: type.names,
            at: null,
          },
        ];
      default:
        return this.fromArgument(type.k, type.arg, call);
    }
  }

  private fromArgument(
    how: 'arg' | 'elements' | 'result' | 'awaited' | 'awaits',
    name: string,
    call: CallSite | null,
  ): Values {
    const given = call ? this.parameters.argumentOf(call, name) : undefined;
    if (!given) return UNKNOWN;
    switch (how) {
      case 'arg':
        return given.values;
      case 'elements':
        return given.isRest ? given.values : this.containers.elements(given.values, false);
      case 'result':
        return this.calls.result(given.values, null);
      case 'awaited':
        return this.awaited(given.values);
      default: {
        const elements = given.isRest
          ? given.values
          : this.containers.elements(given.values, false);
        return this.awaited(elements);
      }
    }
  }
}

/** `source[Symbol.asyncIterator]()`. */
const isIteratorName = (index: Expr | null): boolean =>
  index?.kind === 'attr' && /^(?:asyncI|i)terator$/.test(index.name);
