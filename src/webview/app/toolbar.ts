/** Owns the line of controls above the ruler, and the search box in it. */
import type { Words } from '../pageWords';
import { element } from './dom';

export interface ToolbarActions {
  follow(): void;
  zoomOut(): void;
  fit(): void;
  zoomIn(): void;
  arrows(): void;
  play(): void;
  speed(): void;
  save(what: 'svg' | 'png' | 'perfetto'): void;
  find(text: string): void;
  findNext(step: 1 | -1): void;
  findClosed(): void;
}

export class Toolbar {
  readonly root: HTMLElement;
  private readonly title = element('span', { class: 'title' });
  private readonly box: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = element('span', { class: 'count', role: 'status' });
  private readonly menu: HTMLElement;
  private readonly items: HTMLElement[] = [];
  private readonly followButton: HTMLButtonElement;
  private readonly arrowsButton: HTMLButtonElement;
  private readonly playButton: HTMLButtonElement;
  private readonly speedButton: HTMLButtonElement;
  private readonly exportButton: HTMLButtonElement;
  private readonly actions: ToolbarActions;

  constructor(actions: ToolbarActions, words: Words) {
    this.actions = actions;
    this.followButton = button(`● ${words('follow')}`, words('followTip'), () => actions.follow());
    this.arrowsButton = button(`↝ ${words('arrows')}`, words('arrowsTip'), () => actions.arrows());
    this.playButton = button('▶', words('play'), () => actions.play());
    this.speedButton = button('1×', words('speed'), () => actions.speed());
    this.exportButton = button(words('export'), words('exportTip'), () => this.toggleMenu());
    this.exportButton.setAttribute('aria-haspopup', 'menu');
    this.menu = element('div', { class: 'menu', role: 'menu', hidden: true });
    for (const what of ['svg', 'png', 'perfetto'] as const) {
      const item = button(words(what), '', () => {
        this.closeMenu();
        actions.save(what);
      });
      item.setAttribute('role', 'menuitem');
      this.items.push(item);
      this.menu.append(item);
    }
    this.menu.addEventListener('keydown', event => this.menuKey(event));
    this.input = element('input', {
      type: 'text',
      placeholder: words('findWhat'),
      'aria-label': words('findHere'),
      spellcheck: 'false',
    });
    this.input.addEventListener('input', () => actions.find(this.input.value));
    this.input.addEventListener('keydown', event => this.inputKey(event));
    this.box = element(
      'span',
      { class: 'find', role: 'search', hidden: true },
      this.input,
      this.count,
      button('↑', words('previous'), () => actions.findNext(-1)),
      button('↓', words('next'), () => actions.findNext(1)),
      button('×', words('close'), () => this.closeFind()),
    );
    this.root = element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': words('timeline') },
      this.title,
      this.box,
      this.followButton,
      element(
        'span',
        { class: 'zoom' },
        button('−', words('zoomOut'), () => actions.zoomOut()),
        button(words('fit'), words('fitTip'), () => actions.fit()),
        button('+', words('zoomIn'), () => actions.zoomIn()),
      ),
      this.arrowsButton,
      button(words('find'), words('findTip'), () => this.openFind()),
      element('span', { class: 'play' }, this.playButton, this.speedButton),
      element('span', { class: 'export' }, this.exportButton, this.menu),
    );
    document.addEventListener('pointerdown', event => {
      const isInside = event.target instanceof Element && event.target.closest('.export') !== null;
      if (!this.menu.hidden && !isInside) this.closeMenu();
    });
  }

  get isFinding(): boolean {
    return !this.box.hidden;
  }

  update(view: {
    title: string;
    isLive: boolean;
    follow: boolean;
    arrows: boolean;
    arrowsTip: string;
    isPlaying: boolean;
    speed: string;
  }): void {
    if (this.title.textContent !== view.title) this.title.textContent = view.title;
    this.followButton.setAttribute('aria-pressed', String(view.follow));
    this.followButton.disabled = !view.isLive;
    this.arrowsButton.setAttribute('aria-pressed', String(view.arrows));
    if (this.arrowsButton.title !== view.arrowsTip) this.arrowsButton.title = view.arrowsTip;
    this.playButton.setAttribute('aria-pressed', String(view.isPlaying));
    const sign = view.isPlaying ? '❚❚' : '▶';
    if (this.playButton.textContent !== sign) this.playButton.textContent = sign;
    if (this.speedButton.textContent !== view.speed) this.speedButton.textContent = view.speed;
  }

  openFind(): void {
    this.box.hidden = false;
    this.input.focus();
    this.input.select();
    if (this.input.value) this.actions.find(this.input.value);
  }

  /** Shows what was found by other means than typing. */
  showFound(text: string, count: string): void {
    this.box.hidden = false;
    if (document.activeElement !== this.input) this.input.value = text;
    this.count.textContent = count;
  }

  closeFind(): void {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.count.textContent = '';
    this.actions.findClosed();
  }

  private inputKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.actions.findNext(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') this.closeFind();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private toggleMenu(): void {
    if (!this.menu.hidden) {
      this.closeMenu();
      return;
    }
    this.menu.hidden = false;
    this.exportButton.setAttribute('aria-expanded', 'true');
    this.items[0]?.focus();
  }

  private closeMenu(): void {
    this.menu.hidden = true;
    this.exportButton.setAttribute('aria-expanded', 'false');
  }

  private menuKey(event: KeyboardEvent): void {
    const { items } = this;
    const at = items.findIndex(item => item === document.activeElement);
    if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at + items.length - 1) % items.length]?.focus();
    else if (event.key === 'Escape') {
      this.closeMenu();
      this.exportButton.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function button(text: string, tip: string, act: () => void): HTMLButtonElement {
  const made = element(
    'button',
    { type: 'button', ...(tip ? { title: tip, 'aria-label': `${text} ${tip}`.trim() } : {}) },
    text,
  );
  made.addEventListener('click', act);
  return made;
}
