/** Owns what the page knows and what the person set: one plain object that the parts of the page share. */
import type { Block, Found, LaneInfo, OverviewBlock, RunHeader, Tick } from '../messages';
import type { Words } from '../pageWords';
import { layoutRows, type Layout } from '../rowLayout';
import { TimeScale } from '../timeScale';

export interface Selection {
  readonly lane: number;
  readonly wait: number | null;
  readonly fromNs: number;
  readonly toNs: number;
}

/** What survives hiding the view: the host has all the rest. */
interface Saved {
  readonly version: 1;
  readonly run: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly follow: boolean;
  readonly arrows: boolean;
  readonly folded: readonly string[];
  readonly unfolded: readonly string[];
  readonly scrollTop: number;
  readonly touched: boolean;
}

/** A live run of unknown length starts with this much time in view. */
const FIRST_VIEW_NS = 5e9;

export class PageState {
  readonly words: Words;
  header: RunHeader | null = null;
  readonly lanes = new Map<number, LaneInfo>();
  layout: Layout = { rows: [], rowOf: new Map() };
  scale = new TimeScale(0, FIRST_VIEW_NS, 1);
  nowNs = 0;
  isLive = false;
  tick: Tick | null = null;
  block: Block | null = null;
  overview: OverviewBlock | null = null;
  follow = true;
  arrows = true;
  readonly folded = new Set<string>();
  readonly unfolded = new Set<string>();
  scrollTop = 0;
  selection: Selection | null = null;
  /** The span under the pointer. */
  hover: Selection | null = null;
  cursorNs: number | null = null;
  found: Found | null = null;
  foundAt = -1;
  /** The person zoomed or panned since the run was shown. */
  touched = false;

  constructor(words: Words) {
    this.words = words;
  }

  reset(header: RunHeader, saved: unknown): void {
    const width = this.scale.width;
    this.header = header;
    this.lanes.clear();
    this.layout = { rows: [], rowOf: new Map() };
    this.nowNs = header.nowNs;
    this.isLive = header.isLive;
    this.block = this.overview = this.tick = this.found = null;
    this.selection = this.hover = this.cursorNs = null;
    this.foundAt = -1;
    this.scrollTop = 0;
    this.touched = false;
    this.folded.clear();
    this.unfolded.clear();
    this.follow = header.follow && header.isLive;
    const firstView = header.isLive
      ? Math.max(header.expectedNs ?? 0, header.expectedNs ? 0 : FIRST_VIEW_NS)
      : header.nowNs;
    this.scale = TimeScale.fit(firstView, width);
    if (!isSaved(saved)) return;
    this.arrows = saved.arrows;
    if (saved.run === header.run) this.restore(saved, width);
  }

  saved(): Saved | null {
    if (!this.header) return null;
    return {
      version: 1,
      run: this.header.run,
      fromNs: this.scale.fromNs,
      toNs: this.scale.toNs,
      follow: this.follow,
      arrows: this.arrows,
      folded: [...this.folded],
      unfolded: [...this.unfolded],
      scrollTop: this.scrollTop,
      touched: this.touched,
    };
  }

  relayout(): void {
    this.layout = layoutRows([...this.lanes.values()], this, this.words);
  }

  setFolded(key: string, isFolded: boolean): void {
    (isFolded ? this.folded : this.unfolded).add(key);
    (isFolded ? this.unfolded : this.folded).delete(key);
    this.relayout();
  }

  private restore(kept: Saved, width: number): void {
    // A run that ended while the view was hidden is shown whole, as if it had not been.
    if (kept.touched || this.isLive) this.scale = new TimeScale(kept.fromNs, kept.toNs, width);
    this.follow = kept.follow && this.isLive;
    this.scrollTop = kept.scrollTop;
    this.touched = kept.touched;
    for (const key of kept.folded) this.folded.add(key);
    for (const key of kept.unfolded) this.unfolded.add(key);
  }
}

/** State of an older version, or none, is as good as none. */
function isSaved(value: unknown): value is Saved {
  if (typeof value !== 'object' || value === null) return false;
  const saved: Partial<Record<keyof Saved, unknown>> = value;
  return (
    saved.version === 1 &&
    typeof saved.run === 'number' &&
    Number.isFinite(saved.fromNs) &&
    Number.isFinite(saved.toNs) &&
    Array.isArray(saved.folded) &&
    Array.isArray(saved.unfolded)
  );
}
