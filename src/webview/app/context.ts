/** Owns what the parts of the page hand one another: state, host, frame, timers, voice. */
import type { Message, ToHost } from '../messages';
import type { Frames } from './frames';
import type { Navigator } from './navigator';
import type { PageState } from './pageState';
import type { RowsView } from './rowsView';
import type { Timers } from './timers';

export interface PageContext {
  readonly state: PageState;
  readonly frames: Frames;
  readonly timers: Timers;
  readonly navigator: Navigator;
  readonly rows: RowsView;
  post(message: Message<ToHost>): void;
  /** A number for the next question, so that late answers to older ones are known. */
  nextRequest(): number;
  /** For screen readers. */
  announce(text: string): void;
  /** For everybody. */
  say(text: string): void;
}
