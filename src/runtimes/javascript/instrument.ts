/**
 * Owns the rewriting of a JavaScript module so that it tells when it awaits: text in, text out, nothing else. What is
 * put in stands on the line it belongs to, so line numbers hold by themselves; the source map restores the columns.
 *
 * Only async code is touched. An async function enters a call (`__clens.e`), leaves it (`x`, `t`), and each of its awaits
 * is told before (`a`) and after (`r`); everything else is the person's text.
 */
import { parse } from 'acorn';
import type { AnyNode, Function as FunctionNode, Node, Program } from 'acorn';
import { ancestor } from 'acorn-walk';
import { MagicString } from 'magic-string';
import { AsyncNames } from './asyncNames';
import { SiteList } from './siteList';

export interface Instrumented {
  readonly code: string;
  /** Source map, version 3, as JSON. */
  readonly map: string;
}

/** The global that rewritten code speaks to, and the variable that holds the call within an async function. */
export const HOOK = '__clens';
const CALL = '__clens_l';
/** The call an await belongs to that stands at the top level of a module. */
const WHOEVER = `${HOOK}.g(__clens_s)`;

/** What `stripInstrumentation` takes out again; every insertion below has one of these shapes. */
const LEAVE = String.raw`\}catch\(__clens_e\)\{throw __clens\.t\(__clens_l,__clens_e\)\}finally\{__clens\.x\(__clens_l\)\}`;
const WHO = String.raw`\((?:__clens_l|__clens\.g\(__clens_s\)|__clens\.h\(\))`;
const INSERTIONS = new RegExp(
  [
    String.raw`;?const __clens_l=__clens\.e\(__clens_s,\d+\);try\{(?:return\()?`,
    String.raw`\);${LEAVE}\}`,
    LEAVE,
    String.raw`__clens\.r${WHO},`,
    String.raw` __clens\.a${WHO},__clens_s,\d+,`,
    String.raw`__clens\.f\(__clens_l,__clens_s,\d+,`,
    String.raw`__clens\.l\(__clens_s,\d+,`,
    String.raw`;?const __clens_l=__clens\.g\(__clens_s\);`,
    String.raw`__clens\.[cb]\(__clens_[ls]\);`,
    String.raw`\{;__clens\.(?:n\(__clens_l\)|i\(__clens_s,\d+\));`,
    String.raw`;__clens_s\}`,
    String.raw`;?__clens\.n\(__clens_l\);`,
    String.raw`;?__clens\.[im]\(__clens_s,\d+\);`,
    String.raw`__clens\.p\(`,
  ].join('|'),
  'g',
);

/** The person's own text of a rewritten function, as `Function.prototype.toString` has to show it; closing brackets of calls are balanced away. */
export function stripInstrumentation(text: string): string {
  let out = '';
  let last = 0;
  const depths: number[] = [];
  let depth = 0;
  const copy = (until: number): void => {
    for (let at = last; at < until; at++) {
      const char = text[at]!;
      if (char === '(') depth++;
      else if (char === ')') {
        if (depths.length > 0 && depths[depths.length - 1] === depth) {
          depths.pop();
          continue;
        }
        depth--;
      }
      out += char;
    }
    last = until;
  };
  for (const match of text.matchAll(INSERTIONS)) {
    copy(match.index);
    last = match.index + match[0].length;
    if (/^ ?__clens\.[raflp]\(/.test(match[0])) depths.push(depth);
    else if (match[0].endsWith('return(')) out = out.replace(/\{$/, '');
  }
  copy(text.length);
  return out;
}

/** `sourceType` as the module will be run; throws acorn's SyntaxError, whose position is right, for text that is no program. */
export function instrument(
  source: string,
  file: string,
  sourceType: 'module' | 'script',
): Instrumented | null {
  const program = parse(source, {
    ecmaVersion: 'latest',
    sourceType,
    locations: true,
    allowHashBang: true,
    allowReturnOutsideFunction: sourceType === 'script',
    allowAwaitOutsideFunction: sourceType === 'module',
  });
  const text = new MagicString(source);
  const sites = new SiteList(source);
  new Rewriter(text, sites, new AsyncNames(program), source).rewrite(program);
  if (sites.isEmpty) return null;
  const start = startOfBody(program, source);
  // `var`: a function may be called through a circular import before its module's body has run.
  text.prependRight(
    start,
    `${start > 0 ? ';' : ''}var __clens_s=${HOOK}.s(${JSON.stringify(file)},${JSON.stringify(sites.rows)});`,
  );
  return {
    code: text.toString(),
    map: text.generateMap({ source: file, hires: 'boundary', includeContent: false }).toString(),
  };
}

/** After the hash-bang and the directives: a directive must stay the first statement. */
function startOfBody(program: Program, source: string): number {
  let start = source.startsWith('#!') ? source.indexOf('\n') + 1 : 0;
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) break;
    start = statement.end;
  }
  return start;
}

class Rewriter {
  private readonly text: MagicString;
  private readonly sites: SiteList;
  private readonly asyncNames: AsyncNames;
  private readonly source: string;

  constructor(text: MagicString, sites: SiteList, asyncNames: AsyncNames, source: string) {
    this.text = text;
    this.sites = sites;
    this.asyncNames = asyncNames;
    this.source = source;
  }

  rewrite(program: Program): void {
    ancestor(program, {
      Function: (node, _state, ancestors) => this.asyncFunction(node, ancestors),
      AwaitExpression: (node, _state, ancestors) => {
        const isLexical = isInAsync(ancestors);
        const kind = node.argument.type === 'CallExpression' ? 'call' : 'value';
        const site = this.sites.add(node, node.argument, kind, enclosingName(ancestors));
        this.open(node.start, `${HOOK}.r(${isLexical ? CALL : WHOEVER},`);
        const same = isLexical ? CALL : `${HOOK}.h()`;
        this.open(node.start + 'await'.length, ` ${HOOK}.a(${same},__clens_s,${site},`);
        this.close(node.end, '))');
      },
      ForOfStatement: (node, _state, ancestors) => {
        if (!node.await) return;
        const isLexical = isInAsync(ancestors);
        const site = this.sites.add(node.right, node.right, 'each', enclosingName(ancestors));
        const begin = isLexical ? `f(${CALL},__clens_s` : 'l(__clens_s';
        this.open(node.right.start, `${HOOK}.${begin},${site},`);
        this.close(node.right.end, ')');
        const step = `${HOOK}.${isLexical ? `n(${CALL})` : `i(__clens_s,${site})`};`;
        if (node.body.type === 'BlockStatement') this.open(node.body.start + 1, step);
        else {
          // Told from a block of the person's by the semicolon, and by what it ends with.
          this.open(node.body.start, `{;${step}`);
          this.close(node.body.end, ';__clens_s}');
        }
        // The last step is awaited as well.
        if (!isInList(ancestors)) return;
        const over = isLexical ? `n(${CALL})` : `m(__clens_s,${site})`;
        this.close(node.end, `;${HOOK}.${over};`);
      },
      CatchClause: (node, _state, ancestors) => {
        const around = nearestFunction(ancestors);
        if (around && !around.async) return;
        // What was awaited may have been rejected: whoever awaited it runs again.
        this.open(node.body.start + 1, around ? `${HOOK}.c(${CALL});` : `${HOOK}.b(__clens_s);`);
      },
      CallExpression: (node, _state, ancestors) => {
        const parent = ancestors[ancestors.length - 2];
        if (parent?.type === 'AwaitExpression' || parent?.type === 'ChainExpression') return;
        if (!this.asyncNames.isAsyncCall(node)) return;
        this.open(node.start, `${HOOK}.p(`);
        this.close(node.end, ')');
      },
    });
  }

  private asyncFunction(node: FunctionNode, ancestors: readonly Node[]): void {
    if (!node.async) return;
    if (node.generator) return this.asyncGenerator(node);
    const site = this.sites.add(node, node, 'function', functionName(node, ancestors));
    const enter = `const ${CALL}=${HOOK}.e(__clens_s,${site});try{`;
    const leave = `}catch(__clens_e){throw ${HOOK}.t(${CALL},__clens_e)}finally{${HOOK}.x(${CALL})}`;
    if (node.body.type === 'BlockStatement') {
      const start = startOfFunction(node.body.body, node.body.start + 1);
      // A directive may end without a semicolon.
      const opening = start === node.body.start + 1 ? enter : `;${enter}`;
      // In an empty body what closes would come before what opens.
      if (start === node.body.end - 1) this.open(start, opening + leave);
      else {
        this.open(start, opening);
        this.close(node.body.end - 1, leave);
      }
      return;
    }
    // The body of an arrow may stand in brackets that belong to no node: `async () => ({ a: 1 })`.
    const arrow = this.source.indexOf('=>', lastParameterEnd(node)) + 2;
    this.open(arrow, `{${enter}return(`);
    this.close(node.end, `);${leave}}`);
  }

  /** It runs in turns, each within whoever asks for the next value. */
  private asyncGenerator(node: FunctionNode): void {
    if (node.body.type !== 'BlockStatement') return;
    const start = startOfFunction(node.body.body, node.body.start + 1);
    const guard = start === node.body.start + 1 ? '' : ';';
    this.open(start, `${guard}const ${CALL}=${WHOEVER};`);
  }

  /** Nodes are visited from the inside out, so what opens comes before what was opened there already ... */
  private open(at: number, text: string): void {
    this.text.prependRight(at, text);
  }

  /** ... and what closes comes after. */
  private close(at: number, text: string): void {
    this.text.appendLeft(at, text);
  }
}

/** The nearest function around decides who awaits: itself where it is async, else whoever runs. */
function isInAsync(ancestors: readonly Node[]): boolean {
  return nearestFunction(ancestors)?.async === true;
}

/** Another statement may follow it, also where it has labels. */
function isInList(ancestors: readonly Node[]): boolean {
  const parent = ancestors.slice(0, -1).findLast(node => node.type !== 'LabeledStatement');
  return (
    parent?.type === 'Program' || parent?.type === 'BlockStatement' || parent?.type === 'SwitchCase'
  );
}

function nearestFunction(ancestors: readonly Node[]): FunctionNode | undefined {
  for (let at = ancestors.length - 2; at >= 0; at--) {
    const node = ancestors[at];
    if (node && isFunction(node)) return node;
  }
  return undefined;
}

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

function enclosingName(ancestors: readonly Node[]): string {
  for (let at = ancestors.length - 2; at >= 0; at--) {
    const node = ancestors[at];
    if (node && isFunction(node)) return functionName(node, ancestors.slice(0, at + 1));
  }
  return '';
}

/** As the person would call it: its own name, or that of the variable, property or method it is put into. */
function functionName(node: FunctionNode, ancestors: readonly Node[]): string {
  if (node.id?.name) return node.id.name;
  const parent = named(ancestors[ancestors.length - 2]);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') {
    return parent.id.name;
  }
  if (
    (parent?.type === 'MethodDefinition' || parent?.type === 'Property') &&
    parent.key.type === 'Identifier'
  ) {
    return parent.key.name;
  }
  if (parent?.type === 'CallExpression') {
    const { callee, arguments: given } = parent;
    const called = callee.type === 'MemberExpression' ? callee.property : callee;
    const [first] = given;
    // `on('message')` says more than "callback".
    const event = first?.type === 'Literal' && typeof first.value === 'string' ? first.value : '';
    if (called.type === 'Identifier') {
      return event ? `${called.name}('${event}')` : `callback of ${called.name}`;
    }
  }
  return 'async function';
}

/** The walker's types say no more than that it is a node. */
function named(node: Node | undefined): AnyNode | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every node of acorn's tree is one of AnyNode
  return node as AnyNode | undefined;
}

function startOfFunction(body: readonly AnyNode[], start: number): number {
  let at = start;
  for (const statement of body) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) break;
    at = statement.end;
  }
  return at;
}

function lastParameterEnd(node: FunctionNode): number {
  const last = node.params[node.params.length - 1];
  return last ? last.end : node.start;
}
