/** Owns how lanes end that told no end of their own: at the end of the run, each gets the most likely one. */
import type { FileDecoder } from './fileDecoder';
import type { LaneRow } from './laneTable';
import type { RunTables } from './runTables';

export interface RunClosing {
  /** When the last process was seen to have ended. */
  readonly ns: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The host ended it: lanes of which no end was recorded were killed. */
  readonly isStopped: boolean;
}

export function closeLanes(
  tables: RunTables,
  decoders: readonly FileDecoder[],
  root: LaneRow,
  closing: RunClosing,
): void {
  root.exitCode = closing.exitCode;
  if (!root.endedByItself) endRoot(tables, root, closing);
  const { rows } = tables.lanes;
  for (const row of rows) {
    if (row.endNs === null && row.isProcess) endLost(tables, decoders, row, closing);
  }
  for (const row of rows) if (row.isProcess) tables.endLanesOf(row);
}

/** A tracer does not see the very end of a main thread; that it ended well is in the status. */
function endRoot(tables: RunTables, root: LaneRow, closing: RunClosing): void {
  const ns = root.endNs ?? closing.ns;
  if (closing.signal === null && !closing.isStopped) {
    const end = closing.exitCode === 0 && root.traced ? 'returned' : 'exited';
    tables.endLane(root, ns, end, null, false);
    return;
  }
  tables.endLane(root, ns, 'killed', closing.signal ?? 'stopped', false);
  // Those that were ended with the process before it was known how that ended.
  for (const row of tables.lanes.rows) {
    if (row.process === root.id && row.end === 'exited' && row.endNs === ns) row.end = 'killed';
  }
}

/** A process whose end nobody saw. */
function endLost(
  tables: RunTables,
  decoders: readonly FileDecoder[],
  row: LaneRow,
  closing: RunClosing,
): void {
  let last = row.startNs;
  for (const decoder of decoders) {
    if (decoder.root === row) last = Math.max(last, decoder.lastNs);
  }
  const livedOn = closing.isStopped || tables.hasOpenWait(row);
  const end = closing.isStopped ? 'killed' : 'exited';
  tables.endLane(row, livedOn ? closing.ns : last, end, null, false);
}
