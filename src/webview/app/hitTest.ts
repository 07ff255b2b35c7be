/** Owns the question what is under a point of the chart. */
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT } from '../rowLayout';
import { FLAG } from '../spanState';
import type { PageState, Selection } from './pageState';

/** Spans narrower than this are caught by a pointer near them. */
const REACH_PX = 3;

/** `x`, `y` in the chart, without names and ruler; y counts from the top of the view. */
export function spanAt(state: PageState, x: number, y: number): Selection | null {
  const index = Math.floor((y + state.scrollTop) / ROW_HEIGHT);
  const lane = state.layout.rows[index]?.lane;
  const { block, scale } = state;
  if (lane === undefined || lane === null || !block) return null;
  const inRow = y + state.scrollTop - index * ROW_HEIGHT;
  if (inRow < BAR_TOP - 3 || inRow > BAR_TOP + BAR_HEIGHT + 3) return null;
  const { spans, originNs } = block;
  const at = scale.toNsAt(x);
  const reach = REACH_PX * scale.nsPerPx;
  let best: Selection | null = null;
  let bestDistance = reach;
  for (let span = 0; span < spans.count; span++) {
    if (spans.lane[span] !== lane) continue;
    const flags = spans.flags[span]!;
    const fromNs = originNs + spans.start[span]!;
    const toNs = flags & FLAG.open ? state.nowNs : originNs + spans.end[span]!;
    const distance = at < fromNs ? fromNs - at : at > toNs ? at - toNs : 0;
    if (distance > bestDistance || (best && distance === bestDistance && distance > 0)) continue;
    const ref = spans.ref[span]!;
    const wait = ref > 0 && !(flags & FLAG.job) ? ref - 1 : null;
    best = { lane, wait, fromNs, toNs };
    bestDistance = distance;
    if (distance === 0 && wait !== null) break;
  }
  return best;
}
