// A window of the VS Code that npm serves, as a person sees and uses it: palette, editor, marks, lenses, trees, terminal, timeline.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { contrast } from './contrast';
import type { Server } from '../../scripts/lib/vscodeServer';

export interface OpenOptions {
  folder: string;
  /** A file to show at once. */
  file?: string;
  size?: { width: number; height: number };
  /** What a language pack would set: extensions then speak it, the window itself stays as it is. */
  language?: string;
}

/** Text that a decoration adds after a line. */
export interface Mark {
  line: number;
  text: string;
}

/** Long enough for a machine that does other work beside; nothing waits this long when all is well. */
const patienceMs = 60_000;

export class Workbench {
  static async open(browser: Browser, server: Server, options: OpenOptions): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1400, height: 1100 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (options.language) await speak(context, options.language);
    const page = await context.newPage();
    await page.goto(server.address(options.folder));
    const workbench = new Workbench(context, page);
    await page.locator('.monaco-workbench .statusbar').waitFor();
    if (options.file) await workbench.openFile(path.relative(options.folder, options.file));
    return workbench;
  }

  readonly page: Page;
  private readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(patienceMs);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first();
  }

  /** Saves test/actual/<name>.png for people to look at. */
  async screenshot(name: string): Promise<string> {
    mkdirSync('test/actual', { recursive: true });
    const file = path.join('test', 'actual', `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Runs a command from the palette by its whole title, category included, as soon as the palette offers it. */
  async command(title: string): Promise<void> {
    const until = Date.now() + patienceMs;
    for (;;) {
      await this.quickInput(`>${title}`);
      try {
        // The palette shows what there was when it opened.
        await this.choose(title, 3000);
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Takes the row with exactly this label from the list that is open. */
  async choose(label: string, timeout = patienceMs): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows
      .filter({ has: this.page.locator(`.label-name`, { hasText: exactly(label) }) })
      .first()
      .click({ timeout });
  }

  /** Titles that the palette offers for these words. */
  async commandsLike(words: string): Promise<string[]> {
    await this.quickInput(`>${words}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const titles = await rows.allTextContents();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** Opens a file of the workspace by its path in it, as Ctrl+P does. */
  async openFile(file: string): Promise<void> {
    const name = path.basename(file);
    await this.quickInput(file);
    // The index of a new window takes a moment; typing again asks anew.
    await this.choose(name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.editor.waitFor();
  }

  /** Opens the palette with this text in it. A webview swallows keys, so the focus is taken out of it first. */
  private async quickInput(text: string): Promise<void> {
    await this.page
      .locator('.monaco-workbench .statusbar .left-items')
      .click({ position: { x: 2, y: 2 }, force: true });
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget .quick-input-filter input');
    await input.waitFor();
    await input.fill(text);
  }

  /** Puts the cursor at a line of the active editor. */
  async goToLine(line: number): Promise<void> {
    await this.quickInput(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.cursorAt(line);
  }

  /** Waits until the status bar says that the cursor is at this line: a key pressed sooner goes elsewhere. */
  async cursorAt(line: number): Promise<void> {
    await this.page.locator('.statusbar-item', { hasText: new RegExp(`Ln ${line}, `) }).waitFor();
  }

  /** What decorations add after the visible lines. */
  async marks(): Promise<Mark[]> {
    return this.page.evaluate(() => {
      const group = document.querySelector('.editor-group-container.active .monaco-editor');
      if (!group) return [];
      const numbers = new Map<number, number>();
      for (const each of group.querySelectorAll('.margin-view-overlays .line-numbers')) {
        numbers.set(Math.round(each.getBoundingClientRect().top), Number(each.textContent));
      }
      return [...group.querySelectorAll('.view-lines .view-line')].flatMap(line => {
        const top = Math.round(line.getBoundingClientRect().top);
        return [...line.querySelectorAll('span')].flatMap(span => {
          const content = getComputedStyle(span, '::after').content;
          if (content === 'none' || content === 'normal' || content === '""') return [];
          const text = content.replace(/^"|"$/g, '').replaceAll('\\"', '"').trim();
          return text ? [{ line: numbers.get(top) ?? 0, text }] : [];
        });
      });
    });
  }

  /** Waits until the visible marks satisfy the condition and returns them. */
  async marksWhen(isRight: (marks: Mark[]) => boolean, timeoutMs = patienceMs): Promise<Mark[]> {
    return this.when(() => this.marks(), isRight, timeoutMs);
  }

  /** How the marks stand out from the editor's background, as the WCAG contrast ratio. */
  async markContrasts(): Promise<{ text: string; ratio: number }[]> {
    const { background, marks } = await this.page.evaluate(() => {
      const group = document.querySelector('.editor-group-container.active');
      const behind = group?.querySelector('.monaco-editor-background');
      const spans = group?.querySelectorAll('.monaco-editor .view-lines .view-line span') ?? [];
      return {
        background: behind ? getComputedStyle(behind).backgroundColor : '',
        marks: [...spans].flatMap(span => {
          const { content, color } = getComputedStyle(span, '::after');
          return ['none', 'normal', '""'].includes(content) ? [] : [{ text: content, color }];
        }),
      };
    });
    return marks.map(({ text, color }) => ({ text, ratio: contrast(color, background) }));
  }

  /** Texts of the CodeLenses in view. */
  async lenses(): Promise<string[]> {
    return this.page
      .locator('.editor-group-container.active .codelens-decoration a')
      .allTextContents();
  }

  lens(text: string | RegExp): Locator {
    return this.page
      .locator('.editor-group-container.active .codelens-decoration a', { hasText: text })
      .first();
  }

  /** Shows the activity-bar container of the extension. */
  async showThreads(): Promise<void> {
    const tab = this.page.locator('.activitybar .action-item', {
      has: this.page.locator('a[aria-label^="Concurrency"]'),
    });
    if (!(await tab.first().getAttribute('class'))?.includes('checked')) await tab.first().click();
    await this.page.locator('.part.sidebar .pane-header', { hasText: 'Threads' }).waitFor();
  }

  /** Rows of the side bar's trees: label and description as one text each. */
  async treeRows(): Promise<string[]> {
    return this.page.locator('.part.sidebar .monaco-list-row').evaluateAll(rows =>
      rows.map(row =>
        ['.label-name', '.label-description']
          .map(part => row.querySelector(part)?.textContent.trim() ?? '')
          .filter(Boolean)
          .join(' '),
      ),
    );
  }

  async treeWhen(isRight: (rows: string[]) => boolean, timeoutMs = patienceMs): Promise<string[]> {
    return this.when(() => this.treeRows(), isRight, timeoutMs);
  }

  /** The lines of the active terminal (needs terminal.integrated.gpuAcceleration off). */
  async terminalLines(): Promise<string[]> {
    const rows = await this.page.locator('.part.panel .xterm-rows > div').allTextContents();
    return rows.map(row => row.replaceAll('\u00a0', ' ').trimEnd());
  }

  async terminalWhen(isRight: (text: string) => boolean, timeoutMs = patienceMs): Promise<string> {
    return this.when(async () => (await this.terminalLines()).join('\n'), isRight, timeoutMs);
  }

  async typeInTerminal(text: string): Promise<void> {
    await this.page.locator('.part.panel .xterm').first().click();
    await this.page.keyboard.type(text);
  }

  /** The timeline page: a webview is two frames deep. */
  get timeline(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message').allTextContents();
  }

  /** Waits for a notification with this text and returns it whole. */
  async notification(text: string | RegExp): Promise<string> {
    const found = this.page.locator('.notification-list-item-message', { hasText: text }).first();
    await found.waitFor();
    return (await found.textContent()) ?? '';
  }

  async statusBar(): Promise<string[]> {
    return this.page.locator('.statusbar .statusbar-item').allTextContents();
  }

  /** Asks again and again until the answer is right; fails with the last answer otherwise. */
  async when<T>(
    ask: () => Promise<T>,
    isRight: (answer: T) => boolean,
    timeoutMs = patienceMs,
  ): Promise<T> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const answer = await ask();
      if (isRight(answer)) return answer;
      if (Date.now() > until) {
        throw new Error(
          `After ${timeoutMs / 1000} s it was still ${JSON.stringify(answer, undefined, 1)}`,
        );
      }
      await this.page.waitForTimeout(50);
    }
  }
}

const exactly = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

async function speak(context: BrowserContext, language: string): Promise<void> {
  await context.addInitScript(value => {
    Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: value });
  }, language);
}
