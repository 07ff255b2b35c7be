/** Owns the moment the person looks at: the cursor, playing it forward, and telling the host at most so often. */
import { formatDuration } from '../../base/duration';
import { hostClock } from '../../base/hostClock';
import { coalesce } from '../../base/coalesce';
import type { PageContext } from './context';
import { Playback } from './playback';

const TELL_MS = 60;

export class Scrubber {
  readonly playback = new Playback();
  private readonly page: PageContext;
  private readonly tell: () => void;

  constructor(page: PageContext) {
    this.page = page;
    this.tell = coalesce(
      () => page.post({ kind: 'scrub', body: { atNs: page.state.cursorNs } }),
      TELL_MS,
      hostClock,
    );
  }

  reset(): void {
    this.playback.stop();
  }

  to(ns: number): void {
    const { state, frames } = this.page;
    this.playback.stop();
    state.cursorNs = Math.max(0, Math.min(state.nowNs, ns));
    this.tell();
    frames.request();
  }

  moveBy(share: number): void {
    const { state, navigator } = this.page;
    const from = state.cursorNs ?? state.scale.toNsAt(state.scale.width / 2);
    this.to(from + share * state.scale.spanNs);
    if (state.cursorNs === null) return;
    navigator.show(state.cursorNs);
    this.page.announce(state.words('at', formatDuration(state.cursorNs)));
  }

  clear(): void {
    this.playback.stop();
    if (this.page.state.cursorNs === null) return;
    this.page.state.cursorNs = null;
    this.tell();
    this.page.frames.request();
  }

  togglePlay(): void {
    const { state, frames } = this.page;
    if (this.playback.isPlaying) this.playback.stop();
    else {
      const isAtEnd = state.cursorNs === null || state.cursorNs >= state.nowNs;
      state.cursorNs = isAtEnd ? 0 : state.cursorNs;
      this.playback.start(performance.now());
    }
    frames.setBusy('play', this.playback.isPlaying);
    frames.request();
  }

  /** Called in each frame. */
  frame(timeMs: number): void {
    const { state, frames } = this.page;
    if (!this.playback.isPlaying || state.cursorNs === null) return;
    state.cursorNs = this.playback.step(state.cursorNs, state.nowNs, timeMs);
    // The cursor stays in view by moving the view, never by zooming.
    const over = state.cursorNs - (state.scale.fromNs + state.scale.spanNs * 0.9);
    if (over > 0) state.scale = state.scale.moveBy(Math.min(over, state.scale.spanNs));
    this.tell();
    frames.setBusy('play', this.playback.isPlaying);
    if (this.playback.isPlaying) frames.request();
  }
}
