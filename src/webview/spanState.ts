/** Owns the codes for the state of a span, shared by the host that computes them and the page that paints them. */
import { WAIT_KINDS, type WaitKind } from '../trace/format';
import { familyOf, type WaitFamily } from '../trace/waitFamilies';

/** What a span is coloured by. One group, one theme colour (look.md). */
export type SpanGroup = 'running' | WaitFamily | 'idle';

/** 0 is running; a wait is the index of its kind + 1; created but not started is IDLE. */
export const RUNNING = 0;
export const IDLE = 100;
export const NOTHING = 255;

export const FLAG = {
  /** It has not ended: it grows with now. */
  open: 1,
  /** Several spans too short to tell apart; `state` is what took most of the time. */
  mixed: 2,
  /** What it waited for had happened; it had not resumed yet. */
  ready: 4,
  /** The lane's life ends here. */
  cap: 8,
  /** `ref` is a job, not a wait. */
  job: 16,
  /** The program in this lane is not traced: it is only known to live. */
  untraced: 32,
} as const;

const kindOfState = (state: number): WaitKind | null => WAIT_KINDS[state - 1] ?? null;

export function groupOfState(state: number): SpanGroup {
  if (state === RUNNING) return 'running';
  const kind = kindOfState(state);
  return kind ? familyOf(kind) : 'idle';
}

/** The legend, in the order of look.png; the page's words for these have the same names. */
export const LEGEND = [
  'running',
  'join',
  'lock',
  'queue',
  'await',
  'quiet',
  'ready',
] as const satisfies readonly (SpanGroup | 'ready')[];
