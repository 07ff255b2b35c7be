/** Finds daemon threads that the end of the program cut off in the middle of something. */
import type { Lane, Wait } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, lastWaits, namesOf, placeOf } from './runFacts';

interface CutOff {
  readonly lane: Lane;
  readonly wait: Wait;
}

/** A worker that waits for the next item of a queue is meant to be cut off there. */
const IDLE = new Set(['get', 'recv', 'event', 'condition', 'idle']);

export function findDaemonsCutOff({ model, say }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const cut: CutOff[] = [];
  for (const wait of lastWaits(model)) {
    const lane = model.lanes[wait.lane];
    if (!lane?.daemon || lane.kind !== 'thread' || lane.end !== 'exited') continue;
    if (wait.outcome === 'cut-off' && !IDLE.has(wait.kind)) cut.push({ lane, wait });
  }
  return [...groupBySite(cut, one => one.wait.site).values()].map(group => {
    const names = namesOf(
      model,
      group.map(one => one.lane.id),
      say,
    );
    return {
      rule: 'daemon-cut-off',
      severity: 'info',
      message:
        group.length === 1
          ? say(
              '{0} is a daemon thread and was cut off here by the end of the program. What comes after this line never ran; join it where that matters.',
              names,
            )
          : say(
              '{0} are daemon threads and were cut off here by the end of the program. What comes after this line never ran; join them where that matters.',
              names,
            ),
      ...placeOf(group[0]?.wait.site ?? null),
    };
  });
}
