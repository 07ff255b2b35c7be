/** Owns mouse, pen and touchpad over ruler and rows: zoom at the pointer, drag to pan, hover, click, scrub. */
import type { Navigator } from './navigator';
import { spanAt } from './hitTest';
import type { PageState, Selection } from './pageState';
import { ROW_HEIGHT } from '../rowLayout';

export interface PointerTargets {
  readonly rows: HTMLElement;
  readonly ruler: HTMLElement;
  /** Width of the names column. */
  nameWidth(): number;
}

export interface PointerActions {
  hover(span: Selection | null, x: number, y: number): void;
  click(span: Selection | null, row: number): void;
  toggleFold(row: number): void;
  scrub(ns: number): void;
}

const DRAG_PX = 4;
/** One notch of a wheel is 100 pixels or so: about a third closer. */
const ZOOM_PER_PX = 0.003;

export class PointerInput {
  private drag: { x: number; y: number; scrollTop: number; isPan: boolean } | null = null;
  private readonly targets: PointerTargets;
  private readonly state: PageState;
  private readonly navigator: Navigator;
  private readonly actions: PointerActions;

  constructor(
    targets: PointerTargets,
    state: PageState,
    navigator: Navigator,
    actions: PointerActions,
  ) {
    this.targets = targets;
    this.state = state;
    this.navigator = navigator;
    this.actions = actions;
  }

  listen(): void {
    const { rows, ruler } = this.targets;
    rows.addEventListener('wheel', event => this.wheel(event), { passive: false });
    ruler.addEventListener('wheel', event => this.wheel(event), { passive: false });
    rows.addEventListener('pointerdown', event => this.down(event));
    rows.addEventListener('pointermove', event => this.move(event));
    rows.addEventListener('pointerup', event => this.up(event));
    rows.addEventListener('pointercancel', () => (this.drag = null));
    rows.addEventListener('pointerleave', () => this.actions.hover(null, 0, 0));
    ruler.addEventListener('pointerdown', event => this.scrub(event));
  }

  private wheel(event: WheelEvent): void {
    const x = this.chartX(event);
    // Over the names, and with Alt, the wheel scrolls as anywhere else.
    if ((x < 0 && !event.ctrlKey) || event.altKey) return;
    event.preventDefault();
    const scale =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? 16
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? 400
          : 1;
    const deltaX = event.deltaX * scale;
    const deltaY = event.deltaY * scale;
    if (event.shiftKey) this.navigator.panPx(deltaY || deltaX);
    else if (Math.abs(deltaX) > Math.abs(deltaY)) this.navigator.panPx(deltaX);
    else {
      // Pinching arrives as a wheel with Ctrl and small numbers.
      const speed = event.ctrlKey ? ZOOM_PER_PX * 3 : ZOOM_PER_PX;
      this.navigator.zoomAt(Math.max(0, x), Math.exp(-deltaY * speed));
    }
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== 1) return;
    if (event.button === 1) event.preventDefault();
    const { rows } = this.targets;
    // A press on the scrollbar is not for us.
    if (event.clientX > rows.getBoundingClientRect().left + rows.clientWidth) return;
    this.drag = { x: event.clientX, y: event.clientY, scrollTop: rows.scrollTop, isPan: false };
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    const x = this.chartX(event);
    const y = this.rowsY(event);
    if (!drag) {
      this.actions.hover(x < 0 ? null : spanAt(this.state, x, y), event.clientX, event.clientY);
      return;
    }
    if (!drag.isPan) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < DRAG_PX) return;
      drag.isPan = true;
      this.targets.rows.setPointerCapture(event.pointerId);
      this.targets.rows.classList.add('panning');
      this.actions.hover(null, 0, 0);
    }
    this.navigator.panPx(drag.x - event.clientX);
    drag.x = event.clientX;
    this.targets.rows.scrollTop = drag.scrollTop + drag.y - event.clientY;
  }

  private up(event: PointerEvent): void {
    const { drag } = this;
    this.drag = null;
    this.targets.rows.classList.remove('panning');
    if (!drag || drag.isPan || event.button !== 0) return;
    const x = this.chartX(event);
    const y = this.rowsY(event);
    const row = Math.floor((y + this.state.scrollTop) / ROW_HEIGHT);
    const isTwistie = event.target instanceof Element && event.target.closest('.twistie') !== null;
    const isGroup = this.state.layout.rows[row]?.lane === null;
    if (x < 0 && (isTwistie || isGroup)) this.actions.toggleFold(row);
    else this.actions.click(x < 0 ? null : spanAt(this.state, x, y), row);
  }

  private scrub(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { ruler, rows } = this.targets;
    const at = (next: PointerEvent): void =>
      this.actions.scrub(this.state.scale.toNsAt(this.chartX(next)));
    if (this.chartX(event) < 0) return;
    ruler.setPointerCapture(event.pointerId);
    at(event);
    const end = (): void => {
      ruler.removeEventListener('pointermove', at);
      ruler.removeEventListener('pointerup', end);
      ruler.removeEventListener('pointercancel', end);
      // The keys that move the cursor, and Escape, are those of the rows; a row that has the focus keeps it.
      if (!rows.contains(rows.ownerDocument.activeElement)) rows.focus({ preventScroll: true });
    };
    ruler.addEventListener('pointermove', at);
    ruler.addEventListener('pointerup', end);
    ruler.addEventListener('pointercancel', end);
  }

  private chartX(event: MouseEvent): number {
    return (
      event.clientX - this.targets.rows.getBoundingClientRect().left - this.targets.nameWidth()
    );
  }

  private rowsY(event: MouseEvent): number {
    return event.clientY - this.targets.rows.getBoundingClientRect().top;
  }
}
