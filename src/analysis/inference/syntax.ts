/**
 * Owns the compact form of Python source that inference works on: expressions, the names they bind and the places worth
 * looking at. Offsets are relative to the unit (a top-level statement or class member), so that a unit that an edit did not
 * touch is used again as it is, wherever it has moved to.
 */
import type { Values } from './values';

/** Working storage of inference, on the expression itself: what it evaluates to in generation `round`. Used again in the next. */
export interface Noted {
  round: number;
  depth: number;
  tries: number;
  state: 'new' | 'busy' | 'done';
  values: Values;
}

export interface ExprBase {
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
  // Owned by inference; null until first asked for.
  noted: Noted | null;
}

export interface Arg {
  readonly name: string | null;
  /** 1 for `*xs`, 2 for `**kw`. */
  readonly stars: 0 | 1 | 2;
  readonly value: Expr;
}

export interface NameExpr extends ExprBase {
  readonly kind: 'name';
  readonly id: string;
  readonly scope: Scope;
  readonly block: Block;
}
export interface AttrExpr extends ExprBase {
  readonly kind: 'attr';
  readonly object: Expr;
  readonly name: string;
  readonly nameStart: number;
}
export interface CallExpr extends ExprBase {
  readonly kind: 'call';
  readonly fn: Expr;
  readonly args: readonly Arg[];
  /** Set by the parent while building: the call is awaited, so the wait point is the await. */
  awaited: boolean;
}
export interface LambdaExpr extends ExprBase {
  readonly kind: 'lambda';
  readonly fn: FunctionInfo;
  /** The call that the lambda is an argument of. */
  usedBy: CallExpr | null;
}
export interface CompExpr extends ExprBase {
  readonly kind: 'comp';
  readonly shape: 'list' | 'set' | 'iter' | 'dict';
  readonly key: Expr | null;
  readonly element: Expr;
  /** Source of the first clause, for counting. */
  readonly source: Expr | null;
}

export type Expr =
  | NameExpr
  | AttrExpr
  | CallExpr
  | LambdaExpr
  | CompExpr
  | (ExprBase & { readonly kind: 'sub'; readonly object: Expr; readonly index: Expr | null })
  | (ExprBase & { readonly kind: 'list' | 'set' | 'tuple'; readonly items: readonly Expr[] })
  | (ExprBase & {
      readonly kind: 'dict';
      readonly keys: readonly (Expr | null)[];
      readonly entries: readonly Expr[];
    })
  | (ExprBase & { readonly kind: 'either'; readonly options: readonly Expr[] })
  | (ExprBase & { readonly kind: 'await'; readonly value: Expr })
  | (ExprBase & { readonly kind: 'text'; readonly value: string })
  | (ExprBase & { readonly kind: 'number'; readonly value: number })
  | (ExprBase & { readonly kind: 'constant'; readonly value: 'None' | 'True' | 'False' })
  | (ExprBase & { readonly kind: 'star'; readonly value: Expr })
  | (ExprBase & {
      readonly kind: 'plus';
      readonly left: Expr;
      readonly right: Expr;
      readonly operator: string;
    })
  | (ExprBase & { readonly kind: 'other' })
  /** `value` where `isinstance(value, type)` holds. */
  | (ExprBase & { readonly kind: 'narrowed'; readonly type: Expr; readonly value: Expr })
  // What a binding can hold beside an expression of the source:
  /** One turn of a loop over `of`. */
  | (ExprBase & { readonly kind: 'element'; readonly of: Expr; readonly isAsync: boolean })
  /** Part `index` of an unpacked value; after a star the rest is counted from the end (negative), the star itself is `rest`. */
  | (ExprBase & {
      readonly kind: 'part';
      readonly of: Expr;
      readonly index: number;
      readonly rest: boolean;
    })
  /** What `with of as x` gives. */
  | (ExprBase & { readonly kind: 'entered'; readonly of: Expr; readonly isAsync: boolean })
  | (ExprBase & { readonly kind: 'parameter'; readonly fn: FunctionInfo; readonly index: number })
  | (ExprBase & {
      readonly kind: 'import';
      readonly module: string;
      readonly member: string | null;
    })
  /** What a file of the workspace gives under a name. */
  | (ExprBase & { readonly kind: 'member'; readonly facts: FileFacts; readonly name: string })
  | (ExprBase & { readonly kind: 'function'; readonly fn: FunctionInfo })
  | (ExprBase & { readonly kind: 'class'; readonly cls: ClassInfo })
  /** A value with an annotation; the value may be missing. */
  | (ExprBase & { readonly kind: 'annotated'; readonly type: Expr; readonly value: Expr | null });

/** A stretch of statements that run one after another; a branch or loop body is a block of its own. */
export class Block {
  readonly parent: Block | null;
  readonly isLoop: boolean;

  constructor(parent: Block | null, isLoop: boolean) {
    this.parent = parent;
    this.isLoop = isLoop;
  }

  isWithin(outer: Block): boolean {
    if (this === outer) return true;
    let { parent } = this;
    while (parent && parent !== outer) parent = parent.parent;
    return parent !== null;
  }
}

export interface Binding {
  readonly name: string;
  readonly value: Expr;
  readonly unit: Unit;
  /** Offset from which the binding holds. */
  readonly from: number;
  readonly block: Block;
}

export class Scope {
  readonly bindings = new Map<string, Binding[]>();
  /** Names declared `global` here (module) or `nonlocal` (outer); few scopes have any. */
  private declared: Map<string, 'global' | 'nonlocal'> | undefined;

  /** The function whose body the scope is. */
  fn: FunctionInfo | null = null;

  readonly kind: 'module' | 'function' | 'class' | 'comp';
  readonly parent: Scope | null;

  constructor(kind: 'module' | 'function' | 'class' | 'comp', parent: Scope | null) {
    this.kind = kind;
    this.parent = parent;
  }

  declare(name: string, as: 'global' | 'nonlocal'): void {
    this.declared ??= new Map();
    this.declared.set(name, as);
  }

  declaredAs(name: string): 'global' | 'nonlocal' | undefined {
    return this.declared?.get(name);
  }

  bind(binding: Binding): void {
    const known = this.bindings.get(binding.name);
    if (known) known.push(binding);
    else this.bindings.set(binding.name, [binding]);
  }
}

export interface Parameter {
  readonly name: string;
  readonly stars: 0 | 1 | 2;
  readonly keywordOnly: boolean;
  readonly annotation: Expr | null;
  readonly fallback: Expr | null;
}

export interface FunctionInfo {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly scope: Scope;
  readonly cls: ClassInfo | null;
  readonly decorators: readonly Expr[];
  readonly isAsync: boolean;
  readonly returnType: Expr | null;
  readonly returns: Expr[];
  readonly yields: Expr[];
  readonly yieldsFrom: Expr[];
  /** The expression that the function is, for one without a name. */
  lambda: LambdaExpr | null;
}

/** Lives on while its members are edited, so its parts are replaced in place. */
export interface ClassInfo {
  name: string;
  bases: readonly Expr[];
  decorators: readonly Expr[];
  readonly scope: Scope;
  methods: FunctionInfo[];
}

export interface WithItem {
  readonly value: Expr;
  readonly isAsync: boolean;
}
export interface Loop {
  readonly target: Expr | null;
  readonly source: Expr;
  readonly isAsync: boolean;
  /** A comprehension's loop is a wait at the source, like a statement's. */
  readonly inComprehension: boolean;
}
export interface AttrAssign {
  readonly object: Expr;
  readonly name: string;
  readonly value: Expr;
}
export interface SubAssign {
  readonly object: Expr;
  readonly key: Expr | null;
  readonly value: Expr;
}
/** `xs += ys`. */
export interface Extension {
  readonly target: Expr;
  readonly value: Expr;
}

/** A statement of the module, or of a class body, with all that it holds. */
export class Unit {
  /** Offset in the text of what the unit's offsets are relative to. */
  base = 0;
  /** Class whose body the unit is a statement of. */
  memberOf: ClassInfo | null = null;
  /** What the unit adds to scopes that outlive it: the module's and its class's. */
  readonly contributions: { readonly scope: Scope; readonly binding: Binding }[] = [];
  readonly functions: FunctionInfo[] = [];
  readonly calls: CallExpr[] = [];
  readonly awaits: (ExprBase & { kind: 'await'; value: Expr })[] = [];
  readonly withs: WithItem[] = [];
  readonly loops: Loop[] = [];
  /** What is drawn out where it stands: `first, *rest = xs`, `f(*xs)`, `yield from xs`. */
  readonly draws: Expr[] = [];
  readonly attrAssigns: AttrAssign[] = [];
  readonly subAssigns: SubAssign[] = [];
  /** `xs[key]`, read or set. */
  readonly items: (Expr & { kind: 'sub' })[] = [];
  readonly extensions: Extension[] = [];
  readonly classes: ClassInfo[] = [];
  /** Modules star-imported by the unit. */
  readonly starImports: string[] = [];
  readonly mainGuards: { readonly start: number; readonly end: number }[] = [];
  readonly file: FileFacts;

  constructor(file: FileFacts) {
    this.file = file;
  }
}

/** All of one file, in the order of its text. */
export interface FileFacts {
  units: readonly Unit[];
  readonly module: Scope;
  /** Dotted name of the file inside its workspace, and where it lies; empty for a text without a place. */
  readonly path: string;
  starImports: readonly string[];
  text: string;
}
