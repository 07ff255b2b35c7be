/** Owns one execution of an async function, and the sites of the module it is written in. */
import type { SiteRow, SiteUse } from '../siteList';
import type { Awaitable } from './awaitable';
import type { RecordWriter } from './recordWriter';

/** A place in a module, with the numbers it has in this thread's trace. */
export class ModuleSite {
  readonly number: number;
  readonly label: number;
  readonly use: SiteUse;
  readonly func: string;
  /** What is awaited here reads like a pause: a timer set just before is what it waits for. */
  readonly looksLikePause: boolean;
  readonly file: string;
  readonly line: number;
  /** How surely an await here goes on at once (hotSites.ts). */
  quickness = 0;
  /** Awaits that were counted instead of listed. */
  counted = 0;
  /** Calls of the function here that came to their end without a suspension. */
  quickEnds = 0;

  constructor(writer: RecordWriter, file: string, row: SiteRow) {
    const [line, column, endColumn, use, label, func] = row;
    this.number = writer.site(file, line, column, endColumn, func);
    this.label = writer.string(NEW_PROMISE.test(label) ? 'a promise' : label);
    this.file = file;
    this.line = line;
    this.use = use;
    this.func = func;
    this.looksLikePause = PAUSE_WORDS.test(label);
  }
}

/** Its text is that of a function, which says less than where it lies in the code. */
const NEW_PROMISE = /^new Promise\b/;

const PAUSE_WORDS = /\bsetTimeout\b|sleep|delay|pause|wait/i;

/** The sites of a module, made when first used: most of a big file is never run. */
export class ModuleSites {
  /** The latest await at the module's top level. */
  topLevel: AsyncCall | undefined;
  /** What it awaits. */
  awaited: unknown;
  /** Loops over asynchronous steps at the module's top level, the innermost last. */
  readonly loops: { readonly site: number; readonly call: AsyncCall }[] = [];
  private readonly made: (ModuleSite | undefined)[];
  private readonly writer: RecordWriter;
  private readonly file: string;
  private readonly rows: readonly SiteRow[];

  constructor(writer: RecordWriter, file: string, rows: readonly SiteRow[]) {
    this.writer = writer;
    this.file = file;
    this.rows = rows;
    this.made = Array.from({ length: rows.length });
  }

  loopAt(site: number): AsyncCall | undefined {
    return this.loops.findLast(loop => loop.site === site)?.call;
  }

  /** The loop is over, and with it those within that it was left from. */
  endLoop(site: number): AsyncCall | undefined {
    const at = this.loops.findLastIndex(loop => loop.site === site);
    return at < 0 ? undefined : this.loops.splice(at)[0]?.call;
  }

  /** What is awaited there, as written. */
  textAt(row: number): string | undefined {
    return this.rows[row]?.[4];
  }

  at(row: number): ModuleSite {
    return (this.made[row] ??= new ModuleSite(this.writer, this.file, this.rows[row]!));
  }
}

export class AsyncCall {
  /** Lane number; -1 while it has none of its own. */
  lane = -1;
  /** Awaited by its caller as it was made: it goes on in that caller's lane. */
  within: AsyncCall | undefined = undefined;
  readonly caller: AsyncCall;
  readonly site: ModuleSite | undefined;
  /** 0 until its first suspension, where its function mostly ends without one. */
  startedNs: number;
  /** It has been suspended at least once: what follows runs from the event loop, not from its caller. */
  isDetached = false;
  /** Stands for an await outside every async function. */
  isBorrowed = false;
  /** Among the calls whose wait has to be written should it last. */
  isListed = false;
  isWaiting = false;
  waitId = 0;
  waitNs = 0;
  waitSite: ModuleSite | undefined = undefined;
  waitFor: Awaitable | undefined = undefined;
  /** Of a hot await: what is awaited, and the run of microtasks that it began in; 0 for any other. */
  waitValue: unknown = undefined;
  waitTurn = 0;
  hasFailed = false;
  failure: unknown = undefined;

  constructor(caller: AsyncCall | undefined, site: ModuleSite | undefined, ns: number) {
    this.caller = caller ?? this;
    this.site = site;
    this.startedNs = ns;
  }
}
