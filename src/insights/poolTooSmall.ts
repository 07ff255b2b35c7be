/** Finds pools whose jobs stood in line longer than they ran. */
import { formatDuration } from '../base/duration';
import type { Translate } from '../base/translate';
import type { Job, RunModel } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { placeOf } from './runFacts';

/** Less standing in line in all is not worth a word. */
const WORTH_NS = 500e6;
/** Jobs that compute gain nothing from more workers; those that mostly wait do. */
const WAITING_SHARE = 0.5;

export function findPoolsTooSmall({ model, say }: InsightInput): Finding[] {
  const pools = new Map<number, Job[]>();
  for (const job of model.jobs) {
    if (job.pool === null || job.startNs === null || job.submittedNs === null) continue;
    const jobs = pools.get(job.pool);
    if (jobs) jobs.push(job);
    else pools.set(job.pool, [job]);
  }
  return [...pools].flatMap(([pool, jobs]) => describe(model, pool, jobs, say));
}

function describe(model: RunModel, pool: number, jobs: readonly Job[], say: Translate): Finding[] {
  let queuedNs = 0;
  let ranNs = 0;
  let waitedNs = 0;
  const workers = new Set<number | null>();
  for (const job of jobs) {
    queuedNs += job.startNs! - job.submittedNs!;
    ranNs += (job.endNs ?? model.nowNs) - job.startNs!;
    waitedNs += waitedIn(model, job);
    workers.add(job.lane);
  }
  if (queuedNs < WORTH_NS || queuedNs < ranNs || waitedNs < ranNs * WAITING_SHARE) return [];
  const object = model.objects[pool];
  const name = object?.name ?? say('this pool');
  const queued = formatDuration(queuedNs);
  const ran = formatDuration(ranNs);
  const site = object?.site ?? jobs[0]?.submitSite ?? null;
  return [
    {
      rule: 'pool-too-small',
      severity: 'info',
      message:
        workers.size === 1
          ? say(
              'The jobs of {0} stood in line for {1} in all and ran for {2}, most of it waiting: {3} worker is few for {4} jobs that wait. More workers would end sooner.',
              name,
              queued,
              ran,
              workers.size,
              jobs.length,
            )
          : say(
              'The jobs of {0} stood in line for {1} in all and ran for {2}, most of it waiting: {3} workers are few for {4} jobs that wait. More workers would end sooner.',
              name,
              queued,
              ran,
              workers.size,
              jobs.length,
            ),
      ...placeOf(site),
    },
  ];
}

/** How much of a job its worker spent waiting. */
function waitedIn(model: RunModel, job: Job): number {
  if (job.lane === null) return 0;
  const end = job.endNs ?? model.nowNs;
  let sum = 0;
  let cursor = job.startNs!;
  const ids = model.waitsOfLane(job.lane);
  const { startNs, endNs } = model.waitColumns;
  for (let at = 0; at < ids.length; at++) {
    const from = Math.max(startNs[ids[at]!]!, cursor);
    if (from >= end) break;
    const stop = Math.min(Number.isNaN(endNs[ids[at]!]!) ? end : endNs[ids[at]!]!, end);
    if (stop <= from) continue;
    sum += stop - from;
    cursor = stop;
  }
  return sum;
}
