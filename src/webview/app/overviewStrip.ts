/** Owns the strip below the lanes: the whole run, and the part of it that is in view. */
import { groupOfState, NOTHING } from '../spanState';
import { CanvasSurface } from './canvasSurface';
import type { OverviewBlock } from '../messages';
import type { PageContext } from './context';
import type { PageState } from './pageState';
import type { Theme } from './theme';

const OVERVIEW_ROWS = 8;
const EVERY_MS = 1_000;

export class OverviewStrip {
  private readonly surface: CanvasSurface;
  private readonly canvas: HTMLCanvasElement;
  private readonly state: PageState;
  private readonly page: PageContext;
  private request = 0;
  private isPending = false;
  private askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(canvas: HTMLCanvasElement, page: PageContext) {
    this.canvas = canvas;
    this.state = page.state;
    this.page = page;
    this.surface = new CanvasSurface(canvas);
    canvas.addEventListener('pointerdown', event => this.drag(event));
  }

  /** How long the strip is in time: the run, or the view where that reaches further. */
  get endNs(): number {
    return Math.max(1, this.state.nowNs);
  }

  get width(): number {
    return this.surface.width;
  }

  resize(width: number, height: number): void {
    this.surface.resize(width, height);
  }

  forget(family: string): void {
    this.surface.forget(family);
  }

  /** Another run, or an end to this one: what was asked is void. */
  reset(): void {
    this.isPending = false;
    this.askedAtMs = Number.NEGATIVE_INFINITY;
    this.page.frames.setBusy('overview', false);
  }

  /** Called before each paint: asks anew when the run went on, at most once a second. */
  ensure(timeMs: number): void {
    const { overview, nowNs, isLive, header } = this.state;
    const isDue = !overview || overview.toNs < nowNs || overview.px < this.width * 0.7;
    if (!header || !isDue || this.isPending || this.width < 2) return;
    if (isLive && timeMs - this.askedAtMs < EVERY_MS) return;
    this.askedAtMs = timeMs;
    this.isPending = true;
    this.request = this.page.nextRequest();
    this.page.frames.setBusy('overview', true);
    const px = Math.round(this.width);
    this.page.post({
      kind: 'overviewWanted',
      body: { request: this.request, px, rows: OVERVIEW_ROWS },
    });
  }

  receive(overview: OverviewBlock): void {
    if (overview.request !== this.request) return;
    this.reset();
    this.askedAtMs = performance.now();
    this.state.overview = overview;
    this.page.frames.request();
  }

  paint(theme: Theme): void {
    const { surface } = this;
    const { overview, scale } = this.state;
    const { width, height } = surface;
    surface.begin();
    surface.outline(0, 0, width, height, theme.grid);
    if (overview) {
      const rowHeight = (height - 4) / overview.rows;
      const cellPx = ((overview.toNs / this.endNs) * width) / overview.px;
      for (let row = 0; row < overview.rows; row++) {
        const y = 2 + row * rowHeight;
        let from = 0;
        for (let x = 1; x <= overview.px; x++) {
          const at = row * overview.px + from;
          const code = overview.cells[at] ?? NOTHING;
          if (x < overview.px && overview.cells[row * overview.px + x] === code) continue;
          if (code !== NOTHING) {
            const group = groupOfState(code);
            const isRunning = group === 'running';
            surface.fill(
              from * cellPx,
              y,
              (x - from) * cellPx,
              Math.max(1, rowHeight - 1),
              theme.group[group],
              isRunning ? 0.9 : 0.35,
            );
          }
          from = x;
        }
      }
    }
    const left = Math.max(0, (scale.fromNs / this.endNs) * width);
    const right = Math.min(width, (scale.toNs / this.endNs) * width);
    surface.fill(0, 0, left, height, theme.background, 0.6);
    surface.fill(right, 0, width - right, height, theme.background, 0.6);
    surface.outline(left, 0, Math.max(3, right - left), height, theme.foreground, 0.7);
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const { scale } = this.state;
    const ns = this.nsAt(event);
    // Dragging the window keeps the point it was taken by; elsewhere the window jumps to the pointer first.
    const offset =
      ns >= scale.fromNs && ns <= scale.toNs ? (scale.fromNs + scale.toNs) / 2 - ns : 0;
    this.page.navigator.centreOn(ns + offset);
    const move = (next: PointerEvent): void =>
      this.page.navigator.centreOn(this.nsAt(next) + offset);
    const end = (): void => {
      this.canvas.removeEventListener('pointermove', move);
      this.canvas.removeEventListener('pointerup', end);
      this.canvas.removeEventListener('pointercancel', end);
    };
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', end);
    this.canvas.addEventListener('pointercancel', end);
  }

  private nsAt(event: PointerEvent): number {
    const box = this.canvas.getBoundingClientRect();
    return ((event.clientX - box.left) / Math.max(1, box.width)) * this.endNs;
  }
}
