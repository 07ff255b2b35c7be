/** Finds awaits that follow each other although neither needs the other's result: together they would take less time. */
import { formatDuration } from '../base/duration';
import type { WaitPoint } from '../analysis/waitPoint';
import type { WaitKind } from '../trace/format';
import type { RunModel, Wait } from '../trace/model';
import type { Finding, Fix, InsightInput } from './finding';
import { longWaits } from './runFacts';
import { parseAwait } from './awaitStatement';
import type { AwaitStatement } from './awaitStatement';

const AWAIT = new Set<WaitKind>(['await']);
const SHORT_NS = 20e6;
const WORTH_NS = 50e6;
/** What comes between the end of one and the beginning of the next, when nothing else does. */
const GAP_NS = 5e6;

interface Link {
  readonly wait: Wait;
  readonly statement: AwaitStatement;
}

export function findSequentialAwaits(input: InsightInput): Finding[] {
  const { model } = input;
  const statements = new Statements(input);
  const byLane = new Map<number, Link[][]>();
  for (const wait of longWaits(model, AWAIT, SHORT_NS)) {
    // A task runs already; to await it later costs nothing.
    if (!wait.site || wait.on.length > 0 || wait.object !== null || wait.endNs === null) continue;
    const statement = statements.at(wait.site.file, wait.site.line);
    if (!statement) continue;
    const chains = byLane.get(wait.lane) ?? [];
    byLane.set(wait.lane, chains);
    const open = chains.findLast(chain => follows(chain, wait, statement));
    if (open) open.push({ wait, statement });
    else chains.push([{ wait, statement }]);
  }
  const found = new Map<string, Finding>();
  for (const chain of [...byLane.values()].flat()) {
    const finding = describe(model, chain);
    if (finding && !found.has(`${finding.file}\n${finding.line}`)) {
      found.set(`${finding.file}\n${finding.line}`, finding);
    }
  }
  return [...found.values()];
}

/** The next statement of the same block, run at once after it, using nothing that the chain made. */
function follows(chain: readonly Link[], wait: Wait, statement: AwaitStatement): boolean {
  const last = chain.at(-1)!;
  if (wait.site?.file !== last.wait.site?.file) return false;
  const gap = wait.startNs - last.wait.endNs!;
  if (gap < 0 || gap > GAP_NS) return false;
  if (statement.indent !== last.statement.indent) return false;
  if (!last.statement.isBefore(statement)) return false;
  return chain.every(link => !statement.uses(link.statement));
}

function describe(model: RunModel, chain: readonly Link[]): Finding | null {
  if (chain.length < 2) return null;
  const times = chain.map(({ wait }) => (wait.endNs ?? model.nowNs) - wait.startNs);
  const sum = times.reduce((one, other) => one + other, 0);
  const longest = Math.max(...times);
  if (sum - longest < WORTH_NS) return null;
  const first = chain[0]!;
  const lines = chain.map(link => link.wait.site!.line);
  const message = `These ${chain.length} awaits (lines ${lines.join(', ')}) follow each other and took ${formatDuration(sum)}, but none uses the result of another. If their order does not matter, asyncio.gather would take about ${formatDuration(longest)}.`;
  const fix = fixFor(chain.map(link => link.statement));
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
function fixFor(statements: readonly AwaitStatement[]): Fix | null {
  const first = statements[0]!;
  const last = statements.at(-1)!;
  if (!first.importsAsyncio) return null;
  const targets = statements.map(statement => statement.target);
  const hasTargets = targets.some(target => target !== '');
  const names = targets.map(target => target || '_').join(', ');
  const indent = ' '.repeat(first.indent + 4);
  const body = statements.map(statement => `${indent}${statement.expression},\n`).join('');
  const left = hasTargets ? `${names} = ` : '';
  return {
    title: 'Await them together with asyncio.gather',
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

  at(file: string, line: number): AwaitStatement | undefined {
    let statements = this.files.get(file);
    if (!statements) this.files.set(file, (statements = this.parse(file)));
    return statements.get(line);
  }

  private parse(file: string): Map<number, AwaitStatement> {
    const statements = new Map<number, AwaitStatement>();
    const source = this.input.sourceOf(file);
    if (source === null) return statements;
    const lines = source.split(/\r\n|\n|\r/);
    const points: readonly WaitPoint[] = this.input.waitPointsOf(file);
    for (const point of points) {
      if (point.kind !== 'await') continue;
      const statement = parseAwait(lines, point);
      if (statement) statements.set(point.line, statement);
    }
    return statements;
  }
}
