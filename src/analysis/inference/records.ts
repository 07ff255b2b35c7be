/** Owns classes whose constructor fills their fields: dataclasses and named tuples. A field holds what the calls of the class give it. */
import type { Evaluator } from './evaluator';
import { lastName } from './programIndex';
import { type CallExpr, type ClassInfo, type Expr, Scope } from './syntax';
import { join, UNKNOWN, type UserInstance, type Values } from './values';

interface Fields {
  readonly names: readonly string[];
  /** Can be unpacked and counted through, as a tuple can. */
  readonly isTuple: boolean;
}

const DECORATORS = new Set(['dataclass', 'define', 'frozen', 'attrs']);
const MOST_CALLS = 40;
const NO_FIELDS: Fields = { names: [], isTuple: false };

export class Records {
  private readonly evaluator: Evaluator;
  private readonly fields = new Map<ClassInfo, Fields>();
  private readonly made = new Map<CallExpr, ClassInfo>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** The class that `namedtuple("Job", "number reply")` makes. */
  namedTuple(call: CallExpr): Values {
    const known = this.made.get(call);
    if (known) return [{ k: 'user-class', cls: known }];
    const [name, fields] = call.args.filter(arg => arg.stars === 0).map(arg => arg.value);
    if (name?.kind !== 'text' || !fields) return UNKNOWN;
    const scope = new Scope('class', null);
    const cls: ClassInfo = { name: name.value, bases: [], decorators: [], methods: [], scope };
    this.made.set(call, cls);
    this.fields.set(cls, { names: namesIn(fields), isTuple: true });
    return [{ k: 'user-class', cls }];
  }

  /** What a field of the object was given; nothing where the name is no field. */
  field(object: UserInstance, name: string): Values {
    const { names } = this.of(object.cls);
    const index = names.indexOf(name);
    return index < 0 ? UNKNOWN : this.given(object, index, name);
  }

  /** The values of a named tuple in order; undefined for other objects. */
  items(object: UserInstance): readonly Values[] | undefined {
    const { names, isTuple } = this.of(object.cls);
    if (!isTuple) return undefined;
    return names.map(name => this.evaluator.members.attribute([object], name));
  }

  /** What `case Job(number, reply)` binds, by position. */
  positional(object: UserInstance, index: number): Values {
    const name = this.of(object.cls).names[index];
    return name === undefined ? UNKNOWN : this.evaluator.members.attribute([object], name);
  }

  /** Its keys are what other classes have as attributes. */
  isTypedDict(cls: ClassInfo): boolean {
    const { classes } = this.evaluator.members.orderOf(cls);
    return classes.some(one => one.bases.some(base => lastName(base) === 'TypedDict'));
  }

  private of(cls: ClassInfo): Fields {
    const known = this.fields.get(cls);
    if (known) return known;
    // A class that is its own base is asked once.
    this.fields.set(cls, NO_FIELDS);
    const fields = this.read(cls);
    this.fields.set(cls, fields);
    return fields;
  }

  private read(cls: ClassInfo): Fields {
    if (cls.scope.bindings.has('__init__')) return NO_FIELDS;
    const { classes } = this.evaluator.members.orderOf(cls);
    const bases = classes.slice(1).map(base => this.of(base));
    const isNamedTuple = cls.bases.some(base => lastName(base) === 'NamedTuple');
    const isTuple = isNamedTuple || bases.some(base => base.isTuple);
    const inherited = bases.toReversed().flatMap(base => base.names);
    const isRecord = isNamedTuple || cls.decorators.some(isDataclass);
    const own = isRecord ? annotatedIn(cls) : [];
    return { names: [...new Set([...inherited, ...own])], isTuple };
  }

  private given(object: UserInstance, index: number, name: string): Values {
    if (object.at) return this.fromCall(object.at, index, name);
    const { evaluator } = this;
    const calls = evaluator.index.callsOf.get(object.cls.name) ?? [];
    const meant = calls
      .slice(0, MOST_CALLS)
      .filter(call =>
        evaluator.eval(call.fn).some(value => value.k === 'user-class' && value.cls === object.cls),
      );
    return join(...meant.map(call => this.fromCall(call, index, name)));
  }

  private fromCall(call: CallExpr, index: number, name: string): Values {
    const { evaluator } = this;
    const named = call.args.find(arg => arg.name === name);
    if (named) return evaluator.eval(named.value);
    const positional = call.args.filter(arg => arg.name === null);
    const starred = positional.findIndex(arg => arg.stars === 1);
    const arg = positional[starred >= 0 ? Math.min(starred, index) : index];
    if (!arg) return UNKNOWN;
    const values = evaluator.eval(arg.value);
    return arg.stars === 1 ? evaluator.containers.part(values, index - starred, false) : values;
  }
}

function isDataclass(decorator: Expr): boolean {
  const name = lastName(decorator.kind === 'call' ? decorator.fn : decorator);
  return name !== null && DECORATORS.has(name);
}

function annotatedIn(cls: ClassInfo): string[] {
  const names: string[] = [];
  for (const [name, bindings] of cls.scope.bindings) {
    const value = bindings[0]?.value;
    if (value?.kind !== 'annotated') continue;
    const isShared = value.type.kind === 'sub' && lastName(value.type.object) === 'ClassVar';
    if (!isShared) names.push(name);
  }
  return names;
}

/** `["a", "b"]`, `"a b"` or `"a, b"`. */
function namesIn(fields: Expr): string[] {
  if (fields.kind === 'text') return fields.value.split(/[\s,]+/).filter(Boolean);
  if (fields.kind !== 'list' && fields.kind !== 'tuple') return [];
  return fields.items.map(item => (item.kind === 'text' ? item.value : firstText(item)));
}

/** The name in `("number", int)`, as the functional form of NamedTuple has it. */
const firstText = (item: Expr): string =>
  item.kind === 'tuple' && item.items[0]?.kind === 'text' ? item.items[0].value : '';
