/** Owns the playing back of a finished run: moves the cursor as time did, at a chosen speed. */
export const SPEEDS = [1, 0.1, 0.01, 10] as const;

export class Playback {
  isPlaying = false;
  private speedIndex = 0;
  private lastMs = 0;

  get speed(): number {
    return SPEEDS[this.speedIndex] ?? 1;
  }

  get speedText(): string {
    return `${this.speed}×`;
  }

  nextSpeed(): void {
    this.speedIndex = (this.speedIndex + 1) % SPEEDS.length;
  }

  start(timeMs: number): void {
    this.isPlaying = true;
    this.lastMs = timeMs;
  }

  stop(): void {
    this.isPlaying = false;
  }

  /** Where the cursor is at this frame; stops at the end of the run. */
  step(cursorNs: number, endNs: number, timeMs: number): number {
    const passedNs = Math.max(0, timeMs - this.lastMs) * 1e6 * this.speed;
    this.lastMs = timeMs;
    const next = cursorNs + passedNs;
    if (next < endNs) return next;
    this.stop();
    return endNs;
  }
}
