/** Finds awaits of promises that nothing was left to settle: JavaScript then ends the program without a word. */
import type { Translate } from '../base/translate';
import type { RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, lastWaits, namesOf, placeOf } from './runFacts';

const AWAITS = new Set(['await', 'wait']);

export function findNeverSettled({ model, say }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const waits = lastWaits(model).filter(
    wait => AWAITS.has(wait.kind) && wait.outcome === 'cut-off' && endedByItself(model, wait),
  );
  return [...groupBySite(waits, wait => wait.site).values()].map(group =>
    describe(model, group, say),
  );
}

/** The event loop had nothing left to do; nobody stopped it and it did not exit on purpose. */
function endedByItself(model: RunModel, wait: Wait): boolean {
  const lane = model.lanes[wait.lane];
  const root = lane && model.lanes[lane.process];
  return lane?.language === 'javascript' && root?.end === 'returned';
}

function describe(model: RunModel, group: readonly Wait[], say: Translate): Finding {
  const [first] = group;
  const lanes = namesOf(
    model,
    group.map(wait => wait.lane),
    say,
  );
  const label = first?.label ?? 'a promise';
  return {
    rule: 'never-settled',
    severity: 'warning',
    message:
      label === 'a promise'
        ? say(
            'This promise never settled: nothing was left that could settle it, so the program ended while {0} still waited here.',
            lanes,
          )
        : say(
            '{0} never settled: nothing was left that could settle it, so the program ended while {1} still waited here.',
            label,
            lanes,
          ),
    ...placeOf(first?.site ?? null),
  };
}
