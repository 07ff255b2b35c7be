/** Finds threads and processes that nobody waited for. */
import type { Lane, RunModel } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, namesOf, placeOf } from './runFacts';

export function findNeverJoined({ model }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const awaited = awaitedLanes(model);
  const workers = new Set(model.jobs.map(job => job.lane));
  const lonely = model.lanes.filter(
    lane =>
      (lane.kind === 'thread' || lane.kind === 'process') &&
      !lane.daemon &&
      !lane.helper &&
      lane.end !== 'killed' &&
      !awaited.has(lane.id) &&
      !workers.has(lane.id),
  );
  return [...groupBySite(lonely, lane => lane.site).values()].map(group => describe(model, group));
}

/** Asked for once only: a wait's targets are in no column. */
function awaitedLanes(model: RunModel): Set<number> {
  const awaited = new Set<number>();
  for (let id = 0; id < model.waitCount; id++) {
    const wait = model.wait(id);
    if (wait.kind === 'lock' || wait.kind === 'sleep') continue;
    for (const lane of wait.on) awaited.add(lane);
    if (wait.kind === 'join' || wait.kind === 'shutdown') {
      if (wait.endedBy !== null) awaited.add(wait.endedBy);
    }
  }
  return awaited;
}

function describe(model: RunModel, lanes: readonly Lane[]): Finding {
  const names = namesOf(
    model,
    lanes.map(lane => lane.id),
  );
  const isOne = lanes.length === 1;
  const failed = lanes.find(lane => lane.end === 'raised');
  const problem = failed?.detail
    ? ` ${failed.name} raised ${failed.detail}, and nobody noticed.`
    : '';
  const message = `${names} ${isOne ? 'is' : 'are'} never joined: the code after the start does not know when ${isOne ? 'it is' : 'they are'} done, and the program ends only after ${isOne ? 'it' : 'them'}.${problem}`;
  return {
    rule: 'never-joined',
    severity: failed ? 'warning' : 'info',
    message,
    ...placeOf(lanes[0]?.site ?? null),
  };
}
