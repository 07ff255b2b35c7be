/** Owns what the hover card of the timeline says of a wait, a job and a lane. No `vscode`. */
import { formatDuration } from '../../base/duration';
import { messages, type Message, type Translate } from '../../base/translate';
import type { LaneEnd, LaneKind } from '../../trace/format';
import type { Job, Lane, RunModel, Site, Wait } from '../../trace/model';
import { readyGapPhrase, waitPhrase } from '../../trace/phrases';

/** Where the words of a card come from. */
export interface Sources {
  /** The text of that line, when the document is at hand. */
  line(site: Site): string | null;
  readonly say: Translate;
}

const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export const siteWords = (site: Site): string => `${fileName(site.file)}:${site.line}`;

/** `writer waited 1.50 s for lock results; held by Thread-1`. */
export function waitTitle(model: RunModel, lane: Lane, wait: Wait, say: Translate): string {
  const phrase = waitPhrase(model, wait, say);
  return wait.outcome === 'waiting'
    ? say('{0} is {1}', lane.name, phrase)
    : say('{0} {1}', lane.name, phrase);
}

/** Where, for whom, who ended it: the lines under the title. */
export function waitLines(model: RunModel, wait: Wait, sources: Sources): string[] {
  const { say } = sources;
  const lines: string[] = [];
  if (wait.site) {
    const text = sources.line(wait.site);
    lines.push(text ? `${siteWords(wait.site)} · ${text}` : siteWords(wait.site));
  }
  lines.push(
    onWords(model, wait, say),
    heldWords(model, wait, say),
    endedWords(model, wait, say),
    readyGapPhrase(wait, say) ?? '',
  );
  if (wait.timeoutNs !== null && wait.kind !== 'sleep')
    lines.push(say('timeout {0}', formatDuration(wait.timeoutNs)));
  return lines.filter(line => line !== '');
}

const MOST_NAMES = 5;

/** The lanes waited for, where the label does not name them already. */
function onWords(model: RunModel, wait: Wait, say: Translate): string {
  if (wait.object !== null || wait.on.length < 2) return '';
  const names = wait.on.map(id => model.lanes[id]?.name ?? say('lane {0}', id));
  if (names.length <= MOST_NAMES)
    return say('for {0}, {1}', names.slice(0, -1).join(', '), names.at(-1) ?? '');
  const more = names.length - MOST_NAMES;
  return say('for {0} and {1} more', names.slice(0, MOST_NAMES).join(', '), more);
}

/** `held by Thread-1 since 0.420 s, taken at line 24`, where holding was recorded. */
function heldWords(model: RunModel, wait: Wait, say: Translate): string {
  if (wait.kind !== 'lock' || wait.object === null) return '';
  const holds = model.holdsOfObject(wait.object);
  for (let index = holds.length - 1; index >= 0; index--) {
    const hold = model.hold(holds[index]!);
    if (hold.fromNs > wait.startNs || hold.lane === wait.lane) continue;
    if (hold.toNs !== null && hold.toNs <= wait.startNs) return '';
    const name = model.lanes[hold.lane]?.name ?? say('another lane');
    const since = momentWords(hold.fromNs);
    return hold.site
      ? say('held by {0} since {1}, taken at line {2}', name, since, hold.site.line)
      : say('held by {0} since {1}', name, since);
  }
  return '';
}

function endedWords(model: RunModel, wait: Wait, say: Translate): string {
  if (wait.outcome === 'waiting' || wait.kind === 'sleep') return '';
  const by = wait.endedBy === null ? undefined : model.lanes[wait.endedBy]?.name;
  const site = wait.endedAt;
  if (site === null) return by === undefined ? '' : say('ended by {0}', by);
  if (site.file === wait.site?.file) {
    return by === undefined
      ? say('ended at line {0}', site.line)
      : say('ended by {0} at line {1}', by, site.line);
  }
  const where = siteWords(site);
  return by === undefined ? say('ended at {0}', where) : say('ended by {0} at {1}', by, where);
}

/** What a lane did before its first step, from when it was made. */
export function notStartedWords(lane: Lane, ns: number, say: Translate): string {
  const length = formatDuration(ns);
  return lane.kind === 'main'
    ? say('It took {0} from the start of the run to the first line', length)
    : say('{0} was made, and took its first step {1} later', lane.name, length);
}

export function jobLines(model: RunModel, job: Job, say: Translate): string[] {
  const lines = [say('job {0}', job.name)];
  const by = job.submittedBy === null ? undefined : model.lanes[job.submittedBy];
  if (!by || job.submittedNs === null) return lines;
  const submitted = job.submitSite
    ? say('submitted by {0} at {1}', by.name, siteWords(job.submitSite))
    : say('submitted by {0}', by.name);
  if (job.startNs === null) return [...lines, submitted];
  const queued = formatDuration(job.startNs - job.submittedNs);
  return [...lines, say('{0}, queued {1}', submitted, queued)];
}

const MADE: Readonly<Record<LaneKind, Message>> = messages({
  main: 'main made at {0}',
  thread: 'thread made at {0}',
  process: 'process made at {0}',
  subprocess: 'subprocess made at {0}',
  task: 'task made at {0}',
  worker: 'worker made at {0}',
  call: 'call made at {0}',
});

const ENDED: Readonly<Record<LaneEnd, Message>> = messages({
  returned: 'lane returned at {0}',
  raised: 'lane raised at {0}',
  exited: 'lane exited at {0}',
  killed: 'lane killed at {0}',
  running: 'lane running at {0}',
});

export function laneLines(lane: Lane, say: Translate): string[] {
  const lines: string[] = [];
  if (lane.command) lines.push(lane.command);
  if (lane.site) lines.push(say(MADE[lane.kind], siteWords(lane.site)));
  if (!lane.traced) lines.push(say('not traced: only its start and end are known'));
  if (lane.endNs !== null) {
    const ended = say(ENDED[lane.end], momentWords(lane.endNs));
    lines.push(lane.detail ? `${ended}: ${lane.detail}` : ended);
  }
  return lines;
}

export const momentWords = (ns: number): string => `${(ns / 1e9).toFixed(ns < 1e9 ? 3 : 2)} s`;
