/** Owns the keyboard of the timeline. Keys it takes do not travel on to the workbench. */
import type { Navigator } from './navigator';

export interface KeyActions {
  moveRow(step: number): void;
  firstRow(): void;
  lastRow(): void;
  /** Tab beyond the last or first row in view. True when there was a row to go to. */
  tabRow(step: 1 | -1): boolean;
  foldRow(): void;
  stepWait(isForward: boolean): void;
  goToSource(): void;
  whoEnded(): void;
  allHere(): void;
  find(): void;
  findNext(step: 1 | -1): void;
  toggleArrows(): void;
  togglePlay(): void;
  moveCursor(share: number): void;
  escape(): void;
}

export function listenToKeys(rows: HTMLElement, navigator: Navigator, actions: KeyActions): void {
  const plain: Record<string, () => void> = {
    ArrowLeft: () => navigator.panShare(-0.1),
    ArrowRight: () => navigator.panShare(0.1),
    ArrowUp: () => actions.moveRow(-1),
    ArrowDown: () => actions.moveRow(1),
    PageUp: () => actions.moveRow(-10),
    PageDown: () => actions.moveRow(10),
    '+': () => navigator.zoomStep(1),
    '=': () => navigator.zoomStep(1),
    '-': () => navigator.zoomStep(-1),
    '0': () => navigator.fit(),
    Home: () => navigator.toStart(),
    End: () => navigator.toEnd(),
    f: () => navigator.toggleFollow(),
    '/': () => actions.find(),
    n: () => actions.findNext(1),
    N: () => actions.findNext(-1),
    ',': () => actions.stepWait(false),
    '.': () => actions.stepWait(true),
    Enter: () => actions.goToSource(),
    w: () => actions.whoEnded(),
    h: () => actions.allHere(),
    a: () => actions.toggleArrows(),
    p: () => actions.togglePlay(),
    s: () => actions.moveCursor(-0.01),
    d: () => actions.moveCursor(0.01),
    Escape: () => actions.escape(),
  };
  const shifted: Record<string, () => void> = {
    ArrowLeft: () => actions.stepWait(false),
    ArrowRight: () => actions.stepWait(true),
    Home: () => actions.firstRow(),
    End: () => actions.lastRow(),
  };
  rows.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Tab') {
      if (actions.tabRow(event.shiftKey ? -1 : 1)) take(event);
      return;
    }
    if (event.key === ' ') {
      // Folds and unfolds, as in any tree.
      actions.foldRow();
      take(event);
      return;
    }
    const act = (event.shiftKey ? shifted[event.key] : undefined) ?? plain[event.key];
    if (!act) return;
    act();
    take(event);
  });
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
