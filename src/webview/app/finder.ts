/** Owns searching: what was asked for, which of the hits is looked at. */
import type { Found } from '../messages';
import type { PageContext } from './context';
import type { Inspector } from './inspector';
import type { Toolbar } from './toolbar';

const TYPING_MS = 120;

export class Finder {
  private readonly page: PageContext;
  private readonly inspector: () => Inspector;
  private readonly toolbar: () => Toolbar;
  private request = 0;

  constructor(page: PageContext, inspector: () => Inspector, toolbar: () => Toolbar) {
    this.page = page;
    this.inspector = inspector;
    this.toolbar = toolbar;
  }

  typed(text: string): void {
    const { timers, state, frames } = this.page;
    if (!text.trim()) {
      timers.cancel('find');
      state.found = null;
      this.toolbar().showFound(text, '');
      frames.request();
      return;
    }
    timers.set('find', TYPING_MS, () =>
      this.ask(request => ({ kind: 'find', body: { request, text } })),
    );
  }

  allHere(wait: number): void {
    this.ask(request => ({ kind: 'findAllHere', body: { request, wait } }));
  }

  receive(found: Found): void {
    if (found.request !== this.request) return;
    const { state, frames } = this.page;
    frames.setBusy('find', false);
    state.found = found;
    state.foundAt = -1;
    const { words } = state;
    this.page.announce(found.total === 1 ? words('oneMatch') : words('matches', found.total));
    if (found.hits.length > 0) this.next(1);
    else this.toolbar().showFound(found.text, words('noMatch'));
    frames.request();
  }

  next(step: 1 | -1): void {
    const { state, navigator, frames } = this.page;
    const { found } = state;
    if (!found || found.hits.length === 0) return;
    const count = found.hits.length;
    state.foundAt = (state.foundAt + step + count) % count;
    const hit = found.hits[state.foundAt];
    if (!hit) return;
    state.selection = { lane: hit.lane, wait: hit.wait, fromNs: hit.atNs, toNs: hit.toNs };
    this.inspector().showLane(hit.lane);
    navigator.show(hit.atNs, hit.toNs);
    const at = [state.foundAt + 1, count] as const;
    const place =
      found.total > count
        ? state.words('matchAtOf', ...at, found.total)
        : state.words('matchAt', ...at);
    this.toolbar().showFound(found.text, place);
    this.page.announce(`${hit.text}, ${state.lanes.get(hit.lane)?.name ?? ''}`);
    frames.request();
  }

  close(): void {
    const { state, frames, rows } = this.page;
    state.found = null;
    state.foundAt = -1;
    rows.focusRow(rows.focusedRow() ?? 0);
    frames.request();
  }

  private ask(message: (request: number) => Parameters<PageContext['post']>[0]): void {
    this.request = this.page.nextRequest();
    this.page.frames.setBusy('find', true);
    this.page.post(message(this.request));
  }
}
