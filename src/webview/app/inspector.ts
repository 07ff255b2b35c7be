/** Owns the looking at single spans: hover and its card, selection, walking lanes and waits by keyboard, going to source. */
import type { Card } from '../messages';
import { describeLane } from '../words';
import { CardView } from './cardView';
import type { PageContext } from './context';
import type { Selection } from './pageState';

const HOVER_MS = 150;
const LEAVE_MS = 250;

export class Inspector {
  readonly card: CardView;
  private readonly page: PageContext;
  private readonly allHere: (wait: number) => void;
  private cardRequest = 0;
  private stepRequest = 0;
  private at = { x: 0, y: 0 };

  constructor(page: PageContext, allHere: (wait: number) => void) {
    this.page = page;
    this.allHere = allHere;
    this.card = new CardView(
      {
        goToLine: card => this.open(card.lane, card.fromNs, card.wait, false),
        whoEnded: card => card.wait !== null && this.whoEnded(card.wait),
        allHere: card => card.wait !== null && allHere(card.wait),
      },
      page.state.words,
    );
    const { root } = this.card;
    root.addEventListener('pointerenter', () => page.timers.cancel('leave'));
    root.addEventListener('pointerleave', () => this.leave());
  }

  reset(): void {
    this.card.hide();
    this.page.timers.cancel('hover');
    this.page.timers.cancel('leave');
  }

  hover(span: Selection | null, x: number, y: number): void {
    const { state, timers, frames } = this.page;
    const before = state.hover;
    if (!span) {
      timers.cancel('hover');
      if (before) this.leave();
      state.hover = null;
      frames.request();
      return;
    }
    const isSame =
      before?.lane === span.lane && before.wait === span.wait && before.fromNs === span.fromNs;
    state.hover = span;
    timers.cancel('leave');
    if (isSame) return;
    frames.request();
    timers.set('hover', HOVER_MS, () => this.ask(span, x, y));
  }

  click(span: Selection | null, row: number): void {
    const { state, rows, frames } = this.page;
    const lane = span?.lane ?? state.layout.rows[row]?.lane ?? null;
    if (row < state.layout.rows.length) rows.focusRow(row);
    state.selection = span ?? (lane === null ? null : { lane, wait: null, fromNs: 1, toNs: 0 });
    if (lane !== null) this.page.post({ kind: 'select', body: { lane } });
    if (span) this.open(span.lane, span.fromNs, span.wait, true);
    frames.request();
  }

  /** The wait that is selected, or under the pointer. */
  withWait(act: (wait: number) => void): void {
    const { state } = this.page;
    const wait = state.selection?.wait ?? state.hover?.wait ?? this.card.card?.wait ?? null;
    if (wait === null) this.page.say(state.words('chooseWait'));
    else act(wait);
  }

  whoEnded(wait: number): void {
    this.page.post({ kind: 'whoEnded', body: { wait } });
  }

  allOfSelected(): void {
    this.withWait(wait => this.allHere(wait));
  }

  goToSource(): void {
    const { state } = this.page;
    const lane = this.focusedLane();
    const { selection } = state;
    if (selection && (lane === null || selection.lane === lane)) {
      const atNs = selection.toNs < selection.fromNs ? state.cursorNs : selection.fromNs;
      this.open(selection.lane, atNs, selection.wait, false);
    } else if (lane !== null) this.open(lane, state.cursorNs, null, false);
  }

  moveRow(step: number): void {
    const { state, rows } = this.page;
    const from = rows.focusedRow();
    const last = state.layout.rows.length - 1;
    this.focus(from === null ? 0 : Math.max(0, Math.min(last, from + step)));
  }

  /** Tab goes from lane to lane, and out of the lanes at their end. */
  tabRow(step: 1 | -1): boolean {
    const from = this.page.rows.focusedRow();
    const to = from === null ? -1 : from + step;
    if (to < 0 || to >= this.page.state.layout.rows.length) return false;
    this.focus(to);
    return true;
  }

  focus(row: number): void {
    const { state, rows, frames } = this.page;
    rows.focusRow(row);
    const lane = state.layout.rows[row]?.lane;
    if (lane !== undefined && lane !== null && state.selection?.lane !== lane) {
      state.selection = { lane, wait: null, fromNs: 1, toNs: 0 };
    }
    frames.request();
  }

  showLane(lane: number): void {
    const { state, rows } = this.page;
    const row = state.layout.rowOf.get(lane);
    if (row === undefined) return;
    // A lane that is folded away is unfolded, level by level.
    for (let at = row; state.layout.rows[at]?.isFolded && state.layout.rows[at]?.lane !== lane;) {
      state.setFolded(state.layout.rows[at]?.key ?? '', false);
      at = state.layout.rowOf.get(lane) ?? -1;
    }
    rows.bringIntoView(state.layout.rowOf.get(lane) ?? row);
  }

  stepWait(forward: boolean): void {
    const { state } = this.page;
    const lane = this.focusedLane() ?? state.selection?.lane ?? null;
    if (lane === null) {
      this.focus(0);
      return;
    }
    const { selection } = state;
    const isOnLane = selection?.lane === lane;
    const wait = isOnLane ? selection.wait : null;
    const atNs =
      isOnLane && selection.toNs >= selection.fromNs
        ? selection.fromNs
        : (state.cursorNs ?? Math.max(0, state.scale.fromNs));
    this.stepRequest = this.page.nextRequest();
    this.page.frames.setBusy('step', true);
    this.page.post({
      kind: 'step',
      body: { request: this.stepRequest, lane, atNs, wait, forward },
    });
  }

  receive(card: Card): void {
    const { state, frames, navigator, rows } = this.page;
    if (card.request === this.stepRequest) {
      frames.setBusy('step', false);
      state.selection = { lane: card.lane, wait: card.wait, fromNs: card.fromNs, toNs: card.toNs };
      this.showLane(card.lane);
      navigator.show(card.fromNs, card.toNs);
      const row = state.layout.rowOf.get(card.lane) ?? 0;
      const place = rows.pointOf(row, state.scale.toPx(Math.max(card.fromNs, state.scale.fromNs)));
      this.show(card, place.x, place.y);
      this.page.announce([card.title, ...card.lines].join('. '));
    } else if (card.request === this.cardRequest) {
      frames.setBusy('card', false);
      if (state.hover) this.show(card, this.at.x, this.at.y);
    }
  }

  /** The host has no answer: there is no further wait on that side. */
  receiveNothing(request: number): void {
    if (request === this.stepRequest) {
      this.page.frames.setBusy('step', false);
      this.page.announce(this.page.state.words('noWait'));
    } else if (request === this.cardRequest) this.page.frames.setBusy('card', false);
  }

  focused(): void {
    const { state } = this.page;
    const lane = this.focusedLane();
    const info = lane === null ? undefined : state.lanes.get(lane);
    if (info) this.page.announce(describeLane(state.words, info, state.nowNs));
  }

  private focusedLane(): number | null {
    const row = this.page.rows.focusedRow();
    return row === null ? null : (this.page.state.layout.rows[row]?.lane ?? null);
  }

  private ask(span: Selection, x: number, y: number): void {
    const { state, frames } = this.page;
    this.at = { x, y };
    this.cardRequest = this.page.nextRequest();
    frames.setBusy('card', true);
    const atNs = Math.max(
      span.fromNs,
      Math.min(span.toNs, state.scale.toNsAt(x - this.page.rows.chartLeft())),
    );
    this.page.post({
      kind: 'card',
      body: { request: this.cardRequest, lane: span.lane, atNs, wait: span.wait },
    });
  }

  private show(card: Card, x: number, y: number): void {
    this.card.show(card, x, y, { width: window.innerWidth, height: window.innerHeight });
  }

  private leave(): void {
    if (!this.card.isShown) return;
    this.page.timers.set('leave', LEAVE_MS, () => this.card.hide());
  }

  private open(lane: number, atNs: number | null, wait: number | null, keepFocus: boolean): void {
    this.page.post({ kind: 'open', body: { lane, atNs, wait, keepFocus } });
  }
}
