/** The timeline page alone in Chromium: the shipped bundle and style, the real session behind a line that a test can listen to. */
import { mkdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { hostClock } from '../../src/base/hostClock';
import { inEnglish } from '../../src/base/translate';
import { timelineHtml } from '../../src/editor/timeline/timelineHtml';
import { TimelineSession, type TimelineHost } from '../../src/editor/timeline/timelineSession';
import type { TraceModel } from '../../src/trace/traceModel';
import { translationsFrom } from '../../src/webview/pageWords';
import type { ExportRequest, Message, ToHost, ToTimeline } from '../../src/webview/messages';
import { translationTo } from '../support/translations';
import { THEMES, type ThemeName } from './timelineThemes';

const ORIGIN = 'http://timeline.test';

export interface StageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  /** State the page kept from before. */
  readonly saved?: unknown;
  /** The language of the window. */
  readonly language?: 'ja' | 'zh-tw';
  /** Leave messages of these kinds unanswered until `release`. */
  readonly hold?: readonly (keyof ToHost)[];
}

export class TimelineStage {
  readonly sent: Message<ToHost>[] = [];
  readonly calls: { readonly what: string; readonly with: unknown }[] = [];
  readonly errors: string[] = [];
  saved: unknown;
  readonly page: Page;
  readonly session: TimelineSession;
  private readonly held: unknown[] = [];
  private readonly listeners = new Set<() => void>();
  private hold: readonly (keyof ToHost)[];

  private constructor(page: Page, options: StageOptions) {
    this.page = page;
    this.saved = options.saved;
    this.hold = options.hold ?? [];
    const call = (what: string) => (value?: unknown) => void this.calls.push({ what, with: value });
    const host: TimelineHost = {
      line: site => `line ${site.line}`,
      say: options.language ? translationTo(options.language) : inEnglish,
      open: (site, keepFocus) =>
        this.calls.push({ what: 'open', with: { line: site.line, keepFocus } }),
      run: call('run'),
      openExamples: call('openExamples'),
      export: call('export'),
      scrub: call('scrub'),
      select: call('select'),
      log: text => this.errors.push(text),
    };
    this.session = new TimelineSession(message => void this.post(message), host, hostClock);
  }

  static async open(browser: Browser, options: StageOptions = {}): Promise<TimelineStage> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1040, height: options.height ?? 420 },
      deviceScaleFactor: options.scale ?? 1,
    });
    const stage = new TimelineStage(page, options);
    page.on('pageerror', error => stage.errors.push(String(error)));
    page.on('console', message => {
      if (message.type() === 'error') stage.errors.push(message.text());
    });
    await page.route('**/*', async route => {
      const path = new URL(route.request().url()).pathname;
      const [file, contentType] = FILES[path] ?? [];
      if (file) await route.fulfill({ body: readFileSync(file), contentType: contentType! });
      else if (path === '/')
        await route.fulfill({ body: htmlIn(options.language), contentType: 'text/html' });
      else await route.abort();
    });
    await page.exposeFunction('toHost', (message: Message<ToHost>) => stage.receive(message));
    await page.exposeFunction('saveState', (state: unknown) => {
      stage.saved = state;
      stage.notify();
    });
    await page.addInitScript(fakeHost, {
      saved: options.saved,
      theme: THEMES[options.theme ?? 'dark'],
    });
    await page.goto(`${ORIGIN}/`);
    return stage;
  }

  show(
    model: TraceModel,
    more: { follow?: boolean; expectedNs?: number | null; id?: number } = {},
  ): void {
    const { follow = true, expectedNs = null, id = 1 } = more;
    this.session.show({ id, title: 'two_threads.py', model, expectedNs }, follow);
  }

  /** Resolves when nothing is to be painted and nothing is under way. */
  async idle(): Promise<void> {
    await this.page.waitForFunction(() => document.documentElement.dataset['idle'] === 'true');
  }

  async setTheme(name: ThemeName): Promise<void> {
    await this.page.evaluate(
      theme => (window as unknown as { setTheme(theme: unknown): void }).setTheme(theme),
      THEMES[name],
    );
    await this.idle();
  }

  /** Lets through what was held. */
  release(): void {
    this.hold = [];
    for (const message of this.held.splice(0)) this.session.receive(message);
  }

  of<K extends keyof ToHost>(kind: K): ToHost[K][] {
    return this.sent
      .filter(message => message.kind === kind)
      .map(message => message.body as ToHost[K]);
  }

  async screenshot(name: string): Promise<Buffer> {
    mkdirSync('test/actual', { recursive: true });
    await this.idle();
    return this.page.screenshot({ path: `test/actual/timeline ${name}.png` });
  }

  /** Colour of one pixel of the page, as [red, green, blue]. */
  async pixel(x: number, y: number): Promise<readonly [number, number, number]> {
    const bytes = await this.pixels(Math.round(x), Math.round(y), 1, 1);
    return [bytes[0]!, bytes[1]!, bytes[2]!];
  }

  private async pixels(x: number, y: number, width: number, height: number): Promise<number[]> {
    const shot = await this.page.screenshot({ clip: { x, y, width, height } });
    const painter = await this.page.context().browser()!.newPage();
    try {
      return await painter.evaluate(
        async ({ base64, size }) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = size;
          const context = canvas.getContext('2d')!;
          context.drawImage(image, 0, 0, ...size);
          return [...context.getImageData(0, 0, ...size).data];
        },
        { base64: shot.toString('base64'), size: [width, height] as [number, number] },
      );
    } finally {
      await painter.close();
    }
  }

  row(name: string): Locator {
    return this.page.locator(`.row[data-name="${name}"]`);
  }

  rowNames(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.row')]
        .toSorted((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
        .map(row => row.dataset['name'] ?? ''),
    );
  }

  focusedName(): Promise<string> {
    return this.page.evaluate(() => (document.activeElement as HTMLElement).dataset['name'] ?? '');
  }

  async announced(): Promise<string> {
    return (await this.page.textContent('#live')) ?? '';
  }

  /** What the page has in view, in nanoseconds. */
  async view(): Promise<{ readonly fromNs: number; readonly toNs: number }> {
    await this.idle();
    return this.page.evaluate(() => {
      const { from, to } = document.querySelector<HTMLElement>('canvas.ruler')!.dataset;
      return { fromNs: Number(from), toNs: Number(to) };
    });
  }

  /** Average over a piece of a bar around the point: stripes and ground together. */
  async averageColour(at: {
    x: number;
    y: number;
  }): Promise<{ red: number; green: number; blue: number }> {
    const bytes = await this.pixels(at.x - 10, at.y - 4, 20, 8);
    const sum = [0, 0, 0];
    for (let index = 0; index < bytes.length; index += 4) {
      for (let part = 0; part < 3; part++) sum[part]! += bytes[index + part]!;
    }
    const [red, green, blue] = sum.map(value => (value / bytes.length) * 4);
    return { red: red!, green: green!, blue: blue! };
  }

  /** Resolves when what the page told of the cursor satisfies. */
  async told(isRight: (moments: readonly (number | null)[]) => boolean): Promise<void> {
    await this.until(() => isRight(this.of('scrub').map(one => one.atNs)));
  }

  /** Resolves when what the page has saved of its state satisfies. */
  async savedState(isRight: (saved: unknown) => boolean): Promise<void> {
    await this.until(() => this.saved !== undefined && isRight(this.saved));
  }

  async exports(count: number): Promise<ExportRequest[]> {
    await this.until(() => this.of('export').length >= count);
    return this.of('export');
  }

  /** Resolves when the last thing the editor was asked to do is this. */
  async called(expected: { readonly what: string; readonly with: unknown }): Promise<void> {
    await this.until(() => isDeepStrictEqual(this.calls.at(-1), expected));
  }

  /** Looks at each message the page sends until `isDone`; the test's own time limit bounds it. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) await new Promise<void>(resolve => this.listeners.add(resolve));
  }

  async close(): Promise<void> {
    await this.page.close();
    this.session.dispose();
  }

  private receive(message: Message<ToHost>): void {
    this.sent.push(message);
    this.notify();
    if (this.hold.includes(message.kind)) this.held.push(message);
    else this.session.receive(message);
  }

  private notify(): void {
    for (const listener of this.listeners) queueMicrotask(listener);
    this.listeners.clear();
  }

  private async post(message: Message<ToTimeline>): Promise<void> {
    try {
      await this.page.evaluate(one => window.postMessage(one, '*'), message);
    } catch (problem) {
      if (!this.page.isClosed()) this.errors.push(String(problem));
    }
  }
}

const FILES: Record<string, readonly [string, string]> = {
  '/timeline.js': ['dist/timeline.js', 'text/javascript'],
  '/timeline.css': ['media/timeline.css', 'text/css'],
};

function htmlIn(language: StageOptions['language']): string {
  const bundle = language ? readFileSync(`media/l10n/bundle.l10n.${language}.json`, 'utf8') : '{}';
  return timelineHtml({
    cspSource: ORIGIN,
    nonce: 'test',
    scriptUri: `${ORIGIN}/timeline.js`,
    styleUri: `${ORIGIN}/timeline.css`,
    ...(language ? { language } : {}),
    translations: translationsFrom(JSON.parse(bundle) as Record<string, unknown>),
  });
}

interface FakeHostOptions {
  readonly saved: unknown;
  readonly theme: (typeof THEMES)[ThemeName];
}

/** Runs in the page, before its script: what VS Code puts there. */
function fakeHost({ saved, theme }: FakeHostOptions): void {
  const page = window as unknown as Record<string, unknown> & {
    toHost(message: unknown): Promise<void>;
    saveState(state: unknown): Promise<void>;
  };
  let state = saved;
  page['acquireVsCodeApi'] = () => ({
    postMessage: (message: unknown) => void page.toHost(message),
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      void page.saveState(next);
    },
  });
  const apply = (one: typeof theme): void => {
    for (const [name, value] of Object.entries(one.colours)) {
      document.documentElement.style.setProperty(name, value);
    }
    if (document.body) document.body.className = one.bodyClass;
    else
      document.addEventListener(
        'DOMContentLoaded',
        () => (document.body.className = one.bodyClass),
      );
  };
  page['setTheme'] = apply;
  // The root element may be replaced while the page is parsed.
  document.addEventListener('DOMContentLoaded', () => apply(theme));
}
