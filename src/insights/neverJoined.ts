/** Finds threads and processes that nobody waited for. */
import { formatDuration } from '../base/duration';
import type { WaitKind } from '../trace/format';
import type { Lane, RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, lengthOf, longWaits, namesOf, placeOf } from './runFacts';

const MAY_JOIN = new Set<WaitKind>(['join', 'shutdown', 'exit', 'wait', 'await', 'result']);
const JOINS = new Set<WaitKind>(['join', 'shutdown', 'exit']);
/** Less at the end of the program is not worth a word. */
const WORTH_NS = 10e6;

export function findNeverJoined({ model }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const { awaited, atEnd } = lookAtJoins(model);
  const isWorker = workerTest(model);
  const lonely = model.lanes.filter(
    lane =>
      (lane.kind === 'thread' || lane.kind === 'process') &&
      !lane.daemon &&
      !lane.helper &&
      lane.end !== 'killed' &&
      !awaited.has(lane.id) &&
      !isWorker(lane),
  );
  return [...groupBySite(lonely, lane => lane.site).values()].map(group =>
    describe(model, group, atEnd),
  );
}

/** Lanes that run jobs are the pool's to join, and so are idle ones made at the same place. */
function workerTest(model: RunModel): (lane: Lane) => boolean {
  const workers = new Set(model.jobs.map(job => job.lane));
  const sites = new Set<string>();
  for (const lane of model.lanes) {
    if (lane.site && workers.has(lane.id)) sites.add(`${lane.site.file}\n${lane.site.line}`);
  }
  return ({ id, site }) =>
    workers.has(id) || (site !== null && sites.has(`${site.file}\n${site.line}`));
}

/** What the waits of the run tell: whom the person's code waited for, and the wait of the interpreter at its end. */
function lookAtJoins(model: RunModel): { awaited: Set<number>; atEnd: Wait | null } {
  const awaited = new Set<number>();
  let atEnd: Wait | null = null;
  for (const wait of longWaits(model, MAY_JOIN, 0)) {
    // The interpreter waits for what is left at its end; that is nobody's line.
    if ((wait.kind === 'join' || wait.kind === 'exit') && !wait.site) {
      if (model.lanes[wait.lane]?.kind === 'main') atEnd = wait;
      continue;
    }
    for (const lane of wait.on) awaited.add(lane);
    if (wait.endedBy !== null && JOINS.has(wait.kind)) awaited.add(wait.endedBy);
  }
  return { awaited, atEnd };
}

function describe(model: RunModel, lanes: readonly Lane[], atEnd: Wait | null): Finding {
  const names = namesOf(
    model,
    lanes.map(lane => lane.id),
  );
  const isOne = lanes.length === 1;
  const failed = lanes.find(lane => lane.end === 'raised');
  const problem = failed?.detail
    ? ` ${failed.name} raised ${failed.detail}, and nobody noticed.`
    : '';
  const held = atEnd && lanes.some(lane => atEnd.on.includes(lane.id)) ? lengthOf(model, atEnd) : 0;
  const end =
    held > WORTH_NS
      ? ` The main thread came to its end ${formatDuration(held)} before the program did, which waited for ${isOne ? 'it' : 'them'}.`
      : '';
  const message = `${names} ${isOne ? 'is' : 'are'} never joined: the code after the start does not know when ${isOne ? 'it is' : 'they are'} done.${end}${problem}`;
  return {
    rule: 'never-joined',
    severity: failed ? 'warning' : 'info',
    message,
    ...placeOf(lanes[0]?.site ?? null),
  };
}
