/** Finds jobs that raised an exception which nobody ever asked for. */
import type { Translate } from '../base/translate';
import type { Job } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import type { WaitKind } from '../trace/format';
import { groupBySite, longWaits, placeOf } from './runFacts';

const ASKS = new Set<WaitKind>(['result', 'wait', 'await', 'join', 'shutdown']);

export function findUnseenExceptions({ model, say }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const failed = model.jobs.filter(job => job.outcome === 'raised');
  if (failed.length === 0) return [];
  const asked = new Set<number>();
  for (const wait of longWaits(model, ASKS, 0)) for (const job of wait.jobs) asked.add(job);
  const unseen = failed.filter(job => !asked.has(job.id));
  return [...groupBySite(unseen, job => job.submitSite).values()].map(one => describe(one, say));
}

function describe(jobs: readonly Job[], say: Translate): Finding {
  const [first] = jobs;
  const name = first?.name ?? say('A job');
  const what = first?.detail ? first.detail : say('an exception');
  const more = jobs.length - 1;
  return {
    rule: 'unseen-exception',
    severity: 'warning',
    message:
      more === 0
        ? say(
            '{0} raised {1}, and nobody asked for its result, so nobody noticed. Ask for result() or exception().',
            name,
            what,
          )
        : say(
            '{0} and {1} more like it raised {2}, and nobody asked for its result, so nobody noticed. Ask for result() or exception().',
            name,
            more,
            what,
          ),
    ...placeOf(first?.submitSite ?? null),
  };
}
