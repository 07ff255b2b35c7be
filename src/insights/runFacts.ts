/** Owns facts about a run that several rules need. */
import type { Lane, RunModel, Site, Wait } from '../trace/model';

export function placeOf(site: Site | null): { file: string | null; line: number | null } {
  return { file: site?.file ?? null, line: site?.line ?? null };
}

export function nameOf(model: RunModel, lane: number): string {
  return model.lanes[lane]?.name ?? `lane ${lane}`;
}

/** Each lane's last wait, if it never came back from it: it goes on, or the run's end cut it off. */
export function lastWaits(model: RunModel): Wait[] {
  const waits: Wait[] = [];
  for (const lane of model.lanes) {
    if (lane.helper) continue;
    const ids = model.waitsOfLane(lane.id);
    // Waits nest a few deep: the innermost that is open is what holds the lane.
    for (let at = ids.length - 1; at >= 0 && at >= ids.length - 8; at--) {
      const wait = model.wait(ids[at]!);
      if (wait.outcome !== 'waiting' && wait.outcome !== 'cut-off') continue;
      waits.push(wait);
      break;
    }
  }
  return waits;
}

/** The lane of the process' main thread. */
export function processOf(model: RunModel, lane: Lane): Lane | undefined {
  return model.lanes[lane.process];
}

/** Calls `use` with each wait id of the run, in order. */
export function eachWait(model: RunModel, use: (id: number) => void): void {
  for (let id = 0; id < model.waitCount; id++) use(id);
}
