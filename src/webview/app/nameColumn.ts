/**
 * Owns the width of the names column: as wide as the longest name wants, within bounds. It grows in steps as lanes come and does
 * not shrink during a run, so that the chart beside it stands still.
 */
import type { LaneInfo } from '../messages';
import type { Words } from '../pageWords';
import type { Row } from '../rowLayout';
import type { PageState } from './pageState';

const NAME_SIZE = 13;
const DETAIL_SIZE = 11;
/** Twistie, icon and margins of a row, and what a level of the tree adds. */
const ROOM_FOR_ICONS = 62;
const INDENT = 14;
const STEP = 20;
const LARGEST_SHARE = 0.34;
/** So many rows are measured; the rest of a crowd is named alike. */
const MEASURED = 300;

export type Measure = (text: string, size: number) => number;

/** What stands beside a name, in small letters. */
export function detailOf(row: Row, lane: LaneInfo | undefined, words: Words): string {
  return [lane?.isDaemon ? words('daemon') : '', row.detail].filter(Boolean).join(' · ');
}

/** How wide the column must be for a row to show in full, px. */
export function widthFor(row: Row, detail: string, measure: Measure): number {
  const words = detail ? 6 + measure(detail, DETAIL_SIZE) : 0;
  return ROOM_FOR_ICONS + INDENT * row.depth + measure(row.name, NAME_SIZE) + words;
}

export class NameColumn {
  private readonly state: PageState;
  private readonly measure: Measure;
  private widest = 0;

  constructor(state: PageState, measure: Measure) {
    this.state = state;
    this.measure = measure;
  }

  /** A run begins. */
  reset(): void {
    this.widest = 0;
  }

  /** The width for the rows as they are, in a page of this width, px. */
  widthIn(page: number): number {
    const { layout, lanes, words } = this.state;
    for (const row of layout.rows.slice(0, MEASURED)) {
      const lane = row.lane === null ? undefined : lanes.get(row.lane);
      this.widest = Math.max(this.widest, widthFor(row, detailOf(row, lane, words), this.measure));
    }
    const least = page < 520 ? 120 : page < 900 ? 160 : 180;
    const wanted = Math.ceil(this.widest / STEP) * STEP;
    return Math.round(Math.max(least, Math.min(page * LARGEST_SHARE, wanted)));
  }
}
