/** Owns what the timeline says while there is no run: what to do next. */
import type { Words } from '../pageWords';
import { element } from './dom';

export interface EmptyActions {
  run(): void;
  openExamples(): void;
}

export class EmptyView {
  readonly root = element('div', { class: 'empty', hidden: true });
  private readonly actions: EmptyActions;
  private readonly words: Words;

  constructor(actions: EmptyActions, words: Words) {
    this.actions = actions;
    this.words = words;
  }

  show(canRun: boolean): void {
    const { words } = this;
    const run = element('button', { type: 'button', class: 'primary' }, words('run'));
    run.addEventListener('click', () => this.actions.run());
    run.disabled = !canRun;
    const examples = element('button', { type: 'button', class: 'link' }, words('openExample'));
    examples.addEventListener('click', () => this.actions.openExamples());
    this.root.replaceChildren(
      element('p', {}, words('nothing')),
      ...(canRun ? [] : [element('p', {}, words('restricted'))]),
      element('p', { class: 'actions' }, run, examples),
    );
    this.root.hidden = false;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
