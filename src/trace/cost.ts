/** Owns what a run says about its own cost: records taken, records dropped, and how much slower they made it. */
import type { RunModel } from './model';

/** One record with the call around it, as the benchmark measures it on CPython 3.12; an estimate for other machines. */
const RECORD_COST_NS = 1_000;

export interface RunCost {
  readonly records: number;
  readonly dropped: number;
  /** In percent of the time its processes lived; null before there is anything to compare with. */
  readonly slowdownPercent: number | null;
}

export function costOf(model: RunModel): RunCost {
  let livedNs = 0;
  for (const lane of model.lanes) {
    if (lane.process === lane.id && lane.traced) {
      livedNs += (lane.endNs ?? model.nowNs) - lane.startNs;
    }
  }
  const { records, dropped } = model;
  const slowdownPercent = livedNs > 0 ? ((records * RECORD_COST_NS) / livedNs) * 100 : null;
  return { records, dropped, slowdownPercent };
}

/** `1,204 records taken, 0 dropped; about 3 % slower for it`. */
export function costPhrase({ records, dropped, slowdownPercent }: RunCost): string {
  const taken = `${records.toLocaleString('en-US')} records taken, ${dropped.toLocaleString('en-US')} dropped`;
  if (slowdownPercent === null) return taken;
  const slower =
    slowdownPercent < 1 ? 'less than 1 % slower' : `about ${Math.round(slowdownPercent)} % slower`;
  return `${taken}; ${slower} for it`;
}
