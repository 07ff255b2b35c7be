/** Owns what the timeline says while there is no run: what to do next. */
import { element } from './dom';

export interface EmptyActions {
  run(): void;
  openExamples(): void;
}

export class EmptyView {
  readonly root = element('div', { class: 'empty', hidden: true });
  private readonly actions: EmptyActions;

  constructor(actions: EmptyActions) {
    this.actions = actions;
  }

  show(canRun: boolean): void {
    const run = element('button', { type: 'button', class: 'primary' }, 'Run Concurrent Snippet');
    run.addEventListener('click', () => this.actions.run());
    run.disabled = !canRun;
    const examples = element('button', { type: 'button', class: 'link' }, 'Open an example');
    examples.addEventListener('click', () => this.actions.openExamples());
    this.root.replaceChildren(
      element(
        'p',
        {},
        'No run yet. Run a snippet, and its threads, processes and tasks appear here as lanes, with who waited for whom.',
      ),
      ...(canRun
        ? []
        : [
            element(
              'p',
              {},
              'This workspace is in Restricted Mode, where nothing is run. Trust it to run snippets.',
            ),
          ]),
      element('p', { class: 'actions' }, run, examples),
    );
    this.root.hidden = false;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
