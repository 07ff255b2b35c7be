/**
 * Owns the one animation frame of the page, and says when the page is at rest: nothing to paint, nothing asked for. Tests
 * wait for `data-idle` on the root element instead of sleeping.
 */
export class Frames {
  private requested = false;
  private readonly waitingFor = new Set<string>();

  private readonly draw: (timeMs: number) => void;

  constructor(draw: (timeMs: number) => void) {
    this.draw = draw;
    this.mark();
  }

  request(): void {
    if (this.requested) return;
    this.requested = true;
    this.mark();
    requestAnimationFrame(timeMs => {
      this.requested = false;
      this.draw(timeMs);
      this.mark();
    });
  }

  /** Something is under way under that name, or no longer. */
  setBusy(name: string, isBusy: boolean): void {
    if (isBusy) this.waitingFor.add(name);
    else this.waitingFor.delete(name);
    this.mark();
  }

  private mark(): void {
    const isIdle = !this.requested && this.waitingFor.size === 0;
    document.documentElement.dataset['idle'] = String(isIdle);
  }
}
