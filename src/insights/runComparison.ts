/** Owns the comparison of two runs of the same text: for each line that waited, how long it waited in either. */
import type { RunModel } from '../trace/model';

/** Where a line of the text that ran stands now, so that lines of two runs can be told to be the same; undefined when changed. */
export type LineNow = (file: string, line: number) => number | undefined;

export interface ComparedRun {
  readonly model: RunModel;
  readonly lineNow: LineNow;
}

export interface LineTotals {
  readonly waits: number;
  /** All its waits together, ns. */
  readonly totalNs: number;
}

export interface LineChange {
  readonly file: string;
  /** As the text is now. */
  readonly line: number;
  readonly before: LineTotals;
  readonly now: LineTotals;
}

const NONE: LineTotals = { waits: 0, totalNs: 0 };

/** Totals of one line's waits; `ids` as `model.waitsAtLine` gives them. */
export function lineTotals(model: RunModel, ids: ArrayLike<number>): LineTotals {
  const { startNs, endNs } = model.waitColumns;
  let totalNs = 0;
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!;
    const end = Number.isNaN(endNs[id]!) ? model.nowNs : endNs[id]!;
    totalNs += end - startNs[id]!;
  }
  return { waits: ids.length, totalNs };
}

/** Lines of either run whose text still stands, the largest change of their waiting first. */
export function compareRuns(before: ComparedRun, now: ComparedRun): LineChange[] {
  const earlier = totalsByLine(before);
  const later = totalsByLine(now);
  const places = new Map([...earlier, ...later]);
  return [...places]
    .map(([key, { file, line }]) => ({
      file,
      line,
      before: earlier.get(key)?.totals ?? NONE,
      now: later.get(key)?.totals ?? NONE,
    }))
    .toSorted((one, other) => Math.abs(changeNs(other)) - Math.abs(changeNs(one)));
}

/** Negative where less is waited now. */
export const changeNs = (change: LineChange): number => change.now.totalNs - change.before.totalNs;

interface LineOfRun {
  readonly file: string;
  readonly line: number;
  readonly totals: LineTotals;
}

function totalsByLine({ model, lineNow }: ComparedRun): Map<string, LineOfRun> {
  const lines = new Map<string, LineOfRun>();
  for (const file of model.files) {
    for (const then of model.linesWithWaits(file)) {
      const line = lineNow(file, then);
      if (line === undefined) continue;
      const totals = lineTotals(model, model.waitsAtLine(file, then));
      lines.set(`${line}\n${file}`, { file, line, totals });
    }
  }
  return lines;
}
