// The timeline with a trace of 1,000,000 records: from opening it to the first paint, and how long frames take while panning and
// zooming. The shipped page in Chromium, the real session behind it.
import type { Browser } from 'playwright-core';
import { openTrace } from '../../src/trace/openTrace';
import type { TraceModel } from '../../src/trace/traceModel';
import { manyRecords } from '../browser/timelineRun';
import { TimelineStage } from '../browser/timelineStage';
import { launchChromium } from '../support/chromium';
import { modelOf, TraceFolder } from '../support/traceFolder';
import { median, percentile, type BenchRow, type Measured } from './bench';

const RECORDS = 1_000_000;
const OPENINGS = 3;
const SIZE = { width: 1400, height: 420 };

let trace: Uint8Array | undefined;

const bytes = (): Uint8Array => (trace ??= manyRecords(RECORDS).bytes());

async function withStage<T>(work: (stage: TimelineStage) => Promise<T>): Promise<T> {
  const browser: Browser = await launchChromium();
  try {
    return await work(await TimelineStage.open(browser, SIZE));
  } finally {
    await browser.close();
  }
}

async function painted(stage: TimelineStage): Promise<void> {
  await stage.page.waitForSelector('.row');
  await stage.idle();
}

/** From trace files on disk to lanes on the screen: decoding, asking, answering, painting. */
async function firstPaint(): Promise<Measured> {
  const file = bytes();
  const folder = new TraceFolder();
  const times: number[] = [];
  let decoding = 0;
  try {
    folder.write('0-0.clens', file);
    for (let round = 0; round < OPENINGS; round++) {
      await withStage(async stage => {
        await stage.idle();
        const from = performance.now();
        const model: TraceModel = openTrace(folder.path);
        decoding = performance.now() - from;
        stage.show(model);
        await painted(stage);
        times.push((performance.now() - from) / 1000);
      });
    }
  } finally {
    folder.dispose();
  }
  const detail = `${(file.length / 64).toLocaleString('en-US')} records, decoding ${decoding.toFixed(0)} ms of it`;
  return { value: median(times), unit: 's', detail };
}

type Move = 'pan' | 'zoom';

/** What a frame costs the page, and how far apart frames are, over many wheel events. */
async function frames(move: Move): Promise<Measured> {
  const model = modelOf([bytes()]);
  return withStage(async stage => {
    stage.show(model);
    await painted(stage);
    await stage.page.mouse.move(700, 200);
    if (move === 'pan') {
      for (let step = 0; step < 10; step++) await stage.page.mouse.wheel(0, -100);
      await stage.page.keyboard.down('Shift');
    }
    await stage.idle();
    await stage.page.evaluate(watchFrames);
    for (let step = 0; step < 120; step++) {
      const isBack = step % 40 >= 20;
      await stage.page.mouse.wheel(0, move === 'pan' ? (isBack ? -60 : 60) : isBack ? 80 : -80);
    }
    const { costs, gaps } = await stage.page.evaluate(
      () => (window as unknown as { watched: Watched }).watched,
    );
    const detail = `${costs.length} frames, median ${median(costs).toFixed(1)} ms, from frame to frame median ${median(gaps).toFixed(1)} ms`;
    return { value: percentile(costs, 95), unit: 'ms', detail };
  });
}

interface Watched {
  readonly costs: number[];
  readonly gaps: number[];
}

/** Runs in the page: times each frame's own work, and the time between frames. */
function watchFrames(): void {
  const watched: Watched = { costs: [], gaps: [] };
  (window as unknown as { watched: Watched }).watched = watched;
  const request = window.requestAnimationFrame.bind(window);
  let lastMs = 0;
  window.requestAnimationFrame = callback =>
    request(timeMs => {
      const from = performance.now();
      // A longer pause is one between events, not a slow frame.
      if (lastMs > 0 && timeMs - lastMs < 100) watched.gaps.push(timeMs - lastMs);
      lastMs = timeMs;
      callback(timeMs);
      watched.costs.push(performance.now() - from);
    });
}

export const rows: readonly BenchRow[] = [
  { name: 'timeline of 1,000,000 records: open to first paint', hold: 1, measure: firstPaint },
  {
    name: 'timeline of 1,000,000 records: a frame while panning, p95',
    hold: 16,
    measure: () => frames('pan'),
  },
  {
    name: 'timeline of 1,000,000 records: a frame while zooming, p95',
    hold: 16,
    measure: () => frames('zoom'),
  },
];
