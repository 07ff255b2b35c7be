/**
 * Finds awaits that follow each other although neither needs the other's result, as statements in a row or as the rounds
 * of a loop: together they would take less time.
 */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { Language, WaitKind } from '../trace/format';
import type { RunModel, Wait } from '../trace/model';
import { parseAwait } from './awaitStatement';
import type { AwaitStatement } from './awaitStatement';
import type { Finding, Fix, InsightInput } from './finding';
import { longWaits } from './runFacts';

const AWAIT = new Set<WaitKind>(['await']);
const SHORT_NS = 20e6;
const WORTH_NS = 50e6;
/** What comes between the end of one and the beginning of the next, when nothing else does; more on a machine that is busy. */
const GAP_NS = 5e6;
/** Of the shorter of the two: so little does not matter, whatever it is. */
const GAP_SHARE = 0.02;
/** Of more, the lines or rounds are not looked at one by one. */
const MOST_WAITS = 20_000;

const TOGETHER: Readonly<Record<Language, string>> = {
  python: 'asyncio.gather',
  javascript: 'Promise.all',
};

interface Link {
  readonly wait: Wait;
  readonly statement: AwaitStatement;
}

export function findSequentialAwaits(input: InsightInput): Finding[] {
  const { model, say } = input;
  const statements = new Statements(input);
  const byLane = new Map<number, Link[][]>();
  for (const wait of longWaits(model, AWAIT, SHORT_NS).slice(0, MOST_WAITS)) {
    // A task runs already; to await it later costs nothing.
    if (!wait.site || wait.on.length > 0 || wait.object !== null || wait.endNs === null) continue;
    const language = model.lanes[wait.lane]?.language ?? 'python';
    const statement = statements.at(wait.site.file, wait.site.line, language);
    if (!statement) continue;
    const chains = byLane.get(wait.lane) ?? [];
    byLane.set(wait.lane, chains);
    const open = chains.findLast(chain => follows(chain, wait, statement));
    if (open) open.push({ wait, statement });
    else chains.push([{ wait, statement }]);
  }
  const found = new Map<string, Finding>();
  for (const chain of [...byLane.values()].flat()) {
    const finding = describe(model, chain, say);
    if (finding && !found.has(`${finding.file}\n${finding.line}`)) {
      found.set(`${finding.file}\n${finding.line}`, finding);
    }
  }
  return [...found.values()];
}

/** Run at once after the chain, using nothing that it made: the next statement of the block, or the next round. */
function follows(chain: readonly Link[], wait: Wait, statement: AwaitStatement): boolean {
  const last = chain.at(-1)!;
  if (wait.site?.file !== last.wait.site?.file) return false;
  const gap = wait.startNs - last.wait.endNs!;
  if (gap < 0 || gap > Math.max(GAP_NS, GAP_SHARE * Math.min(length(wait), length(last.wait))))
    return false;
  if (last.statement === statement) return statement.isPerItem && isLoop(chain);
  if (statement.indent !== last.statement.indent || isLoop(chain, 2)) return false;
  if (!last.statement.isBefore(statement)) return false;
  return chain.every(link => !statement.uses(link.statement));
}

const length = (wait: Wait): number => (wait.endNs ?? wait.startNs) - wait.startNs;

/** All links are of one statement; `least` so many of them. */
function isLoop(chain: readonly Link[], least = 1): boolean {
  return chain.length >= least && chain.every(link => link.statement === chain[0]!.statement);
}

function describe(model: RunModel, chain: readonly Link[], say: Translate): Finding | null {
  if (chain.length < 2) return null;
  const times = chain.map(({ wait }) => (wait.endNs ?? model.nowNs) - wait.startNs);
  const sum = times.reduce((one, other) => one + other, 0);
  const longest = times.reduce((one, other) => Math.max(one, other), 0);
  if (sum - longest < WORTH_NS) return null;
  const first = chain[0]!;
  const together = TOGETHER[model.lanes[first.wait.lane]?.language ?? 'python'];
  const whole = formatDuration(sum);
  const least = formatDuration(longest);
  const lines = chain.map(link => link.wait.site!.line).join(', ');
  const message = isLoop(chain)
    ? say(
        'The rounds of this loop wait one after the other, {0} in all. If they do not need each other, {1} would take about {2}.',
        whole,
        together,
        least,
      )
    : say(
        'These {0} awaits (lines {1}) follow each other and took {2}, but none uses the result of another. If their order does not matter, {3} would take about {4}.',
        chain.length,
        lines,
        whole,
        together,
        least,
      );
  const statements = chain.map(link => link.statement);
  const fix = isLoop(chain) ? null : fixFor(statements, say);
  return {
    rule: 'sequential-awaits',
    severity: 'info',
    message,
    file: first.wait.site!.file,
    line: first.wait.site!.line,
    ...(fix ? { fix } : {}),
  };
}

/** `a, b = await asyncio.gather(x(), y())`, where that says the same. */
function fixFor(statements: readonly AwaitStatement[], say: Translate): Fix | null {
  const first = statements[0]!;
  const last = statements.at(-1)!;
  if (!first.importsAsyncio || statements.some(statement => statement.names.length > 1))
    return null;
  const targets = statements.map(statement => statement.target);
  const hasTargets = targets.some(target => target !== '');
  const names = targets.map(target => target || '_').join(', ');
  const indent = ' '.repeat(first.indent + 4);
  const body = statements.map(statement => `${indent}${statement.expression},\n`).join('');
  const left = hasTargets ? `${names} = ` : '';
  return {
    title: say('Await them together with asyncio.gather'),
    edits: [
      {
        line: first.line,
        column: first.indent + 1,
        endLine: last.endLine,
        endColumn: last.endColumn,
        newText: `${left}await asyncio.gather(\n${body}${' '.repeat(first.indent)})`,
      },
    ],
  };
}

/** The await statements of the documents at hand, parsed when asked for. */
class Statements {
  private readonly input: InsightInput;
  private readonly files = new Map<string, Map<number, AwaitStatement>>();

  constructor(input: InsightInput) {
    this.input = input;
  }

  at(file: string, line: number, language: Language): AwaitStatement | undefined {
    let statements = this.files.get(file);
    if (!statements) this.files.set(file, (statements = this.parse(file, language)));
    return statements.get(line);
  }

  private parse(file: string, language: Language): Map<number, AwaitStatement> {
    const statements = new Map<number, AwaitStatement>();
    const source = this.input.sourceOf(file);
    if (source === null) return statements;
    const lines = source.split(/\r\n|\n|\r/);
    for (const point of this.input.waitPointsOf(file)) {
      if (point.kind !== 'await') continue;
      const statement = parseAwait(lines, point, language);
      if (statement) statements.set(point.line, statement);
    }
    return statements;
  }
}
