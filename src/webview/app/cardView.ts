/** Owns the hover card: what, where, for whom, who ended it, and three links. */
import type { Card } from '../messages';
import type { Words } from '../pageWords';
import { element } from './dom';

export interface CardActions {
  goToLine(card: Card): void;
  whoEnded(card: Card): void;
  allHere(card: Card): void;
}

export class CardView {
  readonly root: HTMLElement;
  private readonly actions: CardActions;
  private readonly words: Words;
  card: Card | null = null;

  constructor(actions: CardActions, words: Words) {
    this.actions = actions;
    this.words = words;
    const label = { 'aria-label': words('span') };
    this.root = element('div', { class: 'card', role: 'dialog', ...label, hidden: true });
  }

  get isShown(): boolean {
    return !this.root.hidden;
  }

  /** Below the point where there is room, above it otherwise; never outside the page. */
  show(
    card: Card,
    x: number,
    y: number,
    bounds: { readonly width: number; readonly height: number },
  ): void {
    this.card = card;
    const { words } = this;
    const links = [
      card.hasSite && link(words('goToLine'), () => this.actions.goToLine(card)),
      card.hasCulprit && link(words('whoEnded'), () => this.actions.whoEnded(card)),
      card.waitsHere > 0 &&
        link(words('allHere', card.waitsHere), () => this.actions.allHere(card)),
    ].filter(one => one !== false);
    const children: HTMLElement[] = [element('div', { class: 'title' }, card.title)];
    for (const line of card.lines) children.push(element('div', { class: 'line' }, line));
    if (links.length > 0) children.push(element('div', { class: 'links' }, ...links));
    this.root.replaceChildren(...children);
    this.root.hidden = false;
    const { offsetWidth, offsetHeight } = this.root;
    const left = Math.max(4, Math.min(x + 8, bounds.width - offsetWidth - 8));
    const below = y + 14;
    const above = y - offsetHeight - 8;
    const top =
      below + offsetHeight <= bounds.height - 4 || above < 4
        ? Math.max(4, Math.min(below, bounds.height - offsetHeight - 4))
        : above;
    this.root.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide(): void {
    this.root.hidden = true;
    this.card = null;
  }
}

function link(text: string, act: () => void): HTMLElement {
  const made = element('button', { class: 'link', type: 'button' }, text);
  made.addEventListener('click', act);
  return made;
}
