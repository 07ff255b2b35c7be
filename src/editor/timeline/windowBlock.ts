/** Owns the answer to "what is to be painted in this window": spans, labels, arrows and output, no finer than its pixels. */
import type { Translate } from '../../base/translate';
import type { Lane, RunModel } from '../../trace/model';
import type { Block, WindowRequest } from '../../webview/messages';
import type { RunIndex } from './runIndex';
import { SpanBlockBuilder } from './spanBlock';
import { spanLabel, spanWords } from './spanWords';

export function windowBlock(
  model: RunModel,
  index: RunIndex,
  ask: WindowRequest,
  say: Translate,
): Block {
  const wordsOf = spanWords(say);
  const { fromNs, toNs, request, run, arrows } = ask;
  const nsPerPx = Math.max(1e-3, ask.nsPerPx);
  const builder = new SpanBlockBuilder(model, fromNs, toNs, nsPerPx, {
    text: id => {
      const wait = model.wait(id);
      const job = model.jobs[index.jobAt(wait.lane, wait.startNs)];
      return spanLabel(model, wait, job, wordsOf(wait), say);
    },
    jobs: lane => index.jobsOf(lane),
    job: id => model.jobs[id],
  });
  const lanes = new Set<number>();
  for (const id of ask.lanes) {
    const lane: Lane | undefined = model.lanes[id];
    if (!lane || lanes.has(id)) continue;
    lanes.add(id);
    builder.addLane(lane);
  }
  return {
    request,
    run,
    originNs: fromNs,
    toNs,
    nsPerPx,
    lanes: ask.lanes,
    spans: builder.finish(),
    arrows: index.arrows(fromNs, toNs, nsPerPx, arrows ? lanes : new Set()),
    output: index.output(fromNs, toNs, nsPerPx, lanes),
    labels: builder.labels,
  };
}
