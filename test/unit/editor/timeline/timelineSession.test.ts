import assert from 'node:assert/strict';
import { inEnglish } from '../../../../src/base/translate';
import {
  TimelineSession,
  type TimelineHost,
} from '../../../../src/editor/timeline/timelineSession';
import type { RunChange, RunModel } from '../../../../src/trace/model';
import {
  PROTOCOL_VERSION,
  type Message,
  type ToHost,
  type ToTimeline,
} from '../../../../src/webview/messages';
import { liveModelOf, modelOf } from '../../../support/traceFolder';
import { TraceWriter } from '../../../support/traceWriter';

class Page {
  readonly got: Message<ToTimeline>[] = [];
  readonly calls: unknown[][] = [];
  readonly session: TimelineSession;
  private readonly due: (() => void)[] = [];

  constructor() {
    const call =
      (what: string) =>
      (...args: unknown[]) =>
        void this.calls.push([what, ...args]);
    const host: TimelineHost = {
      line: () => null,
      say: inEnglish,
      open: (site, keepFocus) => this.calls.push(['open', site.line, keepFocus]),
      run: call('run'),
      openExamples: call('openExamples'),
      export: call('export'),
      scrub: call('scrub'),
      select: call('select'),
      log: call('log'),
    };
    const clock = {
      now: () => 0,
      after: (_ms: number, work: () => void) => (this.due.push(work), { dispose: () => {} }),
    };
    this.session = new TimelineSession(message => this.got.push(message), host, clock);
  }

  tell<K extends keyof ToHost>(kind: K, body: ToHost[K]): void {
    this.session.receive({ kind, body });
  }

  ready(): void {
    this.tell('ready', { version: PROTOCOL_VERSION });
  }

  pass(): void {
    for (const work of this.due.splice(0)) work();
  }

  kinds(): string[] {
    return this.got.splice(0).map(message => message.kind);
  }

  show(model: RunModel, id = 1): void {
    this.session.show({ id, title: 'x.py', model, expectedNs: null }, true);
  }

  last<K extends keyof ToTimeline>(kind: K): ToTimeline[K] {
    const message = this.got.findLast(one => one.kind === kind);
    assert.ok(message, `no ${kind}`);
    return message.body as ToTimeline[K];
  }
}

function twoWaits(): TraceWriter {
  const trace = new TraceWriter();
  const here = trace.site('/a.py', 7, 5, 'run');
  const there = trace.site('/a.py', 20, 1, 'give');
  trace.lane(0, 'main', 'MainThread', 0, { begin: 0 });
  trace.lane(1, 'thread', 'giver', 10, { parent: 0, begin: 20 });
  trace.object(1, 'queue', 'jobs');
  trace.wait({
    kind: 'get',
    from: 100,
    to: 200,
    on: { object: 1 },
    site: here,
    cause: { lane: 1, t: 190, site: there },
  });
  trace.wait({
    kind: 'get',
    from: 300,
    to: 400,
    on: { object: 1 },
    site: here,
    cause: { lane: 1, t: 390, site: there },
  });
  trace.wait({ lane: 1, kind: 'sleep', from: 50, to: 180 });
  return trace;
}

const finished = (): RunModel => {
  const trace = twoWaits();
  trace.laneEnd(1, 'returned', 450);
  trace.laneEnd(0, 'returned', 500);
  return modelOf([trace]);
};

const change = (lanes: number[], fromNs: number, toNs: number): RunChange => ({
  lanes: new Set(lanes),
  waits: new Set(),
  fromNs,
  toNs,
});

describe('timeline session', () => {
  it('waits for the page, then sends the run', () => {
    const page = new Page();
    page.show(finished());
    assert.deepEqual(page.kinds(), []);
    page.ready();
    assert.deepEqual(page.kinds(), ['reset', 'lanes', 'tick']);
  });

  it('says that there is nothing to show', () => {
    const page = new Page();
    page.ready();
    assert.deepEqual(page.got, [{ kind: 'empty', body: { canRun: true } }]);
    page.session.setCanRun(false);
    assert.deepEqual(page.last('empty'), { canRun: false });
  });

  it('says so when the page is of another version, and sends it nothing it could misread', () => {
    const page = new Page();
    page.show(finished());
    page.tell('ready', { version: PROTOCOL_VERSION + 1 });
    assert.deepEqual(page.kinds(), ['say']);
  });

  it('keeps a reveal until the page is there, and sends all again when it comes back', () => {
    const page = new Page();
    page.show(finished());
    page.session.reveal({ lane: 1, atNs: 50, toNs: null, wait: null });
    page.ready();
    assert.deepEqual(page.kinds(), ['reset', 'lanes', 'tick', 'reveal']);
    page.session.pageGone();
    page.session.changed(change([0], 0, 10));
    page.pass();
    assert.deepEqual(page.kinds(), [], 'a hidden page hears nothing');
    page.ready();
    assert.deepEqual(page.kinds(), ['reset', 'lanes', 'tick']);
  });

  it('sends of a change only the lanes and the range, many changes at once', () => {
    const page = new Page();
    page.show(liveModelOf([twoWaits()], 450));
    page.ready();
    page.kinds();
    page.session.changed(change([1], 100, 200));
    assert.deepEqual(page.kinds(), ['lanes', 'tick'], 'the first at once');
    page.session.changed(change([0], 150, 300));
    page.session.changed(change([1], 120, 180));
    assert.deepEqual(page.kinds(), [], 'the rest together');
    page.pass();
    const { lanes } = page.last('lanes');
    assert.deepEqual(
      lanes.map(lane => lane.id).toSorted((a, b) => a - b),
      [0, 1],
    );
    const tick = page.last('tick');
    assert.deepEqual([tick.dirtyFromNs, tick.dirtyToNs, tick.isLive], [120, 300, true]);
  });

  it('tells the time while a run lives, though nothing is recorded', () => {
    const page = new Page();
    page.show(liveModelOf([twoWaits()], 450));
    page.ready();
    page.kinds();
    for (let beat = 0; beat < 3; beat++) page.pass();
    const kinds = page.kinds();
    assert.ok(kinds.length >= 2 && kinds.every(kind => kind === 'tick'), kinds.join(' '));
    page.session.pageGone();
    page.pass();
    page.pass();
    assert.deepEqual(page.kinds(), []);
    page.show(finished());
    page.ready();
    page.kinds();
    page.pass();
    page.pass();
    assert.deepEqual(page.kinds(), [], 'a finished run is still');
  });

  it('answers windows of the shown run only', () => {
    const page = new Page();
    page.show(finished(), 2);
    page.ready();
    page.kinds();
    const ask = { request: 9, fromNs: 0, toNs: 500, nsPerPx: 1, lanes: [0, 1, 99], arrows: true };
    page.tell('window', { ...ask, run: 1 });
    assert.deepEqual(page.kinds(), []);
    page.tell('window', { ...ask, run: 2 });
    const block = page.last('block');
    assert.equal(block.request, 9);
    assert.ok(block.spans.count >= 6);
  });

  it('opens the line of a wait, of a moment, of a lane', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    page.tell('open', { lane: 0, atNs: null, wait: 0, keepFocus: true });
    page.tell('open', { lane: 0, atNs: 350, wait: null, keepFocus: false });
    assert.deepEqual(page.calls, [
      ['open', 7, true],
      ['open', 7, false],
    ]);
    page.kinds();
    page.tell('open', { lane: 1, atNs: 10, wait: null, keepFocus: true });
    assert.match(page.last('say').text, /not known where giver was/);
  });

  it('leads to the lane and the line that ended a wait', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    page.tell('whoEnded', { wait: 0 });
    assert.equal(page.last('reveal').lane, 1);
    assert.deepEqual(page.calls, [['open', 20, true]]);
    page.tell('whoEnded', { wait: 2 });
    assert.match(page.last('say').text, /not known who ended/);
  });

  it('walks the waits of a lane and says when there is no further one', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    const step = (wait: number | null, forward: boolean, atNs = 0): void =>
      page.tell('step', { request: 1, lane: 0, atNs, wait, forward });
    step(null, true);
    assert.equal(page.last('card').fromNs, 100);
    step(page.last('card').wait, true);
    assert.equal(page.last('card').fromNs, 300);
    page.kinds();
    step(1, true);
    assert.deepEqual(page.kinds(), ['noCard']);
    step(null, false, 250);
    assert.equal(page.last('card').fromNs, 100);
  });

  it('finds lanes and waits by their words, and all waits of a line', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    page.tell('find', { request: 1, text: ' QUEUE jobs ' });
    assert.deepEqual(
      page.last('found').hits.map(hit => hit.atNs),
      [100, 300],
    );
    page.tell('find', { request: 2, text: 'giver' });
    assert.deepEqual(
      page.last('found').hits.map(hit => hit.text),
      ['giver'],
    );
    page.tell('findAllHere', { request: 3, wait: 1 });
    assert.equal(page.last('found').total, 2);
    assert.equal(page.last('found').text, 'a.py:7');
    page.tell('find', { request: 4, text: '' });
    assert.equal(page.last('found').total, 0);
  });

  it('says on a card what the lane did at that moment', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    page.tell('card', { request: 1, lane: 0, atNs: 150, wait: 0 });
    assert.match(page.last('card').title, /^MainThread waited \d+ ns for an item from queue jobs/);
    assert.ok(page.last('card').lines.includes('ended by giver at line 20'));
    assert.equal(page.last('card').waitsHere, 2);
    page.tell('card', { request: 2, lane: 0, atNs: 250, wait: null });
    assert.deepEqual(
      [page.last('card').title, page.last('card').fromNs, page.last('card').toNs],
      ['MainThread ran for 100 ns', 200, 300],
    );
  });

  it('survives questions about what is not there', () => {
    const page = new Page();
    page.show(finished());
    page.ready();
    page.kinds();
    page.tell('card', { request: 1, lane: 77, atNs: 0, wait: null });
    page.tell('card', { request: 2, lane: 0, atNs: 0, wait: 1e9 });
    page.tell('findAllHere', { request: 3, wait: -1 });
    page.tell('open', { lane: -5, atNs: null, wait: null, keepFocus: true });
    page.tell('window', {
      request: 4,
      run: 1,
      fromNs: 500,
      toNs: 0,
      nsPerPx: Number.NaN,
      lanes: [0],
      arrows: true,
    });
    page.session.receive({ kind: 'nonsense' });
    assert.deepEqual(page.kinds(), ['noCard', 'card', 'found', 'block']);
    assert.deepEqual(page.calls, [['log', 'The timeline page said something unknown: nonsense']]);
  });
});
