/** Owns the reading of type annotations: `q: Queue`, `"queue.Queue[int]"`, `list[Thread]`, `Optional[X]`, `X | None`. */
import type { Evaluator } from './evaluator';
import type { Expr } from './syntax';
import { join, PLAIN_ONLY, UNKNOWN, type Value, type Values } from './values';

/** Generic types that say how things are held. */
const HOLDERS = new Map<
  string,
  'list' | 'mapping' | 'first' | 'tuple' | 'awaitable' | 'function'
>();
for (const name of 'list List Sequence Iterable Iterator Collection set Set FrozenSet frozenset AbstractSet Deque deque MutableSequence AsyncIterator AsyncIterable Generator AsyncGenerator Reversible Array ReadonlyArray ReadonlySet'.split(
  ' ',
))
  HOLDERS.set(name, 'list');
for (const name of 'dict Dict Map ReadonlyMap Record Mapping MutableMapping DefaultDict defaultdict OrderedDict'.split(
  ' ',
))
  HOLDERS.set(name, 'mapping');
for (const name of 'Optional Union Final ClassVar Annotated Required NotRequired'.split(' '))
  HOLDERS.set(name, 'first');
for (const name of 'Awaitable Coroutine Promise PromiseLike'.split(' '))
  HOLDERS.set(name, 'awaitable');
for (const name of 'tuple Tuple'.split(' ')) HOLDERS.set(name, 'tuple');

export function fromAnnotation(type: Expr, evaluator: Evaluator): Values {
  switch (type.kind) {
    case 'constant':
      return UNKNOWN;
    case 'either':
      return join(...type.options.map(option => fromAnnotation(option, evaluator)));
    case 'text':
      return fromText(type, evaluator);
    case 'sub':
      return fromGeneric(type, evaluator);
    case 'name':
    case 'attr':
      return instancesOf(evaluator.eval(type), type);
    default:
      return UNKNOWN;
  }
}

const PLAIN_TYPES = new Set(['int', 'str', 'float', 'bool', 'bytes', 'complex', 'bytearray']);

function instancesOf(values: Values, type: Expr): Values {
  if (type.kind === 'name' && PLAIN_TYPES.has(type.id)) return PLAIN_ONLY;
  return join(
    ...values.map((value): Values => {
      if (value.k === 'class') return [{ k: 'instance', cls: value.cls, of: UNKNOWN, at: null }];
      if (value.k === 'user-class') return [{ k: 'object', cls: value.cls, at: null }];
      if (value.k === 'module') return [value];
      // `multiprocessing.Queue` and the like are functions that people annotate with.
      return UNKNOWN;
    }),
  );
}

function fromGeneric(type: Expr & { kind: 'sub' }, evaluator: Evaluator): Values {
  const name =
    type.object.kind === 'name'
      ? type.object.id
      : type.object.kind === 'attr'
        ? type.object.name
        : '';
  const parts: readonly Expr[] =
    type.index?.kind === 'tuple' ? type.index.items : type.index ? [type.index] : [];
  // A class of the file's own may bear any of these names.
  const isOwn = evaluator.eval(type.object).some(value => value.k === 'user-class');
  const holder = isOwn ? undefined : HOLDERS.get(name);
  if (!holder) {
    const whole = fromAnnotation(type.object, evaluator);
    const of = parts[0] ? fromAnnotation(parts[0], evaluator) : UNKNOWN;
    return whole.map((value): Value => (value.k === 'instance' ? { ...value, of } : value));
  }
  const given = parts.map(part => fromAnnotation(part, evaluator));
  switch (holder) {
    case 'first':
      return join(...given);
    case 'mapping':
      return [{ k: 'mapping', of: given[1] ?? UNKNOWN }];
    case 'awaitable':
      return [{ k: 'awaitable', of: given.at(-1) ?? UNKNOWN, fn: null, call: null }];
    case 'tuple': {
      const isEndless = parts[1]?.kind === 'other';
      if (isEndless) return [{ k: 'iter', of: given[0] ?? UNKNOWN, over: UNKNOWN, isAsync: false }];
      return [{ k: 'tuple', items: given, at: null }];
    }
    default:
      return [{ k: 'iter', of: given[0] ?? UNKNOWN, over: UNKNOWN, isAsync: false }];
  }
}

/** A quoted annotation: a dotted name, perhaps in `Optional[...]`, `list[...]` or with ` | None`. */
function fromText(text: Expr & { kind: 'text' }, evaluator: Evaluator): Values {
  const words = text.value.match(/[A-Za-z_][\w.]*/g) ?? [];
  const [first = ''] = words;
  const resolve = (word: string): Values =>
    evaluator.modules.dotted(word, text.unit.file, evaluator);
  const holder = HOLDERS.get(first.slice(first.lastIndexOf('.') + 1));
  if (!holder || words.length < 2) {
    const plain: Expr = { ...text, kind: 'other' };
    return join(...words.slice(0, 4).map(word => instancesOf(resolve(word), plain)));
  }
  const last = words.at(-1) ?? '';
  const plain: Expr = { ...text, kind: 'other' };
  const of = instancesOf(resolve(holder === 'mapping' ? last : (words[1] ?? '')), plain);
  if (holder === 'first') return of;
  if (holder === 'mapping') return [{ k: 'mapping', of }];
  return [{ k: 'iter', of, over: UNKNOWN, isAsync: false }];
}
