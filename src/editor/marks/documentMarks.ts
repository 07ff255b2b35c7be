/** Owns which marks a document shows, worked out anew from what is known: wait points, the run that speaks for it, its edits. Pure. */
import type { Translate } from '../../base/translate';
import type { WaitPoint } from '../../analysis/waitPoint';
import { lineSummary, type LineSummary } from '../../trace/phrases';
import type { RunModel } from '../../trace/model';
import { familyOf } from '../../trace/waitFamilies';
import { isLive, type RunEntry } from '../runs';
import type { LineTracker } from './lineTracker';
import type { Mark } from './mark';
import { pointPhrase } from './pointPhrase';

export interface RunOfDocument {
  readonly entry: RunEntry;
  /** How the run's sites name the document. */
  readonly file: string;
  readonly tracker: LineTracker;
}

export interface DocumentState {
  readonly points: readonly WaitPoint[];
  readonly lineCount: number;
  readonly run: RunOfDocument | undefined;
  /** Runs of other parts of the document. */
  readonly others?: readonly RunOfDocument[];
  readonly showsBefore: boolean;
  /** The most marks to show, those nearest to `nearLine` first. */
  readonly most: number;
  readonly nearLine: number;
}

/** A wait below this share of the run is told in grey. */
const NOTABLE_SHARE = 0.1;

export function marksOfDocument(state: DocumentState, say: Translate): Mark[] {
  const marks: Mark[] = [];
  for (const run of [state.run, ...(state.others ?? [])]) {
    if (!run) continue;
    const taken = new Set(marks.map(mark => mark.line));
    marks.push(...marksOfRun(run, state.lineCount, say).filter(mark => !taken.has(mark.line)));
  }
  if (state.showsBefore)
    marks.push(...marksBefore(state.points, new Set(marks.map(mark => mark.line)), say));
  return nearest(marks, state.most, state.nearLine).toSorted((one, other) => one.line - other.line);
}

function marksOfRun(run: RunOfDocument, lineCount: number, say: Translate): Mark[] {
  const { model } = run.entry;
  const marks: Mark[] = [];
  for (let line = 1; line <= lineCount; line++) {
    const then = run.tracker.lineThen(line);
    if (then === undefined) continue;
    const summary = lineSummary(model, model.waitsAtLine(run.file, then), say);
    if (summary) marks.push(markOf(run, line, summary));
  }
  return marks;
}

function markOf(run: RunOfDocument, line: number, summary: LineSummary): Mark {
  const { model } = run.entry;
  const family = familyOf(summary.kind);
  if (summary.isLive && isLive(run.entry)) {
    return { line, phase: 'during', family, isNotable: true, text: `${summary.text} …` };
  }
  const isNotable = endedBadly(model, summary) || isLarge(model, summary);
  return {
    line,
    phase: run.tracker.isStale ? 'stale' : 'after',
    family,
    isNotable,
    text: summary.text,
  };
}

function isLarge(model: RunModel, summary: LineSummary): boolean {
  return summary.kind !== 'sleep' && summary.totalNs >= NOTABLE_SHARE * model.nowNs;
}

function endedBadly(model: RunModel, summary: LineSummary): boolean {
  return model.wait(summary.wait).outcome !== 'done';
}

/** One for each line that has none yet; of several points on a line the first speaks. */
function marksBefore(points: readonly WaitPoint[], taken: Set<number>, say: Translate): Mark[] {
  const marks: Mark[] = [];
  for (const point of points) {
    // On the line that a run will name, so that the mark stays where it is when there is something measured to say.
    const { line } = point;
    if (taken.has(line)) continue;
    taken.add(line);
    const text = pointPhrase(point, say);
    marks.push({ line, phase: 'before', family: familyOf(point.kind), isNotable: false, text });
  }
  return marks;
}

function nearest(marks: Mark[], most: number, line: number): Mark[] {
  if (marks.length <= most) return marks;
  const rank = (mark: Mark): number =>
    mark.phase === 'during' ? 0 : 1 + Math.abs(mark.line - line);
  return marks.toSorted((one, other) => rank(one) - rank(other)).slice(0, most);
}
