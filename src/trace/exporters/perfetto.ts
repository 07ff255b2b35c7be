/**
 * Owns the export to the Chrome trace format, which Perfetto and chrome://tracing open: a track per lane, a slice per
 * wait, a flow arrow per handoff. Written in pieces, so that a large run needs no string of its whole size.
 */
import type { Handoff, Lane, RunModel, Wait } from '../model';

export function* perfettoPieces(model: RunModel): Generator<string> {
  yield '{"displayTimeUnit":"ns","traceEvents":[\n';
  let separator = '';
  for (const event of perfettoEvents(model)) {
    yield separator + JSON.stringify(event);
    separator = ',\n';
  }
  yield '\n]}\n';
}

export function* perfettoEvents(model: RunModel): Generator<Record<string, unknown>> {
  for (const lane of model.lanes) yield* laneEvents(model, lane);
  for (let id = 0; id < model.waitCount; id++) yield* waitEvents(model, model.wait(id));
  for (let at = 0; at < model.handoffCount; at++) {
    yield* handoffEvents(model, model.handoff(at), at + 1);
  }
  for (const piece of model.output) {
    yield {
      ph: 'i',
      s: 't',
      name: piece.stream,
      cat: 'output',
      ...place(model, piece.lane ?? 0),
      ts: us(piece.ns),
      args: { text: piece.text },
    };
  }
}

const us = (ns: number): number => ns / 1000;

/** Lanes of one process share its track group; a lane's number is unique in the run. */
function place(model: RunModel, lane: number): { pid: number; tid: number } {
  return { pid: (model.lanes[lane]?.process ?? 0) + 1, tid: lane + 1 };
}

function* laneEvents(model: RunModel, lane: Lane): Generator<Record<string, unknown>> {
  const at = place(model, lane.id);
  if (lane.process === lane.id) {
    const name = `${lane.name} (pid ${lane.pid})`;
    yield { ph: 'M', name: 'process_name', ...at, args: { name } };
    yield { ph: 'M', name: 'process_sort_index', ...at, args: { sort_index: lane.id } };
  }
  yield { ph: 'M', name: 'thread_name', ...at, args: { name: lane.name } };
  yield { ph: 'M', name: 'thread_sort_index', ...at, args: { sort_index: lane.id } };
  yield {
    ph: 'X',
    name: lane.name,
    cat: 'lane',
    ...at,
    ts: us(lane.startNs),
    dur: us((lane.endNs ?? model.nowNs) - lane.startNs),
    args: { kind: lane.kind, end: lane.end, detail: lane.detail },
  };
}

function* waitEvents(model: RunModel, wait: Wait): Generator<Record<string, unknown>> {
  const end = wait.endNs ?? model.nowNs;
  yield {
    ph: 'X',
    name: wait.kind === wait.label ? wait.kind : `${wait.kind}: ${wait.label}`,
    cat: `wait,${wait.kind}`,
    ...place(model, wait.lane),
    ts: us(wait.startNs),
    dur: us(end - wait.startNs),
    args: {
      outcome: wait.outcome,
      on: wait.on.map(id => model.lanes[id]?.name ?? id),
      endedBy: wait.endedBy === null ? null : (model.lanes[wait.endedBy]?.name ?? null),
      at: wait.site ? `${wait.site.file}:${wait.site.line}` : null,
    },
  };
}

function* handoffEvents(
  model: RunModel,
  handoff: Handoff,
  id: number,
): Generator<Record<string, unknown>> {
  const { kind, from, to } = handoff;
  const common = { name: kind, cat: 'handoff', id };
  yield { ...common, ph: 's', ...place(model, from.lane), ts: us(from.ns) };
  yield { ...common, ph: 'f', bp: 'e', ...place(model, to.lane), ts: us(to.ns) };
}
