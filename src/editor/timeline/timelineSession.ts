/**
 * Owns the host's side of the conversation with the timeline page: answers what the page asks of the shown run, and tells it
 * what changed. Knows neither `vscode` nor the DOM, so the tests and the benchmark run it as it is.
 */
import type { Clock } from '../../base/clock';
import { coalesce, type Coalesced } from '../../base/coalesce';
import type { Disposable } from '../../base/disposable';
import { costOf } from '../../trace/cost';
import type { RunChange, RunModel, Site } from '../../trace/model';
import {
  dispatch,
  PROTOCOL_VERSION,
  type ActVerb,
  type ExportRequest,
  type Handlers,
  type Message,
  type OpenRequest,
  type Reveal,
  type ToHost,
  type ToTimeline,
  type WindowRequest,
} from '../../webview/messages';
import { laneInfo } from './laneStatus';
import { overviewOf } from './overview';
import type { Sources } from './cardWords';
import { RunIndex } from './runIndex';
import {
  cardFor,
  culpritOf,
  findText,
  stepWait,
  validWait,
  waitCard,
  waitsHere,
} from './waitQueries';
import { windowBlock } from './windowBlock';

/** A live number ticks at most ten times a second. */
const TICK_MS = 100;

export interface ShownRun {
  readonly id: number;
  readonly title: string;
  readonly model: RunModel;
  /** How long an earlier run of the same snippet took; null when there was none. */
  readonly expectedNs: number | null;
}

/** What the session asks of the editor around it. */
export interface TimelineHost extends Sources {
  open(site: Site, keepFocus: boolean): void;
  run(): void;
  openExamples(): void;
  export(request: ExportRequest): void;
  scrub(atNs: number | null): void;
  select(lane: number): void;
  log(text: string): void;
}

export class TimelineSession implements Disposable {
  private shown: ShownRun | undefined;
  private index: RunIndex | undefined;
  private isReady = false;
  private follow = true;
  private canRun = true;
  private readonly dirtyLanes = new Set<number>();
  private dirtyFrom = Number.POSITIVE_INFINITY;
  private dirtyTo = Number.NEGATIVE_INFINITY;
  private readonly tick: Coalesced;
  private readonly clock: Clock;
  private heart: Disposable | undefined;
  /** Asked for before the page was there to hear it. */
  private pending: Message<ToTimeline>[] = [];
  private readonly handlers: Handlers<ToHost>;

  private readonly post: (message: Message<ToTimeline>) => void;
  private readonly host: TimelineHost;

  constructor(post: (message: Message<ToTimeline>) => void, host: TimelineHost, clock: Clock) {
    this.post = post;
    this.host = host;

    this.clock = clock;
    this.tick = coalesce(() => this.sendChanges(), TICK_MS, clock);
    this.handlers = {
      ready: ({ version }) => this.start(version),
      window: ask => this.sendWindow(ask),
      overviewWanted: ({ request, px, rows }) =>
        this.answer(run => ({
          kind: 'overview',
          body: overviewOf(run.model, run.id, request, clampPx(px), rows),
        })),
      card: ask =>
        this.answer(({ model }) => {
          const body = cardFor(model, ask, host, (lane, ns) => this.index?.jobAt(lane, ns) ?? -1);
          return body ? { kind: 'card', body } : { kind: 'noCard', body: { request: ask.request } };
        }),
      step: ({ request, lane, atNs, wait, forward }) =>
        this.answer(({ model }) => {
          const next = stepWait(model, lane, atNs, wait, forward);
          const body = next && waitCard(model, request, next, host);
          return body ? { kind: 'card', body } : { kind: 'noCard', body: { request } };
        }),
      find: ({ request, text }) =>
        this.answer(({ model }) => ({
          kind: 'found',
          body: findText(model, request, text, host.say),
        })),
      findAllHere: ({ request, wait }) =>
        this.answer(({ model }) => ({
          kind: 'found',
          body: waitsHere(model, request, wait, host.say),
        })),
      open: ask => this.open(ask),
      whoEnded: ({ wait }) => this.whoEnded(wait),
      scrub: ({ atNs }) => host.scrub(atNs),
      select: ({ lane }) => host.select(lane),
      run: () => host.run(),
      openExamples: () => host.openExamples(),
      export: request => host.export(request),
      problem: ({ text }) => host.log(text),
    };
  }

  /** Another run is looked at, or none. */
  show(run: ShownRun | undefined, follow: boolean): void {
    this.shown = run;
    this.index = run && new RunIndex(run.model);
    this.follow = follow;
    this.pending = [];
    this.clearDirty();
    if (this.isReady) this.sendAll();
  }

  setCanRun(canRun: boolean): void {
    if (this.canRun === canRun) return;
    this.canRun = canRun;
    if (this.isReady && !this.shown) this.sendAll();
  }

  changed(change: RunChange): void {
    for (const lane of change.lanes) this.dirtyLanes.add(lane);
    this.dirtyFrom = Math.min(this.dirtyFrom, change.fromNs);
    this.dirtyTo = Math.max(this.dirtyTo, change.toNs);
    this.tick();
  }

  /** The run ended: what it says now is final. */
  ended(): void {
    for (const lane of this.shown?.model.lanes ?? []) this.dirtyLanes.add(lane.id);
    this.dirtyFrom = 0;
    this.dirtyTo = this.shown?.model.nowNs ?? 0;
    this.sendChanges();
  }

  reveal(reveal: Reveal): void {
    const model = this.shown?.model;
    const wait = model && reveal.wait !== null ? validWait(model, reveal.wait) : null;
    const body = wait
      ? { ...reveal, atNs: wait.startNs, toNs: wait.endNs ?? model?.nowNs ?? null }
      : reveal;
    this.send({ kind: 'reveal', body });
  }

  act(verb: ActVerb): void {
    this.send({ kind: 'act', body: { verb } });
  }

  say(text: string): void {
    this.send({ kind: 'say', body: { text } });
  }

  /** The page is gone or hidden: it will say `ready` when it is back. */
  pageGone(): void {
    this.isReady = false;
  }

  receive(message: unknown): void {
    dispatch(this.handlers, message, kind =>
      this.host.log(`The timeline page said something unknown: ${kind}`),
    );
  }

  dispose(): void {
    this.tick.dispose();
    this.heart?.dispose();
    this.shown = undefined;
  }

  private start(version: number): void {
    this.isReady = true;
    if (version !== PROTOCOL_VERSION) {
      const { say } = this.host;
      this.say(
        say(
          'The timeline belongs to another version of Concurrency Lens. Reload the window to bring the two together.',
        ),
      );
      return;
    }
    this.sendAll();
    const pending = this.pending;
    this.pending = [];
    for (const message of pending) this.post(message);
  }

  private sendAll(): void {
    const run = this.shown;
    if (!run) {
      this.post({ kind: 'empty', body: { canRun: this.canRun } });
      return;
    }
    const { model } = run;
    this.post({
      kind: 'reset',
      body: {
        run: run.id,
        title: run.title,
        isLive: !model.finished,
        nowNs: model.nowNs,
        expectedNs: run.expectedNs,
        follow: this.follow,
      },
    });
    this.post({
      kind: 'lanes',
      body: { lanes: model.lanes.map(lane => laneInfo(model, lane, this.host.say)) },
    });
    this.clearDirty();
    this.sendTick(0, model.nowNs);
    this.beat();
  }

  /** While a run lives, time goes on though nothing is recorded. */
  private beat(): void {
    this.heart?.dispose();
    this.heart = undefined;
    if (!this.shown || this.shown.model.finished || !this.isReady) return;
    this.heart = this.clock.after(TICK_MS, () => {
      // Not forced: what changed is told at its own pace, which is the same.
      this.tick();
      this.beat();
    });
  }

  private sendChanges(): void {
    const run = this.shown;
    if (!run || !this.isReady) return;
    const lanes = [...this.dirtyLanes]
      .map(id => run.model.lanes[id])
      .filter(lane => lane !== undefined);
    const { dirtyFrom, dirtyTo } = this;
    this.clearDirty();
    if (lanes.length > 0) {
      this.post({
        kind: 'lanes',
        body: { lanes: lanes.map(lane => laneInfo(run.model, lane, this.host.say)) },
      });
    }
    this.sendTick(dirtyFrom, dirtyTo);
  }

  private sendTick(dirtyFromNs: number, dirtyToNs: number): void {
    const run = this.shown;
    if (!run) return;
    const { model } = run;
    const { records, nowNs } = model;
    this.post({
      kind: 'tick',
      body: {
        run: run.id,
        nowNs,
        isLive: !model.finished,
        records,
        dropped: model.dropped,
        slowdown: costOf(model).slowdownPercent,
        dirtyFromNs: Number.isFinite(dirtyFromNs) ? dirtyFromNs : nowNs,
        dirtyToNs: Number.isFinite(dirtyToNs) ? dirtyToNs : 0,
      },
    });
  }

  private sendWindow(ask: WindowRequest): void {
    const run = this.shown;
    const index = this.index;
    if (!run || !index || ask.run !== run.id) return;
    this.post({ kind: 'block', body: windowBlock(run.model, index, ask, this.host.say) });
  }

  private open(ask: OpenRequest): void {
    const { say } = this.host;
    const model = this.shown?.model;
    const lane = model?.lanes[ask.lane];
    if (!model || !lane) return;
    const wait = ask.wait === null ? null : validWait(model, ask.wait);
    const before =
      wait || ask.atNs === null ? wait : stepWait(model, lane.id, ask.atNs, null, false);
    const site = before?.site ?? lane.site;
    if (site) this.host.open(site, ask.keepFocus);
    else this.say(say('It is not known where {0} was at that moment.', lane.name));
  }

  private whoEnded(id: number): void {
    const { say } = this.host;
    const model = this.shown?.model;
    const wait = model && validWait(model, id);
    if (!model || !wait) return;
    const culprit = culpritOf(model, wait);
    if (!culprit) {
      this.say(say('It is not known who ended this wait.'));
      return;
    }
    this.reveal({ lane: culprit.lane, atNs: culprit.ns, toNs: null, wait: null });
    if (culprit.site) this.host.open(culprit.site, true);
    const name = model.lanes[culprit.lane]?.name ?? say('another lane');
    this.say(wait.endNs === null ? say('Held up by {0}.', name) : say('Ended by {0}.', name));
  }

  private answer(make: (run: ShownRun) => Message<ToTimeline> | null): void {
    const message = this.shown && make(this.shown);
    if (message) this.post(message);
  }

  private send(message: Message<ToTimeline>): void {
    if (this.isReady) this.post(message);
    else this.pending.push(message);
  }

  private clearDirty(): void {
    this.dirtyLanes.clear();
    this.dirtyFrom = Number.POSITIVE_INFINITY;
    this.dirtyTo = Number.NEGATIVE_INFINITY;
  }
}

const clampPx = (px: number): number => Math.max(1, Math.min(8_192, Math.round(px)));
