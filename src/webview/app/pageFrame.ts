/** Owns the skeleton of the page: what is above and below the lanes, and the voice for screen readers. */
import type { Words } from '../pageWords';
import { LEGEND } from '../spanState';
import { element } from './dom';

export class PageFrame {
  readonly ruler = element('canvas', { class: 'ruler', 'aria-hidden': 'true' });
  readonly overview = element('canvas', { class: 'overview', 'aria-hidden': 'true' });
  private readonly live = element('div', { class: 'hidden', id: 'live', 'aria-live': 'polite' });
  private readonly cost = element('span', { class: 'cost' });
  private readonly said = element('span', { class: 'said', role: 'status' });
  private readonly shown: HTMLElement;

  constructor(
    root: HTMLElement,
    toolbar: HTMLElement,
    rows: HTMLElement,
    others: readonly HTMLElement[],
    words: Words,
  ) {
    const label = { 'aria-label': words('legend') };
    const legend = element('div', { class: 'legend', role: 'list', ...label });
    for (const group of LEGEND) {
      const swatch = element('i', { class: `swatch ${group}` });
      legend.append(element('span', { class: 'entry', role: 'listitem' }, swatch, words(group)));
    }
    const footer = element('div', { class: 'footer' }, legend, this.said, this.cost);
    this.shown = element(
      'div',
      { class: 'shown', hidden: true },
      toolbar,
      this.ruler,
      rows,
      footer,
      this.overview,
    );
    // The workbench would offer to cut and paste here.
    root.dataset['vscodeContext'] = '{"preventDefaultContextMenuItems":true}';
    root.append(
      this.shown,
      ...others,
      this.live,
      element('div', { class: 'hidden', id: 'keys' }, words('keys')),
    );
  }

  show(isShown: boolean): void {
    this.shown.hidden = !isShown;
  }

  /** Numbers below the lanes. */
  update(cost: string): void {
    if (this.cost.textContent !== cost) this.cost.textContent = cost;
  }

  /** What is in view, for tests and for whoever looks at the page from outside. */
  setView(fromNs: number, toNs: number): void {
    this.ruler.dataset['from'] = String(fromNs);
    this.ruler.dataset['to'] = String(toNs);
  }

  announce(text: string): void {
    this.live.textContent = text;
  }

  say(text: string): void {
    this.said.textContent = text;
  }
}
