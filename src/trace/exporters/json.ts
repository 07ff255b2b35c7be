/** Owns the JSON of the command line's contract (docs and design): a run as plain data. Fields are added, never renamed. */
import { costOf } from '../cost';
import type { WaitKind } from '../format';
import type { Handoff, HandoffEnd, Job, Lane, RunModel, SharedObject, Site, Wait } from '../model';

/** What the insights found, as far as it is data. */
export interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
}

export interface RunJsonInput {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly findings: readonly FindingJson[];
}

/** In pieces: a run of a million waits is longer than the longest string. */
export function* runJsonPieces(model: RunModel, input: RunJsonInput): Generator<string> {
  const { exitCode, signal } = input;
  yield `{"exitCode":${JSON.stringify(exitCode)},"signal":${JSON.stringify(signal)},"durationNs":${model.nowNs},\n`;
  yield* list('lanes', model.lanes.length, at => laneToJson(model.lanes[at]!));
  yield* list('waits', model.waitCount, at => waitToJson(model.wait(at)));
  yield* list('handoffs', model.handoffCount, at => handoffToJson(model.handoff(at)));
  yield* list('output', model.output.length, at => model.output[at]!);
  yield* list('findings', input.findings.length, at => input.findings[at]!);
  yield* list('notes', model.notes.length, at => model.notes[at]!);
  yield* list('jobs', model.jobs.length, at => jobToJson(model.jobs[at]!));
  yield* list('objects', model.objects.length, at => objectToJson(model.objects[at]!));
  yield `"cost":${JSON.stringify(costOf(model))}}\n`;
}

const ITEMS_PER_PIECE = 500;

function* list(name: string, count: number, item: (at: number) => unknown): Generator<string> {
  yield `"${name}":[`;
  for (let from = 0; from < count; from += ITEMS_PER_PIECE) {
    const items: string[] = [];
    for (let at = from; at < Math.min(count, from + ITEMS_PER_PIECE); at++) {
      items.push(JSON.stringify(item(at)));
    }
    yield (from > 0 ? ',' : '') + items.join(',');
  }
  yield '],\n';
}

function objectToJson({ id, kind, name, site }: SharedObject): Record<string, unknown> {
  return { id, kind, name, ...placeOf(site) };
}

function placeOf(site: Site | null): { file: string | null; line: number | null } {
  return { file: site?.file ?? null, line: site?.line ?? null };
}

function laneToJson(lane: Lane): Record<string, unknown> {
  const { id, kind, name, command, pid, parent, process, daemon, helper, traced, language } = lane;
  const { createdNs, startNs, endNs, end, detail, exitCode } = lane;
  return {
    id,
    kind,
    name,
    command,
    pid,
    parent,
    process,
    daemon,
    helper,
    traced,
    language,
    createdNs,
    startNs,
    endNs,
    end,
    detail,
    exitCode,
    ...placeOf(lane.site),
  };
}

/** Who reads the JSON knows the kinds of the first contract, in which a thread at rest in its event loop waits for input or output. */
const kindInJson = (kind: WaitKind): WaitKind => (kind === 'idle' ? 'io' : kind);

function waitToJson(wait: Wait): Record<string, unknown> {
  return {
    lane: wait.lane,
    kind: kindInJson(wait.kind),
    ...placeOf(wait.site),
    column: wait.site?.column ?? null,
    endColumn: wait.site?.endColumn ?? null,
    startNs: wait.startNs,
    endNs: wait.endNs,
    readyNs: wait.readyNs,
    outcome: wait.outcome,
    on: wait.on,
    jobs: wait.jobs,
    object: wait.object,
    endedBy: wait.endedBy,
    endedAt: wait.endedAt ? placeOf(wait.endedAt) : null,
    timeoutNs: wait.timeoutNs,
    label: wait.label,
  };
}

function handoffToJson(handoff: Handoff): Record<string, unknown> {
  return { kind: handoff.kind, from: endToJson(handoff.from), to: endToJson(handoff.to) };
}

function endToJson(end: HandoffEnd): Record<string, unknown> {
  return { lane: end.lane, ns: end.ns, ...placeOf(end.site) };
}

function jobToJson(job: Job): Record<string, unknown> {
  const { id, name, submittedBy, submittedNs, lane, startNs, endNs, outcome, detail } = job;
  return {
    id,
    name,
    submittedBy,
    submittedNs,
    lane,
    startNs,
    endNs,
    outcome,
    detail,
    ...placeOf(job.submitSite),
  };
}
