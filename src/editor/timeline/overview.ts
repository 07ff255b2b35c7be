/** Owns the raster of a whole run for the overview strip: for each cell, the state that took most of its time. */
import type { RunModel } from '../../trace/model';
import type { OverviewBlock } from '../../webview/messages';
import { NOTHING } from '../../webview/spanState';
import { walkLane } from './lanePieces';

export function overviewOf(
  model: RunModel,
  run: number,
  request: number,
  px: number,
  maxRows: number,
): OverviewBlock {
  const lanes = model.lanes.filter(lane => !lane.helper);
  const rows = Math.max(1, Math.min(maxRows, lanes.length));
  const toNs = Math.max(1, model.nowNs);
  const cells = new Uint8Array(rows * px).fill(NOTHING);
  const longest = new Float32Array(rows * px);
  const cellNs = toNs / px;
  lanes.forEach((lane, index) => {
    const row = Math.min(rows - 1, Math.floor((index * rows) / lanes.length));
    walkLane(model, lane, 0, toNs, {
      piece: (startNs, endNs, state) => {
        const first = Math.max(0, Math.floor(startNs / cellNs));
        const last = Math.min(px - 1, Math.floor(endNs / cellNs));
        for (let x = first; x <= last; x++) {
          const at = row * px + x;
          const length = Math.min(endNs, (x + 1) * cellNs) - Math.max(startNs, x * cellNs);
          if (length <= (longest[at] ?? 0)) continue;
          longest[at] = length;
          cells[at] = state;
        }
      },
    });
  });
  return { request, run, toNs, px, rows, cells };
}
