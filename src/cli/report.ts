/** Owns what `run` prints for a person: the source with the measured waits beside its lines, the lanes, findings, notes. Pure. */
import { formatDuration } from '../base/duration';
import { inEnglish } from '../base/translate';
import type { Finding } from '../insights/finding';
import type { WaitKind } from '../trace/format';
import { wasCancelled, wasToldToEnd } from '../trace/laneEnd';
import type { Lane, RunModel } from '../trace/model';
import { costOf, costPhrase } from '../trace/cost';
import { lineSummary, readyGapPhrase } from '../trace/phrases';
import type { Paint } from './paint';

export interface ReportInput {
  readonly model: RunModel;
  readonly file: string;
  readonly source: string;
  /** The part that ran, when not the whole document. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  readonly findings: readonly Finding[];
  /** How it ended, when not well; empty otherwise. */
  readonly endWords: string;
}

/** Source lines longer than this push the mark no further to the right. */
const MOST_COLUMNS = 56;

export function report(input: ReportInput, paint: Paint): string {
  const parts = [sourcePart(input, paint), lanesPart(input.model, paint)];
  const findings = findingsPart(input, paint);
  if (findings) parts.push(findings);
  const { notes } = input.model;
  if (notes.length > 0) {
    parts.push([paint.bold('Notes'), ...notes.map(note => `  ${note}`)].join('\n'));
  }
  parts.push(costLine(input.model, input.endWords, paint));
  return `${parts.join('\n\n')}\n`;
}

function sourcePart({ model, file, source, lines }: ReportInput, paint: Paint): string {
  const all = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (all.at(-1) === '') all.pop();
  const first = lines?.first ?? 1;
  const shown = all.slice(first - 1, lines?.last ?? all.length);
  const column = Math.min(MOST_COLUMNS, Math.max(0, ...shown.map(line => line.length)));
  const digits = String(first + shown.length).length;
  return shown
    .map((text, index) => {
      const line = first + index;
      const number = paint.dim(String(line).padStart(digits));
      const ids = model.waitsAtLine(file, line);
      const summary = lineSummary(model, ids, inEnglish);
      if (!summary) return `${number}  ${text}`.trimEnd();
      const gap = ids.length === 1 ? readyGapPhrase(model.wait(ids[0]!), inEnglish) : null;
      const mark = summary.text + (gap ? `; ${gap}` : '');
      const ink = inkOf(summary.kind, paint);
      return `${number}  ${text.padEnd(column)}  ${ink(`‹ ${mark}`)}`;
    })
    .join('\n');
}

function inkOf(kind: WaitKind, paint: Paint): (text: string) => string {
  switch (kind) {
    case 'lock':
    case 'condition':
    case 'event':
    case 'semaphore':
    case 'barrier':
      return paint.red;
    case 'get':
    case 'put':
    case 'drain':
    case 'recv':
    case 'send':
      return paint.magenta;
    case 'sleep':
    case 'io':
    case 'idle':
      return paint.dim;
    default:
      return paint.yellow;
  }
}

function lanesPart(model: RunModel, paint: Paint): string {
  const shown = model.lanes.filter(lane => !lane.helper);
  const rows = inTreeOrder(shown);
  const width = Math.max(0, ...rows.map(({ lane, depth }) => lane.name.length + depth * 2));
  const kindWidth = Math.max(0, ...rows.map(({ lane }) => kindWords(lane).length));
  const lines = rows.map(({ lane, depth }) => {
    const name = `${'  '.repeat(depth)}${lane.name}`.padEnd(width);
    const kind = paint.dim(kindWords(lane).padEnd(kindWidth));
    return `  ${name}  ${kind}  ${times(model, lane)}  ${laneEndWords(lane, paint)}`;
  });
  const hidden = model.lanes.length - shown.length;
  if (hidden > 0) lines.push(paint.dim(`  and ${hidden} started by Python itself`));
  return [paint.bold('Lanes'), ...lines].join('\n');
}

function inTreeOrder(lanes: readonly Lane[]): { lane: Lane; depth: number }[] {
  const ids = new Set(lanes.map(lane => lane.id));
  const children = new Map<number | null, Lane[]>();
  for (const lane of lanes) {
    const parent = lane.parent !== null && ids.has(lane.parent) ? lane.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), lane]);
  }
  const rows: { lane: Lane; depth: number }[] = [];
  const seen = new Set<number>();
  const add = (lane: Lane, depth: number): void => {
    if (seen.has(lane.id)) return;
    seen.add(lane.id);
    rows.push({ lane, depth });
    for (const child of children.get(lane.id) ?? []) add(child, Math.min(depth + 1, 8));
  };
  for (const lane of children.get(null) ?? []) add(lane, 0);
  for (const lane of lanes) add(lane, 0);
  return rows;
}

function kindWords(lane: Lane): string {
  if (lane.daemon) return `${lane.kind}, daemon`;
  return lane.traced ? lane.kind : `${lane.kind}, not traced`;
}

function times(model: RunModel, lane: Lane): string {
  const end = lane.endNs ?? model.nowNs;
  const from = formatDuration(lane.startNs).padStart(8);
  return `from ${from} for ${formatDuration(Math.max(0, end - lane.startNs)).padStart(8)}`;
}

function laneEndWords(lane: Lane, paint: Paint): string {
  const detail = lane.detail ? ` ${lane.detail}` : '';
  switch (lane.end) {
    case 'raised':
      return wasCancelled(lane) ? paint.dim('cancelled') : paint.red(`raised${detail}`);
    case 'killed':
      return (wasToldToEnd(lane) ? paint.dim : paint.red)(
        `killed${detail ? ` (${lane.detail})` : ''}`,
      );
    case 'exited':
      return lane.exitCode === null || lane.exitCode === 0
        ? 'exited'
        : paint.yellow(`exited with status ${lane.exitCode}`);
    case 'returned':
      return paint.green('returned');
    default:
      return lane.end;
  }
}

function findingsPart({ findings, file }: ReportInput, paint: Paint): string | null {
  if (findings.length === 0) return null;
  const lines = findings.map(finding => {
    const ink = finding.severity === 'error' ? paint.red : paint.yellow;
    const other = finding.file !== null && finding.file !== file ? `${finding.file}:` : 'line ';
    const place = finding.line === null ? '' : `${other}${finding.line}: `;
    return `  ${ink(finding.severity)}  ${place}${finding.message} ${paint.dim(`[${finding.rule}]`)}`;
  });
  return [paint.bold('Findings'), ...lines].join('\n');
}

function costLine(model: RunModel, endWords: string, paint: Paint): string {
  const cost = `${formatDuration(model.nowNs)} in all; ${costPhrase(costOf(model))}`;
  return endWords ? `${paint.red(endWords)}; ${paint.dim(cost)}` : paint.dim(cost);
}
