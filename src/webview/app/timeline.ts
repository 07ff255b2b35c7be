/** Owns the page: makes its parts, hears the host, paints one frame at a time. */
import { formatDuration } from '../../base/duration';
import { hostClock } from '../../base/hostClock';
import {
  dispatch,
  PROTOCOL_VERSION,
  type ActVerb,
  type Handlers,
  type RunHeader,
  type Tick,
  type ToTimeline,
} from '../messages';
import type { Words } from '../pageWords';
import { describeCost } from '../words';
import { CanvasSurface } from './canvasSurface';
import type { PageContext } from './context';
import { EmptyView } from './emptyView';
import { pngOf, svgOf } from './exportPicture';
import { Fetcher } from './fetcher';
import { Finder } from './finder';
import { Frames } from './frames';
import { Inspector } from './inspector';
import { listenToKeys } from './keyInput';
import { NameColumn } from './nameColumn';
import { Navigator } from './navigator';
import { OverviewStrip } from './overviewStrip';
import { PageFrame } from './pageFrame';
import { PageState } from './pageState';
import { paintLanes, paintRuler } from './painter';
import { PointerInput } from './pointerInput';
import type { Port } from './port';
import { RowsView } from './rowsView';
import { Scrubber } from './scrubber';
import { applyToStyle, onThemeChange, readTheme } from './theme';
import { Timers } from './timers';
import { Toolbar, type ToolbarActions } from './toolbar';

const RULER_HEIGHT = 22;
const OVERVIEW_HEIGHT = 22;

export class Timeline {
  private readonly port: Port;
  private readonly state: PageState;
  private readonly page: PageContext;
  private readonly fetcher: Fetcher;
  private readonly inspector: Inspector;
  private readonly finder: Finder;
  private readonly scrubber: Scrubber;
  private readonly toolbar: Toolbar;
  private readonly empty: EmptyView;
  private readonly frame: PageFrame;
  private readonly lanes: CanvasSurface;
  private readonly ruler: CanvasSurface;
  private readonly overview: OverviewStrip;
  private readonly names: NameColumn;
  private theme = readTheme();
  private request = 0;
  private unsaved: { dispose(): void } | null = null;

  constructor(root: HTMLElement, port: Port, words: Words) {
    this.port = port;
    const state = (this.state = new PageState(words));
    const frames = new Frames(timeMs => this.paint(timeMs));
    const measure = (text: string, size: number): number => this.lanes.measure(text, size);
    const rows = new RowsView(state, measure);
    this.names = new NameColumn(state, measure);
    const navigator = new Navigator(state, () => this.viewChanged());
    const page: PageContext = {
      state,
      frames,
      timers: new Timers(frames),
      navigator,
      rows,
      post: message => port.post(message),
      nextRequest: () => ++this.request,
      announce: text => this.frame.announce(text),
      say: text => this.frame.say(text),
    };
    this.page = page;
    this.finder = new Finder(
      page,
      () => this.inspector,
      () => this.toolbar,
    );
    this.inspector = new Inspector(page, wait => this.finder.allHere(wait));
    this.scrubber = new Scrubber(page);
    this.fetcher = new Fetcher(
      state,
      ask => port.post({ kind: 'window', body: ask }),
      isBusy => frames.setBusy('block', isBusy),
    );
    const actions: ToolbarActions = {
      follow: () => navigator.toggleFollow(),
      zoomOut: () => navigator.zoomStep(-1),
      fit: () => navigator.fit(),
      zoomIn: () => navigator.zoomStep(1),
      arrows: () => this.toggleArrows(),
      play: () => this.scrubber.togglePlay(),
      speed: () => {
        this.scrubber.playback.nextSpeed();
        frames.request();
      },
      save: what => void this.save(what),
      find: text => this.finder.typed(text),
      findNext: step => this.finder.next(step),
      findClosed: () => this.finder.close(),
    };
    this.toolbar = new Toolbar(actions, words);
    const emptyActions = {
      run: () => port.post({ kind: 'run', body: {} }),
      openExamples: () => port.post({ kind: 'openExamples', body: {} }),
    };
    this.empty = new EmptyView(emptyActions, words);
    const others = [this.empty.root, this.inspector.card.root];
    this.frame = new PageFrame(root, this.toolbar.root, rows.scroller, others, words);
    this.lanes = new CanvasSurface(rows.canvas);
    this.ruler = new CanvasSurface(this.frame.ruler);
    this.overview = new OverviewStrip(this.frame.overview, page);
    this.wireInput();
    port.onMessage(message =>
      dispatch(this.handlers(), message, kind =>
        port.post({
          kind: 'problem',
          body: { text: `The timeline page got an unknown message: ${kind}` },
        }),
      ),
    );
    new ResizeObserver(() => this.resize()).observe(root);
    onThemeChange(() => this.applyTheme());
    window.addEventListener('pagehide', () => this.unsaved && this.saveState());
  }

  start(): void {
    this.applyTheme();
    this.page.frames.setBusy('start', true);
    this.port.post({ kind: 'ready', body: { version: PROTOCOL_VERSION } });
  }

  private wireInput(): void {
    const { page, inspector, scrubber, state } = this;
    const { rows, navigator } = page;
    const targets = {
      rows: rows.scroller,
      ruler: this.frame.ruler,
      nameWidth: () => rows.nameWidth,
    };
    const pointer = new PointerInput(targets, state, navigator, {
      hover: (span, x, y) => inspector.hover(span, x, y),
      click: (span, row) => inspector.click(span, row),
      toggleFold: row => this.fold(row),
      scrub: ns => scrubber.to(ns),
    });
    pointer.listen();
    listenToKeys(rows.scroller, navigator, {
      moveRow: step => inspector.moveRow(step),
      firstRow: () => inspector.focus(0),
      lastRow: () => inspector.focus(state.layout.rows.length - 1),
      tabRow: step => inspector.tabRow(step),
      foldRow: () => this.fold(rows.focusedRow()),
      stepWait: isForward => inspector.stepWait(isForward),
      goToSource: () => inspector.goToSource(),
      whoEnded: () => inspector.withWait(wait => inspector.whoEnded(wait)),
      allHere: () => inspector.allOfSelected(),
      find: () => this.toolbar.openFind(),
      findNext: step => this.finder.next(step),
      toggleArrows: () => this.toggleArrows(),
      togglePlay: () => scrubber.togglePlay(),
      moveCursor: share => scrubber.moveBy(share),
      escape: () => this.escape(),
    });
    rows.scroller.addEventListener('scroll', () => {
      if (state.scrollTop === rows.scroller.scrollTop) return;
      state.scrollTop = rows.scroller.scrollTop;
      inspector.card.hide();
      this.viewChanged();
    });
    rows.scroller.addEventListener('focusin', () => inspector.focused());
  }

  private handlers(): Handlers<ToTimeline> {
    const { state, page } = this;
    return {
      empty: ({ canRun }) => {
        state.header = null;
        this.frame.show(false);
        this.inspector.reset();
        this.empty.show(canRun);
        page.frames.setBusy('start', false);
      },
      reset: header => this.reset(header),
      lanes: ({ lanes }) => {
        for (const lane of lanes) state.lanes.set(lane.id, lane);
        state.relayout();
        if (this.names.widthIn(page.rows.scroller.clientWidth) !== page.rows.nameWidth)
          this.resize();
        page.rows.update();
        page.rows.scroller.scrollTop = state.scrollTop;
        page.frames.request();
      },
      tick: tick => this.ticked(tick),
      block: block => {
        if (this.fetcher.receive(block)) page.frames.request();
      },
      overview: overview => this.overview.receive(overview),
      card: card => this.inspector.receive(card),
      noCard: ({ request }) => this.inspector.receiveNothing(request),
      found: found => this.finder.receive(found),
      reveal: ({ lane, atNs, toNs, wait }) => {
        state.selection = { lane, wait, fromNs: atNs, toNs: toNs ?? atNs };
        this.inspector.showLane(lane);
        // A lane that is in view already needs no other view: a run that is followed goes on being followed.
        const isInView = wait === null && toNs === null && page.navigator.isInView(atNs);
        if (!isInView) page.navigator.show(atNs, toNs ?? undefined);
        page.frames.request();
      },
      act: ({ verb }) => this.act(verb),
      say: ({ text }) => page.say(text),
    };
  }

  private reset(header: RunHeader): void {
    this.state.reset(header, this.port.state());
    this.fetcher.reset();
    this.inspector.reset();
    this.scrubber.reset();
    this.overview.reset();
    this.names.reset();
    this.empty.hide();
    this.frame.show(true);
    this.page.frames.setBusy('start', false);
    this.resize();
  }

  private ticked(tick: Tick): void {
    const { state } = this;
    const wasLive = state.isLive;
    const { nowNs } = state;
    state.tick = tick;
    state.nowNs = Math.max(nowNs, tick.nowNs);
    state.isLive = tick.isLive;
    if (!tick.isLive) state.follow = false;
    this.page.navigator.keepNow();
    if (!tick.isLive && (wasLive || state.nowNs > nowNs)) this.page.navigator.runEnded();
    this.fetcher.invalidate(tick.dirtyFromNs, tick.dirtyToNs);
    if (wasLive && !tick.isLive) {
      this.overview.reset();
      this.page.announce(state.words('ended', formatDuration(tick.nowNs)));
    }
    this.page.frames.request();
  }

  private paint(timeMs: number): void {
    const { state, theme } = this;
    if (!state.header) return;
    const { rows } = this.page;
    this.scrubber.frame(timeMs);
    rows.update();
    this.fetcher.ensure(rows.scroller.clientHeight);
    this.overview.ensure(timeMs);
    const chart = { x: rows.nameWidth, y: 0, width: state.scale.width };
    this.ruler.begin();
    paintRuler(this.ruler, state, theme, { ...chart, height: RULER_HEIGHT });
    const shift = -state.scale.fromNs / state.scale.nsPerPx;
    this.lanes.begin(Number.isFinite(shift) ? shift : 0);
    paintLanes(this.lanes, state, theme, { ...chart, height: this.lanes.height });
    this.overview.paint(theme);
    this.frame.setView(state.scale.fromNs, state.scale.toNs);
    const { playback } = this.scrubber;
    this.toolbar.update({
      title: state.header.title,
      isLive: state.isLive,
      follow: state.follow,
      arrows: state.arrows,
      arrowsTip: this.arrowsTip(),
      isPlaying: playback.isPlaying,
      speed: playback.speedText,
    });
    const { tick } = state;
    const cost = tick ? describeCost(state.words, tick.records, tick.dropped, tick.slowdown) : '';
    this.frame.update(cost);
  }

  /** Nothing is left out silently. */
  private arrowsTip(): string {
    const { block, arrows, words } = this.state;
    const tip = words('arrowsTip');
    if (!arrows || !block || block.arrows.count >= block.arrows.total) return tip;
    return `${tip}\n${words('arrowsLeftOut', block.arrows.count, block.arrows.total)}`;
  }

  private resize(): void {
    const { rows, frames } = this.page;
    const { clientWidth, clientHeight } = rows.scroller;
    rows.setNameWidth(this.names.widthIn(clientWidth));
    const chartWidth = Math.max(1, clientWidth - rows.nameWidth);
    this.state.scale = this.state.scale.withWidth(chartWidth);
    this.lanes.resize(clientWidth, clientHeight);
    this.ruler.resize(clientWidth, RULER_HEIGHT);
    this.overview.resize(chartWidth, OVERVIEW_HEIGHT);
    frames.request();
  }

  private applyTheme(): void {
    this.theme = readTheme();
    applyToStyle(this.theme);
    for (const surface of [this.lanes, this.ruler, this.overview])
      surface.forget(this.theme.fontFamily);
    this.page.frames.request();
  }

  private viewChanged(): void {
    this.page.frames.request();
    if (this.inspector.card.isShown && !this.state.selection) this.inspector.card.hide();
    // Once a turn, not later: the workbench may throw the page away at any moment.
    this.unsaved ??= hostClock.after(0, () => this.saveState());
  }

  /** A hidden view is thrown away by the workbench, often without a word. */
  private saveState(): void {
    this.unsaved?.dispose();
    this.unsaved = null;
    this.port.setState(this.state.saved());
  }

  private fold(row: number | null): void {
    const at = row === null ? undefined : this.state.layout.rows[row];
    if (!at?.isFoldable) return;
    this.state.setFolded(at.key, !at.isFolded);
    this.viewChanged();
  }

  private toggleArrows(): void {
    this.state.arrows = !this.state.arrows;
    this.fetcher.forget();
    this.viewChanged();
  }

  private escape(): void {
    this.inspector.reset();
    this.toolbar.closeFind();
    this.scrubber.clear();
    this.state.selection = null;
    this.page.frames.request();
  }

  private act(verb: ActVerb): void {
    const { navigator } = this.page;
    const verbs: Record<ActVerb, () => void> = {
      follow: () => navigator.toggleFollow(),
      fit: () => navigator.fit(),
      zoomIn: () => navigator.zoomStep(1),
      zoomOut: () => navigator.zoomStep(-1),
      find: () => this.toolbar.openFind(),
      toggleArrows: () => this.toggleArrows(),
      play: () => this.scrubber.togglePlay(),
    };
    verbs[verb]();
  }

  private async save(what: 'svg' | 'png' | 'perfetto'): Promise<void> {
    const { state, theme, port } = this;
    const frame = {
      width: this.lanes.width,
      height: this.lanes.height + RULER_HEIGHT,
      names: this.page.rows.nameWidth,
    };
    try {
      if (what === 'perfetto') port.post({ kind: 'export', body: { what } });
      else if (what === 'svg')
        port.post({ kind: 'export', body: { what, text: svgOf(state, theme, frame, this.lanes) } });
      else port.post({ kind: 'export', body: { what, bytes: await pngOf(state, theme, frame) } });
    } catch (problem) {
      this.page.say(state.words('pictureFailed', String(problem)));
    }
  }
}
