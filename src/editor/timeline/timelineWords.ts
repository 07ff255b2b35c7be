/** Owns the words of the timeline: what a span is called, what the hover card says. No `vscode`. */
import { formatDuration } from '../../base/duration';
import { inEnglish } from '../../base/translate';
import type { WaitKind } from '../../trace/format';
import type { Job, Lane, RunModel, Site, Wait } from '../../trace/model';
import { isIdle, readyGapPhrase, waitPhrase } from '../../trace/phrases';

/** Short, for a span: `join Thread-1`. */
const SPAN: Readonly<Record<WaitKind, string>> = {
  join: 'join',
  lock: 'lock',
  condition: 'wait',
  event: 'wait',
  semaphore: 'acquire',
  barrier: 'barrier',
  get: 'get:',
  put: 'put:',
  drain: 'drain:',
  result: 'result of',
  wait: 'wait for',
  await: 'await',
  recv: 'recv:',
  send: 'send:',
  exit: 'exit of',
  shutdown: 'shutdown',
  sleep: 'sleep',
  io: 'io',
  idle: 'wait for',
};

/** Joins a verb and a label without saying a word twice: `lock` and `lock results` is `lock results`. */
export function spanWords(wait: Wait): string {
  const verb = SPAN[wait.kind];
  const { label } = wait;
  const plain = verb.replace(/:$/, '');
  if (isIdle(wait)) return label;
  // How long it was to sleep is its length, which is told anyway: not `sleep 500 ms  500 ms`.
  if (!label || label === plain || wait.kind === 'sleep') return plain;
  return label.startsWith(`${plain} `) ? label : `${verb} ${label}`;
}

/** With its length where that is known; the page adds the length of what still goes on. */
export function spanLabel(model: RunModel, wait: Wait, job: Job | undefined): string {
  const holder = wait.kind === 'lock' ? holderOf(model, wait) : undefined;
  const words = holder ? `${spanWords(wait)} held by ${holder}` : spanWords(wait);
  const length = wait.endNs === null ? '' : `  ${formatDuration(wait.endNs - wait.startNs)}`;
  return (isMostOf(wait, job) ? `${job?.name}: ${words}` : words) + length;
}

/** Who holds the lock now, for a wait that goes on; who held it, for one that is over. */
function holderOf(model: RunModel, wait: Wait): string | undefined {
  const owner =
    wait.endNs === null && wait.object !== null ? model.objects[wait.object]?.owner : null;
  return model.lanes[owner ?? wait.on[0] ?? -1]?.name;
}

/** A job that does little but wait has no running span to be named on. */
function isMostOf(wait: Wait, job: Job | undefined): boolean {
  if (!job || job.startNs === null || wait.startNs < job.startNs) return false;
  if (wait.endNs === null || job.endNs === null) return true;
  return wait.endNs - wait.startNs > (job.endNs - job.startNs) / 2;
}

const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export const siteWords = (site: Site): string => `${fileName(site.file)}:${site.line}`;

/** `writer waited 1.50 s for lock results; held by Thread-1`. */
export function waitTitle(model: RunModel, lane: Lane, wait: Wait): string {
  const is = wait.outcome === 'waiting' ? ' is' : '';
  return `${lane.name}${is} ${waitPhrase(model, wait, inEnglish)}`;
}

/** Where, for whom, who ended it: the lines under the title. */
export function waitLines(
  model: RunModel,
  wait: Wait,
  sourceLine: (site: Site) => string | null,
): string[] {
  const lines: string[] = [];
  if (wait.site) {
    const text = sourceLine(wait.site);
    lines.push(text ? `${siteWords(wait.site)} · ${text}` : siteWords(wait.site));
  }
  lines.push(onWords(model, wait), heldWords(model, wait), endedWords(model, wait));
  const gap = readyGapPhrase(wait, inEnglish);
  if (gap) lines.push(gap);
  if (wait.timeoutNs !== null && wait.kind !== 'sleep')
    lines.push(`timeout ${formatDuration(wait.timeoutNs)}`);
  return lines.filter(line => line !== '');
}

/** The lanes waited for, where the label does not name them already. */
function onWords(model: RunModel, wait: Wait): string {
  if (wait.object !== null || wait.on.length < 2) return '';
  const names = wait.on.map(id => model.lanes[id]?.name ?? `lane ${id}`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `for ${names.slice(0, 5).join(', ')}${more}`;
}

/** `held by Thread-1 since 0.420 s, taken at line 24`, where holding was recorded. */
function heldWords(model: RunModel, wait: Wait): string {
  if (wait.kind !== 'lock' || wait.object === null) return '';
  const holds = model.holdsOfObject(wait.object);
  for (let index = holds.length - 1; index >= 0; index--) {
    const hold = model.hold(holds[index]!);
    if (hold.fromNs > wait.startNs || hold.lane === wait.lane) continue;
    if (hold.toNs !== null && hold.toNs <= wait.startNs) return '';
    const name = model.lanes[hold.lane]?.name ?? 'another lane';
    const where = hold.site ? `, taken at line ${hold.site.line}` : '';
    return `held by ${name} since ${momentWords(hold.fromNs)}${where}`;
  }
  return '';
}

function endedWords(model: RunModel, wait: Wait): string {
  if (wait.outcome === 'waiting' || wait.kind === 'sleep') return '';
  const by = wait.endedBy === null ? undefined : model.lanes[wait.endedBy];
  const site = wait.endedAt;
  const isSameFile = site !== null && site.file === wait.site?.file;
  const where = site ? ` at ${isSameFile ? `line ${site.line}` : siteWords(site)}` : '';
  if (!by && !site) return '';
  return `ended${by ? ` by ${by.name}` : ''}${where}`;
}

export const momentWords = (ns: number): string => `${(ns / 1e9).toFixed(ns < 1e9 ? 3 : 2)} s`;
