/** Owns the delays of the page by name: a new one replaces the old. The page is not at rest while one runs. */
import type { Frames } from './frames';

export class Timers {
  private readonly running = new Map<string, number>();
  private readonly frames: Frames;

  constructor(frames: Frames) {
    this.frames = frames;
  }

  set(name: string, ms: number, work: () => void): void {
    this.cancel(name);
    const timer = window.setTimeout(() => {
      this.running.delete(name);
      work();
      this.frames.setBusy(`timer ${name}`, false);
    }, ms);
    this.running.set(name, timer);
    this.frames.setBusy(`timer ${name}`, true);
  }

  has(name: string): boolean {
    return this.running.has(name);
  }

  cancel(name: string): void {
    const timer = this.running.get(name);
    if (timer === undefined) return;
    window.clearTimeout(timer);
    this.running.delete(name);
    this.frames.setBusy(`timer ${name}`, false);
  }
}
