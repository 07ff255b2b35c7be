/**
 * Owns what the timeline page and its host side say to each other: the key is the tag, the value the payload.
 * Both sides import this file and nothing else of one another. Numbers named `...Ns` are nanoseconds since the run began.
 */
import type { LaneKind } from '../trace/format';
import type { SpanGroup } from './spanState';

/** Grows when page and host of different versions would misread each other. */
export const PROTOCOL_VERSION = 1;

export interface ToTimeline {
  /** There is no run to show. */
  empty: { readonly canRun: boolean };
  /** Another run is shown from now on; everything known of the former is void. */
  reset: RunHeader;
  /** Lanes that are new or changed, by id. */
  lanes: { readonly lanes: readonly LaneInfo[] };
  tick: Tick;
  block: Block;
  overview: OverviewBlock;
  card: Card;
  /** There is no answer to that question. */
  noCard: { readonly request: number };
  found: Found;
  /** Select this lane and bring that moment into view. */
  reveal: Reveal;
  /** A workbench command meant for the page. */
  act: { readonly verb: ActVerb };
  /** One line to show and read out: what was saved, what failed. */
  say: { readonly text: string };
}

export interface ToHost {
  ready: { readonly version: number };
  window: WindowRequest;
  overviewWanted: { readonly request: number; readonly px: number; readonly rows: number };
  card: CardRequest;
  /** The wait before or after this moment on a lane, for walking by keyboard. */
  step: {
    readonly request: number;
    readonly lane: number;
    readonly atNs: number;
    readonly wait: number | null;
    readonly forward: boolean;
  };
  find: { readonly request: number; readonly text: string };
  /** All waits of the wait point that this wait happened at. */
  findAllHere: { readonly request: number; readonly wait: number };
  /** Show in the editor where this came from. */
  open: OpenRequest;
  /** Show the lane and the line that ended this wait. */
  whoEnded: { readonly wait: number };
  /** The person looks at this moment; null: at none. */
  scrub: { readonly atNs: number | null };
  /** A lane was chosen by the person. */
  select: { readonly lane: number };
  run: Record<string, never>;
  openExamples: Record<string, never>;
  export: ExportRequest;
  /** Something the page could not do; the host writes it to the log. */
  problem: { readonly text: string };
}

export type Message<M> = { [K in keyof M]: { readonly kind: K; readonly body: M[K] } }[keyof M];
export type Handlers<M> = { readonly [K in keyof M]: (body: M[K]) => void };

export type ActVerb = 'follow' | 'fit' | 'zoomIn' | 'zoomOut' | 'find' | 'toggleArrows' | 'play';

export interface RunHeader {
  readonly run: number;
  readonly title: string;
  readonly isLive: boolean;
  readonly nowNs: number;
  /** How long the run is likely to last, from an earlier one of the same snippet; null when unknown. */
  readonly expectedNs: number | null;
  readonly follow: boolean;
}

/** How a lane is doing now. */
export type LaneStatus =
  'not-started' | 'running' | 'waiting' | 'ready' | 'done' | 'failed' | 'killed';

export interface LaneInfo {
  readonly id: number;
  readonly kind: LaneKind;
  readonly name: string;
  /** The whole command of a program whose name is a short form of it. */
  readonly command: string | null;
  readonly pid: number;
  readonly parent: number | null;
  readonly process: number;
  readonly isDaemon: boolean;
  readonly isHelper: boolean;
  readonly isTraced: boolean;
  readonly createdNs: number;
  readonly endNs: number | null;
  readonly status: LaneStatus;
  /** Colour family of what it waits for now. */
  readonly waitGroup: SpanGroup | null;
  /** In words: `joins Thread-1`, `ValueError: x`; empty when there is nothing to say. */
  readonly says: string;
  readonly sinceNs: number;
}

export interface Tick {
  readonly run: number;
  readonly nowNs: number;
  readonly isLive: boolean;
  readonly records: number;
  readonly dropped: number;
  /** Estimated slowdown in percent; null when it cannot be said. */
  readonly slowdown: number | null;
  /** What changed since the last tick; empty when from > to. */
  readonly dirtyFromNs: number;
  readonly dirtyToNs: number;
}

export interface WindowRequest {
  readonly request: number;
  readonly run: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** Nanoseconds of one pixel: nothing finer is needed. */
  readonly nsPerPx: number;
  readonly lanes: readonly number[];
  readonly arrows: boolean;
}

/**
 * Spans as flat arrays. `start` and `end` are relative to the block's `originNs`, so 32 bits are finer than a pixel.
 * `state` is a code of spanState.ts; `ref` is wait id + 1 or, for running spans with the job flag, job id + 1; 0 is none.
 * `label` is an index into the block's `labels` + 1; 0 is none.
 */
export interface SpanArrays {
  readonly count: number;
  readonly lane: Uint32Array;
  readonly start: Float32Array;
  readonly end: Float32Array;
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
  readonly ref: Uint32Array;
  readonly label: Uint32Array;
}

export interface ArrowArrays {
  readonly count: number;
  readonly fromLane: Uint32Array;
  readonly toLane: Uint32Array;
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly kind: Uint8Array;
  /** Arrows in the window, those included that are left out because they could not be told apart. */
  readonly total: number;
}

export interface OutputArrays {
  readonly count: number;
  readonly lane: Uint32Array;
  readonly at: Float32Array;
  /** 1 stdout, 2 stderr, 3 both. */
  readonly stream: Uint8Array;
}

export interface Block {
  readonly request: number;
  readonly run: number;
  readonly originNs: number;
  readonly toNs: number;
  readonly nsPerPx: number;
  readonly lanes: readonly number[];
  readonly spans: SpanArrays;
  readonly arrows: ArrowArrays;
  readonly output: OutputArrays;
  readonly labels: readonly string[];
}

/** A raster of the whole run: `rows` x `px` state codes, 255 where no lane lives. */
export interface OverviewBlock {
  readonly request: number;
  readonly run: number;
  readonly toNs: number;
  readonly px: number;
  readonly rows: number;
  readonly cells: Uint8Array;
}

export interface CardRequest {
  readonly request: number;
  readonly lane: number;
  readonly atNs: number;
  /** The wait under the pointer, or null: whatever the lane does at that moment. */
  readonly wait: number | null;
}

/** What, where, for whom, who ended it. Also the answer to `step`. */
export interface Card {
  readonly request: number;
  readonly lane: number;
  readonly wait: number | null;
  readonly fromNs: number;
  readonly toNs: number;
  readonly group: SpanGroup;
  readonly title: string;
  readonly lines: readonly string[];
  /** The card can lead to a line of source. */
  readonly hasSite: boolean;
  /** Somebody ended the wait and is known. */
  readonly hasCulprit: boolean;
  /** Waits at the same wait point, this one included. */
  readonly waitsHere: number;
}

export interface Hit {
  readonly lane: number;
  readonly atNs: number;
  readonly toNs: number;
  readonly wait: number | null;
  readonly text: string;
}

export interface Found {
  readonly request: number;
  readonly text: string;
  readonly total: number;
  readonly hits: readonly Hit[];
}

export interface Reveal {
  readonly lane: number;
  readonly atNs: number;
  readonly toNs: number | null;
  readonly wait: number | null;
}

/** What the editor is asked to show: the line of a wait, the line a lane was at, or where a lane was created. */
export interface OpenRequest {
  readonly lane: number;
  readonly atNs: number | null;
  readonly wait: number | null;
  readonly keepFocus: boolean;
}

export type ExportRequest =
  | { readonly what: 'perfetto' }
  | { readonly what: 'svg'; readonly text: string }
  | { readonly what: 'png'; readonly bytes: Uint8Array };

/**
 * Hands a message to its handler. What is no message, or of a kind unknown here, is reported and otherwise ignored:
 * the other side may be of another version.
 */
export function dispatch<M>(
  handlers: Handlers<M>,
  message: unknown,
  onUnknown: (kind: string) => void,
): void {
  if (isMessage(handlers, message)) handlers[message.kind](message.body);
  else onUnknown(kindOf(message));
}

/** Bodies are not looked into: both sides are built from this file, and the version was compared. */
function isMessage<M>(handlers: Handlers<M>, message: unknown): message is Message<M> {
  return Object.hasOwn(handlers, kindOf(message));
}

function kindOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return 'none';
  return typeof message.kind === 'string' ? message.kind : 'none';
}
