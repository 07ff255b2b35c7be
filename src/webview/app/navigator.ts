/**
 * Owns where the view looks: zoom, pan, fit, follow. While a run lives only the person zooms; following moves the view without
 * zooming, and ends the moment the person moves it. A run that ended is shown whole, unless the person chose what to look at.
 */
import { TimeScale } from '../timeScale';
import type { PageState } from './pageState';

/** Where "now" stays while following, as a share of the width. */
const NOW_AT = 0.92;
const STEP = 1.5;

export class Navigator {
  private readonly state: PageState;
  private readonly changed: () => void;

  constructor(state: PageState, changed: () => void) {
    this.state = state;
    this.changed = changed;
  }

  zoomAt(px: number, factor: number): void {
    this.set(this.state.scale.zoomAt(px, factor));
  }

  zoomStep(direction: 1 | -1): void {
    const { scale, cursorNs, selection } = this.state;
    const around = cursorNs ?? selection?.fromNs ?? null;
    const px = around === null ? scale.width / 2 : scale.toPx(around);
    const isInView = px >= 0 && px <= scale.width;
    this.zoomAt(isInView ? px : scale.width / 2, direction > 0 ? STEP : 1 / STEP);
  }

  panPx(px: number): void {
    if (px !== 0) this.set(this.state.scale.panBy(px));
  }

  panShare(share: number): void {
    this.panPx(this.state.scale.width * share);
  }

  centreOn(ns: number): void {
    const { scale } = this.state;
    this.set(scale.moveBy(ns - (scale.fromNs + scale.toNs) / 2));
  }

  toStart(): void {
    const { scale } = this.state;
    this.set(scale.moveBy(-scale.spanNs * 0.01 - scale.fromNs));
  }

  toEnd(): void {
    const { scale, nowNs } = this.state;
    this.set(scale.moveBy(nowNs + scale.spanNs * (1 - NOW_AT) - scale.toNs));
  }

  fit(): void {
    this.set(TimeScale.fit(this.state.nowNs, this.state.scale.width));
  }

  isInView(ns: number): boolean {
    return ns >= this.state.scale.fromNs && ns <= this.state.scale.toNs;
  }

  /** Moves without zooming, so that the moment is in view. */
  show(ns: number, toNs?: number): void {
    this.set(this.state.scale.showing(ns, toNs));
  }

  toggleFollow(): void {
    this.state.follow = !this.state.follow && this.state.isLive;
    this.keepNow();
    this.changed();
  }

  /** Called as time goes on. */
  keepNow(): void {
    const { state } = this;
    if (!state.follow || !state.isLive) return;
    const over = state.nowNs - (state.scale.fromNs + state.scale.spanNs * NOW_AT);
    if (over > 0) state.scale = state.scale.moveBy(over);
  }

  /** The run ended: all of it is of interest now. */
  runEnded(): void {
    const { state } = this;
    if (state.touched) return;
    state.scale = TimeScale.fit(state.nowNs, state.scale.width);
    this.changed();
  }

  private set(scale: TimeScale): void {
    this.state.follow = false;
    this.state.touched = true;
    this.state.scale = scale.clampTo(this.state.nowNs);
    this.changed();
  }
}
