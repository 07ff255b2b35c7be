/** Owns what a wait is for, in the person's words, from its targets. */
import type { FileDecoder } from './fileDecoder';
import { TARGET, WAIT_KINDS } from './format';
import type { RunTables } from './runTables';
import type { TargetRow } from './waitTable';

export function waitLabel(
  tables: RunTables,
  decoder: FileDecoder | undefined,
  id: number,
  targets: readonly TargetRow[],
): string {
  const given = decoder?.strings.get(tables.waits.text.data[id]!);
  if (given) return programName(tables, targets, given) ?? given;
  // A lock's owner is told as a further target; the lock itself is what is waited for.
  const object = targets.find(target => target.type === TARGET.object);
  if (object) return tables.objects.label(object.row);
  const lanes = targets.filter(target => target.type === TARGET.lane);
  const jobs = targets.filter(target => target.type === TARGET.job);
  if (lanes.length > 1) return severalLanes(tables, lanes);
  if (jobs.length > 1) return `${jobs.length} jobs`;
  if (lanes[0]) return tables.lanes.rows[lanes[0].row]?.name ?? 'a lane';
  if (jobs[0]) return tables.jobs.rows[jobs[0].row]?.name ?? 'a job';
  const kind = WAIT_KINDS[tables.waits.kind.data[id]!]!;
  if (kind === 'sleep') return 'sleep';
  if (kind === 'io') return 'input or output';
  return kind;
}

/** A program is called the same beside a line as among the lanes. */
function programName(
  tables: RunTables,
  targets: readonly TargetRow[],
  given: string,
): string | undefined {
  const rows = targets.map(({ type, row }) =>
    type === TARGET.lane ? tables.lanes.rows[row] : null,
  );
  return rows.find(lane => lane?.command === given)?.name;
}

function severalLanes(tables: RunTables, lanes: readonly TargetRow[]): string {
  const kinds = new Set(lanes.map(lane => tables.lanes.rows[lane.row]?.kind));
  const [only] = kinds.size === 1 ? kinds : [];
  const word = only === 'task' || only === 'thread' || only === 'worker' ? `${only}s` : 'lanes';
  return `${lanes.length} ${only === 'process' || only === 'subprocess' ? 'processes' : word}`;
}
