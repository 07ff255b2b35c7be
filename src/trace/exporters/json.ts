/** Owns the JSON of the command line's contract (docs and design): a run as plain data. Fields are added, never renamed. */
import { costOf } from '../cost';
import type { Handoff, HandoffEnd, Job, Lane, RunModel, Site, Wait } from '../model';

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

export function runToJson(model: RunModel, input: RunJsonInput): Record<string, unknown> {
  return {
    exitCode: input.exitCode,
    signal: input.signal,
    durationNs: model.nowNs,
    lanes: model.lanes.map(laneToJson),
    waits: Array.from({ length: model.waitCount }, (_, id) => waitToJson(model.wait(id))),
    handoffs: Array.from({ length: model.handoffCount }, (_, at) =>
      handoffToJson(model.handoff(at)),
    ),
    output: model.output,
    findings: input.findings,
    notes: model.notes,
    jobs: model.jobs.map(jobToJson),
    objects: model.objects.map(({ id, kind, name, site }) => ({
      id,
      kind,
      name,
      ...placeOf(site),
    })),
    cost: costOf(model),
  };
}

function placeOf(site: Site | null): { file: string | null; line: number | null } {
  return { file: site?.file ?? null, line: site?.line ?? null };
}

function laneToJson(lane: Lane): Record<string, unknown> {
  const { id, kind, name, pid, parent, process, daemon, helper, traced, language } = lane;
  const { createdNs, startNs, endNs, end, detail, exitCode } = lane;
  return {
    id,
    kind,
    name,
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

function waitToJson(wait: Wait): Record<string, unknown> {
  return {
    lane: wait.lane,
    kind: wait.kind,
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
