/** Owns what calling something gives: instances, results of the file's functions, what libraries and built-ins declare. */
import type { Evaluator } from './evaluator';
import { hasDecorator, MANAGER } from './members';
import type { CallExpr, Expr, FunctionInfo } from './syntax';
import { join, PLAIN_ONLY, UNKNOWN, type Value, type Values } from './values';
import { fromAnnotation } from './annotations';

export class Calls {
  private readonly evaluator: Evaluator;
  private readonly returned = new Map<FunctionInfo, { readonly expr: Expr }>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** A function where it is defined; a decorator that turns it into something known is followed. */
  definition(fn: FunctionInfo): Values {
    const plain: Values = [{ k: 'function', fn, self: null }];
    const { evaluator } = this;
    const made = fn.decorators.map(decorator => {
      const wrappers = evaluator.eval(decorator).filter(value => value.k === 'function');
      return this.result(wrappers, null).filter(value => value.k !== 'plain');
    });
    // The function itself stays among them: a wrapper hands its arguments and its result through, more often than not.
    return join(...made, plain);
  }

  call(call: CallExpr): Values {
    return this.result(this.evaluator.eval(call.fn), call);
  }

  /** The built-in or well-known container maker that a call calls, by name. */
  builtinName(call: Expr): string | null {
    if (call.kind !== 'call') return null;
    const [only] = this.evaluator.eval(call.fn);
    if (only?.k === 'builtin') return only.name;
    if (only?.k === 'foreign') return WELL_KNOWN.get(only.name) ?? null;
    return null;
  }

  /** What calling the values gives; without a call only what does not depend on arguments. */
  result(callees: Values, call: CallExpr | null): Values {
    const [only] = callees;
    if (callees.length === 1 && only) return this.resultOf(only, call);
    return join(...callees.map(callee => this.resultOf(callee, call)));
  }

  private resultOf(callee: Value, call: CallExpr | null): Values {
    const { evaluator } = this;
    switch (callee.k) {
      case 'class':
        return [{ k: 'instance', cls: callee.cls, of: UNKNOWN, at: call }];
      case 'user-class':
        return [{ k: 'object', cls: callee.cls, at: call }];
      case 'function':
        return this.returnedBy(callee.fn, callee.self);
      case 'lib': {
        const { fn, self } = callee;
        const given = call
          ? { expr: call, params: fn.params, isSelfGiven: self === null && isMethod(fn.name) }
          : null;
        const of = fn.returns ? evaluator.spec(fn.returns, self, given) : UNKNOWN;
        if (fn.isAsync) return [{ k: 'awaitable', of, fn, call }];
        return fn.returns ? of : PLAIN_ONLY;
      }
      case 'builtin':
        return call ? this.builtin(callee.name, call) : UNKNOWN;
      case 'foreign': {
        const known = WELL_KNOWN.get(callee.name);
        if (known && call) return this.builtin(known, call);
        return [callee];
      }
      case 'container-method':
        return this.containerMethod(callee.name, callee.self, call);
      case 'partial':
        return this.result(callee.fn, callee.call);
      case 'object':
        return this.result(evaluator.members.attribute([callee], '__call__'), call);
      case 'instance': {
        const method = evaluator.library.method(callee.cls, '__call__');
        return method ? this.resultOf({ k: 'lib', fn: method, self: callee }, call) : UNKNOWN;
      }
      case 'plain':
        return PLAIN_ONLY;
      case 'module':
        return this.result(evaluator.modules.entry(`${callee.name}.default`, evaluator), call);
      default:
        return UNKNOWN;
    }
  }

  private returnedBy(fn: FunctionInfo, self: Value | null): Values {
    const isGenerator = fn.yields.length + fn.yieldsFrom.length > 0;
    let values = this.bodyResult(fn, isGenerator);
    // `return self` of a subclass's instance is that instance.
    if (self && values.some(value => value.k === 'object') && returnsSelf(fn)) values = [self];
    if (isGenerator) {
      const isManager =
        hasDecorator(fn, 'contextmanager') || hasDecorator(fn, 'asynccontextmanager');
      return [{ k: 'iter', of: values, over: isManager ? MANAGER : UNKNOWN, isAsync: fn.isAsync }];
    }
    if (fn.isAsync) return [{ k: 'awaitable', of: values, fn: null, call: null }];
    return values;
  }

  /** Evaluated as one expression, so that a recursive function leans on itself like any other cycle. */
  private bodyResult(fn: FunctionInfo, isGenerator: boolean): Values {
    const known = this.returned.get(fn);
    if (known) return this.evaluator.eval(known.expr);
    const [first] = isGenerator ? [...fn.yields, ...fn.yieldsFrom] : fn.returns;
    const annotated = fn.returnType ? fromAnnotation(fn.returnType, this.evaluator) : UNKNOWN;
    if (isGenerator && annotated.length)
      return this.evaluator.containers.elements(annotated, fn.isAsync);
    if (
      annotated.some(value => value.k !== 'plain' && value.k !== 'container' && value.k !== 'iter')
    )
      return annotated;
    if (!first) return fn.returnType ? annotated : PLAIN_ONLY;
    const at = { unit: first.unit, start: first.start, end: first.end, noted: null };
    const options = isGenerator
      ? [
          ...fn.yields,
          ...fn.yieldsFrom.map((of): Expr => ({ kind: 'element', ...at, of, isAsync: false })),
        ]
      : fn.returns;
    const expr: Expr = { kind: 'either', ...at, options };
    this.returned.set(fn, { expr });
    return this.evaluator.eval(expr);
  }

  private builtin(name: string, call: CallExpr): Values {
    const { evaluator } = this;
    const { containers } = evaluator;
    const args = call.args.filter(arg => arg.name === null);
    const first = args[0]?.value;
    const valuesOfArg = (index: number): Values => {
      const arg = args[index];
      return arg ? evaluator.eval(arg.value) : UNKNOWN;
    };
    switch (name) {
      case 'list':
      case 'Array':
      case 'deque':
        return [{ k: 'container', at: call, shape: 'list' }];
      case 'set':
      case 'Set':
      case 'frozenset':
        return [{ k: 'container', at: call, shape: 'set' }];
      case 'dict':
      case 'Map':
      case 'defaultdict':
        return [{ k: 'container', at: call, shape: 'dict' }];
      case 'iter':
        if (args[1])
          return [
            {
              k: 'iter',
              of: this.result(valuesOfArg(0), null),
              over: valuesOfArg(0),
              isAsync: false,
            },
          ];
        return [
          {
            k: 'iter',
            of: containers.elements(valuesOfArg(0), false),
            over: valuesOfArg(0),
            isAsync: false,
          },
        ];
      case 'tuple':
      case 'sorted':
      case 'reversed':
      case 'aiter':
      case 'islice':
      case 'cycle':
        return [
          {
            k: 'iter',
            of: containers.elements(valuesOfArg(0), false),
            over: name === 'islice' ? valuesOfArg(0) : UNKNOWN,
            isAsync: false,
          },
        ];
      case 'chain': {
        const all = join(
          ...args.map(arg =>
            arg.stars === 1
              ? containers.elements(evaluator.eval(arg.value), false)
              : evaluator.eval(arg.value),
          ),
        );
        return [{ k: 'iter', of: containers.elements(all, false), over: all, isAsync: false }];
      }
      case 'filter':
        return [
          {
            k: 'iter',
            of: containers.elements(valuesOfArg(1), false),
            over: valuesOfArg(1),
            isAsync: false,
          },
        ];
      case 'enumerate': {
        const of: Value = {
          k: 'tuple',
          items: [PLAIN_ONLY, containers.elements(valuesOfArg(0), false)],
          at: null,
        };
        return [{ k: 'iter', of: [of], over: valuesOfArg(0), isAsync: false }];
      }
      case 'zip': {
        const sources = args.map(arg => evaluator.eval(arg.value));
        const of: Value = {
          k: 'tuple',
          items: sources.map(source => containers.elements(source, false)),
          at: null,
        };
        return [{ k: 'iter', of: [of], over: join(...sources), isAsync: false }];
      }
      case 'map': {
        const called = valuesOfArg(0);
        const sources = args.slice(1).map(arg => evaluator.eval(arg.value));
        // `map(Thread.join, threads)` waits where it is drawn from.
        const over = join(
          ...sources,
          called.filter(value => value.k === 'lib'),
        );
        return [{ k: 'iter', of: this.result(called, null), over, isAsync: false }];
      }
      case 'next':
        return join(containers.elements(valuesOfArg(0), false), valuesOfArg(1));
      case 'min':
      case 'max':
        return args.length === 1
          ? containers.elements(valuesOfArg(0), false)
          : join(...args.map(arg => evaluator.eval(arg.value)));
      case 'values-of':
        return [
          { k: 'iter', of: containers.valuesOf(valuesOfArg(0)), over: UNKNOWN, isAsync: false },
        ];
      case 'entries-of': {
        const of: Value = {
          k: 'tuple',
          items: [PLAIN_ONLY, containers.valuesOf(valuesOfArg(0))],
          at: null,
        };
        return [{ k: 'iter', of: [of], over: UNKNOWN, isAsync: false }];
      }
      case 'array-from': {
        const made = args[1] ? this.result(valuesOfArg(1), null) : UNKNOWN;
        const of = args[1] ? made : containers.elements(valuesOfArg(0), false);
        return [{ k: 'iter', of, over: UNKNOWN, isAsync: false }];
      }
      case 'sum':
        // `sum(lists, [])` is one long list.
        return args.length > 1
          ? [
              {
                k: 'iter',
                of: containers.elements(containers.elements(valuesOfArg(0), false), false),
                over: UNKNOWN,
                isAsync: false,
              },
            ]
          : PLAIN_ONLY;
      case 'copy':
        return valuesOfArg(0);
      case 'super':
        return this.superOf(call, first);
      case 'type':
        return join(
          ...valuesOfArg(0).map((value): Values => {
            if (value.k === 'object') return [{ k: 'user-class', cls: value.cls }];
            return value.k === 'instance' ? [{ k: 'class', cls: value.cls }] : UNKNOWN;
          }),
        );
      case 'getattr': {
        const named = args[1]?.value;
        return named?.kind === 'text'
          ? join(evaluator.members.attribute(valuesOfArg(0), named.value), valuesOfArg(2))
          : UNKNOWN;
      }
      case 'partial':
        return [
          {
            k: 'partial',
            call: { ...call, args: call.args.slice(1), noted: null },
            fn: valuesOfArg(0),
          },
        ];
      case 'namedtuple':
        return evaluator.records.namedTuple(call);
      case 'import': {
        return first?.kind === 'text'
          ? evaluator.modules.named(first.value, call.unit.file, evaluator)
          : UNKNOWN;
      }
      case '__import__':
        return first?.kind === 'text'
          ? evaluator.modules.named(first.value.split('.', 1)[0] ?? '', call.unit.file, evaluator)
          : UNKNOWN;
      case 'open':
        return PLAIN_ONLY;
      case 'manager':
        return valuesOfArg(0);
      case 'enter':
        return evaluator.members.entered(valuesOfArg(0), false);
      case 'range':
        return [{ k: 'iter', of: PLAIN_ONLY, over: UNKNOWN, isAsync: false }];
      default:
        return PLAIN_ONLY;
    }
  }

  private superOf(call: CallExpr, first: Expr | undefined): Values {
    const { evaluator } = this;
    let scope = call.fn.kind === 'name' ? call.fn.scope : null;
    while (scope && scope.kind !== 'function') scope = scope.parent;
    const fn = scope && call.unit.functions.find(candidate => candidate.scope === scope);
    const cls = fn?.cls;
    if (cls) return [{ k: 'super', cls, self: { k: 'object', cls, at: null } }];
    const named = first ? evaluator.eval(first) : UNKNOWN;
    return join(
      ...named.map((value): Values =>
        value.k === 'user-class'
          ? [{ k: 'super', cls: value.cls, self: { k: 'object', cls: value.cls, at: null } }]
          : UNKNOWN,
      ),
    );
  }

  private containerMethod(name: string, self: Value, call: CallExpr | null): Values {
    const { containers } = this.evaluator;
    const first = call?.args[0]?.value ?? null;
    const isMapping = self.k === 'mapping' || (self.k === 'container' && self.shape === 'dict');
    switch (name) {
      case 'pop':
      case 'get':
      case 'setdefault': {
        const fallback = call?.args[1] ? this.evaluator.eval(call.args[1].value) : UNKNOWN;
        return join(
          isMapping ? containers.item([self], first) : containers.elements([self], false),
          fallback,
        );
      }
      case 'next':
        // `await numbers.next()` of an async generator.
        return self.k === 'iter' && self.isAsync
          ? [{ k: 'awaitable', of: UNKNOWN, fn: null, call: null }]
          : PLAIN_ONLY;
      case 'popleft':
      case 'shift':
      case 'find':
      case 'at':
        return containers.elements([self], false);
      case 'popitem':
        return [
          { k: 'tuple', items: [containers.keysOf([self]), containers.valuesOf([self])], at: null },
        ];
      case 'values':
        return [{ k: 'iter', of: containers.valuesOf([self]), over: UNKNOWN, isAsync: false }];
      case 'keys':
        return [{ k: 'iter', of: containers.keysOf([self]), over: UNKNOWN, isAsync: false }];
      case 'entries':
      case 'items': {
        const of: Value = {
          k: 'tuple',
          items: [containers.keysOf([self]), containers.valuesOf([self])],
          at: null,
        };
        return [{ k: 'iter', of: [of], over: UNKNOWN, isAsync: false }];
      }
      case 'copy':
      case 'union':
      case 'slice':
      case 'filter':
      case 'splice':
      case 'toSorted':
      case 'toReversed':
      case 'toSpliced':
      case 'sort':
      case 'reverse':
      case 'fill':
      case 'concat':
        return this.evaluator.library.hasPromises || !IN_PLACE.has(name) ? [self] : PLAIN_ONLY;
      case 'flat':
        return [
          {
            k: 'iter',
            of: containers.elements(containers.elements([self], false), false),
            over: UNKNOWN,
            isAsync: false,
          },
        ];
      case 'map':
      case 'flatMap': {
        const given = this.result(first ? this.evaluator.eval(first) : UNKNOWN, null);
        return [{ k: 'iter', of: given, over: UNKNOWN, isAsync: false }];
      }
      default:
        return PLAIN_ONLY;
    }
  }
}

/** Methods of lists that give nothing in Python. */
const IN_PLACE = new Set(['sort', 'reverse']);

const isMethod = (name: string): boolean => !name.includes('.');

function returnsSelf(fn: FunctionInfo): boolean {
  const self = fn.parameters[0]?.name;
  return fn.returns.some(value => value.kind === 'name' && value.id === self);
}

/** Functions of the standard library that hand on what they are given, by the built-in they behave like. */
const WELL_KNOWN = new Map([
  ['collections.deque', 'deque'],
  ['collections.OrderedDict', 'dict'],
  ['collections.defaultdict', 'defaultdict'],
  ['functools.partial', 'partial'],
  ['itertools.chain', 'chain'],
  ['itertools.islice', 'islice'],
  ['itertools.cycle', 'cycle'],
  ['itertools.zip_longest', 'zip'],
  ['itertools.starmap', 'map'],
  ['random.choice', 'next'],
  ['random.sample', 'islice'],
  ['random.choices', 'islice'],
  ['heapq.heappop', 'next'],
  ['heapq.heappushpop', 'next'],
  ['heapq.heapreplace', 'next'],
  ['copy.copy', 'copy'],
  ['Object.values', 'values-of'],
  ['Object.entries', 'entries-of'],
  ['Array.from', 'array-from'],
  ['Object.freeze', 'copy'],
  ['structuredClone', 'copy'],
  ['collections.namedtuple', 'namedtuple'],
  ['typing.NamedTuple', 'namedtuple'],
  ['contextlib.closing', 'manager'],
  ['contextlib.nullcontext', 'manager'],
  ['typing.cast', 'open'],
  ['weakref.WeakSet', 'set'],
  ['weakref.WeakValueDictionary', 'dict'],
  ['importlib.import_module', 'import'],
  ['weakref.proxy', 'copy'],
  ['contextlib.ExitStack.enter_context', 'enter'],
]);
