/** Finds jobs that raised an exception which nobody ever asked for. */
import type { Job } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import type { WaitKind } from '../trace/format';
import { groupBySite, longWaits, placeOf } from './runFacts';

const ASKS = new Set<WaitKind>(['result', 'wait', 'await', 'join', 'shutdown']);

export function findUnseenExceptions({ model }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const failed = model.jobs.filter(job => job.outcome === 'raised');
  if (failed.length === 0) return [];
  const asked = new Set<number>();
  for (const wait of longWaits(model, ASKS, 0)) for (const job of wait.jobs) asked.add(job);
  const unseen = failed.filter(job => !asked.has(job.id));
  return [...groupBySite(unseen, job => job.submitSite).values()].map(describe);
}

function describe(jobs: readonly Job[]): Finding {
  const [first] = jobs;
  const more = jobs.length === 1 ? '' : ` and ${jobs.length - 1} more like it`;
  const what = first?.detail ? ` ${first.detail}` : ' an exception';
  return {
    rule: 'unseen-exception',
    severity: 'warning',
    message: `${first?.name ?? 'A job'}${more} raised${what}, and nobody asked for its result, so nobody noticed. Ask for result() or exception().`,
    ...placeOf(first?.submitSite ?? null),
  };
}
