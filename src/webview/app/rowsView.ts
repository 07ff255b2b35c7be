/**
 * Owns the rows as elements: names, icons, folding, focus, and what a screen reader walks. Only the rows in view exist; the
 * canvas with the bars lies beneath them.
 */
import type { LaneInfo } from '../messages';
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT, type Row } from '../rowLayout';
import { describeLane } from '../words';
import { element, icon, type IconName } from './dom';
import { detailOf, widthFor, type Measure } from './nameColumn';
import type { PageState } from './pageState';

const STATUS_ICON: Record<LaneInfo['status'], IconName> = {
  'not-started': 'circle',
  running: 'play',
  waiting: 'watch',
  ready: 'ready',
  done: 'check',
  failed: 'error',
  killed: 'circle-slash',
};

interface RowParts {
  readonly root: HTMLElement;
  readonly twistie: HTMLElement;
  readonly iconSlot: HTMLElement;
  readonly name: HTMLElement;
  readonly tail: HTMLElement;
  readonly detail: HTMLElement;
  readonly now: HTMLElement;
  /** What was shown last, to leave alone what did not change. */
  shown: string;
}

export class RowsView {
  readonly scroller: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  nameWidth = 190;
  private readonly spacer: HTMLElement;
  private readonly rows = new Map<string, RowParts>();
  private readonly state: PageState;
  private readonly measure: Measure;

  constructor(state: PageState, measure: Measure) {
    this.state = state;
    this.measure = measure;
    this.canvas = element('canvas', { class: 'lanes', 'aria-hidden': 'true' });
    this.spacer = element('div', { class: 'spacer', role: 'presentation' });
    this.scroller = element(
      'div',
      {
        class: 'rows',
        role: 'treegrid',
        tabindex: -1,
        'aria-label': state.words('lanes'),
        'aria-describedby': 'keys',
      },
      this.canvas,
      this.spacer,
    );
  }

  /** Brings the elements in line with the state. */
  update(): void {
    const { layout, header, words } = this.state;
    this.scroller.setAttribute('aria-rowcount', String(layout.rows.length));
    this.scroller.setAttribute(
      'aria-label',
      header ? words('lanesOf', header.title) : words('lanes'),
    );
    this.spacer.style.height = `${layout.rows.length * ROW_HEIGHT}px`;
    const first = Math.max(0, Math.floor(this.state.scrollTop / ROW_HEIGHT));
    const last = Math.min(
      layout.rows.length,
      first + Math.ceil(this.scroller.clientHeight / ROW_HEIGHT) + 1,
    );
    const kept = new Set<string>();
    // From below, so that a new row goes before the one that follows it: a screen reader reads in this order.
    let next: HTMLElement | null = null;
    for (let index = last - 1; index >= first; index--) {
      const row = layout.rows[index];
      if (!row) continue;
      kept.add(row.key);
      const parts = this.rows.get(row.key) ?? this.make(row);
      if (!parts.root.isConnected) this.scroller.insertBefore(parts.root, next);
      next = parts.root;
      this.show(row, index, parts);
    }
    for (const [key, parts] of this.rows) {
      if (kept.has(key) || parts.root === document.activeElement) continue;
      parts.root.remove();
      this.rows.delete(key);
    }
  }

  setNameWidth(width: number): void {
    this.nameWidth = width;
    this.scroller.style.setProperty('--names', `${width}px`);
  }

  /** Where the chart begins, in the page. */
  chartLeft(): number {
    return this.scroller.getBoundingClientRect().left + this.nameWidth;
  }

  /** A point on the bar of a row, in the page. */
  pointOf(row: number, chartPx: number): { readonly x: number; readonly y: number } {
    const { top } = this.scroller.getBoundingClientRect();
    const y = top + row * ROW_HEIGHT - this.state.scrollTop + BAR_TOP + BAR_HEIGHT;
    return { x: this.chartLeft() + chartPx, y };
  }

  focusedRow(): number | null {
    const active = document.activeElement;
    const key = active instanceof HTMLElement ? active.dataset['key'] : undefined;
    if (key === undefined) return null;
    const index = this.state.layout.rows.findIndex(row => row.key === key);
    return index < 0 ? null : index;
  }

  /** Scrolls as little as needed. */
  bringIntoView(index: number): void {
    const top = index * ROW_HEIGHT;
    const { clientHeight } = this.scroller;
    if (top < this.state.scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > this.state.scrollTop + clientHeight) {
      this.scroller.scrollTop = top + ROW_HEIGHT - clientHeight;
    }
    this.state.scrollTop = this.scroller.scrollTop;
  }

  focusRow(index: number): void {
    const row = this.state.layout.rows[index];
    if (!row) return;
    this.bringIntoView(index);
    this.update();
    this.rows.get(row.key)?.root.focus({ preventScroll: true });
  }

  private show(row: Row, index: number, parts: RowParts): void {
    const lane = row.lane === null ? undefined : this.state.lanes.get(row.lane);
    const { root } = parts;
    root.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    root.setAttribute('aria-rowindex', String(index + 1));
    root.setAttribute(
      'aria-selected',
      String(row.lane !== null && this.state.selection?.lane === row.lane),
    );
    // Numbers that grow every tick are for the eyes; a screen reader is told them when it asks.
    const shown = JSON.stringify([
      row,
      this.nameWidth,
      lane?.status,
      lane?.waitGroup,
      lane?.says,
      lane?.isDaemon,
    ]);
    const nowText = lane
      ? describeLane(this.state.words, lane, this.state.nowNs)
      : `${row.name} ${row.detail}`;
    if (parts.now.textContent !== nowText) parts.now.textContent = nowText;
    if (parts.shown === shown) return;
    parts.shown = shown;
    root.setAttribute('aria-level', String(row.depth + 1));
    root.style.setProperty('--depth', String(row.depth));
    if (row.isFoldable) root.setAttribute('aria-expanded', String(!row.isFolded));
    else root.removeAttribute('aria-expanded');
    parts.twistie.replaceChildren(
      ...(row.isFoldable ? [icon(row.isFolded ? 'chevronRight' : 'chevronDown')] : []),
    );
    parts.iconSlot.replaceChildren(...(lane ? [icon(STATUS_ICON[lane.status])] : []));
    parts.iconSlot.className = lane
      ? `status ${lane.status} ${lane.waitGroup ?? ''}`
      : 'status none';
    // A number at the end tells a lane from its siblings: a long name is cut before it.
    const tail = /[-_:]?\d{1,5}$/.exec(row.name)?.[0] ?? '';
    parts.name.textContent = row.name.slice(0, row.name.length - tail.length);
    parts.tail.textContent = tail;
    const detail = detailOf(row, lane, this.state.words);
    // Half a word beside a cut name helps nobody.
    const fits = widthFor(row, detail, this.measure) <= this.nameWidth;
    parts.detail.textContent = fits ? detail : '';
    root.title = lane ? [nowText, lane.command ?? ''].filter(Boolean).join('\n') : '';
    root.classList.toggle('group', row.lane === null);
  }

  private make(row: Row): RowParts {
    const twistie = element('span', { class: 'twistie' });
    const iconSlot = element('span', { class: 'status' });
    const name = element('span', { class: 'text' });
    const tail = element('span', { class: 'tail' });
    const detail = element('span', { class: 'detail' });
    const now = element('span', { class: 'hidden', role: 'gridcell' });
    const label = element(
      'div',
      { class: 'name', role: 'rowheader' },
      twistie,
      iconSlot,
      name,
      tail,
      detail,
    );
    const root = element(
      'div',
      { class: 'row', role: 'row', tabindex: 0, 'data-key': row.key, 'data-name': row.name },
      label,
      now,
    );
    const parts = { root, twistie, iconSlot, name, tail, detail, now, shown: '' };
    this.rows.set(row.key, parts);
    return parts;
  }
}
