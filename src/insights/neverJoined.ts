/** Finds threads and processes that nobody waited for. */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { WaitKind } from '../trace/format';
import type { Lane, RunModel, Wait } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { groupBySite, lengthOf, longWaits, namesOf, placeOf } from './runFacts';

const MAY_JOIN = new Set<WaitKind>(['join', 'shutdown', 'exit', 'wait', 'await', 'result']);
const JOINS = new Set<WaitKind>(['join', 'shutdown', 'exit']);
/** Less at the end of the program is not worth a word. */
const WORTH_NS = 10e6;

export function findNeverJoined({ model, say }: InsightInput): Finding[] {
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
    describe(model, group, atEnd, say),
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

function describe(
  model: RunModel,
  lanes: readonly Lane[],
  atEnd: Wait | null,
  say: Translate,
): Finding {
  const names = namesOf(
    model,
    lanes.map(lane => lane.id),
    say,
  );
  const isOne = lanes.length === 1;
  const told = [
    isOne
      ? say('{0} is never joined: the code after the start does not know when it is done.', names)
      : say(
          '{0} are never joined: the code after the start does not know when they are done.',
          names,
        ),
  ];
  const heldNs =
    atEnd && lanes.some(lane => atEnd.on.includes(lane.id)) ? lengthOf(model, atEnd) : 0;
  if (heldNs > WORTH_NS) {
    const held = formatDuration(heldNs);
    told.push(
      isOne
        ? say(
            'The main thread came to its end {0} before the program did, which waited for it.',
            held,
          )
        : say(
            'The main thread came to its end {0} before the program did, which waited for them.',
            held,
          ),
    );
  }
  const failed = lanes.find(lane => lane.end === 'raised');
  if (failed?.detail)
    told.push(say('{0} raised {1}, and nobody noticed.', failed.name, failed.detail));
  return {
    rule: 'never-joined',
    severity: failed ? 'warning' : 'info',
    message: told.join(' '),
    ...placeOf(lanes[0]?.site ?? null),
  };
}
